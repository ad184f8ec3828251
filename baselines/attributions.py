"""Attributions found in an article: cue, content, sources, act, quotations, parents."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from ..corpus.schema import Article, Attribution, Mention, Span
from .acts import Acts
from .content import ContentTagger
from .mentions import names_of
from .pairs import Known, scenes
from .sources import FreeQuotes, SourceLinker
from .spans import CUE_PARTS, SpanTagger, gold_cues, mention_marks
from .tagging import Tagged
from .view import View


class CueFinder:
    """A CRF for cues, split ones included."""

    def __init__(self) -> None:
        self.tagger = SpanTagger(open_only=True, threshold=0.35)

    def train(self, views: Sequence[View], gold: Sequence[Article]) -> None:
        marks = [mention_marks(v, names_of(a.mentions)) for v, a in zip(views, gold, strict=True)]
        self.tagger.train(views, [gold_cues(a) for a in gold], marks)

    def predict(self, view: View, names: Sequence[Mention]) -> list[tuple[Span, ...]]:
        """Cues in text order, each as its spans."""
        return cue_groups(view, self.tagger.predict(view, mention_marks(view, names)))

    def save(self, folder: Path) -> None:
        self.tagger.save(folder / "cues.crfsuite")

    def load(self, folder: Path) -> None:
        self.tagger.load(folder / "cues.crfsuite")


class AttributionFinder:
    """For every cue: its content, who speaks, which act. Then quotations without cue."""

    def __init__(self) -> None:
        self.contents = ContentTagger()
        self.linker = SourceLinker()
        self._quotes = FreeQuotes()
        self._acts = Acts()

    def train(self, views: Sequence[View], gold: Sequence[Article], known: Sequence[Known]) -> None:
        """Fit to gold attributions; `known` are the mentions that may be sources."""
        self.contents.train(views, gold, known)
        self.linker.train(views, gold, known)
        self._quotes.train(views, gold)
        self._acts.train(views, [_with_cue_only(a) for a in gold])

    def predict(
        self, view: View, known: Known, cues: Sequence[tuple[Span, ...]]
    ) -> list[Attribution]:
        """Attributions in text order with ids `a1`, `a2`, ... that obey V19 to V24."""
        found: list[Attribution] = []
        all_scenes = scenes(view, known.mentions, (), known.scores)
        for cue in cues:
            if content := self.contents.predict(view, cue, known.mentions):
                draft = Attribution(id="", cue=cue, content=content)
                sources, recipients = self.linker.predict(view, draft, all_scenes)
                found.append(
                    Attribution(
                        id="",
                        cue=cue,
                        content=content,
                        quoted=quoted(view, content),
                        sources=sources,
                        recipients=recipients,
                        act=self._acts.predict(view, cue),
                    )
                )
        found = [clipped(a, found) for a in found]
        taken = [span for a in found for span in (*a.content, *a.cue)]
        for quote in self._quotes.predict(view, taken):
            if content := sentence_pieces(view, quote):
                sources = last_speaker(found, quote, known.mentions)
                found.append(Attribution(id="", content=content, quoted=content, sources=sources))
        found.sort(
            key=lambda a: (
                a.content[0].start,
                a.content[0].end,
                a.cue[0].start if a.cue else -1,
            )
        )
        return with_parents(
            [msgspec.structs.replace(a, id=f"a{n}") for n, a in enumerate(found, 1)]
        )

    def save(self, folder: Path) -> None:
        self.contents.save(folder / "contents.crfsuite")
        self.linker.save(folder / "sources.zip")
        self._quotes.save(folder / "quotes.zip")
        self._acts.save(folder / "acts.zip")

    def load(self, folder: Path) -> None:
        self.contents.load(folder / "contents.crfsuite")
        self.linker.load(folder / "sources.zip")
        self._quotes.load(folder / "quotes.zip")
        self._acts.load(folder / "acts.zip")


def _with_cue_only(article: Article) -> Article:
    cued = tuple(a for a in article.attributions if a.cue)
    return msgspec.structs.replace(article, attributions=cued)


def cue_groups(view: View, tags: Sequence[Tagged]) -> list[tuple[Span, ...]]:
    """Cues with their further parts; a part joins the last cue of its sentence."""
    groups: list[list[Tagged]] = []
    for tag in tags:
        near = groups and view.sentence[groups[-1][0].first] == view.sentence[tag.first]
        if tag.label == CUE_PARTS[1]:
            if near and len(groups[-1]) < 3:
                groups[-1].append(tag)
        else:
            groups.append([tag])
    return [tuple(view.span(t.first, t.last) for t in group) for group in groups]


def clipped(attribution: Attribution, found: Sequence[Attribution]) -> Attribution:
    """The attribution, its content cut to the smallest content that holds its cue.

    Who speaks inside another's words cannot be quoted beyond them. A content that
    lies wholly outside is left as it is.
    """
    holders = [
        (span.end - span.start, span.start, span.end)
        for other in found
        if other is not attribution
        for span in other.content
        if attribution.cue
        and all(span.start <= c.start and c.end <= span.end for c in attribution.cue)
    ]
    if not holders:
        return attribution
    _, start, end = min(holders)
    content = tuple(
        Span(start=max(s.start, start), end=min(s.end, end))
        for s in attribution.content
        if s.start < end and start < s.end
    )
    inside = tuple(
        Span(start=max(q.start, start), end=min(q.end, end))
        for q in attribution.quoted
        if q.start < end and start < q.end
    )
    if not content:
        return attribution
    return msgspec.structs.replace(attribution, content=content, quoted=inside)


def quoted(view: View, content: Sequence[Span]) -> tuple[Span, ...]:
    """The parts of the content that stand in quotation marks, without edge punctuation."""
    out: list[Span] = []
    for span in content:
        for quote in view.quotes:
            start, end = max(span.start, quote.start), min(span.end, quote.end)
            first, last = view.trim(*view.range(start, end)) if start < end else (0, 0)
            if first < last:
                out.append(view.span(first, last))
    return tuple(out)


def sentence_pieces(view: View, quote: Span) -> tuple[Span, ...]:
    """A quotation as one span per sentence, without punctuation at the edges."""
    first, last = view.range(quote.start, quote.end)
    out: list[Span] = []
    while first < last:
        end = min(last, view.sentences[view.sentence[first]].last)
        a, b = view.trim(first, end)
        if a < b and view.sentences[view.sentence[a]].open:
            out.append(view.span(a, b))
        first = end
    return tuple(out)


def last_speaker(
    found: Iterable[Attribution], quote: Span, mentions: Sequence[Mention]
) -> tuple[str, ...]:
    """Sources of the attribution before a quotation (else after it), outside the quotation."""
    inside = {m.id for m in mentions if m.start < quote.end and quote.start < m.end}
    spoken = sorted(
        (a.cue[0].start, a.sources)
        for a in found
        if a.cue and a.sources and not inside & set(a.sources)
    )
    if not spoken:
        return ()
    place = bisect_right([start for start, _ in spoken], quote.start)
    return spoken[max(0, place - 1)][1]


def with_parents(found: Sequence[Attribution]) -> list[Attribution]:
    """Each attribution under the smallest content that encloses its own.

    Of two with equal content, the one whose cue comes first in the sentence
    governs, unless it is a participle clause ("..., citing ..., said").
    """
    out: list[Attribution] = []
    for n, child in enumerate(found):
        size = _size(child)
        holders = [
            (_size(other), m, other.id)
            for m, other in enumerate(found)
            if m != n and _encloses(other, child) and (_size(other) > size or m < n)
        ]
        parent = min(holders)[2] if holders else None
        out.append(msgspec.structs.replace(child, parent=parent))
    return out


def _size(attribution: Attribution) -> int:
    return sum(s.end - s.start for s in attribution.content)


def _encloses(parent: Attribution, child: Attribution) -> bool:
    return all(
        any(p.start <= c.start and c.end <= p.end for p in parent.content) for c in child.content
    )
