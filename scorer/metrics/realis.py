"""Realis: did it happen? Accuracy on events found, and two harms (section 4).

Over distinct (start, end, type) found on both sides; of several events on one
key the canonically first gives the realis. Macro-F1 leaves out labels that
occur on neither side and knows no threshold; a submitted value that neither the
scheme nor gold has is wrong and no class of its own. ERE's three: actual,
generic, everything else.

Harms are shares of distinct gold (start, end, type, realis) whose trigger span
was submitted under any type: *false fact*, gold not actual but some submitted
event there actual; *lost fact*, gold actual but none submitted actual.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..counts import Row, bump
from ..registry import counter, metric
from ..resolve import Offsets
from ..scores import Kappa, MacroF1, Rate
from ..view import EventType, Happening, Pair

ACTUAL: Final = "actual"


@counter
def count(pair: Pair, row: Row) -> None:
    """Columns of realis on events found, and of the two harms."""
    golds, preds = first_realis(pair.gold.events), first_realis(pair.submitted.events)
    found = pair.found
    known = pair.context.labels.realis
    row["realis.found"] = len(found)
    row["realis.right"] = sum(golds[key] == preds[key] for key in found)
    row["realis.ere.right"] = sum(ere(golds[key]) == ere(preds[key]) for key in found)
    for key in found:
        gold, pred = golds[key], preds[key]
        confuse(row, "realis/", gold, pred if pred in known else None)
        confuse(row, "realis.ere/", ere(gold), ere(pred))
    _harms(pair, row)


def _harms(pair: Pair, row: Row) -> None:
    submitted: dict[Offsets, bool] = {}
    for event in pair.submitted.events:
        submitted[event.span] = submitted.get(event.span, False) or event.realis == ACTUAL
    for key, realis in {(e.key, e.realis) for e in pair.gold.events}:
        actual = submitted.get(key[:2])
        if actual is None:
            continue
        if realis == ACTUAL:
            bump(row, "realis.actual.found")
            bump(row, "realis.actual.lost", not actual)
        else:
            bump(row, "realis.other.found")
            bump(row, "realis.other.false", actual)


def first_realis(events: Sequence[Happening]) -> dict[EventType, str]:
    """Key -> realis of the canonically first event that has it."""
    out: dict[EventType, str] = {}
    for event in events:
        out.setdefault(event.key, event.realis)
    return out


def ere(realis: str) -> str:
    """The value in ERE's scheme: ACTUAL, GENERIC or OTHER."""
    return realis.upper() if realis in {ACTUAL, "generic"} else "OTHER"


def confuse(row: Row, prefix: str, gold: str, pred: str | None) -> None:
    """One pair's labels, as columns for `MacroF1` and `Kappa`."""
    bump(row, f"{prefix}{gold}.gold")
    if pred is not None:
        bump(row, f"{prefix}{pred}.pred")
    if gold == pred:
        bump(row, f"{prefix}{gold}.tp")


metric(
    Rate(
        id="realis.accuracy",
        track="events",
        doc="of events found, those with the right realis",
        num="realis.right",
        den="realis.found",
    )
)
metric(
    MacroF1(id="realis.macro", track="events", doc="mean F1 of the realis values", prefix="realis/")
)
metric(
    Rate(
        id="realis.ere.accuracy",
        track="events",
        doc="the same as actual, generic, other",
        num="realis.ere.right",
        den="realis.found",
    )
)
metric(
    MacroF1(
        id="realis.ere.macro",
        track="events",
        doc="mean F1 of actual, generic, other",
        prefix="realis.ere/",
    )
)
KAPPA = metric(
    Kappa(
        id="realis.kappa",
        track="events",
        doc="Cohen's kappa of realis on events found",
        prefix="realis/",
        n="realis.found",
    )
)
metric(
    Rate(
        id="realis.false-fact",
        track="events",
        harm=True,
        doc="gold events that did not (yet) happen, submitted as fact",
        num="realis.other.false",
        den="realis.other.found",
    )
)
metric(
    Rate(
        id="realis.lost-fact",
        track="events",
        harm=True,
        doc="gold facts, submitted as something else",
        num="realis.actual.lost",
        den="realis.actual.found",
    )
)
