"""Scores in a training loop are seqeval's strict ones, and those of `dateline score`."""

from math import isnan
from typing import NamedTuple

import numpy as np
import pytest
from dateline.corpus.tables import tag_names
from dateline.scorer.bio import Tagged, seqeval_scores
from dateline.scorer.trainer import compute_metrics, tag_metrics
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = ["O", "B-PER", "I-PER", "B-ORG.mil", "I-ORG.mil", "B-ORG.gov", "I-ORG.gov"]


def test_lists_of_tags():
    gold = [["B-PER", "I-PER", "O", "B-ORG.mil"], ["O", "B-PER"]]
    found = [["B-PER", "I-PER", "O", "B-ORG.gov"], ["B-PER", "O"]]
    scores = tag_metrics(gold, found)
    assert scores == {
        "precision": 1 / 3, "recall": 1 / 3, "f1": 1 / 3,
        "boundary_f1": 2 / 3, "coarse_f1": 2 / 3,
        "f1_ORG.gov": 0, "f1_ORG.mil": 0, "f1_PER": 2 / 4,
        "tp": 1, "gold": 3, "pred": 3, "broken": 0,
    }  # fmt: skip


def test_nothing_on_either_side_is_null():
    scores = tag_metrics([["O"]], [["O"]])
    assert isnan(scores["f1"]) and isnan(scores["precision"]) and scores["gold"] == 0
    assert tag_metrics([["B-PER"]], [["O"]])["precision"] == 0
    assert isnan(tag_metrics([], [])["coarse_f1"])


def test_a_tag_that_continues_nothing_is_left_out_and_counted():
    scores = tag_metrics([["O", "B-PER", "I-PER"]], [["I-PER", "B-PER", "I-PER"]])
    assert (scores["tp"], scores["pred"], scores["broken"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("gold", "found", "message"),
    [
        ([["O"]], [["O", "O"]], "sentence 0: 1 gold tags, 2 predicted"),
        ([["O"]], [], "argument"),
        ([["O"], ["I-PER"]], [["O"], ["O"]], "sentence 1, token 0: 'I-PER' continues no PER name"),
        ([["O"]], [["PER"]], "sentence 0, token 0: 'PER' is no tag"),
    ],
)
def test_what_does_not_fit_is_an_error(gold, found, message):
    with pytest.raises(ValueError, match=message):
        tag_metrics(gold, found)


sentences = st.lists(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=8),
    min_size=1,
    max_size=5,
)


def iob2(tags):
    """Gold has no orphans: an I- that continues nothing becomes a B-."""
    out = []
    for tag in tags:
        kind = tag[2:]
        before = out[-1][1:] if out else ""
        out.append(f"B-{kind}" if tag[0] == "I" and before != f"-{kind}" else tag)
    return out


@settings(derandomize=True, deadline=None)
@given(sentences)
def test_parity_with_seqeval(drawn):
    gold = [iob2([NAMES[g] for g, _ in s]) for s in drawn]
    found = [[NAMES[p] for _, p in s] for s in drawn]
    scores = tag_metrics(gold, found)
    p, r, f1 = seqeval_scores([Tagged(*x) for x in zip(gold, found, strict=True)])
    if scores["gold"] + scores["pred"]:
        ours = scores["precision"], scores["recall"], scores["f1"]
        assert ours == pytest.approx((p, r, f1), abs=1e-12)
    else:
        assert f1 == 0 and isnan(scores["f1"])


class Prediction(NamedTuple):
    """As transformers' EvalPrediction, which is indexed like a tuple."""

    predictions: object
    label_ids: object
    inputs: object = None


LABELS = np.array([[-100, 1, 2, -100, 0, -100], [-100, 3, -100, 5, -100, -100]])


def test_padded_arrays():
    ids = np.where(LABELS == -100, 6, LABELS)
    ids[1, 3] = 3
    logits = np.eye(7)[ids]
    expected = tag_metrics(
        [["B-PER", "I-PER", "O"], ["B-ORG.mil", "B-ORG.gov"]],
        [["B-PER", "I-PER", "O"], ["B-ORG.mil", "B-ORG.mil"]],
    )
    assert expected["tp"] == 2
    for predictions in (ids, logits, logits.astype(np.float16), (logits, "hidden states")):
        assert compute_metrics(Prediction(predictions, LABELS), NAMES) == expected
        assert compute_metrics((predictions, LABELS), NAMES) == expected


def test_the_configs_tags_are_the_default():
    names = tag_names()
    ids = np.array([[names.index("B-GPE"), names.index("I-GPE"), 0]])
    scores = compute_metrics((ids, ids))
    assert (scores["f1"], scores["f1_GPE"], scores["tp"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("predictions", "message"),
    [
        (np.zeros((2, 5), int), r"predictions of shape \(2, 5\) with labels of shape \(2, 6\)"),
        (np.zeros((2, 6, 7, 1)), "predictions of shape"),
        (np.full((2, 6), 7), "tag id 7, but there are 7 tag names"),
        (np.full((2, 6), -100), "tag id -100, but there are 7"),
    ],
)
def test_shapes_and_ids(predictions, message):
    with pytest.raises(ValueError, match=message):
        compute_metrics((predictions, LABELS), NAMES)
