"""The four SemEval 2013 schemas, as in `MantisAI/nervaluate`, but optimal (section 3).

Repeats removed; names that share a code point may pair. Per schema, one-to-one
pairs that maximise first the correct ones (COR), then all (N). COR: strict =
same span and type; exact and partial = same span; type = same type. The other
pairs are incorrect (INC), in `partial` half right (PAR). Only the two optimal
values are used, so there are no ties. nervaluate pairs greedily, in the order of
the file: its COR is never larger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..counts import Row
from ..match import assign, most_pairs, overlapping
from ..names import Name
from ..registry import counter, metric
from ..scores import Detail, Prf, Sums
from ..view import Pair


@counter
def count(pair: Pair, row: Row) -> None:
    """Columns of the four schemas."""
    names = pair.names
    g, p, alone, n = names.left_golds, names.left_preds, names.alone, len(names.edges)
    if names.flat and names.disjoint:
        types = sum([g[i][2] == p[j][2] for i, j in names.edges])
        spans = sum([g[i][:2] == p[j][:2] for i, j in names.edges])
        strict, found = 0, (n, n, n)
    else:
        types, by_type = _by_type(g, p, names.edges)
        strict, by_strict = _by_identity(g, p, typed=True)
        spans, by_span = _by_identity(g, p, typed=False)
        found = by_strict, by_span, by_type
    row["semeval.strict.cor"], row["semeval.strict.n"] = alone + strict, alone + found[0]
    row["semeval.exact.cor"], row["semeval.exact.n"] = alone + spans, alone + found[1]
    row["semeval.type.cor"], row["semeval.type.n"] = alone + types, alone + found[2]
    row["semeval.partial.tp2"] = 2 * alone + spans + found[1]


def _by_type(
    golds: Sequence[Name], preds: Sequence[Name], touching: list[tuple[int, int]]
) -> tuple[int, int]:
    """(COR, N) where COR is a pair of one type."""
    edges = {(i, j): (int(golds[i][2] == preds[j][2]), 1) for i, j in touching}
    chosen = assign(edges)
    return sum(edges[p][0] for p in chosen), len(chosen)


def _by_identity(golds: Sequence[Name], preds: Sequence[Name], *, typed: bool) -> tuple[int, int]:
    """(COR, N) where COR is a pair with one span (and one type).

    The most correct pairs are all that there can be of each identity, and
    elements of one identity are interchangeable: N follows from what is left.
    """
    golds, preds = (
        list(side) if typed else [(n[0], n[1], "") for n in side] for side in (golds, preds)
    )
    common = Counter(golds) & Counter(preds)
    rest = overlapping(*(_without(side, common) for side in (golds, preds)))
    return common.total(), common.total() + most_pairs(rest)


def _without(names: Sequence[Name], removed: Counter[Name]) -> list[Name]:
    todo = removed.copy()
    out: list[Name] = []
    for name in names:
        if todo[name] > 0:
            todo[name] -= 1
        else:
            out.append(name)
    return out


@dataclass(frozen=True, kw_only=True, eq=False)
class Schema(Prf):
    """One schema: `P = (COR + ½PAR)/pred`, `R = (COR + ½PAR)/gold`."""

    cor: str
    n: str
    halves: bool = False

    def detail(self, sums: Sums) -> Detail:
        cor, n = int(sums[self.cor]), int(sums[self.n])
        gold, pred = int(sums[self.gold]), int(sums[self.pred])
        return {
            **super().detail(sums),
            "cor": cor,
            "inc": 0 if self.halves else n - cor,
            "par": n - cor if self.halves else 0,
            "mis": gold - n,
            "spu": pred - n,
        }


_WHAT = {
    "strict": "span and type",
    "exact": "the span",
    "partial": "the span, half credit for an overlap",
    "type": "the type of an overlapping name",
}
for _name, _doc in _WHAT.items():
    _base = "exact" if _name == "partial" else _name
    metric(
        Schema(
            id=f"semeval.{_name}",
            track="entities",
            doc=f"SemEval 2013: {_doc}",
            tp="semeval.partial.tp2" if _name == "partial" else f"semeval.{_name}.cor",
            scale=2 if _name == "partial" else 1,
            gold="entities.gold",
            pred="entities.pred",
            cor=f"semeval.{_base}.cor",
            n=f"semeval.{_base}.n",
            halves=_name == "partial",
        )
    )
metric(
    Prf(
        id="entities.type",
        track="entities",
        doc="names overlapped by one of the right type, one to one",
        tp="semeval.type.cor",
        gold="entities.gold",
        pred="entities.pred",
    )
)
