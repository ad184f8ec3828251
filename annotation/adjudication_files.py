"""Adjudication on disk: what the adjudicator edits, and what becomes of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

from ..corpus.errors import InputError
from ..corpus.files import write
from ..corpus.store import Corpus
from .adjudicate import Adjudication, prepare, record


def prepare_files(
    corpus: Corpus, article_id: str, annotators: tuple[str, str], folder: Path
) -> str:
    """Write `<id>.yaml` (the first pass) and `<id>.reasons.yaml`; what was written.

    Raises `InputError` for a missing pass, and if the files exist: they may hold work.
    """
    a, b = (corpus.annotated(corpus.pass_path(name, article_id)) for name in annotators)
    anchored, reasons = prepare(a, b)
    for suffix, data in ((".yaml", anchored), (".reasons.yaml", reasons)):
        path = folder / f"{article_id}{suffix}"
        if path.exists():
            raise InputError(f"{path} exists; remove it to start anew")
        write(path, data)
    count = reasons.count('""')
    return f"{folder / article_id}.yaml: {count} differences between {' and '.join(annotators)}"


def record_files(
    corpus: Corpus, article_id: str, annotators: tuple[str, str], adjudicator: str, folder: Path
) -> str:
    """Make the adjudicator's pulled pass the gold, with the record of every decision.

    Raises `InputError` for a missing pass, `IncidentsError` for a missing reason.
    """
    a, b = (corpus.annotated(corpus.pass_path(name, article_id)) for name in annotators)
    gold = corpus.annotated(corpus.pass_path(adjudicator, article_id))
    path = folder / f"{article_id}.reasons.yaml"
    try:
        reasons = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    done = record(a, b, gold, reasons, names=annotators, by=adjudicator)
    write(corpus.decisions_path(article_id), _json(done))
    corpus.save(corpus.gold_path(article_id), gold)
    taken = Counter(decision.taken for decision in done.decisions)
    return (
        f"{article_id}: {len(done.decisions)} decisions ({taken['a']} {annotators[0]}, "
        f"{taken['b']} {annotators[1]}, {taken['other']} other), "
        f"{len(done.corrected)} corrected where both agreed"
    )


def _json(done: Adjudication) -> bytes:
    return msgspec.json.format(msgspec.json.encode(done), indent=1) + b"\n"
