"""The annotator ceiling beside a score, from the agreement recorded in the corpus."""

from __future__ import annotations

from collections.abc import Iterable

from ..corpus.agreement import read_batches
from ..corpus.store import Corpus


def ceiling(corpus: Corpus, articles: Iterable[str]) -> dict[str, float | None] | None:
    """Agreement figures of the batches that hold some of the articles, weighted by how many.

    Of several rounds the last counts. None if no such batch is recorded.
    """
    wanted = set(articles)
    last = {i: b for b in sorted(read_batches(corpus), key=lambda b: b.round) for i in b.articles}
    batches = [last[i].figures for i in sorted(wanted & set(last))]
    if not batches:
        return None
    out: dict[str, float | None] = {}
    for name in sorted({name for figures in batches for name in figures}):
        known = [v for figures in batches if (v := figures.get(name)) is not None]
        out[name] = round(sum(known) / len(known), 6) if known else None
    return out
