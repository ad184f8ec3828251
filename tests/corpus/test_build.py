"""The build: same gold, same bytes; refuses on any incident, gate or moved id."""

import json

import pytest
from datasets import ClassLabel, load_dataset
from dateline.corpus.agreement import Batch, hash_passes, write_batches
from dateline.corpus.build import build, check
from dateline.corpus.errors import CorpusError, IncidentsError
from dateline.corpus.schema import decode, encode
from dateline.corpus.store import Corpus
from dateline.corpus.tables import ROWS
from msgspec.structs import replace

GOOD = {"names": 0.95, "triggers": 0.9, "arguments": 0.9, "attributions": 0.9}


def record_agreement(corpus: Corpus, figures=GOOD, round_=1):
    ids = tuple(corpus.gold_ids())
    write_batches(
        corpus,
        [
            Batch(
                theatre="xx",
                round=round_,
                annotators=("ann", "bob"),
                articles=ids,
                hashes={name: hash_passes(corpus, name, ids) for name in ("ann", "bob")},
                figures=figures,
            )
        ],
    )


@pytest.fixture
def built(small_corpus):
    record_agreement(small_corpus)
    build(small_corpus)
    return small_corpus


def test_the_split_follows_from_the_date(built):
    assert built.splits() == {"xx-0001": "train", "xx-0002": "validation", "xx-0003": "test"}


def test_two_builds_are_byte_identical(built):
    files = {p: p.read_bytes() for p in built.root.rglob("*") if p.is_file()}
    assert check(built) == []
    build(built)
    assert {p: p.read_bytes() for p in built.root.rglob("*") if p.is_file()} == files


def test_load_dataset(built, tmp_path):
    for config in ROWS:
        loaded = load_dataset(str(built.hub), config, cache_dir=str(tmp_path / "cache"))
        assert set(loaded) == {"train", "validation", "test"}
    entities = load_dataset(str(built.hub), "entities", cache_dir=str(tmp_path / "cache"))
    tags = entities["train"].features["ner_tags"].feature
    assert isinstance(tags, ClassLabel) and tags.names[0] == "O"
    row = entities["train"][0]
    assert [tags.names[t] for t in row["ner_tags"]] == ["O", "O", "B-GPE"]


def test_a_row_of_articles_is_a_gold_line(built, tmp_path):
    articles = load_dataset(str(built.hub), "articles", cache_dir=str(tmp_path / "cache"))
    (record,) = built.records("train")
    assert decode(json.dumps(articles["train"][0])) == record
    assert json.loads(encode(record)) == articles["train"][0]


def test_an_invalid_record_is_refused_and_nothing_written(small_corpus):
    record_agreement(small_corpus)
    gold = small_corpus.gold("xx-0002")
    broken = replace(gold, mentions=gold.mentions[:-1])
    small_corpus.save(small_corpus.gold_path("xx-0002"), broken)
    with pytest.raises(IncidentsError, match=r"xx-0002.* \[dangling-id\]"):
        build(small_corpus)
    assert not small_corpus.hub.exists() and small_corpus.splits() == {}


def test_missing_stale_and_low_agreement_are_refused(small_corpus):
    with pytest.raises(CorpusError, match="no agreement recorded for 2 articles"):
        build(small_corpus)
    record_agreement(small_corpus, GOOD | {"triggers": 0.84})
    with pytest.raises(CorpusError, match=r"below its gates \(triggers 0\.840\)"):
        build(small_corpus)
    record_agreement(small_corpus, GOOD | {"triggers": 0.84}, round_=2)
    build(small_corpus)
    gold = small_corpus.gold("xx-0001")
    changed = replace(gold, attributions=gold.attributions[:-1])
    small_corpus.save(small_corpus.pass_path("bob", "xx-0001"), changed)
    with pytest.raises(CorpusError, match="is stale: the passes of 'bob' changed"):
        build(small_corpus)


def test_an_id_never_changes_its_split(built):
    bible = built.root / "articles" / "xx" / "bible.toml"
    bible.write_text(bible.read_text().replace("2028-03-01", "2028-12-01"))
    build(built)
    assert built.splits()["xx-0003"] == "test"


def test_check_names_what_differs(built):
    path = built.records_path("test")
    path.write_bytes(path.read_bytes() + b"\n")
    assert check(built) == ["records/original/test.jsonl differs from a fresh build"]
    path.unlink()
    assert check(built) == ["records/original/test.jsonl is missing"]


def test_near_duplicates_do_not_cross_splits(small_corpus):
    record_agreement(small_corpus)
    path = small_corpus.text_path("xx-0003")
    tail = " ".join(f"word{i}" for i in range(300))
    for article_id in ("xx-0001", "xx-0003"):
        path = small_corpus.text_path(article_id)
        gold = small_corpus.gold(article_id)
        text = gold.text + tail + "\n"
        path.write_text(text, "utf-8", newline="")
        last = replace(gold.zones[-1], end=len(text) - 1)
        changed = replace(gold, text=text, zones=(*gold.zones[:-1], last))
        small_corpus.save(small_corpus.gold_path(article_id), changed)
    with pytest.raises(CorpusError, match="xx-0001 and xx-0003 are near-duplicates"):
        build(small_corpus)


def test_a_version_may_release_some_theatres_only(built):
    """Gold of a theatre that is not released stays out of the build."""
    path = built.root / "corpus.toml"
    path.write_text(path.read_text() + 'theatres = ["yy"]\n')
    with pytest.raises(CorpusError, match="no gold records"):
        build(built)
    path.write_text(path.read_text().replace('["yy"]', '["xx", "yy"]'))
    assert check(built) == []
