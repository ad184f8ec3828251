"""An article as the baselines read it: tokens, sentences, quotations, paragraphs.

Derived from text and zones alone, so gold cannot leak through it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Final, NamedTuple

from ..corpus.ontology import ontology
from ..corpus.schema import Article, Span
from ..corpus.text import is_abbreviation, sentences, tokens

_DOUBLE: Final = re.compile(r"[“”«»\"]|''|``|’’|‘‘")
_SINGLE: Final = re.compile(r"(?<!\w)[‘'](?=\S)((?:[^‘'’\n]|(?<=\w)['’](?=\w))+)['’](?!\w)")


class Sentence(NamedTuple):
    """Tokens `first:last` (half-open); `open` if events and attributions may stand here."""

    start: int
    end: int
    first: int
    last: int
    zone: str
    open: bool
    paragraph: int


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """`words[i]` is `text[starts[i]:ends[i]]`; `quote[i]` numbers `quotes`, or is -1."""

    article: Article
    words: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[Sentence]
    sentence: list[int]
    quotes: list[Span]
    quote: list[int]

    @property
    def text(self) -> str:
        return self.article.text

    def span(self, first: int, last: int) -> Span:
        """Code points of the tokens `first:last`."""
        return Span(start=self.starts[first], end=self.ends[last - 1])

    def range(self, start: int, end: int) -> tuple[int, int]:
        """Tokens that share a code point with `[start, end)`, half-open; may be empty."""
        first = bisect_right(self.ends, start)
        return first, max(first, bisect_left(self.starts, end))

    def trim(self, first: int, last: int) -> tuple[int, int]:
        """The token range without quotation marks and punctuation at its edges.

        A bracket that opens or closes quoted words stays, as does the dot of an
        abbreviation and a per cent sign. Empty (`first == last`) if nothing is left.
        """
        while first < last and _edge_mark(self.words[first][0], "["):
            first += 1
        while last > first and _edge_mark(self.words[last - 1][-1], "]%"):
            if is_abbreviation(self.words[last - 1]):
                break
            last -= 1
        return first, last

    def sentence_of(self, start: int) -> Sentence:
        """The sentence that holds this offset, or the next one with a token."""
        token = min(bisect_right(self.ends, start), len(self.words) - 1)
        return self.sentences[self.sentence[token]]


def _edge_mark(character: str, allowed: str) -> bool:
    return character not in allowed and (
        character == "`" or unicodedata.category(character).startswith("P")
    )


def view(article: Article) -> View:
    """Tokens never cross a zone edge; sentences never cross a line or zone edge."""
    text = article.text
    cuts = [edge for zone in article.zones for edge in (zone.start, zone.end)]
    units = sentences(text, article.zones)
    spans = tokens(text, [*cuts, *(unit.end for unit in units)])
    starts, ends = [t.start for t in spans], [t.end for t in spans]
    names_only = ontology().names_only_zones
    zone_starts = [zone.start for zone in article.zones]
    found: list[Sentence] = []
    of_token: list[int] = []
    for unit in units:
        first, last = bisect_left(starts, unit.start), bisect_left(starts, unit.end)
        if first == last:
            continue
        number = bisect_right(zone_starts, unit.start) - 1
        kind = article.zones[number].kind if article.zones else "body"
        paragraph = text.count("\n", 0, unit.start)
        of_token += [len(found)] * (last - first)
        found.append(
            Sentence(unit.start, unit.end, first, last, kind, kind not in names_only, paragraph)
        )
    quotes = quotations(text)
    quote = [-1] * len(spans)
    for number, span in enumerate(quotes):
        for i in range(bisect_left(starts, span.start), bisect_left(starts, span.end)):
            quote[i] = number
    words = [text[t.start : t.end] for t in spans]
    return View(article, words, starts, ends, found, of_token, quotes, quote)


def quotations(text: str) -> list[Span]:
    """What stands between quotation marks, without them; sorted, not overlapping.

    Rules: double marks pair within a paragraph; one that is left open runs to the
    paragraph's end (the next paragraph of the turn opens with a mark of its own).
    Single marks pair only outside double ones and never at an apostrophe.
    """
    out: list[Span] = []
    at = 0
    for line in text.split("\n"):
        out.extend(_line_quotations(text, at, at + len(line)))
        at += len(line) + 1
    return out


def _line_quotations(text: str, start: int, end: int) -> list[Span]:
    out: list[Span] = []
    opened = -1
    for match in _DOUBLE.finditer(text, start, end):
        mark = match[0]
        if opened < 0 and mark not in {"”", "»", "’’"}:
            opened = match.end()
        elif opened >= 0 and mark not in {"“", "«", "``", "‘‘"}:
            _add(out, text, opened, match.start())
            opened = -1
    if opened >= 0:
        _add(out, text, opened, end)
    for match in _SINGLE.finditer(text, start, end):
        if not any(q.start < match.end() and match.start() < q.end for q in out):
            _add(out, text, match.start(1), match.end(1))
    return sorted(out, key=lambda q: q.start)


def _add(out: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        out.append(Span(start=start, end=end))
