"""Text to sentences and tokens: deterministic, offset-keeping, nothing dropped.

Gold stays on characters; sentences and tokens are always derived, so a change
here never moves an annotation. All offsets are code points of normalised text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from .errors import InputError
from .schema import Span, Zone

_MARKS: Final = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d"
_LETTER: Final = rf"(?:[^\W_][{_MARKS}]*)"

# Written without the dot. `_INITIAL` are never the end of a sentence, `_ANYWHERE`
# only if the next word is one that seldom follows them inside a sentence.
_INITIAL: Final = (
    "Mr Mrs Ms Dr Prof Gen Maj Col Lt Sgt Cpl Capt Cmdr Cdr Brig Adm Gov Sen Rep Rev Hon Pres "
    "Amb Eng St Mt Ft No Nos vs al ca Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec "
    "e.g i.e cf approx Approx"
).split()
_ANYWHERE: Final = "Co Inc Ltd Corp etc Jr Sr km a.m p.m".split()
_STARTERS: Final = frozenset(
    "The A An In On At It Its He She They We I But And This That These Those There His Her Their "
    "Our After Before As If When While For From With No Some Many Most Several By".split()
)
_ABBREVIATIONS: Final = frozenset(f"{word}." for word in (*_INITIAL, *_ANYWHERE))

_TOKEN: Final = re.compile(
    rf"""
    (?:[A-Za-z]\.){{2,}}                                  # U.S.  a.m.
  | (?:{"|".join(sorted((w for w in _INITIAL if "." not in w), key=len, reverse=True))})\.
  | \d+(?:[.,:]\d+)*{_LETTER}*%?                          # 12.4  14:05  3rd  40%
  | ['’](?:s|re|ll|ve|d|m)\b                              # possessive, contracted verb
  | {_LETTER}+(?:['’](?!(?:s|re|ll|ve|d|m)\b){_LETTER}+)* # don't  N'Djara  word
  | -{{2,}} | \.{{2,}}
  | \S
    """,
    re.VERBOSE,
)

_CLOSERS: Final = "”\"’')\\]»"
_OPENERS: Final = "“\"‘'(\\[«"
_END: Final = re.compile(
    rf"""
    (?P<stop>[.!?…]+(?:[{_CLOSERS}]+[.!?…]*)*)            # .  ?!  .”.
    (?: \s+(?=(?:[–—]\ )?(?:«\s)?[{_OPENERS}]*(?:[^\W\d_]|\d))     # then space and a new word
      | (?<=[^\W\d_][.!?…{_CLOSERS}])(?=[{_OPENERS}]?[A-ZÀ-Þ][a-zà-ÿ])  # or glued: "require.An"
      | (?<=[.!?…][{_CLOSERS}])(?=[{_OPENERS}]?[A-ZÀ-Þ][a-zà-ÿ])        # or glued: ".)An"
    )
    """,
    re.VERBOSE,
)
_LAST_WORD: Final = re.compile(r"(?:[^\W_]\.)*[^\W_]+\Z")
_NEXT_WORD: Final = re.compile(rf"(?:[–—] )?(?:«\s)?[{_OPENERS}]*([^\W_]+)")


def normalise(raw: bytes | str) -> str:
    """Unicode NFC, LF newlines, no byte-order mark. Nothing else changes.

    Raises `InputError` for bytes that are not UTF-8 and for NUL characters.
    """
    if isinstance(raw, bytes):
        try:
            raw = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(f"not UTF-8 at byte {error.start}; convert the file first") from None
    text = raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise InputError(f"NUL character at {text.index(chr(0))}; this is not a text file")
    return unicodedata.normalize("NFC", text)


def tokens(text: str, cuts: Iterable[int] = ()) -> list[Span]:
    """Tokens in text order: words, numbers, abbreviations, single punctuation marks.

    Hyphens, slashes, a possessive 's and a contracted verb ("We" "'re") are tokens of
    their own. `cuts` are offsets (zone edges, say) that no token crosses.
    """
    edges = [0, *sorted(set(cuts)), len(text)]
    return [
        Span(start=match.start(), end=match.end())
        for start, end in pairwise(edges)
        for match in _TOKEN.finditer(text, start, end)
    ]


def sentences(text: str, zones: Sequence[Zone] = ()) -> list[Span]:
    """Sentences in text order. They cross neither a newline nor a zone edge.

    Method: a regular expression for sentence ends with a list of abbreviations.
    White space belongs to no sentence; all other text belongs to exactly one.
    """
    cuts = {0, len(text)} | {z.start for z in zones} | {z.end for z in zones}
    cuts.update(i + 1 for i, c in enumerate(text) if c == "\n")
    out: list[Span] = []
    for start, end in pairwise(sorted(cuts)):
        at = start
        for match in _END.finditer(text, start, end):
            if _is_end(text, at, match):
                _append(out, text, at, match.end("stop"))
                at = match.end("stop")
        _append(out, text, at, end)
    return out


def _append(out: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if stripped := piece.strip():
        begin = start + piece.index(stripped[0])
        out.append(Span(start=begin, end=begin + len(stripped)))


def _is_end(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the stop found by `_END` ends the sentence that began at `start`."""
    follow = _NEXT_WORD.match(text, match.end())
    word = follow[1] if follow else ""
    if word[:1].islower():
        return False
    if match["stop"] != ".":
        return True
    before = _LAST_WORD.search(text, start, match.start("stop"))
    last = before[0] if before else ""
    if last in _INITIAL:
        return False
    if last in _ANYWHERE or re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", last):
        return word in _STARTERS
    if len(last) == 1 and last.isupper():  # an initial: "J. Orla"
        return word in _STARTERS
    # "1. First point": a number alone at the start of a line is a label
    return not (
        last.isdigit() and before is not None and text[start : before.start()].strip() == ""
    )


def sentence_at(spans: Sequence[Span], offset: int) -> int:
    """Index of the sentence that holds `offset`, or of the last one before it."""
    return max(0, bisect_right([s.start for s in spans], offset) - 1)


def is_abbreviation(surface: str) -> bool:
    """Whether a final dot belongs to the word: "Jan.", "U.S.", "a.m."."""
    last = surface.rpartition(" ")[2]
    return last in _ABBREVIATIONS or bool(re.search(r"(?:^|\W)(?:[A-Za-z]\.){1,}$", last))
