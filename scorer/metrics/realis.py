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

from collections.abc import Iterator
from typing import Final

from ..counts import Row, bump_all
from ..registry import counter, metric
from ..resolve import Offsets
from ..scores import Kappa, MacroF1, Rate
from ..view import Pair

ACTUAL: Final = "actual"


@counter
def count(pair: Pair, row: Row) -> None:
    """Columns of realis on events found, and of the two harms."""
    golds, preds = pair.gold.realis, pair.submitted.realis
    known = pair.context.labels.realis
    columns: list[str] = []
    for key in pair.found:
        gold, pred = golds[key], preds[key]
        columns.append("realis.found")
        if gold == pred:
            columns.append("realis.right")
        if ere(gold) == ere(pred):
            columns.append("realis.ere.right")
        columns += confused("realis/", gold, pred if pred in known else None)
        columns += confused("realis.ere/", ere(gold), ere(pred))
    columns += _harms(pair)
    bump_all(row, columns)


def _harms(pair: Pair) -> Iterator[str]:
    submitted: dict[Offsets, bool] = {}
    for event in pair.submitted.events:
        submitted[event.span] = submitted.get(event.span, False) or event.realis == ACTUAL
    for key, realis in pair.gold.facts:
        actual = submitted.get(key[:2])
        if actual is None:
            continue
        if realis == ACTUAL:
            yield "realis.actual.found"
            if not actual:
                yield "realis.actual.lost"
        else:
            yield "realis.other.found"
            if actual:
                yield "realis.other.false"


def ere(realis: str) -> str:
    """The value in ERE's scheme: ACTUAL, GENERIC or OTHER."""
    return realis.upper() if realis in {ACTUAL, "generic"} else "OTHER"


def confused(prefix: str, gold: str, pred: str | None) -> list[str]:
    """Columns that one pair's labels count in, for `MacroF1` and `Kappa`."""
    columns = [f"{prefix}{gold}.gold"]
    if pred is not None:
        columns.append(f"{prefix}{pred}.pred")
    if gold == pred:
        columns.append(f"{prefix}{gold}.tp")
    return columns


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
