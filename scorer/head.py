"""The head of a span: Appendix A of the scoring protocol.

Two annotators rarely disagree on the head of a filler, often on its edges; the
head is what decides whether a submitted mention means a gold one (`resolve.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from ..corpus.words import WORD

CUT: Final = frozenset(
    "of in on at by for from to with without near against between among around into across "
    "inside outside under over after before during since until who whom whose which that "
    "where when".split()
)
QUANT: Final = frozenset(
    "a an the at least up to more less fewer than most as many few several some all both each "
    "one two three four five six seven eight nine ten dozen dozens hundred hundreds thousand "
    "thousands million millions score scores tens number numbers group groups of part parts "
    "close over about around nearly almost".split()
)
_BREAK: Final = re.compile(r"[,;:()\[\]–—]")


def head(text: str, start: int, end: int) -> tuple[int, int]:
    """Offsets of the head of `text[start:end]`; the span itself if it holds no word.

    "Begins with a digit" means general category Nd; QUANT is compared case-folded.
    """
    low, high = _head(text[start:end])
    return start + low, start + high


@lru_cache(maxsize=65536)
def _head(surface: str) -> tuple[int, int]:
    words = list(WORD.finditer(surface))
    if not words:
        return 0, len(surface)
    last = words[0]
    counted = _counts(last[0])
    for word in words[1:]:
        if _BREAK.search(surface, last.end(), word.start()):
            break
        if word[0].casefold() in CUT and not counted:
            break
        counted = counted and _counts(word[0])
        last = word
    return last.span()


def _counts(word: str) -> bool:
    return word[0].isdecimal() or word.casefold() in QUANT
