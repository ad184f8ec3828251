"""Slices: the headline metrics on parts of the data (section 8).

Columns are `slice/<unit>/<name>=<value>.<statistic>`: `gold` and `hit` over gold
elements in the slice (R = hit/gold), `pred` and `ok` over submitted elements in
the slice (P = ok/pred). An element is in a slice by its own features, so a
submitted name counts under the submitted type. Slices of articles need no
columns: their rows are summed.

Elements are those of the metric sliced: names of `entities.strict`, distinct
(start, end, type) of `events.tc`, distinct slots of `events.ac+.entity`,
attributions of `attributions.f1`; repeats count in `pred` with their features.
What a converter could not anchor is in no slice. A paragraph is a line.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

from ..corpus.text import sentences
from ..corpus.words import WORD
from .counts import Row, bump
from .metrics.attributions import verdict
from .registry import COUNTERS
from .resolve import Offsets
from .said import Said
from .view import Argument, EventType, Happening, Name, Pair, Side

Features: TypeAlias = Iterable[str]
# Unit -> the metric that its slices show.
UNITS: Final = {
    "names": "entities.strict",
    "events": "events.tc",
    "arguments": "events.ac+.entity",
    "attributions": "attributions.f1",
}
# Known of gold only: no precision.
RECALL_ONLY: Final = frozenset(
    {
        "names/unseen in train",
        "events/incident repeated",
        "arguments/level",
        "arguments/other sentence",
        "attributions/pronoun source",
    }
)


def count(pair: Pair, row: Row) -> None:
    """Columns of all slices of elements."""
    sheet = _Sheet(pair, row)
    sheet.names()
    sheet.events()
    sheet.arguments()
    sheet.attributions()


class _Sheet:
    def __init__(self, pair: Pair, row: Row) -> None:
        self._pair = pair
        self._row = row
        zones = sorted((z.start, z.end, z.kind) for z in pair.gold.article.zones)
        self._starts = [z[0] for z in zones]
        self._zones = zones
        self._sentences: list[int] | None = None

    def _add(self, unit: str, features: Features, total: str, right: str, hit: bool) -> None:
        for feature in features:
            column = f"slice/{unit}/{feature}."
            bump(self._row, column + total)
            if hit:
                bump(self._row, column + right)

    def _gold(self, unit: str, features: Features, hit: bool) -> None:
        self._add(unit, features, "gold", "hit", hit)

    def _pred(self, unit: str, features: Features, ok: bool) -> None:
        self._add(unit, features, "pred", "ok", ok)

    def _zone(self, offset: int) -> str:
        at = bisect_right(self._starts, offset) - 1
        inside = at >= 0 and offset < self._zones[at][1]
        return f"zone={self._zones[at][2]}" if inside else "zone=none"

    def names(self) -> None:
        golds, preds = self._pair.gold.names, self._pair.submitted.names
        both = set(golds) & set(preds)
        for names, add, recall in ((golds, self._gold, True), (preds, self._pred, False)):
            todo = set(both)
            for name in names:
                add("names", self._name(name, recall), name in todo)
                todo.discard(name)

    def _name(self, name: Name, recall: bool) -> Iterator[str]:
        start, end, kind = name
        surface = self._pair.text[start:end]
        yield self._zone(start)
        yield f"type={kind}"
        yield f"words={_bucket(_words(surface), 4)}"
        train = self._pair.context.train
        if recall and train and surface.casefold() not in train.surfaces:
            yield "unseen in train=yes"

    def events(self) -> None:
        gold, submitted = self._pair.gold, self._pair.submitted
        both = {e.key for e in gold.events} & {e.key for e in submitted.events}
        incidents = [e.incident for e in gold.events if e.incident]
        for side in (gold, submitted):
            done: set[EventType] = set()
            for event in side.events:
                first = event.key not in done
                done.add(event.key)
                if side is submitted:
                    if first or _is_repeat(event, side, gold):
                        self._pred("events", self._event(event, side), first and event.key in both)
                elif first:
                    features = list(self._event(event, side))
                    if event.incident and incidents.count(event.incident) > 1:
                        features.append("incident repeated=yes")
                    self._gold("events", features, event.key in both)

    def _event(self, event: Happening, side: Side) -> Iterator[str]:
        yield self._zone(event.key[0])
        yield f"type={event.key[2]}"
        yield f"realis={event.realis}"
        yield f"voice={'attributed' if side.holders(event.span) else 'outlet'}"
        yield f"arguments={_bucket(len({a[:2] for a in event.arguments}), 3)}"

    def arguments(self) -> None:
        golds, preds = slots(self._pair.gold), slots(self._pair.submitted)
        for slot, (event, argument) in golds.items():
            features = [self._zone(argument.exact[0]), f"role={argument.role}"]
            features.append(f"level={self._pair.resolver.level(argument.exact) or 'event'}")
            if self._sentence(argument.exact[0]) != self._sentence(event.key[0]):
                features.append("other sentence=yes")
            self._gold("arguments", features, slot in preds)
        for slot, (_, argument) in preds.items():
            features = self._zone(argument.exact[0]), f"role={argument.role}"
            self._pred("arguments", features, slot in golds)
        for event in self._pair.submitted.events:
            for argument in repeated_in(event):
                features = self._zone(argument.exact[0]), f"role={argument.role}"
                self._pred("arguments", features, False)

    def _sentence(self, offset: int) -> int:
        if self._sentences is None:
            spans = sentences(self._pair.text, self._pair.gold.article.zones)
            self._sentences = [s.start for s in spans]
        return bisect_right(self._sentences, offset)

    def attributions(self) -> None:
        gold, submitted = self._pair.gold, self._pair.submitted
        right = [
            a
            for a in self._pair.alignment.first
            if verdict(gold.said[a.gold], submitted.said[a.submitted]) == "correct"
        ]
        for side, add, hits in (
            (gold, self._gold, {a.gold for a in right}),
            (submitted, self._pred, {a.submitted for a in right}),
        ):
            for i, said in enumerate(side.said):
                add("attributions", self._said(said, side, i), i in hits)
            for said, kept in side.repeated:
                add("attributions", self._said(said, side, kept), False)

    def _said(self, said: Said, side: Side, index: int) -> Iterator[str]:
        spans, text = said.spans, self._pair.text
        yield self._zone(spans[0][0]) if spans else "zone=none"
        yield f"nested={_bucket(side.nesting.depth(index), 2)}"
        yield f"kind={said.kind}"
        yield f"act={said.act}"
        gaps = pairwise(spans)
        if any(WORD.search(text, a[1], b[0]) for a, b in gaps):
            yield "discontinuous=yes"
        if spans and "\n" in text[spans[0][0] : spans[-1][1]]:
            yield "crosses a paragraph=yes"
        if not said.cue:
            yield "no cue=yes"
        if not said.sources:
            yield "no source=yes"
        elif len(said.sources) > 1:
            yield "several sources=yes"
        if side is self._pair.gold and any(
            self._pair.resolver.level(s) == "pronoun" for s in said.source_spans
        ):
            yield "pronoun source=yes"


def slots(side: Side) -> dict[object, tuple[Happening, Argument]]:
    """The slots (key, role, entity) of AC+ at entity level, each with its first filler."""
    out: dict[object, tuple[Happening, Argument]] = {}
    for event in side.events:
        for argument in sorted(event.arguments, key=lambda a: (a.role, a.exact)):
            out.setdefault((event.key, argument.role, argument.entity), (event, argument))
    return out


def repeated_in(event: Happening) -> list[Argument]:
    """Arguments whose role and target span the event already has."""
    seen: set[tuple[str, Offsets]] = set()
    out: list[Argument] = []
    for argument in event.arguments:
        if argument[:2] in seen:
            out.append(argument)
        seen.add(argument[:2])
    return out


def _is_repeat(event: Happening, side: Side, gold: Side) -> bool:
    """Whether a later event on a key counts in `pred`: gold's number is used up."""
    same = [e for e in side.events if e.key == event.key]
    allowed = max(1, sum(e.key == event.key for e in gold.events))
    return same.index(event) >= allowed


def _bucket(n: int, most: int) -> str:
    return str(n) if n < most else f"{most}+"


@lru_cache(maxsize=65536)
def _words(surface: str) -> int:
    return len(WORD.findall(surface))


COUNTERS.add("slices", count)
