"""The numbered units (sentences) of a text-anchored file, located in the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ..corpus.errors import InputError
from ..corpus.schema import Span
from ..corpus.text import tokens

_QUOTES: Final = str.maketrans("“”‘’", "\"\"''")


class AnchorError(Exception):
    """An anchor that does not resolve; the message says what was found instead."""


class Units:
    """The numbered units of a file, located in the article's text."""

    def __init__(self, text: str, surfaces: Sequence[str], cuts: Sequence[int] = ()) -> None:
        self.text = text
        self.spans: list[Span] = []
        at = 0
        for number, surface in enumerate(surfaces, start=1):
            start = text.find(surface, at)
            if start < 0 or text[at:start].strip():
                raise InputError(
                    f"unit {number} is not the article's next text: the file has "
                    f"{surface[:40]!r}, the article {text[at : at + 40].strip()!r}"
                )
            at = start + len(surface)
            self.spans.append(Span(start=start, end=at))
        if text[at:].strip():
            raise InputError(
                f"the units end before the article does, at {text[at:].strip()[:40]!r}"
            )
        pieces = tokens(text, cuts)
        self._starts = {token.start for token in pieces}
        self._ends = {token.end for token in pieces}

    def occurrences(self, number: int, surface: str) -> list[Span]:
        """Whole-word occurrences of `surface` in unit `number`, left to right."""
        unit = self.spans[number - 1]
        found: list[Span] = []
        start = self.text.find(surface, unit.start, unit.end)
        while start >= 0:
            span = Span(start=start, end=start + len(surface))
            if span.start in self._starts and span.end in self._ends:
                found.append(span)
            start = self.text.find(surface, start + 1, unit.end)
        return found

    def resolve(self, anchor: Any) -> Span:
        """The span of `[unit, surface]` or `[unit, surface, n]`.

        Raises `AnchorError` saying what was found instead.
        """
        match anchor:
            case [int(number), str(surface)]:
                n = 1
            case [int(number), str(surface), int(n)]:
                pass
            case _:
                raise AnchorError(
                    f'expected [unit, "surface"] or [unit, "surface", n], got {anchor}'
                )
        if not 1 <= number <= len(self.spans):
            raise AnchorError(f"there is no unit {number} (the article has {len(self.spans)})")
        found = self.occurrences(number, surface)
        if 1 <= n <= len(found):
            return found[n - 1]
        if found:
            times = "once" if len(found) == 1 else f"{len(found)} times"
            raise AnchorError(f"{surface!r} occurs {times} in unit {number}, not {n}")
        instead = self._instead(number, surface)
        raise AnchorError(f"unit {number} has no whole word(s) {surface!r}; {instead}")

    def _instead(self, number: int, surface: str) -> str:
        unit = self.spans[number - 1].of(self.text)
        at = unit.casefold().find(surface.casefold())
        if at >= 0:
            return f"it has {unit[max(0, at - 8) : at + len(surface) + 8]!r} there"
        plain = unit.translate(_QUOTES)
        if surface.translate(_QUOTES) in plain:
            at = plain.index(surface.translate(_QUOTES))
            return f"it has {unit[at : at + len(surface)]!r} (mind the quotation marks)"
        elsewhere = [i for i in range(1, len(self.spans) + 1) if self.occurrences(i, surface)]
        if elsewhere:
            return f"unit {elsewhere[0]} has it"
        return f"the unit is {unit[:70]!r}"

    def anchor(self, span: Span) -> list[int | str]:
        """The anchor that resolves to `span`. Raises `InputError` if none does."""
        for number, unit in enumerate(self.spans, start=1):
            if unit.start <= span.start and span.end <= unit.end:
                surface = span.of(self.text)
                found = self.occurrences(number, surface)
                if span in found:
                    n = found.index(span) + 1
                    return [number, surface] if n == 1 else [number, surface, n]
        raise InputError(
            f"[{span.start}, {span.end}) {span.of(self.text)[:40]!r} crosses a unit or cuts a word"
        )
