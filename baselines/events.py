"""Events found in an article: triggers with their types and realis."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..corpus.schema import Article, Event, Mention
from .labels import EventLabels, typed
from .mentions import names_of
from .spans import SpanTagger, gold_triggers, mention_marks
from .view import View


class TriggerFinder:
    """A CRF for triggers and classifiers for their type and realis."""

    def __init__(self) -> None:
        self.tagger = SpanTagger(open_only=True, threshold=0.3)
        self._labels = EventLabels()

    def train(
        self, views: Sequence[View], gold: Sequence[Article], *, thorough: bool = True
    ) -> None:
        names = [names_of(a.mentions) for a in gold]
        marks = [mention_marks(v, n) for v, n in zip(views, names, strict=True)]
        self.tagger.train(views, [gold_triggers(a) for a in gold], marks)
        self._labels.train(views, gold, names, thorough=thorough)

    def predict(self, view: View, names: Sequence[Mention]) -> list[Event]:
        """Events without arguments in text order, ids `v1`, `v2`, ...; never inside a name."""
        marks = mention_marks(view, names)
        named = {i for m in names for i in range(*view.range(m.start, m.end))}
        tags = [
            t for t in self.tagger.predict(view, marks) if named.isdisjoint(range(t.first, t.last))
        ]
        found = [
            Event(id=f"v{n}", start=view.starts[t.first], end=view.ends[t.last - 1], type="")
            for n, t in enumerate(tags, start=1)
        ]
        return typed(found, self._labels.predict(view, names, found))

    def save(self, folder: Path) -> None:
        self.tagger.save(folder / "triggers.crfsuite")
        self._labels.save(folder)

    def load(self, folder: Path) -> None:
        self.tagger.load(folder / "triggers.crfsuite")
        self._labels.load(folder)
