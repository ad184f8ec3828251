"""Units of resampling: articles, or stories (theatre × incident).

Articles on one incident are not independent. A story is a connected component
of articles that share an incident of their theatre; an article without
incidents is its own. Stories stand in the order of their first article by id.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..corpus.errors import InputError
from .codes import hint
from .counts import Tags

UNITS: Final = ("article", "story")


def stories(tags: Sequence[Tags]) -> list[int]:
    """The story of each article, as numbers 0, 1, ... in order of first appearance."""
    root = list(range(len(tags)))

    def find(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    first: dict[str, int] = {}
    for n, article in enumerate(tags):
        for story in article.stories:
            a, b = sorted((find(n), find(first.setdefault(story, n))))
            root[b] = a
    numbers: dict[int, int] = {}
    return [numbers.setdefault(find(n), len(numbers)) for n in range(len(tags))]


def by_unit(tags: Sequence[Tags], articles: NDArray[np.int64], unit: str) -> NDArray[np.float64]:
    """Rows of the units: shape (articles, columns) -> (units, columns). Raises `InputError`."""
    if unit not in UNITS:
        raise InputError(f"unknown unit '{unit}'{hint(unit, UNITS)} (units: {', '.join(UNITS)})")
    if unit == "article":
        return articles.astype(np.float64)
    number = np.asarray(stories(tags), dtype=np.int64)
    out = np.zeros((int(number.max()) + 1 if len(number) else 0, articles.shape[1]))
    np.add.at(out, number, articles.astype(np.float64))
    return out
