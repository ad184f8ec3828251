"""The span taggers: names, fillers, triggers and cues, one CRF each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..corpus.schema import Article, Event, Mention, Span
from .features import Features, token_features
from .models import Crf
from .pairs import gap_bin, voice
from .tagging import Tagged, bio, decode
from .view import Sentence, View

Labelled = tuple[int, int, str]
Marks = dict[int, Features]  # token -> further features
CUE_PARTS = ("cue", "part")  # the first span of a cue, and what "accused ... of" adds to it

NEAR = 24  # tokens within which a trigger or cue tells of the words around it
COLONS = frozenset({":", "–", "—", "-"})  # marks that may be a cue


class SpanTagger:
    """A CRF that finds labelled spans, sentence by sentence.

    `open_only` leaves out zones without events; `threshold` is the probability of
    lying in a span from which a token is taken into one.
    """

    def __init__(self, *, open_only: bool, threshold: float = 0.5, crf: Crf | None = None) -> None:
        self.open_only = open_only
        self.threshold = threshold
        self._crf = crf or Crf()

    def train(
        self,
        views: Sequence[View],
        gold: Sequence[Sequence[Labelled]],
        marks: Sequence[Marks] | None = None,
    ) -> None:
        """Fit to the gold spans of each view; `marks` are further features of its tokens."""
        examples: list[tuple[list[Features], list[str]]] = []
        for n, (view, spans) in enumerate(zip(views, gold, strict=True)):
            extra = marks[n] if marks else {}
            for sentence in self._sentences(view):
                labels = bio(view, sentence, spans)
                examples.append((_marked(view, extra, sentence), labels))
        self._crf.train(examples)

    def predict(self, view: View, marks: Marks | None = None) -> list[Tagged]:
        """Spans in text order, never overlapping."""
        out: list[Tagged] = []
        for sentence in self._sentences(view):
            rows = self._crf.marginals(_marked(view, marks or {}, sentence))
            out += decode(rows, sentence.first, self.threshold)
        return [found for tag in out if (found := trimmed(view, tag))]

    def _sentences(self, view: View) -> list[Sentence]:
        return [s for s in view.sentences if s.open or not self.open_only]

    def save(self, path: Path) -> None:
        self._crf.save(path)

    def load(self, path: Path) -> None:
        self._crf.load(path)


def mention_marks(view: View, known: Sequence[Mention]) -> Marks:
    """Token -> what the mentions tell of it and of its neighbours."""
    out: Marks = {}
    for mention in known:
        first, last = view.range(mention.start, mention.end)
        for i in range(first, last):
            out.setdefault(i, []).append(f"in={mention.type}")
        if first < last:
            out.setdefault(first - 1, []).append(f"+1:in={mention.type}")
            out.setdefault(last, []).append(f"-1:in={mention.type}")
            out.setdefault(last - 1, []).append("in-last")
    return out


def anchor_marks(view: View, events: Sequence[Event], cues: Sequence[Span], into: Marks) -> Marks:
    """Adds to `into` where each token stands as seen from triggers and cues."""
    anchors = [(*view.range(e.start, e.end), "event", e.type) for e in events]
    anchors += [(*view.range(s.start, s.end), "cue", "cue") for s in cues]
    for sentence in view.sentences:
        inside = sorted(a for a in anchors if sentence.first <= a[0] < a[1] <= sentence.last)
        for first, last, sort, kind in inside:
            how = voice(view, sentence, first, last)
            for i in range(max(sentence.first, first - NEAR), min(sentence.last, last + NEAR)):
                side = "L" if i < first else "R" if i >= last else "in"
                gap = gap_bin(first - 1 - i if i < first else max(0, i - last))
                row = into.setdefault(i, [])
                row.append(f"{sort}:{side}{gap}")
                row += (f"{sort}:{side}{gap}:{how}", f"{sort}:{side}:{kind}")
        if not inside:
            for i in range(sentence.first, sentence.last):
                into.setdefault(i, []).append("no-anchor")
    return into


def _marked(view: View, marks: Marks, sentence: Sentence) -> list[Features]:
    features = token_features(view)
    return [[*features[i], *marks.get(i, ())] for i in range(sentence.first, sentence.last)]


def trimmed(view: View, tag: Tagged) -> Tagged | None:
    """The span without punctuation at its edges; None if nothing is left.

    A cue that is a colon or dash stays as it is.
    """
    if tag.label in CUE_PARTS and all(w in COLONS for w in view.words[tag.first : tag.last]):
        return tag
    first, last = view.trim(tag.first, tag.last)
    return tag._replace(first=first, last=last) if first < last else None


def gold_names(article: Article) -> list[Labelled]:
    """Spans and types of the names."""
    return [(m.start, m.end, m.type) for m in article.mentions if m.level == "name"]


def gold_fillers(article: Article) -> list[Labelled]:
    """Spans and types of nominals and pronouns."""
    return [(m.start, m.end, m.type) for m in article.mentions if m.level != "name"]


def gold_filler_spans(article: Article) -> list[Labelled]:
    """Spans of nominals and pronouns, all of one label: the type is decided later."""
    return [(m.start, m.end, "filler") for m in article.mentions if m.level != "name"]


def gold_triggers(article: Article) -> list[Labelled]:
    """Spans of the triggers, all of one label: the type is decided later."""
    return [(e.start, e.end, "event") for e in article.events]


def gold_cues(article: Article) -> list[Labelled]:
    """First spans of cues, and the further parts of split ones."""
    out: list[Labelled] = []
    for attribution in article.attributions:
        for part, span in enumerate(sorted(attribution.cue, key=lambda s: s.start)):
            out.append((span.start, span.end, CUE_PARTS[min(part, 1)]))
    return out
