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
from functools import cache
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
    _put(row, "ti", gold_spans, spans, more)
    _put(row, "tc", pair.gold.keys, pair.submitted.keys, more)
    facts, submitted = ({(e.key, e.realis) for e in side} for side in (golds, preds))
    _put(row, "tcr", facts, submitted, repeats(preds, golds, realis=True) + unaligned)
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
    for level, place in (("exact", 1), ("head", 2), ("entity", 3)):
        g = {(key, a[0], a[place]) for key, a in golds}
        p = {(key, a[0], a[place]) for key, a in preds}
        _put(row, f"ac+.{level}", g, p, more)
        _put(row, f"ai+.{level}", {(k, x) for k, _, x in g}, {(k, x) for k, _, x in p}, more)
        g, p = {(k[2], r, x) for k, r, x in g}, {(k[2], r, x) for k, r, x in p}
        _put(row, f"ac.{level}", g, p, more)
        _put(row, f"ai.{level}", {(k, x) for k, _, x in g}, {(k, x) for k, _, x in p}, more)
    found = pair.found
    given = {(key, a.role, a.entity) for key, a in golds if key in found}
    taken = {(key, a.role, a.entity) for key, a in preds if key in found}
    if repeated:
        repeated = sum([repeated_arguments(e) for e in pair.submitted.events if e.key in found])
    _put(row, "ac+|tc", given, taken, repeated)


@cache
def _columns(name: str) -> tuple[str, str, str]:
    return f"events.{name}.tp", f"events.{name}.gold", f"events.{name}.pred"


def _put(row: Row, name: str, golds: Set[Any], preds: Set[Any], more: int) -> None:
    tp, gold, pred = _columns(name)
    row[tp] = len(golds & preds)
    row[gold] = len(golds)
    row[pred] = len(preds) + more


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
