"""Slices: the headline metrics on parts of the data (section 8).

An element of gold or submission is counted once, in a cell that holds all its
features: `(unit, verdict, zone, type, ...)`. The verdicts are `hit` and `miss` of
gold elements (R = hit/gold), `ok` and `wrong` of submitted ones (P = ok/pred). A
slice is a sum of cells (`marginals`), an empty feature is in no slice. Slices of
articles need no columns: their rows are summed.

Elements are those of the metric sliced: names of `entities.strict`, distinct
(start, end, type) of `events.tc`, distinct slots of `events.ac+.entity`,
attributions of `attributions.f1`; repeats count as submitted, with their own
features. What a converter could not anchor is in no slice. An element is in a
slice by its own features: a submitted name under the submitted type.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Final

from ..corpus.words import WORD
from .counts import Cell, Column, Row, bump_all
from .metrics.attributions import verdict
from .places import Places
from .registry import COUNTERS
from .resolve import Offsets
from .said import Said
from .view import Argument, EventType, Happening, Pair, Side

# Unit -> the metric that its slices show, and the features of its elements, in order.
UNITS: Final = {
    "names": "entities.strict",
    "events": "events.tc",
    "arguments": "events.ac+.entity",
    "attributions": "attributions.f1",
}
FEATURES: Final = {
    "names": ("zone", "type", "words", "unseen in train"),
    "events": ("zone", "type", "realis", "voice", "arguments", "incident repeated"),
    "arguments": ("zone", "role", "level", "other sentence"),
    "attributions": (
        *("zone", "nested", "kind", "act", "discontinuous", "crosses a paragraph"),
        *("no cue", "no source", "several sources", "pronoun source"),
    ),
}
# Known of gold only: no precision.
RECALL_ONLY: Final = frozenset(
    {"unseen in train", "incident repeated", "level", "other sentence", "pronoun source"}
)
# Verdict -> statistic: all elements, and those that are right.
STATISTICS: Final = (
    {"miss": "gold", "hit": "gold", "wrong": "pred", "ok": "pred"},
    {"hit": "hit", "ok": "ok"},
)
_GOLD: Final = ("miss", "hit")
_PRED: Final = ("wrong", "ok")


def count(pair: Pair, row: Row) -> None:
    """Cells of all elements of one article."""
    places = Places(pair.text, pair.gold.article.zones)
    cells: list[Cell] = []
    _names(pair, cells, places)
    _events(pair, cells, places)
    if pair.gold.events or pair.submitted.events:
        _arguments(pair, cells, places)
    if pair.gold.said or pair.submitted.said:
        _attributions(pair, cells, places)
    bump_all(row, cells)


def _names(pair: Pair, cells: list[Cell], places: Places) -> None:
    names, text, zone, add = pair.names, pair.text, places.zone, cells.append
    seen = pair.context.train.surfaces if pair.context.train else None
    for found, these in (
        ("hit", names.both),
        ("miss", names.golds - names.both),
        ("wrong", names.preds - names.both),
    ):
        for start, end, kind in these:
            surface = text[start:end]
            where, words = zone(start), _words(surface)
            known = seen is None or found == "wrong" or surface.casefold() in seen
            add(("names", found, where, kind, words, "" if known else "yes"))
            if found == "hit":
                add(("names", "ok", where, kind, words, ""))
    for side, distinct, wrong in (
        (pair.gold, names.golds, "miss"),
        (pair.submitted, names.preds, "wrong"),
    ):
        if len(side.names) > len(distinct):
            for start, end, kind in (Counter(side.names) - Counter(distinct)).elements():
                add(("names", wrong, zone(start), kind, _words(text[start:end]), ""))


def _events(pair: Pair, cells: list[Cell], places: Places) -> None:
    incidents = [e.incident for e in pair.gold.events if e.incident]
    for side, verdicts in ((pair.gold, _GOLD), (pair.submitted, _PRED)):
        is_gold = side is pair.gold
        seen: dict[EventType, int] = {}
        for key, realis, arguments, incident, _, span in side.events:
            n = seen[key] = seen.get(key, 0) + 1
            # Gold repeats an event for conjuncts: as often it may be submitted, and counts once.
            if n > 1 and (is_gold or n <= max(1, _of_gold(pair, key))):
                continue
            cells.append(
                (
                    "events",
                    verdicts[n == 1 and key in pair.found],
                    places.zone(key[0]),
                    key[2],
                    realis,
                    "outlet" if side.vouched(span).outlet else "attributed",
                    _bucket(len({a[:2] for a in arguments}), 3),
                    "yes" if is_gold and incidents.count(incident or "") > 1 else "",
                )
            )


def _of_gold(pair: Pair, key: EventType) -> int:
    return sum([e.key == key for e in pair.gold.events])


def _arguments(pair: Pair, cells: list[Cell], places: Places) -> None:
    golds, preds, zone, add = pair.gold.slots, pair.submitted.slots, places.zone, cells.append
    for slot, (event, (role, exact, _, _)) in golds.items():
        level = pair.resolve.level(exact) or "event"
        apart = "yes" if places.apart(exact[0], event.key[0]) else ""
        add(("arguments", _GOLD[slot in preds], zone(exact[0]), role, level, apart))
    for slot, (_, (role, exact, _, _)) in preds.items():
        add(("arguments", _PRED[slot in golds], zone(exact[0]), role, "", ""))
    for event in pair.submitted.events:
        for a in repeated_in(event) if len(event.arguments) > 1 else ():
            add(("arguments", "wrong", zone(a.exact[0]), a.role, "", ""))


def _attributions(pair: Pair, cells: list[Cell], places: Places) -> None:
    gold, submitted = pair.gold, pair.submitted
    right = [
        a
        for a in pair.alignment.first
        if verdict(gold.said[a.gold], submitted.said[a.submitted]) == "correct"
    ]
    for side, verdicts, hits in (
        (gold, _GOLD, {a.gold for a in right}),
        (submitted, _PRED, {a.submitted for a in right}),
    ):
        for i, said in enumerate(side.said):
            features = _features(said, side, i, pair, places)
            cells.append(("attributions", verdicts[i in hits], *features))
        for said, kept in side.repeated:
            features = _features(said, side, kept, pair, places)
            cells.append(("attributions", verdicts[0], *features))


def _features(said: Said, side: Side, index: int, pair: Pair, places: Places) -> Cell:
    spans, text = said.spans, pair.text
    split = len(spans) > 1 and any(WORD.search(text, a[1], b[0]) for a, b in pairwise(spans))
    crosses = bool(spans) and "\n" in text[spans[0][0] : spans[-1][1]]
    pronoun = side is pair.gold and any(
        pair.resolve.level(s) == "pronoun" for s in said.source_spans
    )
    return (
        places.zone(spans[0][0]) if spans else "none",
        _bucket(side.nesting.depth(index), 2),
        said.kind,
        said.act,
        "yes" if split else "",
        "yes" if crosses else "",
        "" if said.cue else "yes",
        "" if said.sources else "yes",
        "yes" if len(said.sources) > 1 else "",
        "yes" if pronoun else "",
    )


def repeated_in(event: Happening) -> list[Argument]:
    """Arguments whose role and target span the event already has."""
    seen: set[tuple[str, Offsets]] = set()
    out: list[Argument] = []
    for argument in event.arguments:
        if argument[:2] in seen:
            out.append(argument)
        seen.add(argument[:2])
    return out


def _bucket(n: int, most: int) -> str:
    return str(n) if n < most else f"{most}+"


@lru_cache(maxsize=65536)
def _words(surface: str) -> str:
    return _bucket(len(WORD.findall(surface)), 4)


def marginals(sums: Mapping[Column, int], unit: str, feature: str) -> dict[str, dict[str, int]]:
    """Value of the feature -> `{gold, hit, pred, ok}` over all cells of the unit."""
    out: dict[str, dict[str, int]] = {}
    for stats in STATISTICS:
        for (value, stat), cells in groups(sums, unit, feature, stats).items():
            entry = out.setdefault(value, {"gold": 0, "hit": 0, "pred": 0, "ok": 0})
            entry[stat] = sum(sums[cell] for cell in cells)
    return dict(sorted(out.items()))


def groups(
    columns: Iterable[Column], unit: str, feature: str, stats: Mapping[str, str]
) -> dict[tuple[str, str], list[Cell]]:
    """(value, statistic) -> the cells that it is the sum of, each cell in one at most."""
    place = 2 + FEATURES[unit].index(feature)
    found: dict[tuple[str, str], list[Cell]] = {}
    for cell in columns:
        if not isinstance(cell, str) and cell[0] == unit and cell[place] and cell[1] in stats:
            found.setdefault((cell[place], stats[cell[1]]), []).append(cell)
    return found


COUNTERS.add("slices", count)
