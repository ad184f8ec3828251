"""The project's own corpus keeps what it promises."""

import re
from collections import Counter

import pytest
from dateline.annotation.adjudicate import Adjudication
from dateline.annotation.differences import differences, facts
from dateline.corpus.agreement import hash_passes, read_batches
from dateline.corpus.build import check
from dateline.corpus.errors import errors_in
from dateline.corpus.schema import SPLITS
from dateline.corpus.splits import bible
from dateline.corpus.store import default, theatre_of
from dateline.corpus.tables import tag_names
from dateline.corpus.text import sentences
from dateline.corpus.validate import validate
from dateline.scorer.agreement import figures

from .conftest import CASES

CORPUS = default()
THEATRES = sorted({theatre_of(i) for i in CORPUS.ids()})


def test_the_build_is_up_to_date():
    assert check(CORPUS) == []


@pytest.mark.parametrize("article_id", CORPUS.gold_ids())
def test_gold_is_valid_and_over_the_text_that_is_there(article_id):
    assert errors_in(validate(CORPUS.gold(article_id))) == []


@pytest.mark.parametrize("batch", read_batches(CORPUS), ids=lambda b: f"{b.theatre}-{b.round}")
def test_agreement_is_what_the_scorer_says_of_the_passes(batch):
    a, b = batch.annotators
    assert batch.hashes == {n: hash_passes(CORPUS, n, batch.articles) for n in (a, b)}
    passes = [[CORPUS.annotated(CORPUS.pass_path(n, i)) for i in batch.articles] for n in (a, b)]
    assert figures(*passes) == batch.figures


def test_every_decision_of_an_adjudication_stands_in_the_gold():
    """The record of decisions agrees with the passes and the gold it was made from."""
    import msgspec

    for path in sorted((CORPUS.root / "gold" / "decisions").glob("*.json")):
        done = msgspec.json.decode(path.read_bytes(), type=Adjudication)
        a, b = (CORPUS.annotated(CORPUS.pass_path(n, done.article)) for n in done.annotators)
        found = differences(a, b)
        assert [(d.a, d.b) for d in done.decisions] == [(d.a, d.b) for d in found]
        assert all(d.reason for d in done.decisions)
        gold = CORPUS.gold(done.article)
        assert gold == CORPUS.annotated(CORPUS.pass_path(done.adjudicator, done.article))
        answers = facts(gold, sentences(a.text, a.zones))
        for decision, difference in zip(done.decisions, found, strict=True):
            assert decision.gold == answers.get(difference.key)


@pytest.mark.parametrize("theatre", THEATRES)
def test_bibles_are_complete(theatre):
    world = bible(CORPUS, theatre)
    assert world["code"] == theatre
    assert len(world["incident"]) >= 30
    assert all(incident["claims"] for incident in world["incident"])
    assert world.get("unseen") or world["validation_from"] < world["test_from"]
    known = {incident["id"] for incident in world["incident"]}
    for article_id in CORPUS.ids():
        if theatre_of(article_id) == theatre:
            meta = CORPUS.article(article_id).meta
            assert {ref.id for ref in meta.incidents} <= known, article_id
            assert meta.published[:4] in {"2027", "2028", "2029"}


def test_the_split_partitions_the_gold():
    placed = [i for split in SPLITS for i in CORPUS.split(split)]
    assert sorted(placed) == CORPUS.released_ids() and len(set(placed)) == len(placed)


def test_genres_vary():
    genres = Counter(CORPUS.article(i).meta.genre for i in CORPUS.released_ids())
    assert len(genres) >= 6 and max(genres.values()) <= len(CORPUS.released_ids()) / 3


def test_no_two_articles_share_a_sentence_of_eight_words():
    seen: dict[tuple[str, ...], str] = {}
    for article_id in CORPUS.ids():
        words = re.findall(r"\w+", CORPUS.article(article_id).text.casefold())
        for run in {tuple(words[i : i + 8]) for i in range(len(words) - 7)}:
            other = seen.setdefault(run, article_id)
            assert other == article_id, f"{article_id} and {other} share {' '.join(run)!r}"


def test_no_article_shares_a_run_with_published_news(real_data):
    """Eight words in a row that also stand in a published text are a judged formula or not ours."""
    import csv

    texts = [p.read_text("utf-8") for p in (real_data / "articles").glob("*.txt")]
    texts += [p.read_text("utf-8") for p in (real_data / "polnear" / "text").rglob("*.txt")]
    texts += [(real_data / "wikievents" / "dev.jsonl").read_text("utf-8")]
    with (real_data / "fa-kes" / "FA-KES-Dataset.csv").open(encoding="latin-1") as file:
        texts += [row["article_content"] for row in csv.DictReader(file)]
    published: set[tuple[str, ...]] = set()
    for text in texts:
        words = re.findall(r"\w+", text.casefold())
        published |= {tuple(words[i : i + 8]) for i in range(len(words) - 7)}
    lines = (CASES / "formulas.txt").read_text("utf-8").splitlines()
    judged = " | ".join(line for line in lines if not line.startswith("#"))
    for article_id in CORPUS.ids():
        words = re.findall(r"\w+", CORPUS.article(article_id).text.casefold())
        runs = {tuple(words[i : i + 8]) for i in range(len(words) - 7)} & published
        ours = sorted(" ".join(run) for run in runs if " ".join(run) not in judged)
        assert not ours, f"{article_id}: {ours}"


def test_tags_cover_every_type_of_a_name():
    types = {
        m.type for i in CORPUS.gold_ids() for m in CORPUS.gold(i).mentions if m.level == "name"
    }
    assert {f"B-{t}" for t in types} <= set(tag_names())
