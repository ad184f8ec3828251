"""Zones found in a raw article: what is headline, body, caption, credit, notice.

Rules on layout and wording, not a model. They only say what is what: every
character that is not white space lies in exactly one zone, none is dropped.
Definitions: section 2 of the annotation scheme.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from .schema import Span, Zone
from .text import sentences

_MONTH: Final = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|"
    r"Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY: Final = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DATE_WORD: Final = rf"(?:{_MONTH}|{_DAY}|\d{{1,4}}(?:st|nd|rd|th)?|\d{{1,2}}[:.h]\d{{2}})"
_STAMP: Final = re.compile(
    rf"(?=.*\d)(?:(?:Published|Updated|Posted|Last updated|Issued|Released|Date)\b[^.!?]{{0,60}}"
    rf"|(?:{_DATE_WORD}|[AaPp]\.?[Mm]\.?|[A-Z]{{2,4}}T?|[-–—,/|:·()+ ]|at|UTC|local time)+)\Z"
)
# "Nabd Ladun | 4 October 2027, 9.30 pm", "Marsaya, QONA - 17/7/2027": outlet and date
_STAMP_TAIL: Final = re.compile(
    rf"[^.!?]{{2,50}}?[,|•·–—-]\s+(?:{_DAY},? )?(?:\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}"
    rf"|\d{{1,2}} {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}})(?:\W.{{0,20}})?\Z"
)
_BYLINE: Final = re.compile(
    r"\((?:Reporting|Writing|Editing|Additional reporting) (?:by|from) [^()]+\)\Z"
    r"|(?:By|BY|Written by|Reporting by|Words by|Compiled by|Text and photos by)\s+\S.{0,110}\Z"
    r"|[A-Z][^.!?]{2,60},\s(?:[\w’' -]+\s)?(?:[Cc]orrespondent|[Rr]eporter|[Ss]taff [Ww]riter)"
    r"(?:\s(?:in|for)\s[^.!?]{2,40})?\Z"
)
_PLACE: Final = r"[A-ZÀ-Þ][A-ZÀ-Þ'’ -]{2,40}"
_OPENER: Final = re.compile(
    rf"(?:{_PLACE}(?:,\s[^—–:.()\n]{{2,40}}|,\s{_MONTH}\s\d{{1,2}})?\s*(?:\([^()\n]{{2,40}}\))?"
    rf"\s*(?:—|–|--|-(?=\s)|:)\s*(?:(?i:{_MONTH})\s\d{{1,2}}:\s*)?)"
    rf"|(?:{_PLACE}(?:,[^—–:.()\n]{{2,40}})?\s*\([^()\n]{{2,30}}\)\s)"
    rf"|(?:\([A-Z]{{2,8}}\)\s*(?:—|–|--|-)\s*)"
)
_PLACE_LINE: Final = re.compile(rf"{_PLACE},\s[^.!?]{{3,60}}\Z")
_CREDIT: Final = re.compile(
    r"\((?=[^()]*(?:[Pp]hoto|PHOTO|[Pp]icture|[Ii]mages?\b|[Hh]andout|[Cc]redit|[Cc]ourtesy|"
    r"[Vv]ideo grab|[Ff]ile\b|/|\s[–—]\s))[^()]{3,120}\)"
    r"|(?:(?:Photo(?:graph)?s?|Pictures?|Images?|Credit|Handout)(?: by)?\s?:|©)\s?"
    r"[^.()\n]{2,60}?(?=(?<=[a-zà-ÿ]{2})[A-ZÀ-Þ]|[.()\n]|\Z)"
)
_CREDIT_WORD: Final = re.compile(
    r"[Pp]hoto|PHOTO|[Pp]icture|[Ii]mage|[Hh]andout|[Cc]redit|[Cc]ourtesy|©"
)
_CAPTION_LABEL: Final = re.compile(r"(?:FILE|File photo|Caption|PHOTO|Pictured)\b\s?[:–—-]")
_NOTICE: Final = re.compile(
    r"[(\[*]?\s*(?:Editor[’']?s?[’']?s? note|"
    r"(?i:note to (?:editors|readers|clients|users|subscribers))|"
    r"(?i:corrections?|corrects|corrected|clarification)\b|"
    r"This (?:story|article|report|version|item) (?:has been|was|corrects)|"
    r"The erroneous\b|Read (?:more|also)\b|Follow us\b|Subscribe\b|Sign up\b|All rights reserved|"
    r"Copyright\b|MANDATORY|RESTRICTED|For (?:media|press) (?:enquiries|inquiries|queries)|"
    r"Media contact|Press contact|Ends\b\W*\Z|ENDS\b|###)"
)
_REPEAT_WORDS: Final = 6


class _Piece(NamedTuple):
    start: int
    end: int
    kind: str


def zones(text: str) -> tuple[Zone, ...]:
    """Zones of normalised `text`, in order, covering all of it but white space."""
    lines = [Span(start=m.start(), end=m.end()) for m in re.finditer(r"[^\n]+", text)]
    lines = [stripped for line in lines if (stripped := _strip(text, line.start, line.end))]
    pieces: list[_Piece] = []
    head_end = _head(text, lines)
    for number in range(len(lines)):
        pieces.extend(_line(text, lines, number, head_end))
    return tuple(_merge(text, _repeats(text, pieces)))


def _strip(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start=start, end=end) if start < end else None


def _head(text: str, lines: list[Span]) -> int:
    """Number of the line after the last byline or stamp near the top (else 1)."""
    for number in range(min(6, len(lines)) - 1, 0, -1):
        surface = lines[number].of(text)
        if _BYLINE.match(surface) or _is_dateline(surface):
            return number
    return 1


def _line(text: str, lines: list[Span], number: int, head_end: int) -> Iterator[_Piece]:
    line = lines[number]
    surface = line.of(text)
    if _NOTICE.match(surface):
        yield _Piece(line.start, line.end, "notice")
    elif _BYLINE.match(surface):
        yield _Piece(line.start, line.end, "byline")
    elif number > 0 and _is_dateline(surface):
        yield _Piece(line.start, line.end, "dateline")
    elif _is_caption(surface):
        yield from _caption_line(text, line)
    elif number < head_end and len(surface.split()) <= 40:
        yield _Piece(line.start, line.end, "headline")
    elif _is_subheading(text, lines, number):
        yield _Piece(line.start, line.end, "subheading")
    else:
        opener = _OPENER.match(surface)
        cut = line.start + (opener.end() if opener else 0)
        if opener and cut < line.end:
            yield _Piece(line.start, cut, "dateline")
        yield _Piece(cut, line.end, "body")


def _is_dateline(surface: str) -> bool:
    """A whole line that says where and when, and nothing else."""
    return any(rule.match(surface) for rule in (_STAMP, _STAMP_TAIL, _PLACE_LINE))


def _is_caption(surface: str) -> bool:
    """A line that holds a photo credit or a caption label."""
    credits = [match[0] for match in _CREDIT.finditer(surface)]
    return bool(
        _CAPTION_LABEL.match(surface)
        or any(_CREDIT_WORD.search(credit) for credit in credits)
        or (credits and surface.endswith(credits[-1]))
    )


def _caption_line(text: str, line: Span) -> Iterator[_Piece]:
    """Caption, credit, caption, credit, ... run together in one line."""
    at = line.start
    for credit in _CREDIT.finditer(text, line.start, line.end):
        if before := _strip(text, at, credit.start()):
            yield from _between_credits(text, before)
        yield _Piece(credit.start(), credit.end(), "credit")
        at = credit.end()
    if rest := _strip(text, at, line.end):
        yield from _between_credits(text, rest)


def _between_credits(text: str, span: Span) -> Iterator[_Piece]:
    """An agency's notice may stand before the caption; a place opener may begin it."""
    units = sentences(text[span.start : span.end])
    cut = span.start
    first = span.of(text).lstrip("/ ")
    if _NOTICE.match(first):
        # The notice runs to the first sentence that is glued to the one before it.
        cut = span.end
        for left, right in pairwise(units):
            if left.end == right.start:
                cut = span.start + right.start
                break
        yield _Piece(span.start, cut, "notice")
    if cut < span.end:
        opener = _OPENER.match(text, cut, span.end)
        if opener and opener.end() < span.end:
            yield _Piece(cut, opener.end(), "dateline")
            cut = opener.end()
        yield _Piece(cut, span.end, "caption")


