"""Words of a text, and sets of code points as Python integers.

A *word code point* has Unicode general category L* or N*. A *word* is a maximal
run of them; a single `'`, `’`, `-` or `.` between two of them does not break it.

A set of offsets is an `int` with bit `i` set for offset `i`: union, intersection
and size of whole passages are then single operations (`|`, `&`, `.bit_count()`).
Contents, cues and quotations are compared as such sets of word code points, so
that quotation marks, spaces, punctuation and fragmentation never matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

JOINERS: Final = "'’-."
# Within `re`, [^\W_] is exactly "category L* or N*", as is str.isalnum; tests compare them.
WORD: Final = re.compile(rf"[^\W_]+(?:[{re.escape(JOINERS)}][^\W_]+)*")

_MILLION: Final = 1_000_000


class Stretch(Protocol):
    """Anything with half-open offsets: Span, Zone, Mention, Event."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


_WORD_POINT: Final = 1
_JOINER: Final = 2


def _kind(character: str) -> int:
    return character.isalnum() * _WORD_POINT + (character in JOINERS) * _JOINER


_ASCII: Final = bytes(_kind(chr(c)) for c in range(128)) + bytes(128)


@cache
def _basic_plane() -> NDArray[np.uint8]:
    return np.frombuffer(bytes(_kind(chr(c)) for c in range(0x10000)), dtype=np.uint8)


def _kinds(text: str) -> NDArray[np.uint8]:
    """The kind of every code point: word code point, joiner or neither."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii").translate(_ASCII), dtype=np.uint8)
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    if len(units) == len(text):
        return _basic_plane().take(units)
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    kinds = _basic_plane().take(points, mode="clip")
    for at in np.flatnonzero(points > 0xFFFF):
        kinds[at] = _kind(text[at])
    return kinds


def _bits(flags: NDArray[np.integer[Any]]) -> int:
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def points(spans: Iterable[Stretch]) -> int:
    """Offsets covered by the spans, as a bit set. Raises `ValueError` for negative offsets."""
    covered = 0
    for span in spans:
        covered |= (1 << span.end) - (1 << span.start)
    return covered


def dice(x: int, y: int) -> int:
    """Dice coefficient of two bit sets in millionths, rounded down; 1,000,000 if both are empty."""
    total = x.bit_count() + y.bit_count()
    return 2 * _MILLION * (x & y).bit_count() // total if total else _MILLION


class Words:
    """The words of one text, as bit sets over its offsets.

    `points` are the word code points, `runs` the words with the joiners inside
    them, `starts` the first code point of every word.
    """

    __slots__ = ("points", "runs", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        kinds = _kinds(text)
        self.points, joiners = _bits(kinds & _WORD_POINT), _bits(kinds & _JOINER)
        self.runs = self.points | joiners & (self.points << 1) & (self.points >> 1)
        self.starts = self.runs & ~(self.runs << 1)

    def of(self, spans: Iterable[Stretch]) -> int:
        """W(spans): the word code points that the spans cover."""
        return points(spans) & self.points

    def of_cue(self, spans: Iterable[Stretch]) -> int:
        """W(spans); for a cue without words (colon, dash) its non-space code points."""
        covered = points(spans)
        words = covered & self.points
        if words or not covered:
            return words
        return sum(
            1 << i
            for i in range(min(covered.bit_length(), len(self.text)))
            if covered >> i & 1 and not self.text[i].isspace()
        )

    def cut(self, offset: int) -> bool:
        """Whether `offset` lies inside a word, between two of its word code points."""
        return offset > 0 and self.points >> (offset - 1) & 3 == 3
