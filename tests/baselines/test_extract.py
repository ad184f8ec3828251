"""Raw articles in, claims out; the commands around it."""

import csv
import io
import json
import subprocess
import sys
from html.parser import HTMLParser

import pytest
import typer
from dateline.baselines import extract as run
from dateline.baselines import registered
from dateline.baselines.base import cached, model_folder
from dateline.baselines.cli import baseline_app, register
from dateline.corpus.claims import Claim, claims
from dateline.corpus.errors import DatelineError, InputError
from dateline.corpus.schema import ABSENT, Article, decode, encode_lines
from dateline.corpus.store import Corpus
from msgspec.structs import replace
from typer.testing import CliRunner

TEXT = (
    "News from the front\nRebels captured Ardun on Friday, the Crane Watch said.\n"
    "Troops shelled Belka on Monday.\n"
)


@pytest.fixture(scope="session")
def lexicon(world):
    baseline = registered["lexicon"]()
    baseline.train(world, [])
    return baseline


@pytest.fixture
def records(tmp_path, world):
    path = tmp_path / "train.jsonl"
    path.write_bytes(b"".join(encode_lines(world)))
    return path


@pytest.fixture
def app():
    made = typer.Typer()
    made.add_typer(baseline_app(), name="baseline")
    register(made)
    return made


def invoke(app, *arguments, input=None):
    return CliRunner().invoke(app, [str(a) for a in arguments], input=input)


def written(writer, found):
    out = io.BytesIO()
    writer(found, out)
    return out.getvalue().decode("utf-8")


def test_the_table_says_who_did_what_and_according_to_whom(lexicon):
    (record,) = run.extract(lexicon, [Article(id="a", text=TEXT)])
    rows = [json.loads(line) for line in written(run.write_jsonl, [record]).splitlines()]
    assert [list(row) for row in rows] == [list(Claim.__struct_fields__)] * 2
    first, second = rows
    assert (first["type"], first["who"], first["where"]) == ("TerritoryChange", "Rebels", "Ardun")
    assert (first["when"], first["source"], first["cue"]) == ("Friday", "Crane Watch", "said")
    assert (second["type"], second["source_kind"]) == ("Shelling", "outlet")


def test_csv_holds_the_same_rows(lexicon):
    (record,) = run.extract(lexicon, [Article(id="a", text=TEXT)])
    rows = list(csv.DictReader(io.StringIO(written(run.write_csv, [record]), newline="")))
    assert [row["trigger"] for row in rows] == [c.trigger for c in claims(record)]
    assert list(rows[0]) == list(run.COLUMNS)


def test_csv_of_nothing_has_a_header():
    assert written(run.write_csv, []) == ",".join(run.COLUMNS) + "\r\n"


def test_csv_cells_are_no_formulas(lexicon):
    text = "=cmd() rebels captured Ardun on Friday.\n"
    (record,) = run.extract(lexicon, [Article(id="a", text=text)])
    (row,) = csv.DictReader(io.StringIO(written(run.write_csv, [record]), newline=""))
    assert row["sentence"].startswith("'=cmd()")


class Page(HTMLParser):
    """Tags opened and not closed, and all text."""

    def __init__(self):
        super().__init__()
        self.open, self.text, self.tags = [], "", set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_the_page_is_closed_self_contained_and_escaped(lexicon):
    text = 'Rebels captured <script>alert("x")</script> Ardun & Belka on Friday.\n'
    (record,) = run.extract(lexicon, [Article(id="<b>", text=text)])
    html = written(run.write_html, [record])
    page = Page()
    page.feed(html)
    assert page.open == []
    assert "script" not in page.tags and "b" not in page.tags
    assert 'alert("x")' in page.text
    assert "http" not in html
    assert page.tags >= {"mark", "table"}


def test_the_page_of_an_article_without_events():
    html = written(
        run.write_html, [Article(id="a", text="x", mentions=(), events=(), attributions=())]
    )
    assert "No event found" in html


def test_whole_records(lexicon):
    found = list(run.extract(lexicon, [Article(id="a", text=TEXT)]))
    (line,) = written(run.write_records, found).splitlines()
    assert decode(line) == found[0]
    assert found[0].zones and found[0].text == TEXT


