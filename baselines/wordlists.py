"""Word lists learned from annotated articles, and their longest match in a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from ..corpus.schema import Article
from .tagging import Tagged
from .view import Sentence, View

LONGEST: Final = 6  # tokens of a list entry
RELIABLE: Final = 0.5  # share of a phrase's occurrences that carry its label
Key = Callable[[Sequence[str]], str]
Labelled = tuple[int, int, str]


def exact(words: Sequence[str]) -> str:
    """The phrase as it is written: for names."""
    return " ".join(words)


def lower(words: Sequence[str]) -> str:
    """The phrase in lower case: for nominals."""
    return " ".join(words).lower()


def learn(
    seen: Sequence[tuple[View, Article]], spans: Callable[[Article], Iterable[Labelled]], key: Key
) -> dict[str, str]:
    """Phrase -> commonest label, for phrases that mostly carry one; sorted by phrase."""
    labels: dict[str, Counter[str]] = {}
    for view, article in seen:
        for start, end, label in spans(article):
            first, last = view.range(start, end)
            if 0 < last - first <= LONGEST:
                labels.setdefault(key(view.words[first:last]), Counter())[label] += 1
    occurrences: Counter[str] = Counter()
    lengths = sorted({len(phrase.split(" ")) for phrase in labels})
    for view, _ in seen:
        for sentence in view.sentences:
            for length in lengths:
                for i in range(sentence.first, sentence.last - length + 1):
                    found = key(view.words[i : i + length])
                    if found in labels:
                        occurrences[found] += 1
    return {
        phrase: min(counts, key=lambda k: (-counts[k], k))
        for phrase, counts in sorted(labels.items())
        if counts.total() >= RELIABLE * occurrences[phrase]
    }


def absent(
    seen: Sequence[tuple[View, Article]], seeds: Mapping[str, str], key: Key
) -> dict[str, str]:
    """Those seeds that the training texts never use: nothing speaks against them."""
    used = {
        key(view.words[i : i + length])
        for view, _ in seen
        for length in (1, 2, 3)
        for i in range(len(view.words) - length + 1)
    }
    return {phrase: label for phrase, label in seeds.items() if phrase not in used}


def match(
    view: View, sentence: Sentence, entries: Mapping[str, str], key: Key, taken: set[int]
) -> list[Tagged]:
    """Entries in a sentence, from the left, longest first, none on a `taken` token."""
    out: list[Tagged] = []
    i = sentence.first
    while i < sentence.last:
        for length in range(min(LONGEST, sentence.last - i), 0, -1):
            tokens = range(i, i + length)
            label = entries.get(key(view.words[i : i + length]))
            if label is not None and taken.isdisjoint(tokens):
                if view.trim(i, i + length) == (i, i + length):
                    out.append(Tagged(i, i + length, label, 1.0))
                i += length - 1
                break
        i += 1
    return out
