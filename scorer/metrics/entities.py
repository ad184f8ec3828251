"""Entities: level-name mentions, which include every DATE and WEA (section 3).

`gold` and `pred` are the numbers of name mentions. A hit pairs one gold name
with one submitted name: where several names share a span (never in valid gold)
the smaller number of them counts, so that no ratio exceeds 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ...corpus.ontology import coarse
from ..counts import Row
from ..registry import counter, metric
from ..scores import Prf, Rate
from ..view import Name, Pair


@counter
def count(pair: Pair, row: Row) -> None:
    """Columns of names: strict, boundary, coarse."""
    golds, preds = set(pair.gold.names), set(pair.submitted.names)
    row["entities.gold"] = len(pair.gold.names)
    row["entities.pred"] = len(pair.submitted.names) + pair.unaligned.get("mentions", 0)
    strict = golds & preds
    row["entities.strict.tp"] = len(strict)
    if len(strict) == min(len(golds), len(preds)):
        boundary = cut = len(strict)
    else:
        boundary = hits((n[:2] for n in golds), (n[:2] for n in preds))
        cut = hits(map(_coarse, golds), map(_coarse, preds))
    row["entities.boundary.tp"] = boundary
    row["entities.coarse.tp"] = cut
    spans = {n[:2] for n in golds} & {n[:2] for n in preds}
    row["entities.spans"] = len(spans)
    row["entities.spans.typed"] = len({n[:2] for n in strict})


def _coarse(name: Name) -> Name:
    return name[0], name[1], coarse(name[2])


def hits(golds: Iterable[object], preds: Iterable[object]) -> int:
    """Size of the multiset intersection."""
    return (Counter(golds) & Counter(preds)).total()


STRICT = metric(
    Prf(
        id="entities.strict",
        track="entities",
        headline="entities",
        doc="names with the right span and type",
        tp="entities.strict.tp",
        gold="entities.gold",
        pred="entities.pred",
    )
)
metric(
    Prf(
        id="entities.boundary",
        track="entities",
        doc="names with the right span, any type",
        tp="entities.boundary.tp",
        gold="entities.gold",
        pred="entities.pred",
    )
)
metric(
    Prf(
        id="entities.coarse",
        track="entities",
        doc="names with the right span and the type cut at its first dot",
        tp="entities.coarse.tp",
        gold="entities.gold",
        pred="entities.pred",
    )
)
metric(
    Rate(
        id="entities.type-accuracy",
        track="entities",
        doc="of gold name spans found, those with the right type",
        num="entities.spans.typed",
        den="entities.spans",
    )
)
