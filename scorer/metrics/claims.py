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
from typing import NamedTuple

from ..counts import Row, bump
from ..registry import counter, metric
from ..said import OUTLET
from ..scores import Mean, Prf, Rate
from ..view import Happening, Pair, Side
from .events import repeated_arguments

_HALVES = ("attributed", "outlet")


class Derived(NamedTuple):
    """Distinct tuples of one article; claims and statements split by half."""

    claims: dict[str, set[object]]
    statements: dict[str, set[object]]
    stance: set[object]
    innermost: set[object]


def derive(events: Sequence[Happening], side: Side) -> Derived:
    """The tuples that follow from `events` and the attributions of `side`."""
    out = Derived({h: set() for h in _HALVES}, {h: set() for h in _HALVES}, set(), set())
    for event in events:
        fact = event.key, event.realis
        half = half_of(event, side)
        claims, statements = out.claims[half], out.statements[half]
        for source, stance in side.voices(event.span):
            claims.add((source, fact))
            out.stance.add((source, stance, fact))
            statements.add((source, stance, fact))
            for a in event.arguments:
                statements.add((source, stance, fact, a.role, a.entity))
        out.innermost.update((source, fact) for source in innermost(event, side))
    return out


def half_of(event: Happening, side: Side) -> str:
    """Whose voice the event is in: attributed or outlet."""
    return "attributed" if side.holders(event.span) else "outlet"


def innermost(event: Happening, side: Side) -> frozenset[object]:
    """The sources of the innermost attribution that holds the trigger."""
    holders = side.holders(event.span)
    return frozenset(holders[0][0].voice) if holders else frozenset((OUTLET,))


@counter
def count(pair: Pair, row: Row) -> None:
    """Columns of claims, statements, oracles and harms."""
    events, gold_events = pair.submitted.events, pair.gold.events
    golds, preds = derive(gold_events, pair.gold), derive(events, pair.submitted)
    for half in _HALVES:
        _put(row, f"claims.{half}", golds.claims[half], preds.claims[half])
        _put(row, f"statements.{half}", golds.statements[half], preds.statements[half])
    _put(row, "claims.stance", golds.stance, preds.stance)
    _put(row, "claims.innermost", golds.innermost, preds.innermost)
    _penalties(pair, row)
    for name in ("claims", "statements"):
        for stat in ("tp", "gold", "pred"):
            row[f"{name}.{stat}"] = sum(row[f"{name}.{half}.{stat}"] for half in _HALVES)
    _harms(pair, row)
    truth = set[object]().union(*golds.claims.values())
    for name, oracle in (
        ("events", derive(gold_events, pair.submitted)),
        ("attributions", derive(events, pair.gold)),
    ):
        _put(row, f"claims.oracle.{name}", truth, set[object]().union(*oracle.claims.values()))
    for event, more in repeated_facts(events, gold_events):
        row["claims.oracle.attributions.pred"] += more * len(pair.gold.sources(event.span))


def _put(row: Row, name: str, golds: set[object], preds: set[object]) -> None:
    row[f"{name}.tp"] = len(golds & preds)
    row[f"{name}.gold"] = len(golds)
    row[f"{name}.pred"] = len(preds)


def _penalties(pair: Pair, row: Row) -> None:
    """Repeats: one more in `pred` for each source of the event."""
    side = pair.submitted
    for event, more in repeated_facts(side.events, pair.gold.events):
        half, sources = half_of(event, side), len(side.sources(event.span))
        row[f"claims.{half}.pred"] += more * sources
        row[f"statements.{half}.pred"] += more * sources
        row["claims.stance.pred"] += more * sources
        row["claims.innermost.pred"] += more * len(innermost(event, side))
    for event in side.events:
        if more := repeated_arguments(event):
            sources = len(side.sources(event.span))
            row[f"statements.{half_of(event, side)}.pred"] += more * sources


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
    found = {e.key for e in pair.gold.events} & {e.key for e in pair.submitted.events}
    for start, end, _ in found:
        gold, given = (side.sources((start, end)) for side in (pair.gold, pair.submitted))
        if OUTLET in gold:
            bump(row, "claims.found.outlet")
            bump(row, "claims.found.outlet.over", OUTLET not in given)
        else:
            bump(row, "claims.found.attributed")
            bump(row, "claims.found.attributed.fact", OUTLET in given)
            bump(row, "claims.found.attributed.wrong", bool(given - gold - {OUTLET}))


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
