"""Where two records of one article differ, element by element.

A record is read as facts: a key (which place of the text, which question) and
an answer in words. Ids play no part, so two annotators' records compare; and a
third record, the gold, shows which of two answers was taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..corpus.schema import Article, Attribution, Event, Mention, Span, Zone
from ..corpus.text import sentence_at, sentences


class Key(NamedTuple):
    """A question about a place of the text. `nth` tells repeats on one span apart."""

    layer: str
    start: int
    end: int
    detail: str = ""
    nth: int = 1


class Difference(NamedTuple):
    """`a` and `b` are the two answers, None where a record has no such element."""

    key: Key
    unit: int
    surface: str
    a: str | None
    b: str | None

    def __str__(self) -> str:
        layer = " ".join(part for part in (self.key.layer, self.key.detail) if part)
        return f"unit {self.unit}, {layer} {self.surface!r}: a {self.a or '-'} | b {self.b or '-'}"


class _Facts:
    """Collects the facts of one record."""

    def __init__(self, article: Article, units: Sequence[Span]) -> None:
        self.article, self.units = article, units
        self.facts: dict[Key, str] = {}
        self.mentions = {m.id: m for m in article.mentions}
        self.events = {e.id: e for e in article.events}
        self.attributions = {a.id: a for a in article.attributions}

    def add(self, layer: str, start: int, end: int, answer: str, detail: str = "") -> None:
        key = Key(layer, start, end, detail)
        while key in self.facts:
            key = key._replace(nth=key.nth + 1)
        self.facts[key] = answer

    def where(self, item: Span | Mention | Event | Zone) -> str:
        surface = self.article.text[item.start : item.end]
        return f"{surface!r}@{sentence_at(self.units, item.start) + 1}"

    def names(self, ids: Iterable[str]) -> str:
        return ", ".join(sorted(self.where(self.mentions[i]) for i in ids)) or "none"

    def texts(self, spans: Sequence[Span]) -> str:
        return " + ".join(self.where(s) for s in spans) or "none"


def facts(article: Article, units: Sequence[Span]) -> dict[Key, str]:
    """Every fact of a record, keyed without ids. `units` are the article's sentences."""
    f = _Facts(article, units)
    for zone in article.zones:
        f.add("zone", zone.start, zone.end, zone.kind)
    first: dict[str, Mention] = {}
    for m in sorted(article.mentions, key=lambda m: (m.start, m.end, m.type, m.level)):
        f.add("mention", m.start, m.end, f"{m.type} {m.level}")
        head = first.setdefault(m.entity or m.id, m)
        f.add("entity", m.start, m.end, "new" if head is m else f.where(head))
    heads: dict[str, Event] = {}
    for e in sorted(article.events, key=lambda e: (e.start, e.end, e.type, e.realis)):
        f.add("event", e.start, e.end, f"{e.type} {e.realis}")
        head = heads.setdefault(e.incident or e.id, e)
        f.add("incident", e.start, e.end, "new" if head is e else f.where(head))
        for argument in e.arguments:
            target = f.mentions.get(argument.target) or f.events[argument.target]
            f.add("argument", e.start, e.end, argument.role, detail=f.where(target))
    for a in sorted(article.attributions, key=_place):
        start, end = _place(a)
        f.add("attribution", start, end, f"act {a.act}")
        for part, answer in (
            ("source", f.names(a.sources)),
            ("content", f.texts(a.content)),
            ("quoted", f.texts(a.quoted)),
            ("recipient", f.names(a.recipients)),
            ("parent", f.texts(f.attributions[a.parent].cue) if a.parent else "none"),
        ):
            f.add("attribution", start, end, answer, detail=part)
    return f.facts


def _place(a: Attribution) -> tuple[int, int]:
    spans = a.cue or a.content
    return min((s.start, s.end) for s in spans)


def differences(a: Article, b: Article) -> list[Difference]:
    """Facts that only one record has, or that the two answer differently, in text order.

    Both records must be over the same text.
    """
    units = sentences(a.text, a.zones)
    left, right = facts(a, units), facts(b, units)
    out: list[Difference] = []
    for key in sorted({*left, *right}):
        answers = left.get(key), right.get(key)
        if answers[0] == answers[1]:
            continue
        whole = key._replace(detail="")
        if key.detail and key.layer == "attribution" and (whole in left) != (whole in right):
            continue  # the missing attribution is one difference, not six
        if key.layer in {"entity", "incident"} and None in answers:
            continue
        unit = sentence_at(units, key.start) + 1
        out.append(Difference(key, unit, a.text[key.start : key.end], *answers))
    return sorted(out, key=lambda d: (d.key.start, d.key))
