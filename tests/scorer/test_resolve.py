"""Heads (Appendix A) and resolution to gold mentions, entities and incidents (section 1)."""

import pytest
from dateline.scorer.head import head
from dateline.scorer.resolve import Resolver

from .records import event, mention


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("at least 14 of the men in the village", "men"),
        ("Northern Observatory for Human Rights", "Observatory"),
        ("President Orlo's forces", "forces"),
        ("At Least 14 Of the men", "men"),
        ("14th-century gates near Kelm", "gates"),
        ("troops, tanks and guns", "troops"),
        ("officials (and others)", "officials"),
        ("Vek – the commander", "Vek"),
        ("Arvenian-Sarn border", "border"),
        ("U.S. forces", "forces"),
        ("close to 20 of them", "them"),
        ("one of", "of"),
        ("people of at least", "people"),
        ("of the town", "town"),
        ("men who fled", "men"),
        ("Dressa", "Dressa"),
    ],
)
def test_head(surface, expected):
    text = f"xx {surface} yy"
    start, end = head(text, 3, 3 + len(surface))
    assert text[start:end] == expected


def test_a_span_without_words_is_its_own_head():
    assert head("a -- b", 2, 4) == (2, 4)


TEXT = "the northern rebels of Kelm fought the rebels"


def resolver(*mentions, events=()):
    return Resolver(TEXT, tuple(mentions), tuple(events))


def test_the_same_span_is_the_mention_of_that_span():
    r = resolver(mention("m1", 4, 19, "ORG.armed", "e1"))
    assert r((4, 19)).mention == (4, 19)
    assert r((4, 19)).entity == "e1"


def test_the_same_head_and_enough_overlap_is_enough():
    r = resolver(mention("m1", 4, 19, "ORG.armed", "e1"))
    assert r((13, 19)).entity == "e1"  # Dice 2*6/(15+6)
    assert r((0, 27)).entity == "e1"  # "the northern rebels of Kelm": the same head


def test_another_head_resolves_to_nothing():
    r = resolver(mention("m1", 4, 19, "ORG.armed", "e1"))
    assert r((23, 27)).entity == (23, 27)
    assert r((39, 45)).entity == (39, 45)


def test_too_little_overlap_resolves_to_nothing():
    text = "rebels" + " of the north" * 4
    r = Resolver(text, (mention("m1", 0, 6, "ORG.armed", "e1"),), ())
    assert r((0, 42)).entity == "e1"  # 2*6/(6+42) = 1/4
    assert r((0, 43)).entity == (0, 43)


def test_of_several_the_highest_dice_then_the_smallest_start():
    text = "old grey rebels here"
    long, short = mention("m1", 0, 15, "X", "long"), mention("m2", 9, 15, "X", "short")
    assert Resolver(text, (long, short), ())((4, 15)).entity == "long"  # 22/26 against 12/17
    a, b = mention("m1", 4, 15, "X", "a"), mention("m2", 9, 18, "X", "b")
    assert Resolver("old grey rebels of x", (b, a), ())((9, 15)).entity == "b"


def test_of_mentions_on_one_span_the_first_in_canonical_order():
    one, two = mention("m2", 4, 19, "GPE", "e1"), mention("m1", 4, 19, "PER", "e2")
    assert resolver(one, two)((4, 19)).entity == resolver(two, one)((4, 19)).entity == "e1"


def test_a_mention_without_entity_is_its_own():
    r = resolver(mention("m1", 4, 19, "ORG.armed", None))
    assert r((13, 19)).entity == (4, 19)


def test_event_targets_are_incidents_at_entity_level():
    r = resolver(events=[event("v1", 28, 34, "ArmedClash", incident="i1")])
    assert r.incident((28, 34)) == ("incident", "i1")
    assert r.incident((0, 3)) == ("trigger", 0, 3)
    r = resolver(events=[event("v1", 28, 34, "ArmedClash", incident=None)])
    assert r.incident((28, 34)) == ("trigger", 28, 34)


def test_of_events_on_one_trigger_the_first_in_canonical_order():
    one = event("v1", 28, 34, "ArmedClash", incident="i1")
    two = event("v2", 28, 34, "ArmedClash", incident="i2", realis="negated")
    assert resolver(events=[two, one]).incident((28, 34)) == ("incident", "i1")
