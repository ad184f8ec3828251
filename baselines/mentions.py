"""Mentions found in an article: names first, later the fillers around the anchors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from ..corpus.schema import Article, Event, Mention, Span
from .coref import unify_types
from .morphology import PRONOUNS
from .spans import SpanTagger, anchor_marks, gold_fillers, gold_names, mention_marks
from .view import View

NAME_ONLY: Final = frozenset({"DATE", "WEA"})


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
    """A CRF that sees names, triggers and cues; made to find too many.

    Nominals and pronouns are annotated only where an event or attribution uses
    them, so they are looked for after the anchors, and those that nothing uses
    in the end are dropped.
    """

    def __init__(self) -> None:
        self.tagger = SpanTagger(open_only=True, threshold=0.2)

    def train(self, views: Sequence[View], gold: Sequence[Article]) -> None:
        marks = [
            anchor_marks(v, a.events, cue_spans(a), mention_marks(v, names_of(a.mentions)))
            for v, a in zip(views, gold, strict=True)
        ]
        self.tagger.train(views, [gold_fillers(a) for a in gold], marks)

    def predict(
        self, view: View, names: Sequence[Mention], events: Sequence[Event], cues: Sequence[Span]
    ) -> list[Mention]:
        """Nominals and pronouns with ids `f1`, `f2`, ... that obey V7 and V8."""
        marks = anchor_marks(view, events, cues, mention_marks(view, names))
        out: list[Mention] = []
        for n, tag in enumerate(self.tagger.predict(view, marks), start=1):
            start, end = view.starts[tag.first], view.ends[tag.last - 1]
            word = view.words[tag.first].lower()
            level = "pronoun" if tag.last - tag.first == 1 and word in PRONOUNS else "nominal"
            if fits(start, end, names) and tag.label not in NAME_ONLY:
                out.append(Mention(id=f"f{n}", start=start, end=end, type=tag.label, level=level))
        return out

    def save(self, folder: Path) -> None:
        self.tagger.save(folder / "fillers.crfsuite")

    def load(self, folder: Path) -> None:
        self.tagger.load(folder / "fillers.crfsuite")


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
