"""Comparing systems on the same articles: paired, with Holm's correction (section 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, Final

import msgspec
import numpy as np

from ..corpus.errors import InputError
from .api import Scored
from .assemble import active_metrics, needed
from .counts import in_order
from .registry import METRICS, headlines
from .resample import detectable, holm, percentile, randomise, replicate, sums_of
from .scores import Metric, Sums, number
from .signature import Gold, Settings, signature
from .stories import by_unit

ALPHA: Final = 0.05


class Test(msgspec.Struct, frozen=True, kw_only=True):
    """One paired test: `delta` = score of `a` minus score of `b`.

    `ci`: bootstrap interval of delta. `p`: approximate randomisation; `p_holm`:
    corrected over every test of the table. `mdd`: minimum detectable difference.
    """

    metric: str
    a: str
    b: str
    score_a: float | None
    score_b: float | None
    delta: float | None
    ci: list[float | None] | None
    p: float | None
    p_holm: float | None
    mdd: float | None

    @property
    def significant(self) -> bool:
        return self.p_holm is not None and self.p_holm < ALPHA


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """All pairs of systems on all chosen metrics, and ranks on the first of them.

    Systems that are not significantly below a cluster's best share its rank.
    """

    metrics: list[str]
    systems: list[str]
    scores: dict[str, dict[str, float | None]]
    tests: list[Test]
    ranks: dict[str, int]
    signature: str

    def to_json(self) -> bytes:
        """Canonical JSON, one newline at the end."""
        raw = msgspec.json.encode(msgspec.to_builtins(self), order="sorted")
        return msgspec.json.format(raw, indent=1) + b"\n"


def compare(
    systems: Mapping[str, Scored],
    settings: Settings | None = None,
    metrics: Sequence[str] = (),
) -> Comparison:
    """Every pair of systems on the given metrics (default: the five headlines).

    Raises `InputError` for fewer than two systems, for an unknown metric, and if
    the systems were not scored against the same gold.
    """
    settings = settings or Settings()
    chosen = _chosen(systems, settings, metrics)
    gold = _same_gold(systems)
    tables = {name: in_order(scored.counted.table) for name, scored in systems.items()}
    first = next(iter(tables.values()))
    known = sorted({column for table in tables.values() for column in table.columns})
    columns = needed(chosen, known)
    rows = {
        name: by_unit(first.tags, table.dense(columns), settings.unit)
        for name, table in tables.items()
    }
    drawn = {
        name: sums_of(replicate(matrix, settings.replicates, settings.seed), columns)
        for name, matrix in rows.items()
    }
    points = {name: Sums(table.sums()) for name, table in tables.items()}
    tests: list[Test] = []
    for a, b in combinations(systems, 2):
        p = randomise(rows[a], rows[b], columns, chosen, rounds=settings.rounds, seed=settings.seed)
        for metric, value in zip(chosen, p, strict=True):
            difference = np.broadcast_to(
                metric.main(drawn[a]) - metric.main(drawn[b]), (settings.replicates,)
            )
            found = percentile(difference)
            score_a, score_b = metric.main(points[a]), metric.main(points[b])
            least = detectable(difference)
            tests.append(
                Test(
                    metric=metric.id,
                    a=a,
                    b=b,
                    score_a=number(score_a),
                    score_b=number(score_b),
                    delta=number(score_a - score_b),
                    ci=None if found is None else [number(found[0]), number(found[1])],
                    p=value,
                    p_holm=None,
                    mdd=None if least is None else number(least),
                )
            )
    corrected = holm([test.p for test in tests])
    tests = [
        msgspec.structs.replace(test, p=_six(test.p), p_holm=_six(adjusted))
        for test, adjusted in zip(tests, corrected, strict=True)
    ]
    scores = {n: {m.id: number(m.main(points[n])) for m in chosen} for n in systems}
    return Comparison(
        metrics=[metric.id for metric in chosen],
        systems=list(systems),
        scores=scores,
        tests=tests,
        ranks=ranks({n: scores[n][chosen[0].id] for n in systems}, tests, chosen[0].id),
        signature=signature(chosen[0].statistic, gold, len(first), settings),
    )


def _six(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _chosen(
    systems: Mapping[str, Scored], settings: Settings, metrics: Sequence[str]
) -> list[Metric]:
    if len(systems) < 2:
        raise InputError("a comparison needs two submissions or more")
    asked = [METRICS[m] for m in metrics] or _ranked_first(headlines())
    able = [active_metrics(scored.counted, settings.tracks) for scored in systems.values()]
    chosen = [m for m in asked if all(active.get(m) for active in able)]
    if not chosen:
        raise InputError("the submissions have no track in common that could be compared")
    return chosen


def _ranked_first(found: dict[str, Metric]) -> list[Metric]:
    """Headlines, the one that ranks the leaderboard first."""
    return sorted(found.values(), key=lambda metric: metric.headline != "dateline")


def _same_gold(systems: Mapping[str, Scored]) -> Gold:
    golds = {scored.gold for scored in systems.values()}
    ids = {tuple(sorted(t.id for t in s.counted.table.tags)) for s in systems.values()}
    if len(golds) > 1 or len(ids) > 1:
        raise InputError("the submissions were not scored against the same gold")
    return golds.pop()


def ranks(scores: Mapping[str, float | None], tests: Sequence[Test], metric: str) -> dict[str, int]:
    """Rank of each system: 1 + the number of systems in better clusters.

    From the best down, a system joins the current cluster unless it is
    significantly below the cluster's best. Systems without a score come last.
    """
    below = {
        frozenset((test.a, test.b)) for test in tests if test.metric == metric and test.significant
    }
    order = sorted(scores, key=lambda name: (scores[name] is None, -(scores[name] or 0.0), name))
    out: dict[str, int] = {}
    best = ""
    for place, name in enumerate(order, start=1):
        tied = best and frozenset((best, name)) not in below
        if tied and scores[name] is not None:
            out[name] = out[best]
        else:
            best, out[name] = name, place
    return out


def table(comparison: Comparison) -> list[dict[str, Any]]:
    """Rows for a table of tests, one per metric and pair."""
    return [msgspec.to_builtins(test) for test in comparison.tests]
