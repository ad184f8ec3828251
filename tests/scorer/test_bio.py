"""Submissions in CoNLL columns: the config's sentences, scored by us and by seqeval."""

import random

import pytest
from dateline.corpus.errors import InputError
from dateline.corpus.external.bio import Options, sentences
from dateline.corpus.external.readers import Report, read
from dateline.corpus.schema import Article, Mention, Zone
from dateline.corpus.tables import entity_rows
from dateline.corpus.text import sentences as sentence_spans
from dateline.scorer.api import score
from dateline.scorer.bio import BioSubmission, Tagged, is_bio, score_bio, seqeval_scores, signed
from hypothesis import given, settings
from hypothesis import strategies as st

from .records import GOLD, change

SECOND = change(GOLD, id="cc-0002")


def gold_tags(*articles):
    return [row["ner_tags"] for article in articles for row in entity_rows(article)]


def file(path, articles, tags):
    """Writes the tokens of the config with these tags."""
    rows = [row for article in articles for row in entity_rows(article)]
    lines = []
    for row, sentence in zip(rows, tags, strict=True):
        lines += [f"{token} {tag}" for token, tag in zip(row["tokens"], sentence, strict=True)]
        lines.append("")
    path.write_text("\n".join(lines), "utf-8")
    return path


def numbers(result, metric="entities.strict"):
    return tuple(result.scores[metric][k] for k in ("tp", "gold", "pred"))


def test_gold_tags_score_one(tmp_path):
    path = file(tmp_path / "p.conll", [GOLD, SECOND], gold_tags(GOLD, SECOND))
    # by id, whatever the order of the records given
    result = score_bio(path, [SECOND, GOLD])
    assert numbers(result) == (10, 10, 10)
    assert result.submission["layers"] == ["mentions"]
    assert result.value("events") is None and result.value("dateline") is None
    assert "repair" not in result.scores["entities.strict"]["signature"]


def test_the_records_are_those_of_json_lines(tmp_path):
    tags = gold_tags(GOLD)
    tags[0][2] = "B-PER"
    submission = BioSubmission(file(tmp_path / "p.conll", [GOLD], tags), [GOLD])
    found = submission.find("cc-0001")
    spans = [(m.start, m.end, m.type) for m in found.record.mentions]
    assert spans == [
        (14, 20, "PER"), (24, 32, "DATE"), (34, 37, "ORG.ngo"), (80, 84, "GPE"), (109, 115, "DATE")
    ]  # fmt: skip
    assert found.line == 1 and submission.records == 1 and list(submission.rest()) == []
    assert submission.find("cc-0003") is None
    assert numbers(score([GOLD], [found.record])) == (4, 5, 5)


def test_an_unknown_type_is_a_false_positive_for_both(tmp_path):
    tags = gold_tags(GOLD)
    tags[0][0] = "B-MIL"
    result = score_bio(file(tmp_path / "p.conll", [GOLD], tags), [GOLD])
    assert numbers(result) == (5, 5, 6)
    assert [i["code"] for i in result.incidents] == ["unknown-label"]


def test_no_name_at_all(tmp_path):
    tags = [["O"] * len(sentence) for sentence in gold_tags(GOLD)]
    assert numbers(score_bio(file(tmp_path / "p.conll", [GOLD], tags), [GOLD])) == (0, 5, 0)
    bare = change(GOLD, mentions=(), events=(), attributions=())
    result = score_bio(file(tmp_path / "p.conll", [bare], tags), [bare])
    assert result.value("entities") is None


