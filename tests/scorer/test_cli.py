"""The commands `score` and `compare`, through the front door's rules for errors."""

import json

import pytest
import typer
from dateline.corpus.errors import DatelineError, IncidentsError, InputError
from dateline.corpus.schema import encode_lines
from dateline.corpus.store import Corpus
from dateline.scorer.cli import register
from typer.testing import CliRunner

from .records import GOLD, A, M, change, record


@pytest.fixture(scope="module")
def app():
    made = typer.Typer()
    register(made)
    return made


@pytest.fixture
def run(app):
    def invoke(*arguments):
        result = CliRunner().invoke(app, [str(a) for a in arguments])
        if isinstance(result.exception, DatelineError):
            raise result.exception
        return result

    return invoke


def worse(n):
    return change(
        record(m2=change(M["m2"], end=23), a1=None, a2=change(A["a2"], parent=None)), id=n
    )


@pytest.fixture
def files(tmp_path):
    ids = [f"lv-{n:04d}" for n in range(6)]
    made = {
        "gold": [change(GOLD, id=i) for i in ids],
        "good": [change(GOLD, id=i) for i in ids],
        "bad": [worse(i) for i in ids],
        "part": [change(GOLD, id=i) for i in ids[:4]],
    }
    for name, articles in made.items():
        (tmp_path / f"{name}.jsonl").write_bytes(b"".join(encode_lines(articles)))
    return {name: tmp_path / f"{name}.jsonl" for name in made} | {"folder": tmp_path}


@pytest.fixture
def corpus(tmp_path, files):
    root = tmp_path / "corpus"
    for split in ("train", "test"):
        path = Corpus(root).records_path(split)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files["gold"].read_bytes())
    (root / "splits").mkdir()
    (root / "splits" / "test.txt").write_text("lv-0000\nlv-0001\n")
    (root / "corpus.toml").write_text(
        'name = "x"\ntitle = "X"\nversion = "9.9.9"\nlicense = "cc-by-4.0"\n'
    )
    return root


def test_score_prints_the_report(run, files):
    result = run("score", files["bad"], "--gold", files["gold"])
    assert result.exit_code == 0
    assert "dateline score" in result.stdout
    assert "corpus=custom#" in result.stdout


def test_score_against_the_corpus_adds_degenerate_rows(run, files, corpus):
    result = run("score", files["good"], "--corpus", corpus)
    assert "corpus=9.9.9#" in result.stdout
    assert "without understanding" in result.stdout
    assert "paragraph-dump" in result.stdout


def test_score_writes_json_and_rows(run, files):
    to, rows = files["folder"] / "r.json", files["folder"] / "rows.jsonl"
    run(
        "score",
        files["bad"],
        "--gold",
        files["gold"],
        "--json",
        to,
        "--per-article",
        rows,
        "--pointers",
    )
    raw = json.loads(to.read_bytes())
    assert raw["submission"]["name"] == "bad"
    assert raw["pointers"]
    counted = [json.loads(line) for line in rows.read_bytes().splitlines()]
    assert [row["article"]["id"] for row in counted] == [f"lv-{n:04d}" for n in range(6)]
    hits = sum(row["counts"]["entities.strict.tp"] for row in counted)
    assert hits == raw["scores"]["entities.strict"]["tp"] == 6 * 4
    printed = run("score", files["bad"], "--gold", files["gold"], "--json", "-", "--pointers")
    again = json.loads(printed.stdout)
    assert {**again, "timing": None} == {**raw, "timing": None}


def test_check_only_gives_no_number(run, files):
    result = run("score", files["part"], "--gold", files["gold"], "--check-only")
    assert "6 articles, nothing to refuse" in result.stdout
    assert "2 of 6 articles missing" in result.stderr
    assert "dateline score" not in result.stdout


def test_warnings_go_to_stderr_three_of_a_kind(run, files):
    unknown = [change(record(m2=change(M["m2"], type="X")), id=f"lv-{n:04d}") for n in range(6)]
    files["bad"].write_bytes(b"".join(encode_lines(unknown)))
    result = run("score", files["bad"], "--gold", files["gold"])
    assert result.stderr.count("[unknown-label] mentions") == 3
    assert "3 more [unknown-label]" in result.stderr
    with pytest.raises(IncidentsError):
        run("score", files["bad"], "--gold", files["gold"], "--strict-schema")


def test_refusals_name_file_line_article_and_field(run, files):
    files["bad"].write_bytes(files["good"].read_bytes() + b'{"id": "lv-0000", "evnts": []}\n')
    with pytest.raises(IncidentsError) as error:
        run("score", files["bad"], "--gold", files["gold"])
    assert f"{files['bad']}:7 lv-0000 [duplicate-article]" in str(error.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--split", "tset"], "did you mean 'test'"),
        (["--part", "reel"], "did you mean 'real'"),
        (["--unit", "storys"], "did you mean 'story'"),
        (["--ci", "bcc"], "intervals: pct, bca"),
        (["--tracks", "entites"], "did you mean 'entities'"),
    ],
)
def test_unknown_values_are_refused_with_a_suggestion(run, files, corpus, options, message):
    with pytest.raises(InputError, match=message):
        run("score", files["good"], "--corpus", corpus, *options)


def test_a_split_that_is_not_built_names_the_build(run, files, corpus):
    with pytest.raises(InputError, match="dateline corpus build"):
        run("score", files["good"], "--corpus", corpus, "--split", "validation")


def test_tracks_limit_what_is_reported(run, files):
    result = run("score", files["bad"], "--gold", files["gold"], "--tracks", "entities", "--full")
    assert "entities.strict" in result.stdout
    assert "attributions.f1" not in result.stdout


def test_a_misspelt_option_is_refused(run, files):
    result = run("score", files["bad"], "--golds", files["gold"])
    assert result.exit_code == 2
    assert "--gold" in result.stderr


def test_compare(run, files):
    result = run("compare", files["good"], files["bad"], "--gold", files["gold"])
    assert result.exit_code == 0
    assert "paired tests" in result.stdout
    assert "good - bad" in result.stdout
    printed = run(
        "compare",
        files["good"],
        files["bad"],
        "--gold",
        files["gold"],
        "--metric",
        "entities.strict",
        "--json",
        "-",
    )
    raw = json.loads(printed.stdout)
    assert raw["metrics"] == ["entities.strict"]
    assert raw["tests"][0]["delta"] == round(1 - 4 / 5, 6)


def test_compare_needs_two(run, files):
    with pytest.raises(InputError, match="two prediction files"):
        run("compare", files["good"], "--gold", files["gold"])


@pytest.mark.parametrize("command", ["score", "compare"])
def test_help_has_an_example(run, command):
    assert f"Example: dateline {command}" in run(command, "--help").stdout