def _is_subheading(text: str, lines: list[Span], number: int) -> bool:
    """A short line without a full stop, followed by a longer paragraph."""
    surface = lines[number].of(text)
    if number == 0 or number + 1 >= len(lines) or len(surface.split()) > 12:
        return False
    if surface[-1] in '.!…”"’,;:)' or surface[0] in '“"•-–—*':
        return False
    following = lines[number + 1].of(text)
    return len(following) > len(surface) and len(following.split()) > 8


def _repeats(text: str, pieces: list[_Piece]) -> Iterator[_Piece]:
    """Turn word-for-word repeats of an earlier sentence into notices."""
    seen: set[str] = set()
    for piece in pieces:
        if piece.kind not in {"body", "caption"}:
            yield piece
            continue
        for unit in sentences(text[piece.start : piece.end]):
            start, end = piece.start + unit.start, piece.start + unit.end
            words = " ".join(re.findall(r"\w+", text[start:end]))
            repeated = words in seen and words.count(" ") + 1 >= _REPEAT_WORDS
            seen.add(words)
            yield _Piece(start, end, "notice" if repeated else piece.kind)


def _merge(text: str, pieces: Iterator[_Piece]) -> Iterator[Zone]:
    """Join neighbours of one kind within a paragraph block; trim white space."""
    current: _Piece | None = None
    for piece in pieces:
        trimmed = _strip(text, piece.start, piece.end)
        if trimmed is None:
            continue
        if current and current.kind == piece.kind and _joins(text, current, trimmed):
            current = _Piece(current.start, trimmed.end, current.kind)
            continue
        if current:
            yield Zone(start=current.start, end=current.end, kind=current.kind)
        current = _Piece(trimmed.start, trimmed.end, piece.kind)
    if current:
        yield Zone(start=current.start, end=current.end, kind=current.kind)


def _joins(text: str, left: _Piece, right: Span) -> bool:
    """Body paragraphs form one zone; other kinds join only within a line."""
    gap = text[left.end : right.start]
    return not gap.strip() and (left.kind == "body" or "\n" not in gap)