def test_repair_must_be_asked_for_and_is_signed(tmp_path):
    tags = gold_tags(GOLD)
    tags[0][2] = "I-GPE"
    path = file(tmp_path / "p.conll", [GOLD], tags)
    with pytest.raises(InputError, match=r"p.conll:3: 'I-GPE' continues no GPE name; --repair"):
        score_bio(path, [GOLD])
    result = score_bio(path, [GOLD], repair=True)
    assert numbers(result) == (5, 5, 5)
    signature = result.scores["entities.strict"]["signature"]
    assert signature.split("|")[-2] == "repair=iob2" and signature.split("|")[-1].startswith("v=")
    assert signed("a|v=1") == "a|repair=iob2|v=1"


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda s: s.replace("Dressa", "Dresa"), r":3: token 'Dresa', but sentence 0 of cc-0001"),
        (lambda s: s.replace("Dressa O\n", ""), r":3: token 'on', but sentence 0 of cc-0001"),
        (lambda s: s.replace("\n\n", "\n", 1), r":13: token '“', but sentence 0 of cc-0001 has en"),
        (
            lambda s: s.replace("residents O\n", "residents O\n\n"),
            r":11: sentence 0 of cc-0001 e",
        ),
        (lambda s: s[: s.rindex("Talks")], r"conll: ends before sentence 2 of cc-0001; all"),
        (lambda s: f"{s}\nmore O\n", r"conll:\d+: sentence 4, but the split has 3"),
        (lambda s: s.replace("seized O", "seized X-PER"), r":2: 'X-PER' is no tag"),
        (lambda s: s.replace("seized O", "seized S-PER"), r":2: 'S-PER' is not iob2"),
    ],
)
def test_another_tokenisation_is_refused(tmp_path, edit, message):
    tags = [["O"] * len(sentence) for sentence in gold_tags(GOLD)]
    path = file(tmp_path / "p.conll", [GOLD], tags)
    path.write_text(edit(path.read_text("utf-8")), "utf-8")
    with pytest.raises(InputError, match=message) as error:
        score_bio(path, [GOLD])
    assert "\n" not in str(error.value)


def test_gold_that_tags_cannot_say_is_refused(tmp_path):
    path = file(tmp_path / "p.conll", [GOLD], gold_tags(GOLD))
    more = Mention(id="m20", start=14, end=32, type="GPE")
    with pytest.raises(InputError, match=r"cc-0001: tags cannot say the gold name 'Dressa' "):
        score_bio(path, [change(GOLD, mentions=(*GOLD.mentions, more))])
    crossing = Mention(id="m20", start=109, end=119, type="DATE")
    long = change(GOLD, text=f"{GOLD.text} So.", mentions=(*GOLD.mentions[:-1], crossing))
    with pytest.raises(InputError, match=r"it overlaps another or crosses a sentence"):
        score_bio(file(path, [long], [["O"] * len(t) for t in gold_tags(long)]), [long])
    file(path, [GOLD], gold_tags(GOLD))
    cut = Mention(id="m20", start=1, end=3, type="GPE")
    with pytest.raises(InputError, match="the name m20 'eb' cuts a token"):
        score_bio(path, [change(GOLD, mentions=(*GOLD.mentions, cut))])


def test_disagreement_raises(tmp_path):
    submission = BioSubmission(file(tmp_path / "p.conll", [GOLD], gold_tags(GOLD)), [GOLD])
    row = {"entities.strict.tp": 5, "entities.gold": 5, "entities.pred": 5}
    submission.agree(row)
    with pytest.raises(RuntimeError, match="seqeval's is"):
        submission.agree({**row, "entities.pred": 6})


def test_suffixes(tmp_path):
    assert is_bio(tmp_path / "a.CONLL") and not is_bio(tmp_path / "a.jsonl")


