"""The front door: errors a user can cause are one line on stderr, exit 2, no traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

import dateline

DATELINE = Path(sys.executable).with_name("dateline")


def run(*words, cwd):
    return subprocess.run(
        [DATELINE, *map(str, words)], capture_output=True, text=True, cwd=cwd, check=False
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["corpus", "add", "missing.txt", "--outlet", "O", "--published", "2028-05-04"],
         "missing.txt: No such file or directory"),
        (["corpus", "add", "missing.txt", "--outlet", "O", "--published", "today"],
         "--published: 'today' is not an ISO date"),
        (["corpus", "validate", "missing.jsonl"], "missing.jsonl does not exist"),
        (["corpus", "build", "--corpus", "."], ". is no corpus folder"),
        (["corpus", "stats", "--corpus", "."], "corpus.toml is missing: . is no corpus folder"),
        (["annotate", "anchored", "missing.yaml"], "missing.yaml: No such file"),
        (["annotate", "anchored", "--new", "zz-0001"], "no article 'zz-0001'"),
        (["annotate", "agreement", "one"], "give two names"),
        (["annotate", "agreement", "one", "two"], "'one' and 'two' have no article in common"),
        (["annotate", "pull", "--annotator", "a=b", "--server", "."], "no server runs"),
        (["baseline", "predict", "linaer", "--split", "test"], "Did you mean 'linear'?"),
        (["extract", "missing.txt"], "missing.txt does not exist"),
        (["score", "missing.jsonl"], "missing.jsonl"),
    ],
)  # fmt: skip
def test_user_errors(tmp_path, words, message):
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr and done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_article_is_added_annotated_and_validated(tmp_path, small_corpus):
    raw = tmp_path / "raw.txt"
    raw.write_text("Rebels take Kelm\nRebels took Kelm on Sunday.\n")
    at = ("--corpus", small_corpus.root)
    done = run(
        "corpus", "add", raw, "--outlet", "O", "--published", "2028-05-04", *at, cwd=tmp_path
    )
    assert done.stdout == "own-0001\n"
    work = tmp_path / "work"
    done = run("annotate", "anchored", "--new", "own-0001", "-o", work, *at, cwd=tmp_path)
    path = work / "own-0001.yaml"
    text = path.read_text().replace(
        "mentions:\n", 'mentions:\n  - [m1, GPE, name, e1, 2, "Kelm"]\n'
    )
    path.write_text(text)
    done = run("annotate", "anchored", path, "-o", work, *at, cwd=tmp_path)
    assert "1 mentions, 0 events, 0 attributions" in done.stdout
    done = run("corpus", "validate", work / "own-0001.json", *at, cwd=tmp_path)
    assert done.stdout == "1 records, no error, 0 warnings\n"
    path.write_text(text.replace("GPE", "GPEE"))
    done = run("annotate", "anchored", path, *at, cwd=tmp_path)
    assert done.returncode == 2 and "entity type 'GPEE' is not in the ontology" in done.stderr


def test_the_public_names():
    assert sorted(dateline.__all__) == list(dateline.__all__)
    for name in dateline.__all__:
        assert getattr(dateline, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        dateline.nonsense  # noqa: B018
    assert [a.id for a in dateline.load("train")] == sorted(a.id for a in dateline.load("train"))
