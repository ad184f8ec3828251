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
from ..names import Name, Names
from ..registry import counter, metric
from ..scores import Prf, Rate
from ..view import Pair


@counter
def count(pair: Pair, row: Row) -> None:
    """Columns of names: strict, boundary, coarse."""
    names = pair.names
    strict = len(names.both)
    row["entities.gold"] = len(pair.gold.names)
    row["entities.pred"] = len(pair.submitted.names) + pair.unaligned.get("mentions", 0)
    row["entities.strict.tp"] = strict
    if names.flat:
        # One name per span: what is left and shares a span, pairs.
        g, p = names.left_golds, names.left_preds
        same = [(g[i], p[j]) for i, j in names.edges if g[i][:2] == p[j][:2]]
        row["entities.boundary.tp"] = row["entities.spans"] = strict + len(same)
        row["entities.coarse.tp"] = strict + sum(coarse(a[2]) == coarse(b[2]) for a, b in same)
        row["entities.spans.typed"] = strict
    else:
        _with_overlaps(names, row)


def _with_overlaps(names: Names, row: Row) -> None:
    golds, preds = names.golds, names.preds
    row["entities.boundary.tp"] = hits((n[:2] for n in golds), (n[:2] for n in preds))
    row["entities.coarse.tp"] = hits(map(_coarse, golds), map(_coarse, preds))
    row["entities.spans"] = len({n[:2] for n in golds} & {n[:2] for n in preds})
    row["entities.spans.typed"] = len({n[:2] for n in names.both})


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
