"""Rules of the `lexicon` baseline: dates, capitalised runs, realis, contents, sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from ..corpus.ontology import ontology
from ..corpus.schema import Argument, Span
from .content import pieces
from .features import is_name_like
from .licenses import Licenses
from .morphology import MONTHS, NEGATIONS, WEEKDAYS, closed_class, lemma
from .pairs import Phrase, Scene, around
from .tagging import Tagged
from .view import Sentence, View

SPEAKERS: Final = frozenset({"PER", "ORG", "NORP"})
REACH: Final = 5  # tokens before a trigger in which a word sets its realis


def dates(view: View, sentence: Sentence) -> list[Tagged]:
    """Runs of weekdays, months, day numbers and years that hold a day, month or year."""
    out: list[Tagged] = []
    i = sentence.first
    while i < sentence.last:
        last = i
        while last < sentence.last and _dateish(view.words[last], last > i):
            last += 1
        while last > i and view.words[last - 1] == ",":
            last -= 1
        if any(_dates(w) for w in view.words[i:last]):
            out.append(Tagged(i, last, "DATE", 1.0))
        i = max(last, i + 1)
    return out


def _dates(word: str) -> bool:
    """A weekday, a month ("May" only with its capital) or a year."""
    low = word.lower()
    named = low in WEEKDAYS or low in MONTHS
    return (named and word[0].isupper()) or bool(re.fullmatch(r"(?:19|20)\d\d", word))


def _dateish(word: str, inside: bool) -> bool:
    number = bool(re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", word))
    return _dates(word) or number or (inside and word == ",")


def capital_runs(view: View, sentence: Sentence) -> list[tuple[int, int]]:
    """Token ranges of capitalised words; a sentence's first word counts only in a run
    or if the article has it capitalised elsewhere too."""
    out: list[tuple[int, int]] = []
    i = sentence.first
    while i < sentence.last:
        last = i
        while last < sentence.last and is_name_like(view.words[last]):
            last += 1
        lone = last - i == 1 and i == sentence.first and view.words.count(view.words[i]) < 2
        if last > i and not lone:
            out.append((i, last))
        i = max(last, i + 1)
    return out


@cache
def _hints() -> list[tuple[str, frozenset[str]]]:
    """Realis value -> lemmas and closed-class words of its definition, in order."""
    out: list[tuple[str, frozenset[str]]] = []
    for value, description in ontology().realis.items():
        words = {lemma(w) for w in re.findall(r"[a-z]+", description)}
        if value == "negated":
            words = {lemma(w) for w in NEGATIONS}
        out.append((value, frozenset(w for w in words if w not in _COMMON)))
    return [(value, words) for value, words in out if value not in {"actual", "generic"}]


_COMMON: Final = frozenset(
    "the or and by it a no for that what is under with of did not before in to its on".split()
)


def realis(view: View, sentence: Sentence, first: int, default: str) -> str:
    """The first value in the ontology's order with a word shortly before the trigger."""
    before = {lemma(w) for w in view.words[max(sentence.first, first - REACH) : first]}
    for value, words in _hints():
        if before & words:
            return value
    return default


def nearest_arguments(
    scene: Scene, anchor: Phrase, roles: Sequence[tuple[str, str]], licenses: Licenses
) -> list[Argument]:
    """For each (role, side) in order: the nearest free mention of an allowed type.

    The side is the one on which training has the role more often; the other is
    tried second.
    """
    scene = around(scene, anchor)
    out: list[Argument] = []
    used: set[str] = set()
    for role, side in roles:
        allowed = [
            m
            for m in scene.mentions
            if m.id not in used and licenses.fills(anchor.type, role, m.type)
        ]
        ranked = sorted(allowed, key=lambda m: (_side(anchor, m) != side, _gap(anchor, m), m.first))
        if ranked:
            out.append(Argument(role=role, target=ranked[0].id))
            used.add(ranked[0].id)
    return out


def _side(anchor: Phrase, target: Phrase) -> str:
    return "before" if target.first < anchor.first else "after"


def _gap(anchor: Phrase, target: Phrase) -> int:
    return max(target.first - anchor.last, anchor.first - target.last, 0)


def cue_content(view: View, cue: Span, speakers: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """The content of one cue, by three rules.

    A cue with a quotation in its sentence: the quotations. A cue at the end of the
    sentence, or "according to": what precedes it and its speaker. Any other: what
    follows it, after "that" or a colon.
    """
    first, last = view.range(cue.start, cue.end)
    sentence = view.sentences[view.sentence[first]]
    quotes = {i for i in range(sentence.first, sentence.last) if view.quote[i] >= 0}
    if quotes and first not in quotes:
        return pieces(view, quotes, [cue])
    source = nearest_speaker(first, last, speakers)
    low, high = min(first, source[0]), max(last, source[1])
    trailing = sentence.last - high <= 2 or lemma(view.words[first]) == lemma("according")
    if trailing and low - sentence.first > 2:
        return pieces(view, set(range(sentence.first, low)), [cue])
    start = high if source[0] >= last and source[0] - last <= 3 else last
    return pieces(view, set(range(start, sentence.last)), [cue])


def nearest_speaker(first: int, last: int, speakers: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Token range of the mention nearest to the cue, the one before it of equals."""
    return min(
        speakers, key=lambda r: (max(first - r[1], r[0] - last), r[0]), default=(first, last)
    )


def speaks(kind: str) -> bool:
    """Whether a mention of this type may be a source: people and bodies."""
    return kind.partition(".")[0] in SPEAKERS


def is_colon_cue(view: View, sentence: Sentence, i: int) -> bool:
    """A headline's "X: ..." with few words before the colon."""
    few = sentence.first < i <= sentence.first + 5
    return view.words[i] == ":" and few and closed_class(view.words[sentence.first]) == "cap"
