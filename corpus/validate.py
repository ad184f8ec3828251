"""Validation of one record, in levels: structure, references, guideline rules.

A level runs only if the one before it found no error, so that a rule may trust
what it reads. Every incident has a code of `CODES`; the rule numbers are those
of section 9 of the annotation scheme. One golden file per code stands in
`tests/cases/invalid/`.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from .errors import Incident, errors_in
from .ontology import Ontology, ontology
from .schema import Article, Attribution, Event, Mention, Span, Zone
from .text import sentence_at, sentences, tokens

CODES: Final[dict[str, str]] = {
    "not-normalised": "V1 text is Unicode NFC with LF newlines",
    "bad-span": "V2 0 <= start < end <= length of the text",
    "span-edge": "V3 spans start and end at word edges, not with space, quote or punctuation",
    "zones-order": "V4 zones are sorted and do not overlap",
    "zones-uncovered": "V4 zones cover all text but white space",
    "span-zone": "V4 each span lies in one zone",
    "duplicate-id": "V5 ids are unique over all layers of a record",
    "dangling-id": "V5 references resolve to an element of the right layer",
    "unknown-label": "V5 labels come from the closed lists",
    "names-overlap": "V6 level-name mentions do not overlap",
    "fillers-cross": "V7 fillers cross neither each other nor a name",
    "filler-is-name": "V7 a filler's span equals no name's span",
    "level-type": "V8 DATE and WEA are always level name, OBJ never",
    "filler-unused": "V9 each filler is an argument, source or recipient",
    "entity-types": "V10 one type per entity",
    "filler-zone": "V11 fillers lie in event zones",
    "trigger-zone": "V12 triggers lie in event zones",
    "triggers-overlap": "V12 triggers overlap only as identical spans of one type, other incidents",
    "role-unlicensed": "V13 the event type licenses the role",
    "event-target": "V14 only Issue targets events",
    "issue-cycle": "V14 Issue links form no cycle",
    "target-repeated": "V15 no target twice in one event",
    "role-type": "V16 the role admits the mention's type",
    "incident-types": "V17 one type per incident",
    "target-zone": "V18 targets lie in an event zone",
    "target-far": "V18 targets are in the trigger's sentence or the one before (warning)",
    "content-missing": "V19 an attribution has at least one content span",
    "content-overlap": "V19 content spans are disjoint",
    "content-zone": "V19 content lies in event zones",
    "quoted-outside": "V20 each quoted span lies inside one content span",
    "inside-content": "V21 cue, sources and recipients are outside their own content",
    "recipient-is-source": "V22 recipients are not sources",
    "parent-cycle": "V23 parent links form no cycle",
    "parent-outside": "V23 each content span of a child lies inside one of its parent's",
    "cue-missing": "V24 no cue only if all content is quoted",
    "cue-is-trigger": "V25 a cue is a trigger only in Demand, Threat, PoliticalStance, LegalAction",
}


class Context:
    """What the rules need to know about one article, computed once."""

    def __init__(self, article: Article, ontology: Ontology) -> None:
        self.article = article
        self.ontology = ontology
        self.text = article.text
        self.mentions = {m.id: m for m in article.mentions}
        self.events = {e.id: e for e in article.events}
        self.attributions = {a.id: a for a in article.attributions}

    @cached_property
    def event_zones(self) -> list[Zone]:
        names_only = self.ontology.names_only_zones
        return [z for z in self.article.zones if z.kind not in names_only]

    def in_event_zone(self, span: Span | Mention | Event) -> bool:
        return any(inside(span, zone) for zone in self.event_zones)

    @cached_property
    def sentences(self) -> list[Span]:
        return sentences(self.text, self.article.zones)

    def sentence(self, span: Span | Mention | Event) -> int:
        return sentence_at(self.sentences, span.start)

    @cached_property
    def edges(self) -> tuple[set[int], set[int]]:
        """Offsets where a span may start, and where it may end."""
        cuts = {z.start for z in self.article.zones} | {z.end for z in self.article.zones}
        cuts |= {s.start for s in self.sentences} | {s.end for s in self.sentences}
        pieces = tokens(self.text, cuts)
        return {t.start for t in pieces}, {t.end for t in pieces}

    def incident(self, code: str, pointer: str, message: str, level: str = "error") -> Incident:
        return Incident(
            article=self.article.id, pointer=pointer, code=code, message=message, level=level
        )

    def quote(self, span: Span | Mention | Event | Zone) -> str:
        """The surface for a message, shortened."""
        surface = self.text[span.start : span.end]
        return repr(surface if len(surface) <= 40 else surface[:37] + "...")

    def spans(self) -> Iterator[tuple[str, str, Span]]:
        """Every annotated span with its pointer and what it is."""
        for i, m in enumerate(self.article.mentions):
            yield f"mentions[{i}]", "mention", Span(start=m.start, end=m.end)
        for i, e in enumerate(self.article.events):
            yield f"events[{i}]", "trigger", Span(start=e.start, end=e.end)
        for i, a in enumerate(self.article.attributions):
            for part in ("cue", "content", "quoted"):
                for j, span in enumerate(getattr(a, part)):
                    yield f"attributions[{i}].{part}[{j}]", part, span


def inside(inner: Span | Mention | Event, outer: Span | Zone | Mention) -> bool:
    """Whether `outer` holds all of `inner`."""
    return outer.start <= inner.start and inner.end <= outer.end


def overlap(a: Span | Mention | Event, b: Span | Mention | Event) -> bool:
    """Whether the two share a character; neighbours do not."""
    return a.start < b.end and b.start < a.end


def validate(article: Article, *, closed: bool = True) -> list[Incident]:
    """All incidents of a record, sorted by pointer; empty if it is valid.

    With `closed=False` labels are not compared with the ontology and rules that
    rest on it are skipped: for records in a foreign label set.
    """
    from .rules import RULES

    context = Context(article, ontology())
    found = list(_structure(context))
    if not errors_in(found):
        found += _references(context)
        if closed:
            found += _labels(context)
    if not errors_in(found) and closed:
        for rule in RULES:
            found += rule(context)
    return sorted(found)


def _structure(c: Context) -> Iterator[Incident]:
    text = c.text
    if text != unicodedata.normalize("NFC", text):
        yield c.incident("not-normalised", "text", "the text is not Unicode NFC")
    if "\r" in text:
        yield c.incident("not-normalised", "text", f"carriage return at {text.index(chr(13))}")
    named: list[tuple[str, Span | Zone]] = [(p, s) for p, _, s in c.spans()]
    named += [(f"zones[{i}]", z) for i, z in enumerate(c.article.zones)]
    for pointer, span in named:
        if not 0 <= span.start < span.end <= len(text):
            what = f"[{span.start}, {span.end}) in a text of {len(text)} characters"
            yield c.incident("bad-span", pointer, what)


def _references(c: Context) -> Iterator[Incident]:
    counts = Counter(item.id for item in _elements(c.article))
    for id_, n in counts.items():
        if n > 1:
            yield c.incident("duplicate-id", id_, f"id '{id_}' is used {n} times")
    for i, e in enumerate(c.article.events):
        for j, argument in enumerate(e.arguments):
            if argument.target not in c.mentions and argument.target not in c.events:
                pointer = f"events[{i}].arguments[{j}]"
                yield c.incident("dangling-id", pointer, f"no mention or event '{argument.target}'")
    for i, a in enumerate(c.article.attributions):
        for part in ("sources", "recipients"):
            for j, target in enumerate(getattr(a, part)):
                if target not in c.mentions:
                    pointer = f"attributions[{i}].{part}[{j}]"
                    yield c.incident("dangling-id", pointer, f"no mention '{target}'")
        if a.parent is not None and a.parent not in c.attributions:
            pointer = f"attributions[{i}].parent"
            yield c.incident("dangling-id", pointer, f"no attribution '{a.parent}'")


def _elements(article: Article) -> Iterator[Mention | Event | Attribution]:
    yield from article.mentions
    yield from article.events
    yield from article.attributions


def _labels(c: Context) -> Iterator[Incident]:
    o = c.ontology

    def check(pointer: str, value: str, known: dict[str, object], what: str) -> Iterator[Incident]:
        if value not in known:
            yield c.incident("unknown-label", pointer, f"{what} '{value}' is not in the ontology")

    for i, z in enumerate(c.article.zones):
        yield from check(f"zones[{i}].kind", z.kind, {**o.zones}, "zone kind")
    for i, m in enumerate(c.article.mentions):
        yield from check(f"mentions[{i}].type", m.type, {**o.entities}, "entity type")
        yield from check(f"mentions[{i}].level", m.level, {**o.levels}, "level")
    for i, e in enumerate(c.article.events):
        yield from check(f"events[{i}].type", e.type, {**o.events}, "event type")
        yield from check(f"events[{i}].realis", e.realis, {**o.realis}, "realis")
        for j, argument in enumerate(e.arguments):
            yield from check(f"events[{i}].arguments[{j}]", argument.role, {**o.roles}, "role")
    for i, a in enumerate(c.article.attributions):
        yield from check(f"attributions[{i}].act", a.act, {**o.acts}, "act")
