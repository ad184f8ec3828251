"""`offset-suspect`: names that begin or end inside words betray another way of counting.

Inclusive ends, 1-based offsets, UTF-16 units and UTF-8 bytes all shift spans a
little. A name of the scheme never starts or ends between two letters, so a file
in which many do is counted otherwise, and the repair that helps most says how.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

from ..corpus.schema import Article
from ..corpus.words import Words
from .resolve import Offsets

_SHARE: Final = 10  # report if at least one name in ten is cut
_FEWEST: Final = 3

_REPAIRS: Final[dict[str, tuple[str, Callable[[str, int, int], Offsets]]]] = {
    "inclusive ends": ("+1 on every end", lambda _, s, e: (s, e + 1)),
    "offsets from 1": ("-1 on every offset", lambda _, s, e: (s - 1, e - 1)),
    "a first line cut off": ("+1 on every offset", lambda _, s, e: (s + 1, e + 1)),
    "UTF-16 units": (
        "counting UTF-16 units",
        lambda t, s, e: (_from_units(t, s, "utf-16-le", 2), _from_units(t, e, "utf-16-le", 2)),
    ),
    "bytes": (
        "counting UTF-8 bytes",
        lambda t, s, e: (_from_units(t, s, "utf-8", 1), _from_units(t, e, "utf-8", 1)),
    ),
}


def _from_units(text: str, offset: int, encoding: str, width: int) -> int:
    """The code point offset of an offset in code units."""
    return len(text.encode(encoding, "surrogatepass")[: offset * width].decode(encoding, "ignore"))


class Suspicion:
    """Counts cut names over a submission, and which repairs would help."""

    def __init__(self) -> None:
        self._names = 0
        self._cut = 0
        self._repaired: Counter[str] = Counter()

    def add(self, record: Article, words: Words) -> None:
        for m in record.mentions:
            if m.level == "name":
                self._names += 1
                if words.cut(m.end) or words.cut(m.start):
                    self._examine(words, m.start, m.end)

    def _examine(self, words: Words, start: int, end: int) -> None:
        self._cut += 1
        for name, (_, repair) in _REPAIRS.items():
            low, high = repair(words.text, start, end)
            if 0 <= low < high <= len(words.text) and not words.cut(low) and not words.cut(high):
                self._repaired[name] += 1

    def message(self) -> str:
        """The incident's message, or "" if there is nothing to suspect."""
        if self._cut < _FEWEST or self._cut * _SHARE < self._names:
            return ""
        share = f"{100 * self._cut / self._names:.0f}% of names begin or end inside a word"
        name = max(_REPAIRS, key=lambda r: self._repaired[r])
        if 2 * self._repaired[name] < self._cut:
            return f"{share}: offsets of another text?"
        repaired = f"{100 * self._repaired[name] / self._names:.0f}%"
        return f"{share}; {_REPAIRS[name][0]} repairs {repaired}: {name}?"
