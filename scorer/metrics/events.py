"""Events and arguments: TextEE's tuples, an article being one window (section 4).

    ti (start, end)                tc  + type              tcr  + realis
    ai (type, argument)            ac  + role
    ai+ (start, end, type, argument)   ac+ + role

An argument is compared at three levels: `exact` by the target's span (as in
`ej0cl6/TextEE`, scorer.py), `head` by the gold mention it stands for, `entity`
by that mention's entity. A target that is an event is its trigger, at entity
level its incident. A mention and an event never match above the exact level,
where only offsets are compared.

`gold` counts distinct tuples; `pred` counts distinct tuples plus repeats: an
event beyond gold's number of such events (at least one), an argument with a role
and target span that its event already has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from typing import Any, Final

from ..counts import Row
from ..match import most_pairs, overlapping
from ..registry import counter, metric
from ..resolve import Offsets, overlap
from ..scores import Prf
from ..view import Happening, Pair

LEVELS: Final = ("exact", "head", "entity")
_TUPLES: Final = ("ai", "ac", "ai+", "ac+")


@counter
def count(pair: Pair, row: Row) -> None:
    """Columns of triggers and arguments, at all levels."""
    golds, preds = pair.gold.events, pair.submitted.events
    unaligned = pair.unaligned.get("events", 0)
    more = repeats(preds, golds) + unaligned
    gold_spans, spans = {e.span for e in golds}, {e.span for e in preds}
    counts = _sizes(gold_spans, spans, more)
    counts += _sizes(pair.gold.realis.keys(), pair.submitted.realis.keys(), more)
    more = repeats(preds, golds, realis=True) + unaligned
    counts += _sizes(pair.gold.facts.keys(), pair.submitted.facts.keys(), more)
    row.update(zip(_TRIGGERS, counts, strict=True))
    if gold_spans <= spans or spans <= gold_spans:
        row["events.ti~.tp"] = min(len(gold_spans), len(spans))
    else:
        row["events.ti~.tp"] = near(gold_spans, spans)
    _arguments(pair, row)


def _arguments(pair: Pair, row: Row) -> None:
    golds = [(e.key, a) for e in pair.gold.events for a in e.arguments]
    preds = [(e.key, a) for e in pair.submitted.events for a in e.arguments]
    repeated = sum([repeated_arguments(e) for e in pair.submitted.events])
    more = repeated + pair.unaligned.get("arguments", 0)
    g, p = ({(key, a.role, a.exact) for key, a in side} for side in (golds, preds))
    exact = head = _slot_sizes(g, p, more)
    if any(a.head != a.exact for _, a in (*golds, *preds)):
        g, p = ({(key, a.role, a.head) for key, a in side} for side in (golds, preds))
        head = _slot_sizes(g, p, more)
    given, taken, found = pair.gold.slots.keys(), pair.submitted.slots.keys(), pair.found
    entity = _slot_sizes(given, taken, more)
    row.update(zip(_ARGUMENTS, (*exact, *head, *entity), strict=True))
    if repeated:
        repeated = sum([repeated_arguments(e) for e in pair.submitted.events if e.key in found])
    row["events.ac+|tc.tp"] = row["events.ac+.entity.tp"]
    row["events.ac+|tc.gold"] = sum([key in found for key, _, _ in given])
    row["events.ac+|tc.pred"] = sum([key in found for key, _, _ in taken]) + repeated


def _slot_sizes(golds: Set[Any], preds: Set[Any], more: int) -> list[int]:
    """Counts of the four tuples that follow from (key, role, argument), as in `_TUPLES`."""
    g, p = {(k, x) for k, _, x in golds}, {(k, x) for k, _, x in preds}
    return [
        *_sizes({(k[2], x) for k, x in g}, {(k[2], x) for k, x in p}, more),
        *_sizes({(k[2], r, x) for k, r, x in golds}, {(k[2], r, x) for k, r, x in preds}, more),
        *_sizes(g, p, more),
        *_sizes(golds, preds, more),
    ]


def _sizes(golds: Set[Any], preds: Set[Any], more: int) -> list[int]:
    return [len(golds & preds), len(golds), len(preds) + more]


def _columns(names: Iterable[str]) -> list[str]:
    return [f"events.{name}.{stat}" for name in names for stat in ("tp", "gold", "pred")]


_TRIGGERS: Final = _columns(("ti", "tc", "tcr"))
_ARGUMENTS: Final = _columns(f"{tuple_}.{level}" for level in LEVELS for tuple_ in _TUPLES)


def repeats(preds: Sequence[Happening], golds: Sequence[Happening], *, realis: bool = False) -> int:
    """Submitted events beyond gold's number of events with that key, at least one."""
    if len({e.key for e in preds}) == len(preds):
        return 0
    submitted = Counter((e.key, e.realis) if realis else e.key for e in preds)
    allowed = Counter((e.key, e.realis) if realis else e.key for e in golds)
    return sum(max(0, n - max(1, allowed[key])) for key, n in submitted.items())


def repeated_arguments(event: Happening) -> int:
    """Arguments of one event whose role and target span it already has."""
    n = len(event.arguments)
    return n and n - len({(a.role, a.exact) for a in event.arguments})


def near(golds: Iterable[Offsets], preds: Iterable[Offsets]) -> int:
    """Most pairs, one to one, of spans with Dice >= 1/2 over code points."""
    g, p = sorted(golds), sorted(preds)
    return most_pairs(
        (i, j)
        for i, j in overlapping(g, p)
        if 4 * overlap(g[i], p[j]) >= g[i][1] - g[i][0] + p[j][1] - p[j][0]
    )


_DOC: Final = {
    "ti": "triggers with the right span",
    "tc": "triggers with the right span and type",
    "tcr": "triggers with the right span, type and realis",
    "ai": "arguments of the right event type",
    "ac": "arguments of the right event type and role",
    "ai+": "arguments of the right event",
    "ac+": "arguments of the right event and role",
}


def _declare(name: str, *, headline: str = "", doc: str = "", tp: str = "", of: str = "") -> Prf:
    return metric(
        Prf(
            id=f"events.{name}",
            track="events",
            headline=headline,
            doc=doc or _DOC[name.partition(".")[0]],
            tp=f"events.{tp or name}.tp",
            gold=f"events.{of or name}.gold",
            pred=f"events.{of or name}.pred",
        )
    )


TI, TC, TCR = (_declare(name) for name in ("ti", "tc", "tcr"))
_declare("ti~", doc="triggers that overlap by half or more", of="ti")
for _tuple in _TUPLES:
    for _level in LEVELS:
        _slot = f"{_tuple}.{_level}"
        _declare(
            _slot,
            headline="events" if _slot == "ac+.entity" else "",
            doc=f"{_DOC[_tuple]}, {_level} level",
        )
_declare("ac+|tc", doc="arguments of events found (a diagnostic: gold events given), entity level")
