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
from collections.abc import Iterable, Sequence
from typing import Final

from ..counts import Row, bump_all
from ..registry import counter, metric
from ..said import Source
from ..scores import Mean, Prf, Rate
from ..view import Fact, Happening, Pair, Side, Told, Vouched
from .events import repeated_arguments

_HALVES: Final = ("attributed", "outlet")


@counter
def count(pair: Pair, row: Row) -> None:
    """Columns of claims, statements, oracles and harms."""
    golds, preds = pair.gold.facts, pair.submitted.facts
    both = {fact: common(golds[fact], preds[fact]) for fact in golds.keys() & preds.keys()}
    for columns, told in zip(_SIZES, (both, golds, preds), strict=True):
        row.update(zip(columns, _sizes(told.values()), strict=True))
    _oracles(pair, row)
    _penalties(pair, row)
    for total, attributed, outlet in _TOTALS:
        row[total] = row[attributed] + row[outlet]
    _harms(pair, row)


_STATS: Final = ("tp", "gold", "pred")
_SIZES: Final = [
    [
        *(f"{name}.{half}.{stat}" for name in ("claims", "statements") for half in _HALVES),
        *(f"claims.{name}.{stat}" for name in ("stance", "innermost")),
    ]
    for stat in _STATS
]
_TOTALS: Final = [
    (f"{name}.{stat}", *(f"{name}.{half}.{stat}" for half in _HALVES))
    for name in ("claims", "statements")
    for stat in _STATS
]


def _sizes(told: Iterable[Told]) -> tuple[int, ...]:
    """How many tuples follow, in the order of `_SIZES`.

    Statements of a fact are a product: each voice alone, and with each filler.
    """
    claims, statements, stances, innermost = [0, 0], [0, 0], 0, 0
    for by, fillers in told:
        voices = len(by.voices)
        claims[by.outlet] += len(by.sources)
        statements[by.outlet] += voices * (1 + len(fillers))
        stances += voices
        innermost += len(by.innermost)
    return *claims, *statements, stances, innermost


def common(gold: Told, submitted: Told) -> Told:
    """What two sides tell alike of one fact. A source and the outlet have nothing in common."""
    g, s = gold.by, submitted.by
    if g is not s:
        g = Vouched(g.voices & s.voices, g.sources & s.sources, g.innermost & s.innermost, g.outlet)
    return Told(g, gold.fillers & submitted.fillers)


def _oracles(pair: Pair, row: Row) -> None:
    """Claims of gold events by submitted attributions, and the other way round."""
    golds, preds = pair.gold.facts, pair.submitted.facts
    truth = sum([len(told.by.sources) for told in golds.values()])
    given = [(told.by.sources, _sources(pair.submitted, fact)) for fact, told in golds.items()]
    row["claims.oracle.events.tp"] = sum([len(right & given) for right, given in given])
    row["claims.oracle.events.gold"] = truth
    row["claims.oracle.events.pred"] = sum([len(given) for _, given in given])
    of_events = {fact: len(_sources(pair.gold, fact)) for fact in preds}
    row["claims.oracle.attributions.tp"] = sum([of_events[f] for f in of_events if f in golds])
    row["claims.oracle.attributions.gold"] = truth
    row["claims.oracle.attributions.pred"] = sum(of_events.values())


def _sources(side: Side, fact: Fact) -> frozenset[Source]:
    (start, end, _), _ = fact
    return side.vouched((start, end)).sources


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
    found: list[str] = []
    for start, end, _ in pair.found:
        gold = pair.gold.vouched((start, end))
        given = pair.submitted.vouched((start, end))
        if gold.outlet:
            found.append("claims.found.outlet")
            if not given.outlet:
                found.append("claims.found.outlet.over")
        else:
            found.append("claims.found.attributed")
            if given.outlet:
                found.append("claims.found.attributed.fact")
            elif given.sources - gold.sources:
                found.append("claims.found.attributed.wrong")
    bump_all(row, found)


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
