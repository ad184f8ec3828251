"""Gold and submitted names of one article, compared once for all metrics."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

from .match import Pair, overlapping

Name: TypeAlias = tuple[int, int, str]


class Names:
    """`golds` and `preds`: distinct (start, end, type), repeats removed; `both` is in common.

    `left_golds` and `left_preds` are sorted: what is not in common if names are
    flat (no two of one side overlap), for then an exact pair touches nothing
    else; otherwise everything. `edges` are pairs of their indices that share a
    code point, and `disjoint` says that no index occurs in two.
    """

    __slots__ = (
        "both",
        "disjoint",
        "edges",
        "flat",
        "golds",
        "left_golds",
        "left_preds",
        "preds",
    )

    def __init__(self, golds: Sequence[Name], preds: Sequence[Name]) -> None:
        self.golds, self.preds = set(golds), set(preds)
        self.both = self.golds & self.preds
        self.flat = _flat(golds) and _flat(preds)
        aside = self.both if self.flat else set[Name]()
        self.left_golds = sorted(self.golds - aside)
        self.left_preds = sorted(self.preds - aside)
        self.edges: list[Pair] = []
        if self.left_golds and self.left_preds:
            self.edges = overlapping(self.left_golds, self.left_preds)
        n = len(self.edges)
        self.disjoint = n < 2 or (
            len({i for i, _ in self.edges}) == n and len({j for _, j in self.edges}) == n
        )

    @property
    def alone(self) -> int:
        """Exact pairs that are not among `left_golds` and `left_preds`."""
        return len(self.both) if self.flat else 0


def _flat(names: Sequence[Name]) -> bool:
    """Whether no two distinct names overlap. Names mostly come sorted: that is tried first."""
    end = 0
    for name in names:
        if name[0] < end:
            return all(a[1] <= b[0] for a, b in pairwise(sorted(set(names))))
        end = name[1]
    return True
