"""The slice table: from columns and article tags to rows with intervals (section 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .counts import Column, Table, Tags
from .registry import METRICS
from .resample import percentile, replicate, sums_of
from .scores import Mean, Metric, Prf, Sums, number
from .signature import Settings
from .slices import FEATURES, RECALL_ONLY, STATISTICS, UNITS, groups
from .stories import by_unit

_GREY_GOLD: Final = 20
_GREY_ARTICLES: Final = 5
_LENGTHS: Final = ((200, "< 200"), (400, "200-399"))


def slices(table: Table, metrics: Sequence[Metric], settings: Settings) -> list[dict[str, Any]]:
    """Every slice that has gold elements, articles first. Grey: too little to compare."""
    out = _article_slices(table, [m for m in metrics if m.headline], settings)
    shown = {metric.id for metric in metrics}
    for unit, metric in UNITS.items():
        if metric in shown:
            out.extend(_element_slices(table, unit, metric, settings))
    return out


def features(tags: Tags) -> Iterator[tuple[str, str]]:
    """Name and value of every slice of articles that an article is in."""
    yield "part", tags.part
    if tags.theatre:
        yield "theatre", tags.theatre
    if tags.seen is not None:
        yield "theatre seen in train", "yes" if tags.seen else "no"
    if tags.genre:
        yield "genre", tags.genre
    yield "length", next((name for limit, name in _LENGTHS if tags.words < limit), ">= 400")
    if not tags.events:
        yield "without events", "yes"
    if not tags.attributions:
        yield "without attributions", "yes"


def _article_slices(
    table: Table, metrics: Sequence[Metric], settings: Settings
) -> list[dict[str, Any]]:
    members: dict[tuple[str, str], list[int]] = {}
    for n, tags in enumerate(table.tags):
        for feature in features(tags):
            members.setdefault(feature, []).append(n)
    columns = sorted({c for m in metrics for c in m.columns()})
    rows = table.dense(columns)
    wide = np.zeros((len(members), *rows.shape), dtype=np.int64)
    for n, feature in enumerate(sorted(members)):
        wide[n, members[feature]] = rows[members[feature]]
    replicates = _draw(table, wide.transpose(1, 0, 2).reshape(len(rows), -1), settings)
    out: list[dict[str, Any]] = []
    for n, ((name, value), where) in enumerate(sorted(members.items())):
        drawn = sums_of(replicates[:, n * len(columns) : (n + 1) * len(columns)], columns)
        total = Sums(dict(zip(columns, wide[n].sum(axis=0).tolist(), strict=True)))
        for metric in metrics:
            gold, pred = _totals(metric, total)
            entry = metric.detail(total)
            out.append(
                {
                    "slice": name,
                    "value": value,
                    "metric": metric.id,
                    "n_gold": gold,
                    "n_pred": pred,
                    "articles": len(where),
                    "p": entry.get("p"),
                    "r": entry.get("r"),
                    "f1": entry.get("f1", entry.get("value")),
                    "ci": _interval(metric.main(drawn), settings),
                    "grey": gold < _GREY_GOLD or len(where) < _GREY_ARTICLES,
                }
            )
    return [entry for entry in out if entry["n_gold"]]


def _totals(metric: Metric, sums: Sums) -> tuple[int, int]:
    parts = metric.of if isinstance(metric, Mean) else [metric]
    counted = [m for m in parts if isinstance(m, Prf)]
    return sum(int(sums[m.gold]) for m in counted), sum(int(sums[m.pred]) for m in counted)


def _element_slices(
    table: Table, unit: str, metric: str, settings: Settings
) -> list[dict[str, Any]]:
    columns: list[str] = []
    parts: list[NDArray[np.int64]] = []
    for feature in FEATURES[unit]:
        for stats in STATISTICS:
            found = groups(table.cells, unit, feature, stats)
            columns += [f"{feature}={value}.{stat}" for value, stat in found]
            place: dict[Column, int] = {
                c: n for n, cells in enumerate(found.values()) for c in cells
            }
            parts.append(table.grouped(place, len(found)))
    rows = np.concatenate(parts, axis=1)
    drawn = sums_of(_draw(table, rows, settings), columns)
    total = Sums(dict(zip(columns, rows.sum(axis=0).tolist(), strict=True)))
    where = Sums(dict(zip(columns, (rows > 0).sum(axis=0).tolist(), strict=True)))
    out: list[dict[str, Any]] = []
    for feature in FEATURES[unit]:
        for value in total.labels(f"{feature}="):
            stem = f"{feature}={value}"
            if not total[f"{stem}.gold"]:
                continue
            part = Prf(
                id=metric,
                track=METRICS[metric].track,
                doc="",
                tp=f"{stem}.hit",
                tp_pred=f"{stem}.ok",
                gold=f"{stem}.gold",
                pred=f"{stem}.pred",
            )
            p, r, f1 = part.prf(total)
            one_sided = feature in RECALL_ONLY
            gold, articles = total[part.gold], where[part.gold]
            out.append(
                {
                    "slice": feature,
                    "value": value,
                    "metric": metric,
                    "n_gold": gold,
                    "n_pred": None if one_sided else total[part.pred],
                    "articles": articles,
                    "p": None if one_sided else number(p),
                    "r": number(r),
                    "f1": None if one_sided else number(f1),
                    "ci": _interval(part.prf(drawn)[1 if one_sided else 2], settings),
                    "grey": gold < _GREY_GOLD or articles < _GREY_ARTICLES,
                }
            )
    return out


def _draw(table: Table, rows: NDArray[np.int64], settings: Settings) -> NDArray[np.float64]:
    units = by_unit(table.tags, rows, settings.unit)
    return replicate(units, settings.replicates, settings.seed)


def _interval(values: Any, settings: Settings) -> list[float | None] | None:
    found = percentile(np.broadcast_to(values, (settings.replicates,)))
    return None if found is None else [number(found[0]), number(found[1])]
