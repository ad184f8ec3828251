"""Mentions found in an article: names first, later the fillers around the anchors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from ..corpus.ontology import ontology
from ..corpus.schema import Article, Event, Mention, Span
from .coref import unify_types
from .features import Features
from .models import Choice, Crf, best
from .morphology import PRONOUNS, closed_class, lemma, type_seeds
from .pairs import governor
from .spans import SpanTagger, anchor_marks, gold_filler_spans, gold_names, mention_marks
from .view import View

NAME_ONLY: Final = frozenset({"DATE", "WEA"})


class Candidate(NamedTuple):
    """A filler as found, and the probability with which it was."""

    mention: Mention
    score: float


class NameFinder:
    """A CRF over all zones."""

    def __init__(self) -> None:
        self.tagger = SpanTagger(open_only=False)

    def train(self, views: Sequence[View], gold: Sequence[Article]) -> None:
        self.tagger.train(views, [gold_names(a) for a in gold])

    def predict(self, view: View) -> list[Mention]:
        """Names in text order with ids `n1`, `n2`, ...; they never overlap."""
        names = [
            Mention(id=f"n{n}", start=view.starts[t.first], end=view.ends[t.last - 1], type=t.label)
            for n, t in enumerate(self.tagger.predict(view), start=1)
        ]
        return unify_types(view, names)

    def save(self, folder: Path) -> None:
        self.tagger.save(folder / "names.crfsuite")

    def load(self, folder: Path) -> None:
        self.tagger.load(folder / "names.crfsuite")


class FillerFinder:
    """A CRF that sees names, triggers and cues, and a classifier for the types.

    Nominals and pronouns are annotated only where an event or attribution uses
    them, so they are looked for after the anchors, and those that nothing uses
    in the end are dropped. So the CRF is made to find too many.
    """

    def __init__(self) -> None:
        self.tagger = SpanTagger(open_only=True, threshold=0.06, crf=Crf(c1=0.05, c2=0.2))
        self._type = Choice(c=2.0)

    def train(self, views: Sequence[View], gold: Sequence[Article]) -> None:
        marks = [
            anchor_marks(v, a.events, cue_spans(a), mention_marks(v, names_of(a.mentions)))
            for v, a in zip(views, gold, strict=True)
        ]
        self.tagger.train(views, [gold_filler_spans(a) for a in gold], marks)
        examples = seed_types() if knows_types(gold) else []
        for v, a in zip(views, gold, strict=True):
            for m in a.mentions:
                first, last = v.range(m.start, m.end)
                if m.level != "name" and first < last:
                    examples.append((filler_features(v, first, last, names_of(a.mentions)), m.type))
        self._type.train(examples)

    def predict(
        self, view: View, names: Sequence[Mention], events: Sequence[Event], cues: Sequence[Span]
    ) -> list[Candidate]:
        """Nominals and pronouns with ids `f1`, `f2`, ... that obey V7 and V8."""
        marks = anchor_marks(view, events, cues, mention_marks(view, names))
        tags = self.tagger.predict(view, marks)
        rows = self._type.probabilities(
            [filler_features(view, t.first, t.last, names) for t in tags]
        )
        out: list[Candidate] = []
        for n, (tag, row) in enumerate(zip(tags, rows, strict=True), start=1):
            start, end = view.starts[tag.first], view.ends[tag.last - 1]
            word = view.words[tag.first].lower()
            level = "pronoun" if tag.last - tag.first == 1 and word in PRONOUNS else "nominal"
            kind = best(row, "")
            if fits(start, end, names) and kind and kind not in NAME_ONLY:
                mention = Mention(id=f"f{n}", start=start, end=end, type=kind, level=level)
                out.append(Candidate(mention, tag.score))
        return out

    def save(self, folder: Path) -> None:
        self.tagger.save(folder / "fillers.crfsuite")
        self._type.save(folder / "fillers.zip")

    def load(self, folder: Path) -> None:
        self.tagger.load(folder / "fillers.crfsuite")
        self._type.load(folder / "fillers.zip")


def filler_features(view: View, first: int, last: int, names: Sequence[Mention]) -> Features:
    """What the words of a nominal or pronoun tell of its type; the last word most."""
    words = view.words[first:last]
    out = [
        *word_features(words[-1], "head"),
        f"first={lemma(words[0])}",
        f"size={min(len(words), 4)}",
    ]
    for word in words[:-1]:
        out += [f"in={lemma(word)}", f"in-c={closed_class(word)}"]
        if kind := type_seeds().get(lemma(word)):
            out.append(f"in-ty={kind}")
    start, end = view.starts[first], view.ends[last - 1]
    out += [f"holds={m.type}" for m in names if start <= m.start and m.end <= end]
    sentence = view.sentences[view.sentence[first]]
    out.append(f"gov={governor(view, sentence, first)}")
    if first > sentence.first:
        out.append(f"before={lemma(view.words[first - 1])}")
    if last < sentence.last:
        follows = view.words[last]
        out.append(f"after={follows.lower() if closed_class(follows) else 'w'}")
    return out


@lru_cache(maxsize=1 << 14)
def word_features(word: str, place: str) -> tuple[str, ...]:
    """Identity, lemma, affixes, class and seed of one word of a nominal."""
    low = word.lower()
    out = [f"{place}={low}", f"{place}-l={lemma(word)}", f"{place}-c={closed_class(word)}"]
    out += [f"{place}-s{n}={low[-n:]}" for n in (2, 3, 4) if len(low) > n]
    out += [f"{place}-p{n}={low[:n]}" for n in (4, 5) if len(low) > n]
    if kind := type_seeds().get(lemma(word)):
        out.append(f"{place}-ty={kind}")
    return tuple(out)


def seed_types() -> list[tuple[Features, str]]:
    """The words of the ontology's definitions of types, as examples of their own."""
    return [
        ([*word_features(word, "head"), f"first={word}", "size=1"], kind)
        for word, kind in sorted(type_seeds().items())
        if kind not in NAME_ONLY
    ]


def knows_types(gold: Sequence[Article]) -> bool:
    """Whether the mentions have the ontology's types, not foreign ones."""
    return {m.type for a in gold for m in a.mentions} <= ontology().entities.keys()


def names_of(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions of level name."""
    return [m for m in mentions if m.level == "name"]


def cue_spans(article: Article) -> list[Span]:
    """All spans of all cues."""
    return [span for a in article.attributions for span in a.cue]


def merged(names: Sequence[Mention], fillers: Sequence[Mention]) -> list[Mention]:
    """All mentions in text order with ids `m1`, `m2`, ..."""
    found = sorted([*names, *fillers], key=lambda m: (m.start, -m.end, m.level))
    return [msgspec.structs.replace(m, id=f"m{n}") for n, m in enumerate(found, start=1)]


def fits(start: int, end: int, names: Sequence[Mention]) -> bool:
    """Whether a filler holds every name that it touches, and is none itself."""
    return not any(
        m.start < end
        and start < m.end
        and not (start <= m.start and m.end <= end and (m.start, m.end) != (start, end))
        for m in names
    )
