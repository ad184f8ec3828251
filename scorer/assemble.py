"""From count rows to a result: scores, intervals, macros, errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from . import slices, slicing
from .codes import Log
from .counts import Row, Table, in_order
from .flags import FLAGS
from .registry import METRICS, TRACKS, headlines
from .resample import bca, detectable_alone, percentile, replicate, sums_of
from .result import Result
from .scores import Metric, Sums, Vector, number
from .signature import Gold, Settings, code_version, signature
from .stories import by_unit
from .tally import Counted

_FEWEST: Final = 10  # gold elements of a label that takes part in a macro average
_MACROS: Final = {
    "entities.strict": ("names", "type"),
    "events.tc": ("events", "type"),
    "events.ac+.entity": ("arguments", "role"),
}


def assemble(
    counted: Counted,
    log: Log,
    gold: Gold,
    submission: Mapping[str, Any],
    settings: Settings,
    *,
    ceiling: dict[str, float | None] | None = None,
    degenerate: dict[str, dict[str, float | None]] | None = None,
    timing: dict[str, float | None] | None = None,
) -> Result:
    """The result of a scoring. A pure function but for `timing`, which it passes on."""
    table = in_order(counted.table)
    active = active_metrics(counted, settings.tracks)
    evaluation = Evaluation(table, [m for m in active if active[m]], settings)
    scores: dict[str, dict[str, Any]] = {}
    for metric, scored in active.items():
        detail = metric.detail(evaluation.sums if scored else Sums({}))
        detail["ci"] = _rounded(evaluation.interval(metric)) if scored else None
        detail["signature"] = signature(metric.statistic, gold, len(table), settings)
        scores[metric.id] = detail
    shown = {name: m for name, m in headlines().items() if m in active}
    return Result(
        version=code_version(),
        corpus={
            "version": gold.version,
            "sha256": gold.sha256,
            "split": gold.split,
            "part": gold.part,
        },
        submission={
            **submission,
            "layers": list(counted.layers),
            "articles": counted.articles,
            "missing": counted.missing,
            "ignored": counted.ignored,
            "unaligned": counted.unaligned,
        },
        incidents=log.summary(),
        scores=scores,
        headline={
            name: {
                "metric": m.id,
                "value": scores[m.id].get("f1", scores[m.id].get("value")),
                "ci": scores[m.id]["ci"],
            }
            for name, m in shown.items()
        },
        macro=_macros(evaluation, [m for m in active if active[m]]),
        slices=slicing.slices(table, [m for m in active if active[m]], settings),
        errors=errors(evaluation.row),
        pointers=counted.pointers if settings.pointers else None,
        ceiling=ceiling,
        degenerate=degenerate,
        mdd={
            name: _round(detectable_alone(evaluation.replicates(m))) if active[m] else None
            for name, m in shown.items()
        },
        timing=timing or {},
    )


def active_metrics(counted: Counted, tracks: Iterable[str] = ()) -> dict[Metric, bool]:
    """Metrics to report, in order of track; False for those that cannot be scored.

    A track is scored if the submission and the gold have all its layers. Raises
    `InputError` for an unknown track.
    """
    wanted = _known_tracks(tracks)
    present = set(counted.layers) & set(counted.gold_layers)
    order = sorted((METRICS[name] for name in METRICS), key=lambda m: wanted.get(m.track, -1))
    return {m: set(TRACKS[m.track]) <= present for m in order if m.track in wanted}


def _known_tracks(tracks: Iterable[str]) -> dict[str, int]:
    from ..corpus.errors import InputError
    from .codes import hint

    chosen = list(tracks)
    for track in chosen:
        if track not in TRACKS:
            known = ", ".join(TRACKS)
            raise InputError(f"unknown track '{track}'{hint(track, TRACKS)} (tracks: {known})")
    return {track: n for n, track in enumerate(TRACKS) if not chosen or track in chosen}


class Evaluation:
    """Point values, replicates and intervals of metrics over one table."""

    def __init__(self, table: Table, metrics: Sequence[Metric], settings: Settings) -> None:
        self._settings = settings
        self.row: Row = table.sums()
        self.sums = Sums(self.row)
        self._columns = needed(metrics, table.columns)
        self.articles = table.dense(self._columns)
        self._units: NDArray[np.float64] = by_unit(table.tags, self.articles, settings.unit)
        drawn = replicate(self._units, settings.replicates, settings.seed)
        self._drawn = sums_of(drawn, self._columns)

    def replicates(self, metric: Metric) -> Vector:
        """The metric on every replicate, shape (replicates,)."""
        return np.broadcast_to(metric.main(self._drawn), (self._settings.replicates,))

    def interval(self, metric: Metric) -> tuple[float, float] | None:
        """The 95% interval, or None."""
        values = self.replicates(metric)
        if self._settings.ci != "bca95":
            return percentile(values)
        left_out = sums_of(self._units.sum(axis=0) - self._units, self._columns)
        jackknife = np.broadcast_to(metric.main(left_out), (len(self._units),))
        return bca(values, float(metric.main(self.sums)), jackknife)

    def over_articles(self, metric: Metric) -> Vector:
        """The metric of every single article, shape (articles,)."""
        single = sums_of(self.articles.astype(np.float64), self._columns)
        return np.broadcast_to(metric.main(single), (len(self.articles),))


def needed(metrics: Iterable[Metric], known: Sequence[str]) -> list[str]:
    """Columns that the metrics read; a prefix stands for every known column under it."""
    asked = {column for metric in metrics for column in metric.columns()}
    prefixes = tuple(column for column in asked if column.endswith("/"))
    labelled = {c for c in known if c.startswith(prefixes)} if prefixes else set[str]()
    return sorted((asked - set(prefixes)) | labelled)


def _macros(evaluation: Evaluation, metrics: Sequence[Metric]) -> dict[str, dict[str, Any]]:
    """Per metric: mean over its labels with enough gold, and mean over articles."""
    out: dict[str, dict[str, Any]] = {}
    for metric in metrics:
        entry: dict[str, Any] = {}
        if metric.id in _MACROS:
            unit, feature = _MACROS[metric.id]
            entry[feature] = _macro_label(slices.marginals(evaluation.row, unit, feature))
        if metric.headline and len(evaluation.articles):
            # nothing to find and nothing submitted is 1
            values = np.nan_to_num(evaluation.over_articles(metric), nan=1.0)
            entry["article"] = {"value": number(values.mean())}
        if entry:
            out[metric.id] = entry
    return out


def _macro_label(found: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    labels = {x: n for x, n in found.items() if n["gold"] >= _FEWEST}
    f1 = [2 * n["hit"] / (n["gold"] + n["pred"]) for n in labels.values()]
    return {"value": number(sum(f1) / len(f1)) if f1 else None, "labels": list(labels)}


def errors(row: Row) -> dict[str, dict[str, dict[str, int]]]:
    """Layer -> class -> number of gold and of submitted elements; flags count pairs."""
    out: dict[str, dict[str, Any]] = {}
    for column, n in row.items():
        if isinstance(column, str) and column.startswith("error/"):
            _, layer, rest = column.split("/", 2)
            cls, _, side = rest.rpartition(".")
            entry = out.setdefault(layer, {}).setdefault(cls, {"gold": 0, "pred": 0})
            if layer == FLAGS:
                out[layer][cls] = {"pairs": n}
            else:
                entry[side] = n
    return out


def _round(value: float | None) -> float | None:
    return None if value is None else number(value)


def _rounded(interval: tuple[float, float] | None) -> list[float | None] | None:
    return None if interval is None else [number(interval[0]), number(interval[1])]
