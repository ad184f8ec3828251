"""Recorded agreement figures, and the gate that the build keeps on them.

`agreement.json` holds one batch per theatre and round. The figures are those of
the scorer, before adjudication; this module only compares them with the gates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from .errors import InputError
from .files import write
from .schema import Article
from .store import Corpus, theatre_of

# Corpus plan: a batch below one of these goes back to the guidelines. After its
# second round it may be built, with its figures.
GATES: Final = {"names": 0.93, "triggers": 0.85, "arguments": 0.80, "attributions": 0.85}
ROUNDS: Final = 2


class Batch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two independent passes over one theatre's articles in one round.

    `hashes` maps each annotator to the SHA-256 over the pass files in id order.
    `figures` are F1 values (names, triggers, arguments, attributions, and others
    that are not gated) and kappas; null where a denominator was 0.
    """

    theatre: str
    round: int
    annotators: tuple[str, str]
    articles: tuple[str, ...]
    hashes: dict[str, str]
    figures: dict[str, float | None]

    @property
    def key(self) -> tuple[str, int, tuple[str, str]]:
        """What tells it from other batches: large theatres have several pairs a round."""
        return self.theatre, self.round, self.annotators

    @property
    def below(self) -> list[str]:
        """The gates that the batch fails."""
        return [gate for gate, bound in GATES.items() if (self.figures.get(gate) or 0.0) < bound]


def batches_path(corpus: Corpus) -> Path:
    """Where the figures are recorded."""
    return corpus.root / "agreement.json"


def read_batches(corpus: Corpus) -> list[Batch]:
    """Recorded batches in order of theatre and round; empty if none. Raises `InputError`."""
    path = batches_path(corpus)
    if not path.is_file():
        return []
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Batch])
    except msgspec.DecodeError as error:
        raise InputError(f"{path}: {error}") from None


def write_batches(corpus: Corpus, batches: list[Batch]) -> None:
    """Replace the recorded batches, sorted by theatre, round and annotators."""
    ordered = sorted(batches, key=lambda b: (b.theatre, b.round, b.annotators))
    write(batches_path(corpus), msgspec.json.format(msgspec.json.encode(ordered), indent=1) + b"\n")


def hash_passes(corpus: Corpus, annotator: str, ids: tuple[str, ...]) -> str:
    """SHA-256 over the annotator's pass files of `ids`, in that order."""
    digest = hashlib.sha256()
    for article_id in ids:
        digest.update(corpus.pass_path(annotator, article_id).read_bytes())
    return digest.hexdigest()


def gate(corpus: Corpus, gold: list[Article], doubly: frozenset[str]) -> Iterator[str]:
    """Why the build must refuse: one line per missing, stale or low batch.

    `doubly` are the ids that the plan wants doubly annotated; each must be in a
    batch whose passes are still the ones that were compared, and whose figures
    meet the gates unless it is of the second round or later.
    """
    theatres = {theatre_of(article.id) for article in gold}
    batches = [batch for batch in read_batches(corpus) if batch.theatre in theatres]
    for batch in batches:
        for annotator in batch.annotators:
            try:
                fresh = hash_passes(corpus, annotator, batch.articles) == batch.hashes[annotator]
            except (FileNotFoundError, KeyError):
                fresh = False
            if not fresh:
                yield (
                    f"agreement of {batch.theatre}, round {batch.round} is stale: the passes of "
                    f"'{annotator}' changed; run `dateline annotate agreement`"
                )
    last = {
        article_id: batch
        for batch in sorted(batches, key=lambda b: b.round)
        for article_id in batch.articles
    }
    for theatre in sorted(theatres):
        wanted = sorted(a.id for a in gold if theatre_of(a.id) == theatre and a.id in doubly)
        if missing := [i for i in wanted if i not in last]:
            yield f"{theatre}: no agreement recorded for {len(missing)} articles ({missing[0]} ...)"
    for batch in {batch.key: batch for batch in last.values()}.values():
        if batch.below and batch.round < ROUNDS:
            figures = ", ".join(f"{g} {batch.figures.get(g) or 0:.3f}" for g in batch.below)
            yield (
                f"{batch.theatre}, round {batch.round} is below its gates ({figures}); mend the "
                "guidelines and have it annotated anew"
            )
