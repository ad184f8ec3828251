"""C1-C15 of the protocol: counts, and the fractions that derive the scores."""

from dataclasses import dataclass

import pytest
from dateline.corpus.schema import Article
from dateline.scorer.registry import METRICS
from dateline.scorer.scores import Sums, number

from .records import GOLD, TEXT, A, M, V, article, change, counts, record, said, tgp


def value(row, metric_id):
    return number(METRICS[metric_id].main(Sums(row)))


def halves(row, name):
    return tgp(row, f"{name}.attributed"), tgp(row, f"{name}.outlet")


def test_the_text_has_116_code_points():
    assert len(TEXT) == 116


@dataclass
class Case:
    """What C1 has, and what a case changes."""

    strict: tuple = (5, 5, 5)
    acp: tuple = (6, 6, 6)
    f1: tuple = (3, 3, 3)
    triple: tuple = (3, 3, 3)
    parent: tuple = (1, 1, 1)
    claims: tuple = ((3, 3, 3), (1, 1, 1))
    statements: tuple = ((11, 11, 11), (2, 2, 2))


def check(row, case):
    assert tgp(row, "entities.strict") == case.strict
    assert tgp(row, "events.ac+.entity") == case.acp
    assert tgp(row, "attributions.f1") == case.f1
    assert tgp(row, "attributions.triple") == case.triple
    assert tgp(row, "attributions.parent") == case.parent
    assert halves(row, "claims") == case.claims
    assert halves(row, "statements") == case.statements


def test_c1_gold():
    row = counts(GOLD)
    check(row, Case())
    assert value(row, "dateline") == (1 / 2) * (11 / 11 + 2 / 2)


def test_c2_all_lists_empty():
    row = counts(article())
    for metric_id, metric in METRICS._items.items():
        if hasattr(metric, "tp") and "oracle" not in metric_id:
            tp, _, pred = tgp(row, metric_id)
            assert (tp, pred) == (0, 0), metric_id
    assert tgp(row, "claims.oracle.events") == (1, 4, 3)
    assert value(row, "dateline") == 0


def test_c3_sources_exchanged():
    row = counts(record(a1=change(A["a1"], sources=("m5",)), a2=change(A["a2"], sources=("m4",))))
    check(
        row,
        Case(triple=(1, 3, 3), parent=(0, 1, 1), statements=((3, 11, 11), (2, 2, 2))),
    )


def test_c4_no_attributions():
    row = counts(record(a1=None, a2=None, a3=None))
    assert halves(row, "claims") == ((0, 3, 0), (1, 1, 3))
    assert value(row, "claims.balanced") == (1 / 2) * (0 + 2 / 4)
    assert tgp(row, "statements.outlet") == (2, 2, 9)
    assert tgp(row, "claims.oracle.attributions") == (4, 4, 4)


def test_c5_one_attribution_of_the_whole_text():
    row = counts(record(a1=said("a1", [(0, 116)], ("m4",), [(38, 42)]), a2=None, a3=None))
    assert tgp(row, "attributions.content") == (0, 3, 1)
    assert row["attributions.q"] == 474_576
    assert halves(row, "claims") == ((1, 3, 3), (0, 1, 0))
    assert tgp(row, "statements.attributed") == (0, 11, 9)


def test_c6_one_attribution_ten_times():
    repeated = [change(A["a1"], id=f"r{n}") for n in range(9)]
    row = counts(record(a2=None, a3=None, more_attributions=repeated))
    assert tgp(row, "attributions.f1") == (1, 3, 10)
    assert halves(row, "claims") == ((1, 3, 1), (1, 1, 2))
    assert tgp(row, "statements.attributed") == (0, 11, 4)


def test_c7_another_mention_and_a_coreferent_wrong_source():
    v2 = change(
        V["v2"], arguments=(change(V["v2"].arguments[0], target="m1"), V["v2"].arguments[1])
    )
    row = counts(record(v2=v2, a3=change(A["a3"], sources=("m1",))))
    assert tgp(row, "events.ac+.exact") == (5, 6, 6)
    assert tgp(row, "events.ac+.entity") == (6, 6, 6)
    assert tgp(row, "attributions.f1") == (2, 3, 3)
    assert value(row, "attributions.misattribution") == round(1 / 3, 6)
    assert tgp(row, "statements.attributed") == (8, 11, 11)


