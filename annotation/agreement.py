"""Agreement of two annotators, by the scorer's own matching.

The figures come from a function that is passed in (this folder does not import
the scorer). They are recorded with the hashes of the passes they compare, so
that the build can refuse missing or stale ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from ..corpus.agreement import GATES, Batch, hash_passes, read_batches, write_batches
from ..corpus.errors import InputError
from ..corpus.schema import Article
from ..corpus.store import Corpus, theatre_of

Figures = Callable[[Sequence[Article], Sequence[Article]], dict[str, float | None]]


def agreement(
    corpus: Corpus, annotators: tuple[str, str], figures: Figures, *, round_: int = 1
) -> list[Batch]:
    """Compare two annotators on every article both have done, theatre by theatre.

    Returns one batch per theatre, and records them in the corpus (a batch of the
    same theatre, round and annotators is replaced). Raises `InputError` if they share no article.
    """
    a, b = annotators
    shared = sorted(set(corpus.passes(a)) & set(corpus.passes(b)))
    if not shared:
        raise InputError(f"'{a}' and '{b}' have no article in common in {corpus.root}")
    theatres: defaultdict[str, list[str]] = defaultdict(list)
    for article_id in shared:
        theatres[theatre_of(article_id)].append(article_id)
    batches = [
        Batch(
            theatre=theatre,
            round=round_,
            annotators=annotators,
            articles=tuple(ids),
            hashes={name: hash_passes(corpus, name, tuple(ids)) for name in annotators},
            figures=figures(_passes(corpus, a, ids), _passes(corpus, b, ids)),
        )
        for theatre, ids in theatres.items()
    ]
    replaced = {batch.key for batch in batches}
    kept = [batch for batch in read_batches(corpus) if batch.key not in replaced]
    write_batches(corpus, kept + batches)
    return batches


def _passes(corpus: Corpus, annotator: str, ids: Sequence[str]) -> list[Article]:
    return [corpus.annotated(corpus.pass_path(annotator, i)) for i in ids]


def table(batches: Sequence[Batch]) -> str:
    """The figures as a Markdown table, gated ones first; a figure below its gate is marked."""
    names = [*GATES, *(n for n in batches[0].figures if n not in GATES)] if batches else []
    lines = ["| batch | articles | " + " | ".join(names) + " |", "|---" * (len(names) + 2) + "|"]
    for batch in batches:
        cells = [_cell(batch.figures.get(name), GATES.get(name)) for name in names]
        head = f"{batch.theatre}, round {batch.round} ({', '.join(batch.annotators)})"
        lines.append(f"| {head} | {len(batch.articles)} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(value: float | None, gate: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" + (f" (< {gate:.2f})" if gate is not None and value < gate else "")
