"""Differences, the record of decisions, agreement figures on disk."""

import msgspec
import pytest
from dateline.annotation.adjudicate import Adjudication, prepare, record
from dateline.annotation.adjudication_files import prepare_files, record_files
from dateline.annotation.agreement import agreement, table
from dateline.annotation.differences import differences
from dateline.corpus.agreement import read_batches
from dateline.corpus.errors import IncidentsError, InputError
from dateline.corpus.schema import Article
from msgspec.structs import replace


def renamed(article: Article) -> Article:
    """The same record with other ids everywhere."""
    data = msgspec.json.encode(article).decode()
    for prefix in "mvaei":
        for number in range(20, 0, -1):
            data = data.replace(f'"{prefix}{number}"', f'"{prefix}x{number}"')
    return msgspec.json.decode(data, type=Article)


@pytest.fixture
def other(valid: Article) -> Article:
    """A second annotator: another type, another realis, one attribution missing."""
    mentions = list(valid.mentions)
    mentions[9] = replace(mentions[9], type="ORG.other")
    events = list(valid.events)
    events[3] = replace(events[3], realis="threatened")
    return replace(
        valid,
        mentions=tuple(mentions),
        events=tuple(events),
        attributions=valid.attributions[:-1],
    )


def test_ids_play_no_part(valid: Article):
    assert differences(valid, renamed(valid)) == []


def test_each_difference_once(valid: Article, other: Article):
    found = [(d.key.layer, d.surface, d.a, d.b) for d in differences(valid, renamed(other))]
    assert found == [
        ("mention", "Meridel News", "ORG.media name", "ORG.other name"),
        ("event", "march", "ForceMovement planned", "ForceMovement threatened"),
        ("attribution", "called for", "act demand", None),
    ]


def test_links_are_compared(valid: Article):
    mentions = list(valid.mentions)
    mentions[3] = replace(mentions[3], entity="e99")
    events = list(valid.events)
    events[1] = replace(events[1], arguments=events[1].arguments[:-1], incident="i99")
    found = differences(valid, replace(valid, mentions=tuple(mentions), events=tuple(events)))
    assert {(d.key.layer, d.surface) for d in found} == {
        ("entity", "Rebels"),
        ("incident", "captured"),
        ("argument", "captured"),
    }


def test_the_record_shows_what_was_taken(valid: Article, other: Article):
    anchored, reasons = prepare(valid, other)
    assert anchored.startswith("id: xx-0001") and reasons.count('""') == 3
    gold = replace(valid, events=other.events, zones=valid.zones)
    with pytest.raises(IncidentsError, match=r"d2 \[reason-missing\]"):
        record(valid, other, gold, b"d1: 3.1\nd3: 5", names=("a", "b"), by="c")
    done = record(valid, other, gold, b"d1: 3.1\nd2: 4.6\nd3: 5", names=("a", "b"), by="c")
    assert [d.taken for d in done.decisions] == ["a", "b", "a"]
    assert [d.reason for d in done.decisions] == ["3.1", "4.6", "5"]
    assert done.corrected == []


def test_a_joint_error_is_recorded_as_corrected(valid: Article):
    events = list(valid.events)
    events[0] = replace(events[0], realis="negated")
    gold = replace(valid, events=tuple(events))
    done = record(valid, valid, gold, b"", names=("a", "b"), by="c")
    assert done.decisions == [] and len(done.corrected) == 1 and "seize" in done.corrected[0]


def test_files(small_corpus, tmp_path):
    first = small_corpus.pass_path("ann", "xx-0001")
    ann = small_corpus.annotated(first)
    changed = replace(ann, attributions=ann.attributions[:-1])
    small_corpus.save(small_corpus.pass_path("bob", "xx-0001"), changed)
    small_corpus.save(small_corpus.pass_path("eve", "xx-0001"), ann)
    assert "1 differences" in prepare_files(small_corpus, "xx-0001", ("ann", "bob"), tmp_path)
    with pytest.raises(InputError, match="exists; remove it"):
        prepare_files(small_corpus, "xx-0001", ("ann", "bob"), tmp_path)
    with pytest.raises(IncidentsError, match="reason-missing"):
        record_files(small_corpus, "xx-0001", ("ann", "bob"), "eve", tmp_path)
    (tmp_path / "xx-0001.reasons.yaml").write_text('d1: "5: a demand has an attribution"\n')
    assert "1 ann, 0 bob" in record_files(small_corpus, "xx-0001", ("ann", "bob"), "eve", tmp_path)
    saved = msgspec.json.decode(
        small_corpus.decisions_path("xx-0001").read_bytes(), type=Adjudication
    )
    assert saved.adjudicator == "eve" and saved.decisions[0].taken == "a"


def test_agreement_is_recorded_with_hashes(small_corpus):
    def figures(a, b):
        assert [x.id for x in a] == [x.id for x in b] == small_corpus.gold_ids()
        return {"names": 1.0, "triggers": 0.5, "arguments": None, "attributions": 0.9}

    batches = agreement(small_corpus, ("ann", "bob"), figures)
    assert read_batches(small_corpus) == batches
    assert batches[0].below == ["triggers", "arguments"]
    assert "0.500 (< 0.85)" in table(batches)
    agreement(small_corpus, ("ann", "bob"), figures, round_=2)
    assert [b.round for b in read_batches(small_corpus)] == [1, 2]
    with pytest.raises(InputError, match="no article in common"):
        agreement(small_corpus, ("ann", "eve"), figures)
