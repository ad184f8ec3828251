"""Vectors for what the protocol leaves open; each decision stands in a docstring, too."""

import pytest
from dateline.corpus.schema import Argument, Zone
from dateline.scorer.metrics import claims, events, incidents, realis
from dateline.scorer.registry import METRICS
from dateline.scorer.scores import Sums
from msgspec.structs import replace

from .records import (
    GOLD,
    TEXT,
    A,
    V,
    article,
    change,
    counts,
    event,
    mention,
    record,
    said,
    spans,
    tgp,
)


def test_a_mention_is_never_an_event_above_the_exact_level():
    """Only offsets are compared at the exact level; μ and ρ know mentions from events."""
    assert "never match above the exact level" in events.__doc__
    issue = event("v4", 38, 42, "Demand", ("Issue", "v1"))
    gold = record(more_events=[issue])
    trigger = mention("m10", 7, 13, "OBJ", None, "nominal")
    submitted = record(
        more_mentions=[trigger], more_events=[event("v4", 38, 42, "Demand", ("Issue", "m10"))]
    )
    row = counts(submitted, gold)
    assert tgp(row, "events.ac+.exact") == (7, 7, 7)
    assert tgp(row, "events.ac+.head") == (6, 7, 7)
    assert tgp(row, "events.ac+.entity") == (6, 7, 7)


def test_an_issue_is_its_incident_at_entity_level():
    gold = record(
        v1=change(V["v1"], incident="same"),
        v3=change(V["v3"], incident="same"),
        more_events=[event("v4", 38, 42, "Demand", ("Issue", "v1"))],
    )
    submitted = replace(
        gold, events=(*gold.events[:3], event("v4", 38, 42, "Demand", ("Issue", "v3")))
    )
    row = counts(submitted, gold)
    assert tgp(row, "events.ac+.head") == (6, 7, 7)
    assert tgp(row, "events.ac+.entity") == (7, 7, 7)


def test_a_repeated_event_adds_one_per_source_whatever_its_stances():
    """e4 both relays and asserts v1: two statements, one source."""
    assert "one to `pred` per distinct source" in claims.__doc__
    twice = said("a9", [(0, 36)], ("m4",), [(44, 50)])
    once = record(more_attributions=[twice])
    again = record(more_attributions=[twice], more_events=[change(V["v1"], id="v9", arguments=())])
    before, after = counts(once), counts(again)
    for name, more in (
        ("claims.attributed", 2),
        ("claims.stance", 2),
        ("statements.attributed", 2),
        ("claims.innermost", 1),
    ):
        assert tgp(after, name)[2] - tgp(before, name)[2] == more, name


def test_a_trigger_without_words_is_in_every_content():
    wordless = event("v9", 60, 61, "Talks")
    assert TEXT[60] == "."
    row = counts(record(more_events=[wordless]))
    assert tgp(row, "claims.attributed") == (3, 3, 3 + 3)
    assert tgp(counts(record(v3=wordless, a1=None, a2=None, a3=None)), "claims.outlet")[2] == 3


def test_what_was_not_anchored_is_nobodys_claim():
    row = counts(change(GOLD, unaligned={"events": 5, "attributions": 5}))
    assert tgp(row, "claims.f1") == (4, 4, 4)


def test_an_edge_of_a_repeat_counts_and_is_never_right():
    row = counts(record(more_attributions=[change(A["a2"], id="a9")]))
    assert tgp(row, "attributions.parent") == (1, 1, 2)


def test_children_of_a_repeat_pass_to_the_one_kept():
    row = counts(
        record(
            a2=change(A["a2"], parent="a9"),
            more_attributions=[change(A["a1"], id="a9")],
        )
    )
    assert tgp(row, "attributions.parent") == (1, 1, 1)
    assert tgp(row, "claims.attributed") == (3, 3, 3)
    assert tgp(row, "attributions.chain") == (3, 3, 4)


def test_an_edge_that_merging_bends_onto_itself_is_none():
    row = counts(record(a2=None, more_attributions=[change(A["a1"], id="a9", parent="a1")]))
    assert tgp(row, "attributions.parent") == (0, 1, 1)
    assert tgp(row, "attributions.f1") == (2, 3, 3)


