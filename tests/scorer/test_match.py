"""Matching against brute force (T5), and what the canonical tie rule promises."""

from itertools import permutations

import numpy as np
import pytest
from dateline.scorer.match import assign, maximum_assignment, most_pairs, overlapping
from hypothesis import given, settings
from hypothesis import strategies as st

MAX = 6


def every_matching(golds, preds, edges):
    """All one-to-one matchings as tuples: entry i is the submission of gold i, or None."""
    slots = [*range(preds), *[None] * golds]
    seen = set()
    for chosen in permutations(slots, golds):
        if chosen not in seen and all(j is None or (i, j) in edges for i, j in enumerate(chosen)):
            seen.add(chosen)
            yield chosen


def brute(golds, preds, edges, length):
    def key(chosen):
        total = [0] * length
        for i, j in enumerate(chosen):
            if j is not None:
                total = [a + b for a, b in zip(total, edges[i, j], strict=True)]
        order = [preds if j is None else j for j in chosen]
        return [-t for t in total], order

    best = min(every_matching(golds, preds, edges), key=key)
    return [(i, j) for i, j in enumerate(best) if j is not None]


weights = st.tuples(st.integers(0, 3), st.just(1), st.integers(0, 1), st.integers(0, 2))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.integers(1, 4),
    st.integers(1, 4),
    st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), weights, max_size=12),
)
def test_assign_is_the_best_and_canonically_first_matching(golds, preds, edges):
    edges = {(i, j): w for (i, j), w in edges.items() if i < golds and j < preds}
    assert assign(edges) == brute(golds, preds, edges, 4)


@pytest.mark.parametrize("seed", range(4))
def test_assign_against_brute_force_on_full_six_by_six(seed):
    random = np.random.Generator(np.random.PCG64(seed))
    edges = {
        (i, j): tuple(int(w) for w in random.integers(0, 4, size=2))
        for i in range(MAX)
        for j in range(MAX)
    }
    full = list(permutations(range(MAX)))
    best = max(full, key=lambda p: [sum(edges[i, p[i]][k] for i in range(MAX)) for k in range(2)])
    total = [sum(edges[i, best[i]][k] for i in range(MAX)) for k in range(2)]
    found = assign(edges)
    assert [sum(edges[pair][k] for pair in found) for k in range(2)] == total


def test_one_big_weight_beats_any_number_of_small_ones():
    edges = {(0, 0): (10**6, 0), (0, 1): (10**6 - 1, 10**6), (1, 0): (0, 10**6), (1, 1): (0, 0)}
    assert assign(edges) == [(0, 0), (1, 1)]


def test_ties_go_to_the_first_gold_and_its_first_submission():
    everything = {(i, j): (1, 1) for i in range(2) for j in range(3)}
    assert assign(everything) == [(0, 0), (1, 1)]
    assert assign({(0, 0): (1,), (1, 0): (1,)}) == [(0, 0)]


def test_weights_beyond_64_bits_do_not_overflow():
    edges = {(i, j): (2**70 + (i == j),) for i in range(3) for j in range(3)}
    assert assign(edges) == [(0, 0), (1, 1), (2, 2)]


def test_maximum_assignment_covers_the_shorter_side():
    assert sorted(maximum_assignment([[1], [5], [2]])) == [(1, 0)]
    assert sorted(maximum_assignment([[0, 0, 7], [0, 0, 9]])) in (
        [(0, 0), (1, 2)],
        [(0, 1), (1, 2)],
    )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=10))
def test_most_pairs_is_the_maximum_cardinality(edges):
    assert most_pairs(edges) == max(
        sum(j is not None for j in m) for m in every_matching(4, 4, edges)
    )


spans = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 6)).map(lambda t: (t[0], t[0] + t[1])), max_size=6
).map(sorted)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(spans, spans)
def test_overlapping_is_all_pairs_that_share_a_code_point(golds, preds):
    expected = {
        (i, j)
        for i, g in enumerate(golds)
        for j, p in enumerate(preds)
        if set(range(*g)) & set(range(*p))
    }
    assert sorted(overlapping(golds, preds)) == sorted(expected)


def test_adjacent_spans_share_nothing():
    assert overlapping([(0, 5)], [(5, 9)]) == []
