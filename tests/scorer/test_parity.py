"""T1-T4, T6: the same numbers as the scorers the field uses, where they are defined.

TextEE and the CorefUD scorer are no packages; their definitions are written out
here a second time, from their sources, in other words than the scorer's.
"""

import math
import random
from itertools import combinations

import numpy as np
import pytest
from dateline.scorer.registry import METRICS
from dateline.scorer.resample import percentile
from dateline.scorer.scores import Sums
from hypothesis import given, settings
from hypothesis import strategies as st

from .records import article, counts, mention
from .strategies import articles

TYPES = ["PER", "GPE", "ORG.mil"]
LENGTH = 60
quick = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def flat_names(draw):
    """Names over 60 code points, none overlapping, often touching."""
    out, at = [], 0
    for _ in range(draw(st.integers(0, 8))):
        start = at + draw(st.integers(0, 5))
        end = start + draw(st.integers(1, 6))
        if end > LENGTH:
            break
        out.append((start, end, draw(st.sampled_from(TYPES))))
        at = end
    return out


def record(names):
    return article(
        "x" * LENGTH,
        mentions=[mention(f"m{n}", s, e, t, None) for n, (s, e, t) in enumerate(names)],
    )


def tags(names):
    """IOB2, one tag per code point."""
    out = ["O"] * LENGTH
    for start, end, kind in names:
        out[start:end] = [f"B-{kind}"] + [f"I-{kind}"] * (end - start - 1)
    return out


@quick
@given(st.lists(st.tuples(flat_names(), flat_names()), min_size=1, max_size=4))
def test_t1_strict_names_equal_seqeval(pairs):
    metrics = pytest.importorskip("seqeval.metrics")
    scheme = pytest.importorskip("seqeval.scheme")
    rows = [counts(record(p), record(g)) for g, p in pairs]
    total = Sums({c: sum(r.get(c, 0) for r in rows) for c in rows[0]})
    ours = [float(x) for x in METRICS["entities.strict"].prf(total)]
    if math.isnan(ours[0]):
        return
    true, pred = ([tags(side) for side in sides] for sides in zip(*pairs, strict=True))
    for options in ({}, {"mode": "strict", "scheme": scheme.IOB2}):
        theirs = [
            getattr(metrics, f"{name}_score")(true, pred, zero_division=0, **options)
            for name in ("precision", "recall", "f1")
        ]
        assert ours == pytest.approx(theirs, abs=1e-12)


def nervaluate_counts(golds, preds):
    evaluator = pytest.importorskip("nervaluate").Evaluator

    def spans(names):
        return [{"label": t, "start": s, "end": e - 1} for s, e, t in names]

    found = evaluator([spans(golds)], [spans(preds)], tags=TYPES, loader="dict").evaluate()[
        "overall"
    ]
    names = {"strict": "strict", "exact": "exact", "partial": "partial", "type": "ent_type"}
    return {
        ours: tuple(
            getattr(found[theirs], n)
            for n in ("correct", "incorrect", "partial", "missed", "spurious")
        )
        for ours, theirs in names.items()
    }


def our_counts(golds, preds):
    sums = Sums(counts(record(preds), record(golds)))
    details = {
        s: METRICS[f"semeval.{s}"].detail(sums) for s in ("strict", "exact", "partial", "type")
    }
    return {s: tuple(d[k] for k in ("cor", "inc", "par", "mis", "spu")) for s, d in details.items()}


def touches(names, other):
    return [sum(s < e2 and s2 < e for s2, e2, _ in other) for s, e, _ in names]


@quick
@given(flat_names(), flat_names())
def test_t2_semeval_equals_nervaluate_where_nothing_overlaps_two(golds, preds):
    theirs, ours = nervaluate_counts(golds, preds), our_counts(golds, preds)
    simple = max([*touches(golds, preds), *touches(preds, golds)], default=0) <= 1
    for schema in ours:
        if simple:
            assert ours[schema] == theirs[schema], schema
        else:
            assert ours[schema][0] >= theirs[schema][0], schema