def test_c8_names_of_all_kinds_of_wrong():
    row = counts(
        record(
            m2=change(M["m2"], end=23),
            m3=change(M["m3"], type="GPE"),
            m4=change(M["m4"], type="ORG.media"),
        )
    )
    assert tgp(row, "entities.strict") == (2, 5, 5)
    assert tgp(row, "entities.boundary") == (4, 5, 5)
    assert tgp(row, "entities.coarse") == (3, 5, 5)
    partial = METRICS["semeval.partial"].detail(Sums(row))
    assert (partial["cor"], partial["par"]) == (4, 1)
    assert partial["p"] == partial["r"] == (4 + 1 / 2) / 5
    types = METRICS["semeval.type"].detail(Sums(row))
    assert (types["cor"], types["inc"]) == (3, 2)
    assert tgp(row, "entities.type") == (3, 5, 5)
    assert tgp(row, "events.ac+.exact") == (5, 6, 6)
    assert tgp(row, "events.ac+.head") == (6, 6, 6)


def test_c9_planned_becomes_actual():
    row = counts(record(v2=change(V["v2"], realis="actual")))
    assert tgp(row, "events.tcr") == (2, 3, 3)
    assert METRICS["realis.false-fact"].detail(Sums(row)) == {"value": 1 / 1, "num": 1, "den": 1}
    assert tgp(row, "claims.attributed") == (2, 3, 3)


def test_c10_punctuation_in_content_is_nothing():
    a3 = said("a3", [(63, 79), (80, 85)], ("m8",), [(90, 95)], quoted=A["a3"].quoted)
    assert counts(record(a3=a3)) == counts(GOLD)


def test_c11_no_source():
    row = counts(record(a1=change(A["a1"], sources=())))
    assert tgp(row, "attributions.f1") == (2, 3, 3)
    assert value(row, "attributions.source-missing") == round(1 / 3, 6)
    assert tgp(row, "claims.attributed") == (2, 3, 3)
    assert tgp(row, "statements.attributed") == (7, 11, 11)


def test_c12_another_act_and_no_parent():
    row = counts(record(a1=change(A["a1"], act="deny"), a2=change(A["a2"], parent=None)))
    assert tgp(row, "attributions.f1") == (3, 3, 3)
    assert tgp(row, "attributions.parent") == (0, 1, 0)
    assert tgp(row, "claims.attributed") == (3, 3, 3)
    assert tgp(row, "statements.attributed") == (7, 11, 11)


@pytest.mark.parametrize("times", [1, 2])
def test_c13_gold_repeats_an_event_as_another_incident(times):
    copy = change(V["v3"], id="v4", incident="other")
    row = counts(record(more_events=[copy] if times == 2 else []), record(more_events=[copy]))
    for metric_id in ("events.ti", "events.tc", "events.tcr"):
        assert tgp(row, metric_id) == (3, 3, 3)
    assert halves(row, "claims") == Case().claims
    assert halves(row, "statements") == Case().statements


def test_c14_a_submitted_copy():
    row = counts(record(more_events=[change(V["v3"], id="v4", incident="other")]))
    for metric_id in ("events.ti", "events.tc", "events.tcr"):
        assert tgp(row, metric_id) == (3, 3, 4)
    assert tgp(row, "events.ac+.entity") == (6, 6, 6)
    assert tgp(row, "claims.outlet") == (1, 1, 2)
    assert tgp(row, "statements.outlet") == (2, 2, 3)


def test_c15_two_stages_do_not_trade_a_match_for_near_misses():
    gold = article("x" * 60, attributions=[said("g1", [(0, 20)]), said("g2", [(24, 44)])])
    submitted = article("x" * 60, attributions=[said("s1", [(10, 30)]), said("s2", [(0, 6)])])
    row = counts(submitted, gold)
    assert tgp(row, "attributions.content") == (1, 2, 2)
    assert tgp(row, "attributions.f1") == (1, 2, 2)
    assert row["attributions.q"] == 500_000


def test_a_prediction_without_layers_counts_as_empty_lists():
    assert counts(Article(id="cc-0001")) == counts(article())
