"""Scoring as a function: records in memory, or files.

    score(gold, predictions)      -> Result
    score_files(path, corpus=...) -> Result and its count rows

Both are silent and raise `DatelineError`s; the command line is a thin layer over
the second.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ..corpus.errors import InputError
from ..corpus.files import write
from ..corpus.schema import PARTS, SPLITS, Article, encode_lines
from ..corpus.store import Corpus, default
from .assemble import assemble
from .codes import Log, hint, quote
from .context import Context, Labels, Train
from .counts import Table, encode_row, in_order
from .hydrated import hydrate
from .read import Submission, Submitted, digest, gold_records, opened
from .result import Result
from .signature import Gold, Settings
from .tally import Counted, Tally

Progress = Callable[[int], None]


class Scored(NamedTuple):
    """Rows and facts of one submission, before anything is resampled."""

    counted: Counted
    log: Log
    gold: Gold
    submission: dict[str, Any]
    timing: dict[str, float | None]


def score(
    gold: Sequence[Article],
    predictions: Sequence[Article],
    *,
    train: Iterable[Article] | None = None,
    settings: Settings | None = None,
) -> Result:
    """Scores of predictions against gold, both in memory.

    A prediction needs an id and the layers it predicts; text, zones and metadata
    are gold's. With `train`, slices by what was seen in training are added.
    Raises `IncidentsError` with everything that is wrong with gold or predictions.
    """
    settings = settings or Settings()
    scored = count_records(gold, predictions, train=train, settings=settings)
    return assemble(*scored[:4], settings, timing=scored.timing)


def count_records(
    gold: Sequence[Article],
    predictions: Sequence[Article],
    *,
    train: Iterable[Article] | None = None,
    settings: Settings | None = None,
) -> Scored:
    """The count rows of `score`."""
    settings = settings or Settings()
    log = Log("predictions", strict=settings.strict_schema)
    gold_log = Log("gold", gold=True)
    by_id: dict[str, Article] = {}
    for record in predictions:
        if record.id in by_id:
            log.add("duplicate-article", f"{quote(record.id)} already seen", article=record.id)
        by_id[record.id] = record
    labels = Labels.of_scheme().with_gold(gold)
    context = Context(labels, Train.of(train) if train is not None else None)
    tally = Tally(log, context, gold_log=gold_log, keep_pointers=settings.pointers)
    begun = time.perf_counter()
    known: set[str] = set()
    for article in gold:
        if article.id in known:
            gold_log.add("duplicate-article", f"{quote(article.id)} already seen")
            continue
        known.add(article.id)
        found = by_id.get(article.id)
        tally.add(article, None if found is None else Submitted(0, found))
    for name in sorted(set(by_id) - known):
        log.add("unknown-article", f"{quote(name)} is not in gold", article=name)
    counted = tally.finish(len(by_id))
    content = hashlib.sha256(b"".join(sorted(encode_lines(gold)))).hexdigest()
    return Scored(
        counted,
        log,
        Gold(version="memory", sha256=content, part=_part(gold)),
        {"file": "", "sha256": "", "name": ""},
        _timing(begun, counted),
    )


def _part(gold: Sequence[Article]) -> str:
    parts = {article.meta.part for article in gold}
    return parts.pop() if len(parts) == 1 else "mixed" if parts else "original"


def score_files(
    predictions: Path,
    *,
    corpus: Corpus | None = None,
    split: str = "test",
    part: str = "original",
    gold: Path | None = None,
    hydrated: Path | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> tuple[Result, Scored]:
    """Scores of a JSON lines file against a split of the corpus, or against a gold file.

    Returns the result and the count rows it was made from. Streams: no record is
    kept. `progress` is called with the number of articles done. Raises
    `InputError` for a file that cannot be read, `IncidentsError` with everything
    that is wrong in it, `CorpusError` if texts must be hydrated.
    """
    from .ceiling import ceiling
    from .degenerate import table

    settings = settings or Settings()
    corpus = corpus or default()
    scored = count_files(
        predictions,
        corpus=corpus,
        split=split,
        part=part,
        gold=gold,
        hydrated=hydrated,
        settings=settings,
        progress=progress,
    )
    own = gold is None and part == "original"
    result = assemble(
        *scored[:4],
        settings,
        timing=scored.timing,
        ceiling=ceiling(corpus, corpus.split(split)) if own else None,
        degenerate=table(corpus, split) if own else None,
    )
    return result, scored


def count_files(
    predictions: Path,
    *,
    corpus: Corpus | None = None,
    split: str = "test",
    part: str = "original",
    gold: Path | None = None,
    hydrated: Path | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    check_only: bool = False,
) -> Scored:
    """The count rows of `score_files`; with `check_only` there are none, only checks."""
    settings = settings or Settings()
    corpus = corpus or default()
    _known("split", split, SPLITS)
    _known("part", part, PARTS)
    path = gold or corpus.records_path(split, part)
    if gold is None and not path.is_file():
        raise InputError(f"{path} is missing; `dateline corpus build` writes it")
    begun = time.perf_counter()
    log = Log(str(predictions), strict=settings.strict_schema)
    gold_log = Log(str(path), gold=True)
    labels, train = Labels.of_scheme(), None
    if gold is not None:
        labels = labels.with_gold(gold_records(path, Log(gold=True)))
    elif corpus.records_path("train").is_file():
        train = Train.of(corpus.records("train"))
    tally = Tally(
        log,
        Context(labels, train),
        gold_log=gold_log if gold is not None else None,
        keep_pointers=settings.pointers,
        check_only=check_only,
    )
    version = "custom" if gold is not None else corpus.info.version
    with opened(predictions) as file:
        submission = Submission(file, log)
        done: set[str] = set()
        for n, article in enumerate(gold_records(path, gold_log), start=1):
            if article.id in done:
                gold_log.add("duplicate-article", f"{quote(article.id)} already seen")
                continue
            done.add(article.id)
            tally.add(hydrate(article, hydrated), submission.find(article.id))
            if progress:
                progress(n)
        where = path.name if gold is not None else f"split '{split}' of corpus {version}"
        for name, line in submission.rest():
            message = f"{quote(name)} is not in {where}"
            log.add("unknown-article", message, line=line, article=name)
        gold_log.refuse()
        counted = tally.finish(submission.records)
    return Scored(
        counted,
        log,
        Gold(
            version=version,
            sha256=digest(path),
            split="" if gold is not None else split,
            part=part,
        ),
        {"file": str(predictions), "sha256": digest(predictions), "name": predictions.stem},
        _timing(begun, counted),
    )


def write_rows(table: Table, path: Path) -> None:
    """Write count rows as JSON lines, sorted by article: `{"article": tags, "counts": {...}}`."""
    rows = (encode_row(tags, row) for tags, row in in_order(table).rows())
    write(path, b"".join(msgspec.json.encode(row) + b"\n" for row in rows))


def _known(kind: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise InputError(
            f"unknown {kind} '{name}'{hint(name, known)} ({kind}s: {', '.join(known)})"
        )


def _timing(begun: float, counted: Counted) -> dict[str, float | None]:
    whole = time.perf_counter() - begun
    parse = max(whole - counted.seconds, 0.0)
    return {
        "parse_s": round(parse, 6),
        "score_s": round(counted.seconds, 6),
        "ratio": round(whole / parse, 6) if parse else None,
        "rss_mb": _peak_megabytes(),
    }


def _peak_megabytes() -> float | None:
    """Largest resident size of this process so far; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 6)