def textee(golds, preds):
    """`ej0cl6/TextEE` scorer.py, in sets: (gold, pred, match) of its six scores."""

    def of(record):
        spans = {m.id: (m.start, m.end) for m in record.mentions}
        spans |= {e.id: (e.start, e.end) for e in record.events}
        sets = {name: set() for name in ("ti", "tc", "ai", "ac", "ai+", "ac+")}
        for e in record.events:
            sets["ti"].add((e.start, e.end))
            sets["tc"].add((e.start, e.end, e.type))
            for a in e.arguments:
                where = spans[a.target]
                sets["ai"].add((e.type, *where))
                sets["ac"].add((e.type, *where, a.role))
                sets["ai+"].add((e.start, e.end, e.type, *where))
                sets["ac+"].add((e.start, e.end, e.type, *where, a.role))
        return sets

    g, p = of(golds), of(preds)
    return {name: (len(g[name]), len(p[name]), len(g[name] & p[name])) for name in g}


@quick
@given(articles(gold=True), articles(repeats=False))
def test_t3_events_equal_textee_without_repeats(gold, submitted):
    row = counts(submitted, gold)
    for name, expected in textee(gold, submitted).items():
        metric = METRICS[f"events.{name}" if name[0] == "t" else f"events.{name}.exact"]
        assert tuple(row[c] for c in (metric.gold, metric.pred, metric.tp)) == expected, name


def lea(keys, responses):
    """LEA recall (numerator, denominator) with singletons, pair by pair."""
    weighted = 0.0
    for entity in keys:
        if len(entity) == 1:
            resolved = float(any(entity == other for other in responses))
        else:
            pairs = list(combinations(sorted(entity), 2))
            hit = sum(sum({a, b} <= other for other in responses) for a, b in pairs)
            resolved = min(1.0, hit / len(pairs))
        weighted += len(entity) * resolved
    return weighted, sum(map(len, keys))


def clusters(record):
    named = {}
    for e in record.events:
        named.setdefault(e.incident or f"alone {e.id}", set()).add((e.start, e.end, e.type))
    return [frozenset(c) for c in named.values()]


@quick
@given(articles(gold=True), articles(gold=True))
def test_t4_lea(gold, submitted):
    row = counts(submitted, gold)
    recalled, n_gold = lea(clusters(gold), clusters(submitted))
    precise, n_pred = lea(clusters(submitted), clusters(gold))
    assert (row.get("lea.gold", 0), row.get("lea.pred", 0)) == (n_gold, n_pred)
    most = 1e-6 * max(1, n_gold + n_pred)
    assert row.get("lea.recalled", 0) / 1e6 == pytest.approx(recalled, abs=most)
    assert row.get("lea.precise", 0) / 1e6 == pytest.approx(precise, abs=most)


def test_t4_lea_by_hand():
    """Moosavi and Strube's example in small: {a, b, c} against {a, b} and {c}."""
    from .records import event

    def events(*incidents):
        return article(
            "aa bb cc",
            events=[
                event(f"v{n}", 3 * n, 3 * n + 2, "Talks", incident=i)
                for n, i in enumerate(incidents)
            ],
        )

    row = counts(events("x", "x", "y"), events("x", "x", "x"))
    assert row["lea.recalled"] == int(1e6 * 3 * (1 / 3))
    assert row["lea.precise"] == int(1e6 * (2 * 1 + 1 * 0))
    detail = METRICS["incidents.lea"].detail(Sums(row))
    recall, precision = 1 / 3, 2 / 3
    assert detail["f1"] == pytest.approx(2 * precision * recall / (precision + recall), abs=1e-6)


@pytest.mark.parametrize("b", [40, 41, 200, 2_000])
def test_t6_percentile_ranks(b):
    values = [float(n) for n in range(b)]
    random.Random(b).shuffle(values)
    low, high = percentile(np.array(values))
    assert low == sorted(values)[math.ceil(b / 40) - 1]
    assert high == sorted(values)[math.ceil(39 * b / 40) - 1]