def test_a_parent_in_a_names_only_zone_is_no_parent():
    zones = (Zone(start=0, end=61, kind="credit"), Zone(start=62, end=116, kind="body"))
    gold = replace(record(a3=change(A["a3"], parent="a1")), zones=zones)
    row = counts(gold, gold)
    assert tgp(row, "attributions.f1") == (1, 1, 1)
    assert tgp(row, "attributions.parent") == (0, 0, 0)


def test_lea_counts_every_repeat_within_an_incident():
    assert "each such repeat adds 1 to `pred`" in incidents.__doc__
    row = counts(record(more_events=[change(V["v3"], id="v9")]))
    assert METRICS["incidents.lea"].detail(Sums(row))["p"] == 3 / 4


def test_harms_count_distinct_gold_facts():
    assert "distinct gold (start, end, type, realis)" in realis.__doc__
    copy = change(V["v2"], id="v9", incident="other")
    row = counts(record(v2=change(V["v2"], realis="actual")), record(more_events=[copy]))
    assert METRICS["realis.false-fact"].detail(Sums(row))["den"] == 1


def test_realis_macro_knows_no_threshold_and_leaves_out_what_does_not_occur():
    row = counts(record(v2=change(V["v2"], realis="actual")))
    # actual: gold 2, submitted 3, right 2; planned: gold 1, submitted 0
    expected = (2 * 2 / (2 + 3) + 0) / 2
    assert METRICS["realis.macro"].detail(Sums(row))["value"] == pytest.approx(expected)


def test_an_unknown_realis_is_wrong_and_no_class():
    row = counts(record(v2=change(V["v2"], realis="maybe")))
    assert METRICS["realis.macro"].detail(Sums(row))["of"] == ["actual", "planned"]
    assert METRICS["realis.accuracy"].detail(Sums(row))["num"] == 2


def test_names_of_one_span_pair_one_to_one():
    """Never in valid gold; the smaller number counts, so that strict never exceeds boundary."""
    two = [mention("m1", 0, 6, "PER", None), mention("m2", 0, 6, "GPE", None)]
    gold = article(mentions=two)
    row = counts(gold, gold)
    for name in ("strict", "boundary", "coarse", "type"):
        assert tgp(row, f"entities.{name}") == (2, 2, 2)
    assert tgp(counts(article(mentions=two[:1]), gold), "entities.boundary") == (1, 2, 1)


def test_quoted_outside_the_content_is_cut_off():
    row = counts(record(a3=change(A["a3"], quoted=spans((63, 84), (87, 89)))))
    assert tgp(row, "attributions.quoted") == (3, 3, 3)
    assert tgp(row, "attributions.kind") == (3, 3, 3)


def test_a_repeated_argument_is_one_of_role_and_span():
    """Another mention of the same entity in the same slot collapses without penalty."""
    v2 = V["v2"]
    coreferent = change(v2, arguments=(*v2.arguments, Argument(role="Agent", target="m1")))
    row = counts(record(v2=coreferent))
    assert tgp(row, "events.ac+.exact") == (6, 6, 7)
    assert tgp(row, "events.ac+.entity") == (6, 6, 6)
    assert tgp(row, "statements.attributed") == (11, 11, 11)


def test_missing_is_no_misattribution():
    row = counts(record(a1=change(A["a1"], sources=())))
    assert METRICS["attributions.misattribution"].detail(Sums(row))["num"] == 0
    gold = record(a1=change(A["a1"], sources=()))
    assert METRICS["attributions.misattribution"].detail(Sums(counts(GOLD, gold)))["num"] == 1


def test_unspecified_is_a_source_to_the_voice():
    row = counts(record(a1=None, a2=None, a3=change(A["a3"], sources=())))
    sums = Sums(row)
    # five words of a3 are given to UNSPECIFIED, not to m8: another source, not the outlet
    assert METRICS["voice.source-to-other"].detail(sums)["num"] == 5
    assert METRICS["voice.outlet-to-source"].detail(sums)["num"] == 0
