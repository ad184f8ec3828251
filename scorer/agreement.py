"""Annotator agreement, by the scorer's own matching: the ceiling of a score (section 7).

Annotator A is scored against B *and* B against A, and the two F1 are averaged:
at entity level a score reads entities from one side only, so the two differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from ..corpus.errors import InputError
from ..corpus.schema import Article
from .codes import Log
from .context import Context, Labels
from .counts import Row
from .read import Submitted
from .registry import METRICS, headlines
from .scores import Sums, mean_of, number
from .slices import marginals
from .tally import Tally

# The gates of the corpus plan. Arguments are TextEE's AC at head level: (type, role,
# filler), so that a missed trigger is not charged again for its place, and a filler
# counts if its head is right.
GATES: Final = {
    "names": "entities.strict",
    "triggers": "events.tc",
    "arguments": "events.ac.head",
    "attributions": "attributions.f1",
}
KAPPAS: Final = {"realis kappa": "realis.kappa", "act kappa": "attributions.act.kappa"}
_TYPES: Final = {"names": "names", "triggers": "events"}  # layer -> unit of slices


class Agreement(NamedTuple):
    """Means of both directions, None where nothing could be compared.

    `scores`: metric id -> main value. `types`: names and triggers -> type -> F1.
    """

    scores: dict[str, float | None]
    types: dict[str, dict[str, float | None]]


def agreement_score(a: Sequence[Article], b: Sequence[Article]) -> Agreement:
    """Every metric on two annotations of the same articles, averaged over both directions.

    Text and zones are read from the side that is gold. Raises `InputError` if the
    articles are not the same, `IncidentsError` if an annotation is malformed.
    """
    there, here = _row(a, b), _row(b, a)
    forth, back = Sums(there), Sums(here)
    scores = {
        name: number(mean_of([METRICS[name].main(forth), METRICS[name].main(back)]))
        for name in METRICS
    }
    types = {layer: _types(there, unit) for layer, unit in _TYPES.items()}
    return Agreement(scores, types)


def _types(row: Row, unit: str) -> dict[str, float | None]:
    """F1 of every type: the same in both directions, for types are part of the match."""
    return {
        label: number(2 * n["hit"] / (n["gold"] + n["pred"]))
        for label, n in marginals(row, unit, "type").items()
    }


def figures(a: Sequence[Article], b: Sequence[Article]) -> dict[str, float | None]:
    """The gated figures, the kappas, and the headline scores of a batch."""
    scores = agreement_score(a, b).scores
    named = {**GATES, **KAPPAS, **{name: metric.id for name, metric in headlines().items()}}
    return {name: scores[metric] for name, metric in named.items()}


def _row(gold: Sequence[Article], submitted: Sequence[Article]) -> Row:
    other = {article.id: article for article in submitted}
    ids = sorted(article.id for article in gold)
    if ids != sorted(other) or len(submitted) != len(ids):
        odd = min(set(ids) ^ set(other), default=ids[0] if ids else "")
        raise InputError(f"the annotators did not annotate the same articles (see '{odd}')")
    labels = Labels.of_scheme().with_gold([*gold, *submitted])
    # Neither side is gold: what would be a false positive is no reason to refuse.
    tally = Tally(Log("annotation"), Context(labels), gold_log=Log("annotation"))
    for article in sorted(gold, key=lambda x: x.id):
        tally.add(article, Submitted(0, other[article.id]))
    return tally.finish(len(other)).table.sums()
