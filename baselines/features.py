"""Features of tokens: what the sequence taggers see of a word and its neighbours.

All features are strings. Those of a word form are cached per form and offset, so
extraction costs a few dictionary look-ups per token.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache

from .morphology import (
    closed_class,
    cue_seeds,
    ending,
    lemma,
    phrase,
    shape,
    trigger_hints,
    trigger_seeds,
    type_seeds,
)
from .view import Sentence, View

Features = list[str]


@lru_cache(maxsize=1 << 16)
def form(word: str) -> tuple[str, ...]:
    """Features of the form itself: identity, lemma, affixes, shape, class, seeds."""
    low = word.lower()
    out = [f"w={low}", f"l={lemma(word)}", *_kind(word)]
    if word.isalpha() and len(word) > 3:
        out += [f"p3={low[:3]}", f"p4={low[:4]}", f"s2={low[-2:]}", f"s3={low[-3:]}"]
    return tuple(out)


def _kind(word: str) -> list[str]:
    base = lemma(word)
    out = [f"x={shape(word)}", f"c={closed_class(word)}", f"e={ending(word)}"]
    for kind in trigger_seeds().get(base, ()):
        out += [f"ev={kind}", "ev"]
    if base in trigger_hints():
        out.append("hint")
    if act := cue_seeds().get(base):
        out += [f"act={act}", "act"]
    if kind := type_seeds().get(base):
        out += [f"ty={kind}", "ty"]
    return out


@lru_cache(maxsize=1 << 18)
def near(word: str, offset: int) -> tuple[str, ...]:
    """What a neighbour at this offset shows: identity, lemma, class, seeds."""
    out = [f"l={lemma(word)}", *_kind(word)] if abs(offset) == 1 else [f"l={lemma(word)}"]
    if abs(offset) == 2:
        out.append(f"c={closed_class(word)}")
    return tuple(f"{offset}:{f}" for f in out)


@lru_cache(maxsize=1 << 18)
def token_signs(word: str, offset: int) -> tuple[str, ...]:
    """Class and ending of a word; its identity if it is of a closed class or a mark."""
    kind = closed_class(word)
    out = [f"{offset}:c={kind}"]
    if kind not in {"", "cap", "num"}:
        out.append(f"{offset}:w={word.lower()}")
    elif abs(offset) <= 1:
        out.append(f"{offset}:e={ending(word)}")
        out.append(f"{offset}:l={lemma(word)}")
    return tuple(out)


@cache
def _seed_phrases() -> frozenset[str]:
    return frozenset(p for p in (*trigger_seeds(), *cue_seeds()) if " " in p)


def is_name_like(word: str) -> bool:
    """Capitalised and of no closed class: a word that a name may be made of."""
    return closed_class(word) == "cap"


def contexts(view: View) -> dict[str, Features]:
    """Per capitalised word, features of its best-placed occurrences in the article.

    A name met once after a title or before "province" is the same name elsewhere;
    a word also met in lower case is none.
    """
    counts: dict[str, Counter[str]] = {}
    lower = {w for w in view.words if w.islower()}
    words = view.words
    for sentence in view.sentences:
        for i in range(sentence.first, sentence.last):
            if not is_name_like(words[i]):
                continue
            seen = counts.setdefault(words[i], Counter())
            if i > sentence.first:
                seen[f"doc-1={lemma(words[i - 1])}"] += 1
                seen[f"doc-1c={closed_class(words[i - 1])}"] += 1
            if i + 1 < sentence.last:
                seen[f"doc+1={lemma(words[i + 1])}"] += 1
                seen[f"doc+1c={closed_class(words[i + 1])}"] += 1
    out: dict[str, Features] = {}
    for word, seen in counts.items():
        features = [f for f, _ in sorted(seen.items(), key=lambda kv: (-kv[1], kv[0]))[:8]]
        if word.lower() in lower:
            features.append("doc-lower")
        if sum(seen.values()) > 4:
            features.append("doc-often")
        out[word] = features
    return out


@lru_cache(maxsize=1)
def token_features(view: View) -> list[Features]:
    """Features per token of the article; not to be changed, the taggers share them."""
    document = contexts(view)
    return [row for s in view.sentences for row in _sentence_features(view, s, document)]


def _sentence_features(
    view: View, sentence: Sentence, document: Mapping[str, Features]
) -> list[Features]:
    words = view.words
    title = _is_title(view, sentence)
    phrases = _phrases(view, sentence)
    out: list[Features] = []
    for i in range(sentence.first, sentence.last):
        features = [*form(words[i])]
        for offset in (-2, -1, 1, 2):
            j = i + offset
            if sentence.first <= j < sentence.last:
                features += near(words[j], offset)
            elif abs(offset) == 1:
                features.append(f"{offset}:edge")
        features.append(f"zone={sentence.zone}")
        features += phrases.get(i, ())
        if view.quote[i] >= 0:
            features.append("quoted")
        if title:
            features.append("title-case")
        elif i == sentence.first:
            features.append(f"first,c={closed_class(words[i])}")
        features += document.get(words[i], ())
        out.append(features)
    return out


def _is_title(view: View, sentence: Sentence) -> bool:
    """Whether the line writes its words with capitals ("Rebels Seize Town")."""
    words = [w for w in view.words[sentence.first : sentence.last] if len(w) > 3 and w.isalpha()]
    return len(words) > 2 and sum(w[0].isupper() for w in words) > 0.7 * len(words)


def _phrases(view: View, sentence: Sentence) -> dict[int, Features]:
    """Marks on the tokens of the ontology's triggers and cues of two or three words."""
    out: dict[int, Features] = {}
    for length in (2, 3):
        for i in range(sentence.first, sentence.last - length + 1):
            key = phrase(view.words[i : i + length])
            if key in _seed_phrases():
                kinds = trigger_seeds().get(key, ()) or (cue_seeds()[key],)
                for j in range(i, i + length):
                    out.setdefault(j, []).append(f"phrase{j - i}={kinds[0]}")
    return out
