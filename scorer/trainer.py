"""Entity scores inside a training loop, the same that `dateline score` prints.

    from dateline import compute_metrics
    Trainer(model=model, ..., compute_metrics=compute_metrics)

for token classification on the config `entities`. With another loop, or labels of
your own, give lists of tags to `tag_metrics`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..corpus.external.tags import Chunk, TagError, chunks
from ..corpus.ontology import coarse
from .counts import Row, bump
from .metrics.entities import hits
from .registry import METRICS
from .scores import Prf, Sums

IGNORED: Final = -100  # label id of special tokens and of later sub-words
_MAIN: Final = "entities.strict"
_OTHERS: Final = ("entities.boundary", "entities.coarse")


def compute_metrics(prediction: Any, names: Sequence[str] | None = None) -> dict[str, float]:
    """Entity scores of a Hugging Face `EvalPrediction` (or of any pair of arrays).

    `prediction` is `(predictions, label_ids)`. `predictions`: logits of shape
    (sentences, tokens, tags), or tag ids of shape (sentences, tokens); of a tuple
    of arrays the first. `label_ids`: shape (sentences, tokens); positions with -100
    are left out on both sides, so label the first sub-word of each token and only
    that. `names` are the tags by id; default: the config's,
    `features["ner_tags"].feature.names`.

    Returns what `tag_metrics` returns. Raises `ValueError` for shapes or ids that
    do not fit.
    """
    scores, gold = prediction[0], np.asarray(prediction[1])  # inputs and losses may follow
    predicted = _ids(scores[0] if isinstance(scores, tuple) else scores, gold)
    if names is None:
        from ..corpus.tables import tag_names

        names = tag_names()
    kept = gold != IGNORED
    return tag_metrics(_tags(gold, kept, names), _tags(predicted, kept, names))


def _tags(ids: NDArray[Any], kept: NDArray[Any], names: Sequence[str]) -> list[list[str]]:
    known = range(len(names))
    out: list[list[str]] = []
    for sentence, mask in zip(ids, kept, strict=True):
        row: list[int] = sentence[mask].tolist()
        if strange := [i for i in row if i not in known]:
            raise ValueError(f"tag id {strange[0]}, but there are {len(names)} tag names")
        out.append([names[i] for i in row])
    return out


def _ids(scores: ArrayLike, gold: NDArray[Any]) -> NDArray[Any]:
    """Tag ids of shape (sentences, tokens)."""
    array = np.asarray(scores)
    if array.ndim == 3:
        array = array.argmax(axis=-1)
    if gold.ndim != 2 or array.shape != gold.shape:
        raise ValueError(f"predictions of shape {array.shape} with labels of shape {gold.shape}")
    return array


def tag_metrics(
    gold: Iterable[Sequence[str]], predicted: Iterable[Sequence[str]]
) -> dict[str, float]:
    """Entity scores of IOB2 tags, sentence by sentence.

    Keys: `precision`, `recall`, `f1` (`entities.strict`: span and type),
    `boundary_f1` (any type), `coarse_f1` (type cut at its first dot), `f1_<type>`
    for every type on either side, and the counts `tp`, `gold`, `pred`, `broken`.
    NaN where neither side has a name (protocol, section 1).

    `broken` counts predicted I- tags that continue no name. They are left out, as
    seqeval's strict mode does; a submission with such tags is refused unless
    `--repair` is given, so decode with constraints, or look at this number.

    Raises `ValueError` if sentences or tokens are not as many on both sides, and for
    gold that is not IOB2.
    """
    row: Row = {}
    broken = 0
    for n, (ours, theirs) in enumerate(zip(gold, predicted, strict=True)):
        if len(ours) != len(theirs):
            raise ValueError(f"sentence {n}: {len(ours)} gold tags, {len(theirs)} predicted")
        try:
            right = chunks(ours).names
            found = chunks(theirs, policy="drop")
        except TagError as error:
            raise ValueError(f"sentence {n}, token {error.index}: {error}") from None
        broken += found.broken
        _count(right, found.names, row)
    sums = Sums(row)
    p, r, f1 = map(float, _metric(_MAIN).prf(sums))
    out = {"precision": p, "recall": r, "f1": f1}
    for name in _OTHERS:
        out[f"{name.rpartition('.')[2]}_f1"] = float(_metric(name).main(sums))
    for label in sums.labels("type="):
        tp, n = row.get(f"type={label}.tp", 0), row[f"type={label}.n"]
        out[f"f1_{label}"] = 2 * tp / n
    for key, column in (
        ("tp", f"{_MAIN}.tp"),
        ("gold", "entities.gold"),
        ("pred", "entities.pred"),
    ):
        out[key] = float(row.get(column, 0))
    return {**out, "broken": float(broken)}


def _metric(name: str) -> Prf:
    from . import metrics  # registers them

    metric = METRICS[name]
    assert metrics and isinstance(metric, Prf)
    return metric


def _count(gold: Sequence[Chunk], predicted: Sequence[Chunk], row: Row) -> None:
    """Columns of one sentence, those of `metrics/entities.py` and of each type."""
    both = set(gold) & set(predicted)
    bump(row, "entities.gold", len(gold))
    bump(row, "entities.pred", len(predicted))
    bump(row, "entities.strict.tp", len(both))
    bump(row, "entities.boundary.tp", hits((c[:2] for c in gold), (c[:2] for c in predicted)))
    bump(row, "entities.coarse.tp", hits(map(_coarse, gold), map(_coarse, predicted)))
    for chunk in both:
        bump(row, f"type={chunk.type}.tp")
    for chunk in (*gold, *predicted):
        bump(row, f"type={chunk.type}.n")


def _coarse(chunk: Chunk) -> Chunk:
    return chunk._replace(type=coarse(chunk.type))
