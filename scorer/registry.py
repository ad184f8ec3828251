"""What the files of `scorer/metrics/` register: counters and metrics.

A *counter* writes the columns of one article; a *metric* reads sums of columns.
Adding a metric is one file in `scorer/metrics/`: everything below iterates the
registries, in order of registration.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar

from ..corpus.registry import Registry
from .counts import Row
from .scores import Metric
from .view import Pair

Counter: TypeAlias = Callable[[Pair, Row], None]
M = TypeVar("M", bound=Metric)

COUNTERS: Final[Registry[Counter]] = Registry("counter")
METRICS: Final[Registry[Metric]] = Registry("metric")

# Layers that a submission must have for a track to be scored (protocol, section 2).
TRACKS: Final[dict[str, tuple[str, ...]]] = {
    "entities": ("mentions",),
    "events": ("events",),
    "attributions": ("attributions",),
    "claims": ("mentions", "events", "attributions"),
}


def counter(count: Counter) -> Counter:
    """Register a function that writes columns, under the name of its module."""
    return COUNTERS.add(count.__module__.rpartition(".")[2], count)


def metric(declared: M) -> M:
    """Register a metric under its id."""
    METRICS.add(declared.id, declared)
    return declared


def headlines() -> dict[str, Metric]:
    """Headline name (entities, events, attributions, claims, dateline) -> its metric."""
    found = (METRICS[name] for name in METRICS)
    return {m.headline: m for m in found if m.headline}
