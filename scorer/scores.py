"""The kinds of metric: pure functions of column sums.

A metric never sees an article. It sees sums of count columns (`counts.py`), as
integers for a result, as vectors for replicates or for single articles. Null
(nothing to divide by) is NaN in vectors and None in results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float64]
Detail: TypeAlias = dict[str, Any]
MILLIONTHS: Final = 1_000_000


class Sums:
    """Sums of count columns by name; a column that no article has is 0.

    Values are Python integers or float64 vectors of one shape.
    """

    def __init__(self, values: Mapping[Any, Any]) -> None:
        self._values = values

    def __getitem__(self, column: str) -> Any:
        return self._values.get(column, 0)

    def labels(self, prefix: str) -> list[str]:
        """What stands between `prefix` and the last dot in the names of columns, sorted."""
        found = [c for c in self._values if isinstance(c, str) and c.startswith(prefix)]
        return sorted({c[len(prefix) : c.rindex(".")] for c in found})


def ratio(numerator: Any, denominator: Any) -> Vector:
    """Quotient in float64; NaN where the denominator is 0."""
    above, below = np.broadcast_arrays(
        np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    )
    out = np.full(above.shape, np.nan)
    np.divide(above, below, out=out, where=below != 0)
    return out


def number(value: Any) -> float | None:
    """A scalar for a result: six decimals, None for null."""
    plain = float(value)
    return None if np.isnan(plain) else round(plain, 6) + 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Metric:
    """What all kinds share.

    `id` as in the protocol; `track` one of entities, events, attributions,
    claims; `doc` one line for tables and help; `headline` the key in the
    result's `headline`. `main` is the value that is ranked, tested and given an
    interval; `harm` marks rates where less is better.
    """

    id: str
    track: str
    doc: str
    headline: str = ""
    harm: bool = False

    def main(self, sums: Sums) -> Vector:
        raise NotImplementedError

    def detail(self, sums: Sums) -> Detail:
        """The result's entry, intervals aside."""
        raise NotImplementedError

    def columns(self) -> Iterable[str]:
        """Columns, or prefixes of columns, that `main` reads."""
        raise NotImplementedError

    @property
    def statistic(self) -> str:
        """The metric's name in a signature: with `.f1` where `main` is one."""
        return self.id


@dataclass(frozen=True, kw_only=True, eq=False)
class Prf(Metric):
    """Precision, recall and F1 of the columns `tp`, `gold`, `pred`.

    `P = tp/pred`, `R = tp/gold`, `F1 = 2tp/(gold+pred)`. All null if gold = pred
    = 0; if only one of them is 0, its ratio and F1 are 0. `tp` is in units of
    1/`scale`. With `tp_pred`, precision has its own hits and F1 = 2PR/(P+R).
    """

    tp: str
    gold: str
    pred: str
    scale: int = 1
    tp_pred: str = ""

    def columns(self) -> Iterable[str]:
        return [c for c in (self.tp, self.gold, self.pred, self.tp_pred) if c]

    @property
    def statistic(self) -> str:
        return self.id if self.id.endswith(".f1") else f"{self.id}.f1"

    def prf(self, sums: Sums) -> tuple[Vector, Vector, Vector]:
        gold, pred = np.asarray(sums[self.gold]), np.asarray(sums[self.pred])
        hits, right = sums[self.tp], sums[self.tp_pred or self.tp]
        nothing = (gold + pred) == 0
        recall = np.where(nothing, np.nan, np.nan_to_num(ratio(hits, self.scale * gold)))
        precision = np.where(nothing, np.nan, np.nan_to_num(ratio(right, self.scale * pred)))
        if self.tp_pred:
            both = np.nan_to_num(ratio(2 * precision * recall, precision + recall))
            return precision, recall, np.where(nothing, np.nan, both)
        return precision, recall, ratio(2 * np.asarray(hits), self.scale * (gold + pred))

    def main(self, sums: Sums) -> Vector:
        return self.prf(sums)[2]

    def detail(self, sums: Sums) -> Detail:
        p, r, f1 = map(number, self.prf(sums))
        out: Detail = {"p": p, "r": r, "f1": f1, "tp": int(sums[self.tp])}
        if self.tp_pred:
            out["tp_pred"] = int(sums[self.tp_pred])
        if self.scale != 1:
            out["scale"] = self.scale
        return {**out, "gold": int(sums[self.gold]), "pred": int(sums[self.pred])}


