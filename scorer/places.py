"""Where an offset lies: its zone, and whether two offsets share a sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from ..corpus.schema import Zone
from ..corpus.text import sentences

_STOP: Final = re.compile(r"[.!?…]")


class Places:
    """Zones and sentences of one text, computed as far as they are asked for."""

    __slots__ = ("_edges", "_from", "_kinds", "_lines", "_text", "_zones")

    def __init__(self, text: str, zones: Sequence[Zone]) -> None:
        self._text = text
        self._zones = sorted([(z.start, z.end, z.kind) for z in zones])
        self._edges = sorted([edge for zone in self._zones for edge in zone[:2]])
        # Pieces of one kind: piece n goes from _from[n - 1] to _from[n].
        self._from: list[int] = []
        self._kinds = ["none"]
        for n, (start, end, kind) in enumerate(self._zones, start=1):
            beyond = self._zones[n][0] if n < len(self._zones) else len(text)
            self._from += start, max(start, min(end, beyond))
            self._kinds += kind, "none"
        self._lines: dict[int, list[int]] = {}

    def zone(self, offset: int) -> str:
        """Kind of the zone that holds the offset, "none" if there is none."""
        return self._kinds[bisect_right(self._from, offset)]

    def apart(self, a: int, b: int) -> bool:
        """Whether two offsets lie in different sentences (`corpus.text.sentences`).

        Sentences cross neither a newline nor a zone edge, so that at most one
        line has to be split, and only if something between the two could end a
        sentence.
        """
        low, high = min(a, b), max(a, b)
        if bisect_right(self._edges, low) != bisect_right(self._edges, high):
            return True
        if self._text.find("\n", low, high) >= 0:
            return True
        if not _STOP.search(self._text, low, high):
            return False
        begin = self._text.rfind("\n", 0, low) + 1
        starts = self._lines.get(begin)
        if starts is None:
            end = self._text.find("\n", high)
            line = self._text[begin : end if end >= 0 else len(self._text)]
            cuts = [
                Zone(start=max(0, s - begin), end=min(len(line), e - begin), kind=kind)
                for s, e, kind in self._zones
                if s < begin + len(line) and e > begin
            ]
            starts = self._lines[begin] = [begin + s.start for s in sentences(line, cuts)]
        return bisect_right(starts, low) != bisect_right(starts, high)
