"""The main job on a small corpus: a leaderboard, the same each time."""

import json
import os
import subprocess
import sys
from pathlib import Path

from dateline.annotation.agreement import agreement
from dateline.corpus.build import build
from dateline.scorer.agreement import figures

DATELINE = Path(sys.executable).with_name("dateline")


def test_benchmark(small_corpus, tmp_path):
    agreement(small_corpus, ("ann", "bob"), figures)
    build(small_corpus)

    def run(name):
        done = subprocess.run(
            [DATELINE, "benchmark", "--corpus", small_corpus.root, "-o", tmp_path / name],
            capture_output=True,
            text=True,
            env=os.environ | {"XDG_CACHE_HOME": str(tmp_path / f"cache-{name}")},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    first = run("a")
    assert first.startswith("**small 0.0.1, split test, 1 articles**")
    for row in ("**lexicon**", "**linear**", "*annotators*", "*empty*", "*paragraph-dump*"):
        assert f"| {row} |" in first
    assert "corpus=0.0.1#" in first and "split=test" in first
    assert first == run("b")
    for name in ("lexicon", "linear"):
        one, two = (json.loads((tmp_path / x / f"{name}.json").read_text()) for x in "ab")
        assert set(one.pop("run")) == {"seconds", "python", "machine", "cores"}
        two.pop("run")
        assert one == two and "timing" not in one


def test_an_unknown_split(small_corpus, tmp_path):
    done = subprocess.run(
        [DATELINE, "benchmark", "--corpus", small_corpus.root, "--split", "dev"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == "--split: 'dev' is not one of train, validation, test\n"