@dataclass(frozen=True, kw_only=True, eq=False)
class Rate(Metric):
    """The share `num / den`; null if `den` is 0."""

    num: str
    den: str

    def columns(self) -> Iterable[str]:
        return self.num, self.den

    def main(self, sums: Sums) -> Vector:
        return ratio(sums[self.num], sums[self.den])

    def detail(self, sums: Sums) -> Detail:
        num, den = int(sums[self.num]), int(sums[self.den])
        return {"value": number(self.main(sums)), "num": num, "den": den}


@dataclass(frozen=True, kw_only=True, eq=False)
class Mean(Metric):
    """The unweighted mean of the F1 of other metrics; nulls are left out, all null is null."""

    of: Sequence[Prf] = field(default_factory=tuple[Prf, ...])

    def columns(self) -> Iterable[str]:
        return [c for metric in self.of for c in metric.columns()]

    def main(self, sums: Sums) -> Vector:
        return mean_of([metric.main(sums) for metric in self.of])

    def detail(self, sums: Sums) -> Detail:
        return {"value": number(self.main(sums)), "of": [metric.id for metric in self.of]}


@dataclass(frozen=True, kw_only=True, eq=False)
class MacroF1(Metric):
    """Mean F1 over the labels of the columns `prefix<label>.tp/.gold/.pred`.

    A label that occurs on neither side is null and left out.
    """

    prefix: str

    def columns(self) -> Iterable[str]:
        return (self.prefix,)

    def main(self, sums: Sums) -> Vector:
        stems = [self.prefix + label for label in sums.labels(self.prefix)]
        return mean_of(
            [
                ratio(
                    2 * np.asarray(sums[f"{s}.tp"]),
                    np.asarray(sums[f"{s}.gold"]) + np.asarray(sums[f"{s}.pred"]),
                )
                for s in stems
            ]
        )

    def detail(self, sums: Sums) -> Detail:
        return {"value": number(self.main(sums)), "of": sums.labels(self.prefix)}


@dataclass(frozen=True, kw_only=True, eq=False)
class Kappa(Metric):
    """Cohen's kappa over pairs, from the columns `prefix<label>.tp/.gold/.pred`.

    `n` is the column that counts the pairs. Null without pairs, and where
    chance agreement is 1 (one label only). Source: Cohen (1960).
    """

    prefix: str
    n: str

    def columns(self) -> Iterable[str]:
        return self.prefix, self.n

    def main(self, sums: Sums) -> Vector:
        stems = [self.prefix + label for label in sums.labels(self.prefix)]
        n = np.asarray(sums[self.n], dtype=np.float64)
        agreed = sum((np.asarray(sums[f"{s}.tp"]) for s in stems), np.float64(0))
        chance = sum(
            (np.asarray(sums[f"{s}.gold"]) * np.asarray(sums[f"{s}.pred"]) for s in stems),
            np.float64(0),
        )
        # (po - pe) / (1 - pe), multiplied through by n² so that integers stay exact
        return ratio(agreed * n - chance, n * n - chance)

    def detail(self, sums: Sums) -> Detail:
        return {"value": number(self.main(sums)), "den": int(sums[self.n])}


def mean_of(values: Sequence[Vector]) -> Vector:
    """Mean over the first axis without the nulls; null where all are. NaN if there are none."""
    if not values:
        return np.asarray(np.nan)
    stacked = np.stack(np.broadcast_arrays(*values))
    known = ~np.isnan(stacked)
    return ratio(np.where(known, stacked, 0.0).sum(axis=0), known.sum(axis=0))
