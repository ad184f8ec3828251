"""The main job: train every baseline, predict a split, score, and make the leaderboard.

Numbers depend on corpus and code only, never on the machine; time and hardware
are kept apart, in the `run` part of a result file.
"""

from __future__ import annotations

# The folders are mapped into the package at install time; pyright cannot see them from here.
# pyright: basic, reportMissingImports=false
import os
import platform
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from .baselines import registered
from .baselines.base import cached
from .corpus.errors import InputError
from .corpus.files import write
from .corpus.schema import SPLITS, encode_lines
from .corpus.store import Corpus
from .scorer.api import score_files
from .scorer.result import Result

HEADLINES = ("dateline", "entities", "events", "attributions", "claims")
DASH = "–"


class Row(NamedTuple):
    """One line of the leaderboard. `kind`: baseline, ceiling or degenerate.

    `scores` maps each headline to (value, 95% interval or None), both in 0..1.
    """

    name: str
    kind: str
    scores: Mapping[str, tuple[float | None, tuple[float, float] | None]]


class Board(NamedTuple):
    """A leaderboard: what was scored on, and its rows in print order."""

    title: str
    signature: str
    rows: list[Row]


def run(corpus: Corpus, split: str = "test", *, output: Path | None = None) -> Board:
    """Train, predict and score every baseline.

    With `output` also writes `<baseline>.json`: the scorer's result, and time and
    hardware under `run`. Raises `InputError` for an unknown split or one not built.
    """
    if split not in SPLITS:
        raise InputError(f"--split: '{split}' is not one of {', '.join(SPLITS)}")
    train, dev = corpus.records("train"), corpus.records("validation")
    articles = corpus.records(split)
    results: dict[str, Result] = {}
    for name in registered:
        begun = time.perf_counter()
        baseline = cached(name, train, dev)
        trained = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.jsonl"
            write(path, b"".join(encode_lines(baseline.predict(articles))))
            predicted = time.perf_counter()
            results[name], _ = score_files(path, corpus=corpus, split=split)
        spent = {"train_or_load_s": trained - begun, "predict_s": predicted - trained}
        print(f"{name}: {spent['predict_s']:.1f} s to predict", file=sys.stderr)
        if output:
            write(output / f"{name}.json", _result_file(results[name], spent))
    return board(results, corpus, split)


def board(results: dict[str, Result], corpus: Corpus, split: str) -> Board:
    """The leaderboard of some results on one split: best first, ceiling, degenerate rows."""
    rows = [
        Row(
            name,
            "baseline",
            {h: (r.headline[h]["value"], _pair(r.headline[h]["ci"])) for h in r.headline},
        )
        for name, r in results.items()
    ]
    rows.sort(key=lambda row: (-(row.scores["dateline"][0] or 0.0), row.name))
    any_result = next(iter(results.values()))
    if any_result.ceiling:
        rows.insert(0, Row("annotators", "ceiling", _plain(any_result.ceiling)))
    for name, values in (any_result.degenerate or {}).items():
        rows.append(Row(name, "degenerate", _plain(values)))
    info = corpus.info
    title = (
        f"{info.name} {info.version}, split {split}, {any_result.submission['articles']} articles"
    )
    signature = any_result.scores[any_result.headline["dateline"]["metric"]]["signature"]
    return Board(title, signature, rows)


def leaderboard(board: Board) -> str:
    """The board as a Markdown table, values in per cent with 95% intervals."""
    lines = [
        f"**{board.title}**",
        "",
        "| | " + " | ".join(HEADLINES) + " |",
        "|---" * (len(HEADLINES) + 1) + "|",
    ]
    for row in board.rows:
        name = f"**{row.name}**" if row.kind == "baseline" else f"*{row.name}*"
        cells = [_cell(*row.scores.get(h, (None, None))) for h in HEADLINES]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", f"`{board.signature}`"]) + "\n"


def _cell(value: float | None, ci: tuple[float, float] | None) -> str:
    if value is None:
        return DASH
    return f"{100 * value:.1f}" + (f" ({100 * ci[0]:.1f}–{100 * ci[1]:.1f})" if ci else "")


def _pair(ci: Any) -> tuple[float, float] | None:
    return (ci[0], ci[1]) if ci else None


def _plain(values: dict[str, float | None]) -> dict[str, tuple[float | None, None]]:
    return {h: (values[h], None) for h in HEADLINES if h in values}


def _result_file(result: Result, spent: dict[str, float]) -> bytes:
    plain: dict[str, Any] = msgspec.json.decode(result.to_json(timing=False))
    plain["submission"]["file"] = f"{plain['submission']['name']}.jsonl"
    plain["run"] = {
        "seconds": {name: round(seconds, 1) for name, seconds in spent.items()},
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
    }
    return msgspec.json.format(msgspec.json.encode(plain, order="sorted"), indent=1) + b"\n"
