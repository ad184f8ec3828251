"""Records to Label Studio results and back.

How a record lies in a result list:

- A zone, a mention, an event: one region each; its id is the record's id. A
  region that an annotator drew keeps the id that Label Studio gave it.
- An argument: an arrow from the event to its mention or event, named by role.
- An attribution: its *anchor* is its first cue or, where no word reports, its
  first content fragment. The anchor's id is the attribution's id and carries
  the act. Arrows lead from the anchor to the sources, the recipients, the
  further cue fragments, all (further) content fragments, the quoted segments,
  and to the anchor of the parent. A fragment may serve several attributions
  ("citing"): two arrows to one region, or two regions on one span, are the same.
- The incident that a planned incident of the article's metadata became: a line
  `planned incident = incident id` in the one answer that belongs to no region.

Order: mentions, events, attributions, arguments, sources and recipients keep
the order of the result list. Zones and the spans of cue, content and quoted are
sorted by position. `canonical` gives the form that comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from ..corpus.errors import Incident, IncidentsError
from ..corpus.ontology import Ontology, ontology
from ..corpus.schema import (
    Argument,
    Article,
    Attribution,
    Event,
    Mention,
    Meta,
    Span,
    Zone,
)
from .interface import (
    ACT,
    ATTRIBUTION,
    ATTRIBUTION_RELATIONS,
    CONTENT,
    CUE,
    ENTITY,
    ENTITY_ID,
    EVENT,
    FRAGMENTS,
    INCIDENT_ID,
    LEVEL,
    PARENT,
    QUOTED,
    REALIS,
    RECIPIENT,
    SOURCE,
    ZONE,
)
from .regions import Arrow, Reading, Region, Report, read
from .results import Result, to_results, unescape

KEPT: Final = ("meta", "zones", "mentions", "events", "attributions")


class Converted(NamedTuple):
    """A record, or None if an incident of level error refused it."""

    article: Article | None
    incidents: list[Incident]


def canonical(article: Article) -> Article:
    """The record as it comes back: all layers there, zones and span lists sorted.

    `unaligned` counts what an extractor could not anchor; it is no annotation and
    does not travel.
    """
    return replace(
        article,
        text_sha256="",
        unaligned={},
        zones=tuple(sorted(article.zones, key=_place)),
        mentions=tuple(article.mentions),
        events=tuple(article.events),
        attributions=tuple(
            replace(a, cue=_sorted(a.cue), content=_sorted(a.content), quoted=_sorted(a.quoted))
            for a in article.attributions
        ),
    )


def checked_results(article: Article) -> list[Result]:
    """`to_results`, after proving that this record, `canonical`, can be read back.

    Raises `IncidentsError` naming what would be lost: a label outside the ontology,
    a reference to nothing, two relations between the same regions; `InputError`
    as `to_results`.
    """
    results = to_results(article)
    back, incidents = from_results(article.id, article.text, article.meta, results)
    if back is None:
        raise IncidentsError(incidents)
    expected = canonical(article)
    lost = [name for name in KEPT if getattr(back, name) != getattr(expected, name)]
    if lost:
        message = f"{lost[0]} has values that Label Studio cannot hold"
        raise IncidentsError([Incident(article=article.id, code="value-lost", message=message)])
    return results


def from_results(
    article_id: str,
    text: str,
    meta: Meta,
    results: Sequence[Any],
    *,
    where: str = "",
    table: Ontology | None = None,
) -> Converted:
    """The record that a result list describes.

    `where` names the annotation in incidents ("task 3, annotation 7"); the codes
    are `regions.CODES`. Nothing raises: an annotation with an error gives no
    record. The rules of the annotation scheme are not checked here.
    """
    table = table or ontology()
    report = Report(article_id, text, where)
    assemble = _Reader(read(results, table, report), table, report)
    article = assemble.article(article_id, meta)
    return Converted(None if report.refused else article, report.incidents)


class _Reader:
    """Puts a record together from regions and arrows."""

    def __init__(self, reading: Reading, table: Ontology, report: Report) -> None:
        self.regions, self.arrows, self.links = reading
        self.report = report
        self.roles = {name.casefold(): name for name in table.roles}
        self.names = {name.casefold(): name for name in ATTRIBUTION_RELATIONS}
        inner = {(self._name(a), a.head) for a in self.arrows}
        self.anchors = {
            r.id
            for r in self._row(ATTRIBUTION)
            if r.label in (CUE, CONTENT) and (r.label, r.id) not in inner
        }
        self.outgoing: dict[str, list[tuple[str, Region]]] = {}
        for arrow in self.arrows:
            self._accept(arrow)

    def _row(self, row: str) -> Iterator[Region]:
        return (r for r in self.regions.values() if r.row == row)

    def _name(self, arrow: Arrow) -> str:
        """The arrow's meaning: a role from an event, else a relation of attributions.

        Case does not count: which of Recipient and recipient is meant follows
        from where the arrow starts.
        """
        names = self.roles if self.regions[arrow.tail].row == EVENT else self.names
        return names.get(arrow.label.casefold(), "")

    def _accept(self, arrow: Arrow) -> None:
        tail, head, name = self.regions[arrow.tail], self.regions[arrow.head], self._name(arrow)
        if self._fits(tail, head, name):
            self.outgoing.setdefault(tail.id, []).append((name, head))
            return
        self.report.add(
            "relation-misplaced",
            f"{self.report.show(tail)} -> {self.report.show(head)}: no {arrow.label} leads from "
            "the one to the other; roles start at an event, all else at the first cue of an "
            "attribution (at its first content where it has no cue)",
        )

    def _fits(self, tail: Region, head: Region, name: str) -> bool:
        if tail.row == EVENT:
            return bool(name) and head.row in (ENTITY, EVENT)
        if tail.id not in self.anchors:
            return False
        if name in (SOURCE, RECIPIENT):
            return head.row == ENTITY
        if name == PARENT:
            again = any(n == PARENT for n, _ in self.outgoing.get(tail.id, ()))
            return head.id in self.anchors and not again
        if name == CUE and tail.label != CUE:
            return False
        return head.row == ATTRIBUTION and head.label == name

    def article(self, article_id: str, meta: Meta) -> Article:
        zones = [Zone(start=r.start, end=r.end, kind=r.label) for r in self._row(ZONE)]
        record = Article(
            id=article_id,
            text=self.report.text,
            meta=self._linked(meta),
            zones=tuple(sorted(zones, key=_place)),
            mentions=tuple(self._mention(r) for r in self._row(ENTITY)),
            events=tuple(self._event(r) for r in self._row(EVENT)),
            attributions=tuple(
                self._attribution(r) for r in self._row(ATTRIBUTION) if r.id in self.anchors
            ),
        )
        self._check_fragments()
        return record

    def _mention(self, r: Region) -> Mention:
        return Mention(
            id=unescape(r.id),
            start=r.start,
            end=r.end,
            type=r.label,
            level=r.given.get(LEVEL, "name"),
            entity=r.given.get(ENTITY_ID),
        )

    def _event(self, r: Region) -> Event:
        return Event(
            id=unescape(r.id),
            start=r.start,
            end=r.end,
            type=r.label,
            realis=r.given.get(REALIS, "actual"),
            incident=r.given.get(INCIDENT_ID),
            arguments=tuple(
                Argument(role=role, target=unescape(head.id))
                for role, head in self.outgoing.get(r.id, ())
            ),
        )

    def _attribution(self, r: Region) -> Attribution:
        ids: dict[str, list[str]] = {}
        spans: dict[str, list[Span]] = {r.label: [Span(start=r.start, end=r.end)]}
        for name, head in self.outgoing.get(r.id, ()):
            ids.setdefault(name, []).append(unescape(head.id))
            spans.setdefault(name, []).append(Span(start=head.start, end=head.end))
        return Attribution(
            id=unescape(r.id),
            sources=tuple(ids.get(SOURCE, ())),
            cue=_sorted(spans.get(CUE, ())),
            content=_sorted(spans.get(CONTENT, ())),
            quoted=_sorted(spans.get(QUOTED, ())),
            recipients=tuple(ids.get(RECIPIENT, ())),
            act=r.given.get(ACT, "say"),
            parent=next(iter(ids.get(PARENT, ())), None),
        )

    def _check_fragments(self) -> None:
        """Every fragment is in an attribution, and an act stands at an anchor only."""
        joined = {h.id for out in self.outgoing.values() for name, h in out if name in FRAGMENTS}
        for r in self._row(ATTRIBUTION):
            if r.id in self.anchors:
                continue
            if r.id not in joined:
                self.report.add(
                    "fragment-alone",
                    f"{self.report.show(r)}: draw a relation '{r.label}' to it from the first cue "
                    "of its attribution (the first content where it has no cue)",
                )
            elif ACT in r.given:
                self.report.add(
                    "attribute-misplaced",
                    f"{self.report.show(r)}: the act {r.given[ACT]} belongs at the first cue of "
                    "the attribution (the first content where it has no cue)",
                )

    def _linked(self, meta: Meta) -> Meta:
        """The metadata with each planned incident's link as the annotator gave it."""
        links: dict[str, str] = {}
        for line in (x.strip() for text in self.links for x in text.splitlines() if x.strip()):
            planned, _, incident = (part.strip() for part in line.partition("="))
            known = any(ref.id == planned for ref in meta.incidents)
            if not (incident and known and planned not in links):
                self.report.add("link-malformed", f"incident link '{line}'")
            links[planned] = incident
        refs = (replace(ref, incident=links.get(ref.id)) for ref in meta.incidents)
        return replace(meta, incidents=tuple(refs))


def _place(item: Zone | Span) -> tuple[int, int]:
    return item.start, item.end


def _sorted(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(sorted(spans, key=_place))
