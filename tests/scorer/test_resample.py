"""Intervals, randomisation, Holm: against their definitions, drawn by hand."""

import numpy as np
import pytest
from dateline.corpus.errors import InputError
from dateline.scorer.api import count_records
from dateline.scorer.compare import Test as PairedTest
from dateline.scorer.compare import compare, ranks
from dateline.scorer.counts import Tags
from dateline.scorer.registry import METRICS
from dateline.scorer.resample import (
    bca,
    detectable,
    detectable_alone,
    holm,
    percentile,
    randomise,
    replicate,
    spread,
    weights,
)
from dateline.scorer.signature import Settings
from dateline.scorer.stories import by_unit, stories

from .records import GOLD, A, M, change, record


def test_indices_are_the_high_bits_of_raw_words():
    n, b, seed = 7, 5, 11
    raw = [int(w) for w in np.random.PCG64(seed).random_raw(n * b)]
    expected = np.zeros((b, n))
    for k, word in enumerate(raw):
        expected[k // n, ((word >> 32) * n) >> 32] += 1
    assert np.array_equal(np.concatenate(list(weights(n, b, seed))), expected)


def test_blocks_do_not_change_the_draw(monkeypatch):
    whole = np.concatenate(list(weights(9, 40, 3)))
    monkeypatch.setattr("dateline.scorer.resample._BLOCK", 30)
    assert np.array_equal(np.concatenate(list(weights(9, 40, 3))), whole)


def test_replicates_re_add_rows():
    rows = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]])
    drawn = replicate(rows, 6, 1)
    assert drawn.shape == (6, 2)
    assert np.array_equal(drawn[:, 1], 10 * drawn[:, 0])
    assert np.array_equal(replicate(rows, 6, 1), drawn)


def test_interval_of_nothing_is_none():
    assert percentile(np.array([np.nan] * 40)) is None
    assert percentile(np.array([])) is None


def test_bca_corrects_bias_towards_the_point():
    values = np.linspace(0.0, 1.0, 1001)
    jackknife = np.array([0.5, 0.5, 0.5, 0.4])
    plain, shifted = percentile(values), bca(values, 0.3, jackknife)
    assert plain is not None
    assert shifted is not None
    assert shifted[0] < plain[0]
    assert shifted[1] < plain[1]
    assert bca(values, -1.0, jackknife) == plain


def test_bca_without_bias_and_skew_is_the_percentile_interval():
    values = np.arange(1, 2001) / 2001
    symmetric = np.array([0.4, 0.5, 0.5, 0.6])
    assert bca(values, 0.5, symmetric) == pytest.approx((0.025, 0.975), abs=1e-3)


def test_minimum_detectable_difference():
    values = np.array([0.0, 1.0, 0.0, 1.0])
    assert spread(values) == 0.5
    assert detectable(values) == pytest.approx(2.80 * 0.5)
    assert detectable_alone(values) == pytest.approx(2**0.5 * 2.80 * 0.5)


def test_randomisation_counts_swaps_by_the_top_bit():
    metric = METRICS["entities.strict"]
    columns = ["entities.gold", "entities.pred", "entities.strict.tp"]
    a = np.array([[4, 4, 4], [4, 4, 3], [4, 4, 2], [4, 4, 4]], dtype=float)
    b = np.array([[4, 4, 2], [4, 4, 3], [4, 4, 3], [4, 4, 1]], dtype=float)
    rounds, seed = 50, 5
    raw = [int(w) for w in np.random.PCG64(seed + 1).random_raw(rounds * 4)]
    observed = abs(13 / 16 - 9 / 16)
    extreme = 0
    for r in range(rounds):
        swapped = [raw[r * 4 + i] >> 63 for i in range(4)]
        left = sum((b if s else a)[i, 2] for i, s in enumerate(swapped))
        right = 22 - left
        extreme += abs(left / 16 - right / 16) >= observed - 1e-12
    expected = (1 + extreme) / (rounds + 1)
    assert randomise(a, b, columns, [metric], rounds=rounds, seed=seed) == [expected]


def test_holm():
    assert holm([0.01, 0.04, 0.03, None]) == [
        pytest.approx(3 * 0.01),
        pytest.approx(max(2 * 0.03, 1 * 0.04)),
        pytest.approx(2 * 0.03),
        None,
    ]
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_stories_are_connected_articles_of_one_theatre():
    def tags(n, *found):
        return Tags(id=f"a{n}", stories=found)

    articles = [tags(0, "lv 1"), tags(1), tags(2, "lv 2"), tags(3, "lv 1", "lv 2"), tags(4, "sa 1")]
    assert stories(articles) == [0, 1, 0, 0, 2]
    rows = np.arange(5)[:, None]
    assert by_unit(articles, rows, "story").tolist() == [[0 + 2 + 3], [1], [4]]
    assert by_unit(articles, rows, "article").tolist() == [[0], [1], [2], [3], [4]]
    with pytest.raises(InputError, match="did you mean 'story'"):
        by_unit(articles, rows, "storey")


def scored(*records):
    gold = [change(GOLD, id=r.id) for r in records]
    return count_records(gold, records)


def systems(n=12):
    ids = [f"cc-{k:04d}" for k in range(n)]
    perfect = [change(GOLD, id=i) for i in ids]
    worse = [
        change(record(m2=change(M["m2"], end=23), a1=None, a2=change(A["a2"], parent=None)), id=i)
        for i in ids
    ]
    return {"perfect": scored(*perfect), "worse": scored(*worse), "same": scored(*worse)}


FAST = Settings(replicates=100, rounds=400)


def test_comparison_is_paired_and_corrected():
    found = compare(systems(), FAST)
    assert found.metrics[0] == "dateline"
    assert len(found.tests) == 3 * len(found.metrics)
    by = {(t.metric, t.a, t.b): t for t in found.tests}
    clear = by["dateline", "perfect", "worse"]
    assert clear.p == pytest.approx(1 / 401, abs=2e-6) or clear.p < 0.01
    assert clear.p_holm >= clear.p
    assert clear.significant
    assert clear.ci[0] > 0
    none = by["dateline", "worse", "same"]
    assert (none.delta, none.p, none.ci) == (0, 1, [0, 0])
    assert found.ranks == {"perfect": 1, "worse": 2, "same": 2}
    assert compare(systems(), FAST).to_json() == found.to_json()


def test_comparison_on_one_metric_and_by_story():
    found = compare(systems(), Settings(replicates=50, rounds=50, unit="story"), ["events.tc"])
    assert found.metrics == ["events.tc"]
    assert found.ranks == {"perfect": 1, "worse": 1, "same": 1}
    assert "unit=story" in found.signature


def test_comparisons_that_make_no_sense_are_refused():
    both = systems(3)
    with pytest.raises(InputError, match="two submissions"):
        compare({"perfect": both["perfect"]})
    with pytest.raises(InputError, match="same gold"):
        compare({"a": both["perfect"], "b": systems(4)["perfect"]})
    with pytest.raises(InputError, match="unknown metric"):
        compare(both, FAST, ["events.xx"])


def test_ranks_follow_the_clusters_best():
    def test(a, b, p):
        return PairedTest(
            **dict.fromkeys(("score_a", "score_b", "delta", "ci", "p", "mdd")),
            metric="m",
            a=a,
            b=b,
            p_holm=p,
        )

    scores = {"a": 0.9, "b": 0.8, "c": 0.7, "d": None}
    tests = [test("a", "b", 0.2), test("a", "c", 0.01), test("b", "c", 0.3)]
    assert ranks(scores, tests, "m") == {"a": 1, "b": 1, "c": 3, "d": 4}