WORDS = [f"w{n}" for n in range(12)]
TEXT = f"{' '.join(WORDS)}\n"
LAYER = st.lists(
    st.sampled_from(["O", "B-PER", "I-PER", "B-GPE", "I-GPE"]), min_size=12, max_size=12
)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.lists(st.tuples(LAYER, LAYER), min_size=1, max_size=3))
def test_ours_is_seqevals_on_any_tags(tmp_path_factory, pairs):
    """Parity T1 through the file: strict where tags are IOB2, default where repaired."""
    folder = tmp_path_factory.mktemp("bio")
    golds = []
    for n, (gold, _) in enumerate(pairs):
        source = folder / f"g{n}.conll"
        source.write_text("\n".join(f"{w} {t}" for w, t in zip(WORDS, gold, strict=True)))
        (read_gold,) = read("bio", source, "", {"repair": True}, Report())
        zone = Zone(start=0, end=len(TEXT), kind="body")
        golds.append(Article(id=f"aa-{n}", text=TEXT, zones=(zone,), mentions=read_gold.mentions))
    path = file(folder / "p.conll", golds, [submitted for _, submitted in pairs])
    score_bio(path, golds, repair=True)
    try:
        result = score_bio(path, golds)
    except InputError as error:
        assert "continues no" in str(error)
    else:
        tagged = [Tagged(*x) for x in zip(gold_tags(*golds), [p for _, p in pairs], strict=True)]
        assert seqeval_scores(tagged) == seqeval_scores(tagged, strict=False)
        assert numbers(result)[1] == sum(len(g.mentions) for g in golds)


def perturbed(tags, labels, seed=17):
    """Tags changed at random; some then break IOB2."""
    draw = random.Random(seed)

    def other(tag):
        keep = draw.random() > (0.3 if tag != "O" else 0.02)
        return tag if keep else draw.choice(["O", f"B-{draw.choice(labels)}", tag])

    return [[other(tag) for tag in sentence] for sentence in tags]


def test_wnut17_tags_as_they_stand(real_data, tmp_path):
    """Parity T1 on the test set: records read from the file against seqeval on its tags."""
    path = real_data / "wnut17" / "emerging.test.annotated"
    found = list(sentences(path, Options(), Report()))
    gold_rows = [s.tags for s in found]
    labels = sorted({tag[2:] for tags in gold_rows for tag in tags if tag != "O"})
    rows = [clean(tags) for tags in perturbed(gold_rows, labels)]
    lines = [
        "\n".join(f"{w}\t{t}" for w, t in zip(s.tokens, tags, strict=True)) + "\n"
        for s, tags in zip(found, rows, strict=True)
    ]
    (tmp_path / path.name).write_text("\n".join(lines), "utf-8")
    gold, submitted = (
        read("bio", p, "", {"sentences": 50}, Report()) for p in (path, tmp_path / path.name)
    )
    tp, n_gold, n_pred = numbers(score(gold, submitted))
    assert 300 < tp < n_gold == 1079 < n_pred
    tagged = [Tagged(*x) for x in zip(gold_rows, rows, strict=True)]
    expected = (tp / n_pred, tp / n_gold, 2 * tp / (n_gold + n_pred))
    assert seqeval_scores(tagged) == pytest.approx(expected, abs=1e-12)
    assert seqeval_scores(tagged, strict=False) == pytest.approx(expected, abs=1e-12)


def test_wnut17_as_a_submission(real_data, tmp_path):
    """The test set in our sentences, without the names that these cut."""
    gold = read("bio", real_data / "wnut17", "test", {"sentences": 200}, Report())
    gold = [change(g, mentions=whole(g)) for g in gold]
    labels = sorted({m.type for r in gold for m in r.mentions})
    tags = perturbed(gold_tags(*gold), labels)
    path = file(tmp_path / "p.conll", gold, tags)
    with pytest.raises(InputError, match="continues no"):
        score_bio(path, gold)
    assert numbers(score_bio(path, gold, repair=True))[1] == 1073
    strict = file(tmp_path / "s.conll", gold, [clean(sentence) for sentence in tags])
    tp, n_gold, n_pred = numbers(score_bio(strict, gold))
    assert 300 < tp < n_gold == 1073 < n_pred


def whole(article):
    """The names that lie in one sentence."""
    inside = sentence_spans(article.text, article.zones)
    return tuple(
        m for m in article.mentions if any(s.start <= m.start and m.end <= s.end for s in inside)
    )


def clean(tags):
    """The same tags, orphans made O."""
    out = []
    for tag in tags:
        kind = tag[2:]
        before = out[-1] if out else "O"
        orphan = tag.startswith("I-") and before not in (f"B-{kind}", f"I-{kind}")
        out.append("O" if orphan else tag)
    return out