def test_files_folders_and_their_ids(tmp_path):
    for name in ("b.txt", "a b.html", "sub/b.txt", ".hidden/c.txt", "data.bin"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("<html><body><p>Rebels captured Ardun.</p></body></html>")
    files = run.raw_files([tmp_path, tmp_path / "data.bin"])
    assert [p.name for p in files] == ["a b.html", "b.txt", "b.txt", "data.bin"]
    ids = [a.id for a in run.raw_articles([p for p in files if p.suffix == ".txt"], [])]
    assert ids == ["b", "b-2"]


def test_no_file_no_guess(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        run.raw_files([tmp_path / "missing.txt"])
    with pytest.raises(InputError, match="no text or HTML"):
        run.raw_files([tmp_path])


def test_extract_command_writes_at_once_and_names_refused_files(app, tmp_path, records):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text(TEXT)
    (tmp_path / "in" / "bad.txt").write_bytes(b"\xff\xfe\x00")
    out = tmp_path / "claims.csv"
    result = invoke(
        app, "extract", tmp_path / "in", "--baseline", "lexicon", "--train", records,
        "--to", "csv", "-o", out,
    )  # fmt: skip
    assert "1 of 2 files could not be read" in str(result.exception)
    assert isinstance(result.exception, DatelineError)
    assert out.read_text().count("\n") == 3
    assert "bad.txt" in result.stderr


def test_extract_reads_stdin(app, records):
    arguments = ("extract", "--baseline", "lexicon", "--train", records)
    for where in ((), ("-",)):
        result = invoke(app, *arguments, *where, input=TEXT)
        assert result.exit_code == 0, result.exception
        assert '"type":"TerritoryChange"' in result.stdout
    whole = invoke(app, *arguments, "--records", input=TEXT)
    assert decode(whole.stdout.strip()).text == TEXT


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("extract", "--to", "xls"), "unknown form 'xls'"),
        (("extract", "--records", "--to", "csv"), "--records"),
        (("extract", "--baseline", "linea"), "Did you mean 'linear'"),
        (("extract", "--dev", "x.jsonl"), "--dev needs --train"),
        (("extract", "nothing.txt"), "nothing.txt does not exist"),
        (("baseline", "predict", "linea", "--split", "test"), "Did you mean 'linear'"),
        (("baseline", "predict", "linear"), "--split or --input"),
        (("baseline", "predict", "linear", "--split", "tset"), "'tset' is not one of"),
        (("baseline", "predict", "linear", "--input", "none", "--train", "no"), "no does not"),
        (("baseline", "train", "linear", "--corpus", "nowhere"), "dateline corpus build"),
    ],
)  # fmt: skip
def test_what_a_user_may_get_wrong(app, arguments, message):
    result = invoke(app, *arguments, input=TEXT)
    assert isinstance(result.exception, DatelineError), result.output
    assert message in str(result.exception)
    assert "\n" not in str(result.exception)


def test_every_command_shows_an_example(app):
    for command in (
        ("extract",),
        ("baseline", "list"),
        ("baseline", "train"),
        ("baseline", "predict"),
    ):
        result = invoke(app, *command, "--help")
        assert result.exit_code == 0
        assert "Example: dateline" in result.stdout


def test_list_names_every_baseline(app):
    result = invoke(app, "baseline", "list")
    assert all(name in result.stdout for name in registered)


def test_predict_writes_records_without_text(app, tmp_path, records, unseen):
    source, out = tmp_path / "in.jsonl", tmp_path / "preds.jsonl"
    source.write_bytes(b"".join(encode_lines(unseen)))
    result = invoke(
        app, "baseline", "predict", "lexicon", "--input", source, "--train", records, "-o", out
    )
    assert result.exit_code == 0, result.exception
    found = [decode(line) for line in out.read_bytes().splitlines()]
    assert [a.id for a in found] == [a.id for a in unseen]
    assert all(not a.text and a.with_text(b.text) for a, b in zip(found, unseen, strict=True))


def test_records_without_text_are_refused(app, tmp_path, records, unseen):
    source = tmp_path / "in.jsonl"
    source.write_bytes(b"".join(encode_lines(a.without_text() for a in unseen)))
    result = invoke(app, "baseline", "predict", "lexicon", "--input", source, "--train", records)
    assert "no text" in str(result.exception)


def test_training_reads_train_and_validation_only(app, tmp_path, monkeypatch, world, unseen):
    asked = []

    def split(self, name, part="original"):
        asked.append(name)
        return {"train": world[:12], "validation": world[12:]}[name]

    monkeypatch.setattr(Corpus, "records", split)
    result = invoke(app, "baseline", "train", "lexicon", "--corpus", tmp_path)
    assert result.exit_code == 0, result.exception
    assert set(asked) == {"train", "validation"}


def test_a_trained_baseline_is_kept_and_found_again(world, capsys, monkeypatch):
    first = cached("lexicon", world, [])
    folder = model_folder("lexicon", world, [])
    assert folder.is_dir()
    assert "training lexicon on 16 articles" in capsys.readouterr().err
    monkeypatch.setattr(type(first), "train", None)
    again = cached("lexicon", list(reversed(world)), [])
    assert capsys.readouterr().err == ""
    assert list(again.predict(world[:1])) == list(first.predict(world[:1]))


def test_other_records_are_another_model(world):
    changed = [replace(world[0], events=()), *world[1:]]
    folders = {
        model_folder("lexicon", world, []),
        model_folder("linear", world, []),
        model_folder("lexicon", changed, []),
        model_folder("lexicon", world[:8], world[8:]),
    }
    assert len(folders) == 4


def test_a_failed_training_leaves_nothing_behind(world, monkeypatch, tmp_path):
    def fail(self, folder):
        (folder / "half").write_text("x")
        raise OSError("disk full")

    monkeypatch.setattr(type(registered["lexicon"]()), "save", fail)
    with pytest.raises(OSError, match="disk full"):
        cached("lexicon", world, [])
    assert list((tmp_path / "cache" / "dateline").iterdir()) == []


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([], "no training records"),
        ([Article(id="xx-1", events=())], "xx-1: no text"),
        ([Article(id="xx-1", text="x")], "no annotation layer"),
    ],
)
def test_records_that_nothing_can_be_learned_from(records, message):
    assert all(a.events in (ABSENT, ()) for a in records)
    with pytest.raises(InputError, match=message):
        cached("lexicon", records, [])


def test_commands_import_no_learner_before_they_need_one():
    code = (
        "import dateline.baselines.cli as c, sys; c.baseline_app(); import dateline.baselines; "
        "print([m for m in ('sklearn', 'pycrfsuite', 'scipy', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
