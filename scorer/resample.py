"""Uncertainty: bootstrap intervals, paired randomisation, Holm's correction (section 7).

Everything is drawn from raw 64-bit words of PCG64, which are the same in every
NumPy version, and computed from count rows: a replicate re-adds cached counts
and never scores anything again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .scores import Metric, Sums, Vector

REPLICATES: Final = 2_000
RANDOMISATIONS: Final = 10_000
SEED: Final = 20240607
_BLOCK: Final = 1 << 23  # cells of a block of weights: 64 MB
_NULLS: Final = 20  # more than one replicate in 20 null: no interval
_POWER: Final = 2.80  # 80% power at alpha = .05
_TOLERANCE: Final = 1e-12

Matrix = NDArray[np.float64]
Evaluate = Callable[[Matrix], Sequence[Vector]]
Interval = tuple[float, float]


def weights(n: int, replicates: int, seed: int) -> Iterator[Matrix]:
    """How often each of `n` units is drawn, replicate by replicate, in blocks of rows.

    Unit i = ((w >> 32)·n) >> 32 for the raw words w of `PCG64(seed)` in order.
    """
    source = np.random.PCG64(seed)
    size = max(1, _BLOCK // max(n, 1))
    for start in range(0, replicates, size):
        rows = min(size, replicates - start)
        words = source.random_raw(rows * n).reshape(rows, n)
        words >>= np.uint64(32)
        words *= np.uint64(n)
        words >>= np.uint64(32)
        drawn = words.view(np.int64)
        drawn += np.arange(rows)[:, None] * n
        yield np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)


def replicate(matrix: Matrix, replicates: int = REPLICATES, seed: int = SEED) -> Matrix:
    """Column sums of every replicate: shape (units, columns) -> (replicates, columns).

    Exact below 2**53, so independent of the order of addition.
    """
    if not len(matrix):
        return np.zeros((replicates, matrix.shape[1]))
    return np.concatenate([block @ matrix for block in weights(len(matrix), replicates, seed)])


def sums_of(matrix: Matrix, columns: Sequence[str]) -> Sums:
    """The columns of a matrix as vectors by name."""
    return Sums({name: matrix[:, n] for n, name in enumerate(columns)})


def percentile(values: Vector) -> Interval | None:
    """95% interval: sorted replicates at ranks ⌈B/40⌉ and ⌈39B/40⌉, counted from 1.

    Nulls are dropped; None if they are more than 5% (or all).
    """
    known = np.sort(values[~np.isnan(values)])
    if not len(known) or _NULLS * (len(values) - len(known)) > len(values):
        return None
    b = len(known)
    return float(known[ceil(b / 40) - 1]), float(known[ceil(39 * b / 40) - 1])


def bca(values: Vector, point: float, jackknife: Vector) -> Interval | None:
    """Bias-corrected and accelerated 95% interval (Efron 1987).

    `jackknife`: the metric with each unit left out. None where `percentile` is;
    the percentile interval where all replicates lie on one side of the point.
    """
    known = np.sort(values[~np.isnan(values)])
    plain = percentile(values)
    below = float((known < point).sum()) / max(len(known), 1)
    if plain is None or not 0 < below < 1:
        return plain
    left = jackknife[~np.isnan(jackknife)]
    spread = left.mean() - left
    square = float((spread**2).sum())
    skew = float((spread**3).sum()) / (6 * square**1.5) if square else 0.0
    normal = NormalDist()
    bias = normal.inv_cdf(below)

    def at(quantile: float) -> float:
        z = bias + normal.inv_cdf(quantile)
        rank = ceil(len(known) * normal.cdf(bias + z / (1 - skew * z)))
        return float(known[min(max(rank, 1), len(known)) - 1])

    return at(0.025), at(0.975)


def spread(values: Vector) -> float | None:
    """Standard deviation of the replicates that are not null, None if there are none."""
    known = values[~np.isnan(values)]
    return float(known.std()) if len(known) else None


def detectable(difference: Vector) -> float | None:
    """Minimum detectable difference between two systems, from bootstrapped differences."""
    sd = spread(difference)
    return None if sd is None else _POWER * sd


def detectable_alone(values: Vector) -> float | None:
    """An upper bound of it, from the bootstrapped score of one system."""
    sd = spread(values)
    return None if sd is None else sqrt(2) * _POWER * sd


def randomise(
    a: Matrix,
    b: Matrix,
    columns: Sequence[str],
    metrics: Sequence[Metric],
    *,
    rounds: int = RANDOMISATIONS,
    seed: int = SEED,
) -> list[float | None]:
    """p of each metric's difference by paired approximate randomisation (Noreen 1989).

    `a`, `b`: rows of two systems, shape (units, columns). Unit i changes sides
    when the top bit of the next word of `PCG64(seed + 1)` is 1. A replicate whose
    difference is null counts as extreme; None if the observed one is null.
    """
    n = len(a)
    total = a + b
    observed = _difference(metrics, columns, a.sum(axis=0)[None], b.sum(axis=0)[None])[:, 0]
    extreme = np.zeros(len(metrics), dtype=np.int64)
    source = np.random.PCG64(seed + 1)
    size = max(1, _BLOCK // max(n, 1))
    for start in range(0, rounds, size):
        rows = min(size, rounds - start)
        swap = (source.random_raw(rows * n) >> np.uint64(63)).reshape(rows, n).astype(np.float64)
        left = a.sum(axis=0) + swap @ (b - a)
        delta = _difference(metrics, columns, left, total.sum(axis=0) - left)
        with np.errstate(invalid="ignore"):
            small = np.abs(delta) < np.abs(observed)[:, None] - _TOLERANCE
        extreme += (~small).sum(axis=1)
    return [
        None if np.isnan(d) else (1 + int(e)) / (rounds + 1)
        for d, e in zip(observed, extreme, strict=True)
    ]


def _difference(metrics: Sequence[Metric], columns: Sequence[str], a: Matrix, b: Matrix) -> Matrix:
    left, right = sums_of(a, columns), sums_of(b, columns)
    return np.stack([np.broadcast_to(m.main(left) - m.main(right), len(a)) for m in metrics])


def holm(p: Sequence[float | None]) -> list[float | None]:
    """Holm's step-down adjusted p over all tests of a table; None stays None (Holm 1979)."""
    order = sorted((value, n) for n, value in enumerate(p) if value is not None)
    out: list[float | None] = [None] * len(p)
    highest = 0.0
    for rank, (value, n) in enumerate(order):
        highest = max(highest, min(1.0, value * (len(order) - rank)))
        out[n] = highest
    return out
