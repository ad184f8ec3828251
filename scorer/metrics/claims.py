"""Claims and the dateline score: who did what, according to whom (section 6).

    claim       (source, start, end, type, realis)
    statement   (source, stance, start, end, type, realis), and the same with
                (role, entity) for each argument

V of an event are the (source, stance) pairs of the attributions that hold its
trigger (`corpus/claims.py`). A trigger without words is, as sets go, in every
content. Counts are of distinct tuples; a repeated event, and in statements a
repeated argument, adds one to `pred` per distinct source of its event, whatever
the number of stances. Outputs that a converter could not anchor are nobody's
claim and add nothing here.

`attributed` are the tuples of a source, `outlet` the rest; *balanced* is the mean
of their two F1, a null half left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from ..counts import Row, bump
from ..registry import counter, metric
from ..said import OUTLET
from ..scores import Mean, Prf, Rate
from ..view import Happening, Pair, Side
from .events import repeated_arguments

_HALVES: Final = ("attributed", "outlet")


class Derived(NamedTuple):
    """Distinct tuples of one article; statements by half (outlet: 0 or 1)."""

    statements: tuple[set[object], set[object]]
    stance: set[object]
    innermost: set[object]


def derive(events: Sequence[Happening], side: Side) -> Derived:
    """The tuples that follow from `events` and the attributions of `side`, claims aside."""
    out = Derived((set(), set()), set(), set())
    for event in events:
        fact = event.key, event.realis
        by = side.vouched(event.span)
        out.innermost.update([(source, fact) for source in by.innermost])
        for source, stance in by.voices:
            statement = source, stance, fact
            out.stance.add(statement)
            fillers = [(*statement, a.role, a.entity) for a in event.arguments]
            out.statements[by.outlet].update([statement, *fillers])
    return out


@counter
def count(pair: Pair, row: Row) -> None:
    """Columns of claims, statements, oracles and harms."""
    events, gold_events = pair.submitted.events, pair.gold.events
    golds, preds = derive(gold_events, pair.gold), derive(events, pair.submitted)
    truth, _ = pair.claims
    for n, half in enumerate(_HALVES):
        in_half = [{c for c in side if (c[0] == OUTLET) == bool(n)} for side in pair.claims]
        _put(row, f"claims.{half}", *in_half)
        _put(row, f"statements.{half}", golds.statements[n], preds.statements[n])
    _put(row, "claims.stance", golds.stance, preds.stance)
    _put(row, "claims.innermost", golds.innermost, preds.innermost)
    _put(row, "claims.oracle.events", truth, pair.submitted.claims(gold_events))
    _put(row, "claims.oracle.attributions", truth, pair.gold.claims(events))
    _penalties(pair, row)
    for total, attributed, outlet in _TOTALS:
        row[total] = row[attributed] + row[outlet]
    _harms(pair, row)


_TOTALS: Final = [
    (f"{name}.{stat}", *(f"{name}.{half}.{stat}" for half in _HALVES))
    for name in ("claims", "statements")
    for stat in ("tp", "gold", "pred")
]


@cache
def _columns(name: str) -> tuple[str, str, str]:
    return f"{name}.tp", f"{name}.gold", f"{name}.pred"


def _put(row: Row, name: str, golds: set[Any], preds: set[Any]) -> None:
    tp, gold, pred = _columns(name)
    row[tp] = len(golds & preds)
    row[gold] = len(golds)
    row[pred] = len(preds)


def _penalties(pair: Pair, row: Row) -> None:
    """Repeats: one more in `pred` for each source of the event."""
    side = pair.submitted
    for event, more in repeated_facts(side.events, pair.gold.events):
        by = side.vouched(event.span)
        half = _HALVES[by.outlet]
        row[f"claims.{half}.pred"] += more * len(by.sources)
        row[f"statements.{half}.pred"] += more * len(by.sources)
        row["claims.stance.pred"] += more * len(by.sources)
        row["claims.innermost.pred"] += more * len(by.innermost)
        gold_sources = pair.gold.vouched(event.span).sources
        row["claims.oracle.attributions.pred"] += more * len(gold_sources)
    for event in side.events:
        if more := repeated_arguments(event):
            by = side.vouched(event.span)
            row[f"statements.{_HALVES[by.outlet]}.pred"] += more * len(by.sources)


def repeated_facts(
    preds: Sequence[Happening], golds: Sequence[Happening]
) -> list[tuple[Happening, int]]:
    """Events submitted more often, with their realis, than gold has them (at least once)."""
    if len({(e.key, e.realis) for e in preds}) == len(preds):
        return []
    allowed = Counter((e.key, e.realis) for e in golds)
    submitted = Counter((e.key, e.realis) for e in preds)
    first = {(e.key, e.realis): e for e in reversed(preds)}
    return [
        (first[fact], n - max(1, allowed[fact]))
        for fact, n in submitted.items()
        if n > max(1, allowed[fact])
    ]


def _harms(pair: Pair, row: Row) -> None:
    """Whose claim is an event that was found? Over distinct gold (start, end, type)."""
    for start, end, _ in pair.found:
        gold = pair.gold.vouched((start, end))
        given = pair.submitted.vouched((start, end))
        if gold.outlet:
            bump(row, "claims.found.outlet")
            bump(row, "claims.found.outlet.over", not given.outlet)
        else:
            bump(row, "claims.found.attributed")
            bump(row, "claims.found.attributed.fact", given.outlet)
            wrong = not given.outlet and bool(given.sources - gold.sources)
            bump(row, "claims.found.attributed.wrong", wrong)


def _declare(id: str, column: str, doc: str) -> Prf:
    return metric(
        Prf(
            id=id,
            track="claims",
            doc=doc,
            tp=f"{column}.tp",
            gold=f"{column}.gold",
            pred=f"{column}.pred",
        )
    )


_claims = [
    _declare(f"claims.{half}", f"claims.{half}", f"claims in the voice of {whose}")
    for half, whose in zip(_HALVES, ("a source", "the outlet"), strict=True)
]
metric(
    Mean(
        id="claims.balanced",
        track="claims",
        headline="claims",
        doc="mean F1 of claims of sources and claims of the outlet",
        of=_claims,
    )
)
_declare("claims.f1", "claims", "claims, both halves together")
_statements = [
    _declare(f"statements.{half}", f"statements.{half}", f"statements in the voice of {whose}")
    for half, whose in zip(_HALVES, ("a source", "the outlet"), strict=True)
]
metric(
    Mean(
        id="dateline",
        track="claims",
        headline="dateline",
        doc="the dateline score: mean F1 of statements of sources and of the outlet",
        of=_statements,
    )
)
_declare("statements.f1", "statements", "statements, both halves together")
_declare("claims.stance", "claims.stance", "claims with what the source does to them")
_declare("claims.innermost", "claims.innermost", "claims of the innermost source only")
_declare("claims.oracle.events", "claims.oracle.events", "claims, had the events been perfect")
_declare(
    "claims.oracle.attributions",
    "claims.oracle.attributions",
    "claims, had the attributions been perfect",
)
for _id, _doc, _num in (
    ("unattributed-as-fact", "events of a source, told as the outlet's own", "attributed.fact"),
    ("misattribution", "events of a source, given another source", "attributed.wrong"),
    ("over-attribution", "events of the outlet, given a source", "outlet.over"),
):
    metric(
        Rate(
            id=f"claims.{_id}",
            track="claims",
            harm=True,
            doc=_doc,
            num=f"claims.found.{_num}",
            den=f"claims.found.{_num.partition('.')[0]}",
        )
    )
