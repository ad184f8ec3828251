"""The benchmark runs, and its workload is what it says."""

import json
from itertools import pairwise

import pytest
from dateline.corpus.schema import decode
from dateline.corpus.validate import validate

from . import workload
from .__main__ import JOBS, main, prefix
from .jobs import tags


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("workload")
    workload.write(folder, 40)
    return folder


def lines(path):
    return [decode(line) for line in path.read_bytes().splitlines()]


def test_the_workload_is_as_dense_as_promised(folder):
    golds, preds = lines(folder / "gold.jsonl"), lines(folder / "pred.jsonl")
    for gold, pred in zip(golds, preds, strict=True):
        assert validate(gold, closed=False) == []
        assert validate(pred.with_text(gold.text), closed=False) == []
        names = [m for m in gold.mentions if m.level == "name"]
        assert (len(names), len(gold.events), len(gold.attributions)) == (25, 3, 2)
        assert 250 < len(gold.text.split()) < 420
        for record in (gold, pred):
            spans = sorted((m.start, m.end) for m in record.mentions)
            assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert sum(g.events != p.events for g, p in zip(golds, preds, strict=True)) > 20


def test_the_workload_is_the_same_every_time_and_for_every_size(folder, tmp_path):
    again = tmp_path / "again"
    again.mkdir()
    workload.write(again, 10)
    prefix(folder, tmp_path / "first", 10)
    for path in again.iterdir():
        assert path.read_bytes() == (tmp_path / "first" / path.name).read_bytes()


def test_tags_say_the_names(folder):
    gold, pred = tags(folder)
    for side, name in ((gold, "gold"), (pred, "pred")):
        records = lines(folder / f"{name}-names.jsonl")
        begun = [sum(tag.startswith("B-") for tag in row) for row in side]
        assert begun == [len(r.mentions) for r in records]


def test_a_small_run(tmp_path, capsys):
    figures = tmp_path / "figures.json"
    jobs = ("parse", "count", "entities-in-memory", "seqeval-f1", "nervaluate", "bootstrap")
    sizes = ["--articles", "30", "--runs", "1", "--growth", "30"]
    main([*sizes, "--json", str(figures), "--jobs", *jobs])
    out = capsys.readouterr().out
    assert "| all columns / parse only |" in out and "| nervaluate / ours in memory |" in out
    assert "the same for all" in out and "| 30 |" in out
    assert set(json.loads(figures.read_text())) == set(jobs) < set(JOBS)
