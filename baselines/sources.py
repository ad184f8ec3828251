"""Sources, recipients and quotations without a cue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..corpus.schema import Article, Attribution, Span
from .features import Features
from .models import Choice
from .morphology import closed_class, cue_seeds, ending, lemma
from .pairs import Known, Phrase, Scene, around, chain_head, pair_features, scenes, voice
from .view import View

NONE, SOURCE, RECIPIENT = "-", "source", "recipient"
MOST_SOURCES = 3


class SourceLinker:
    """A classifier over (cue, mention) pairs of one sentence: source, recipient, neither.

    A mention is a source if that is at least `bias` times as likely as neither.
    """

    def __init__(self) -> None:
        self.bias = 0.3
        self._role = Choice(c=1.0)

    def train(self, views: Sequence[View], gold: Sequence[Article], known: Sequence[Known]) -> None:
        examples: list[tuple[Features, str]] = []
        for view, article, (mentions, scores) in zip(views, gold, known, strict=True):
            all_scenes = scenes(view, mentions, (), scores)
            for a in article.attributions:
                roles = dict.fromkeys(a.recipients, RECIPIENT) | dict.fromkeys(a.sources, SOURCE)
                for scene, anchor, target in _pairs(view, all_scenes, a):
                    label = roles.get(target.id, NONE)
                    examples.append((source_features(scene, anchor, target), label))
        self._role.train(examples)

    def predict(
        self, view: View, attribution: Attribution, all_scenes: Mapping[int, Scene]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Mention ids of the sources and of the recipients; coordinated sources go together.

        `all_scenes` are the article's mentions by sentence, as `scenes` gives them.
        """
        pairs = _pairs(view, all_scenes, attribution)
        rows = self._role.probabilities([source_features(*pair) for pair in pairs])
        sources: list[tuple[float, Phrase, Scene]] = []
        recipients: list[tuple[float, str]] = []
        for (scene, _, target), row in zip(pairs, rows, strict=True):
            neither, as_source, as_recipient = (row.get(r, 0.0) for r in (NONE, SOURCE, RECIPIENT))
            if as_source > max(self.bias * neither, as_recipient):
                sources.append((-as_source, target, scene))
            elif as_recipient > neither:
                recipients.append((-as_recipient, target.id))
        if not sources:
            return (), ()
        _, top, scene = min(sources)
        head = chain_head(scene, top)
        chained = sorted(t for _, t, s in sources if chain_head(s, t) == head)[:MOST_SOURCES]
        return tuple(t.id for t in chained), tuple(i for _, i in sorted(recipients)[:1])

    def save(self, path: Path) -> None:
        self._role.save(path)

    def load(self, path: Path) -> None:
        self._role.load(path)


def _pairs(
    view: View, all_scenes: Mapping[int, Scene], attribution: Attribution
) -> list[tuple[Scene, Phrase, Phrase]]:
    """The cue with every mention of its sentence that touches neither cue nor content."""
    if not attribution.cue:
        return []
    first, last = view.range(attribution.cue[0].start, attribution.cue[0].end)
    scene = all_scenes.get(view.sentence[first]) if first < last else None
    if scene is None:
        return []
    anchor = Phrase(first, last, "cue", "cue", attribution.id)
    scene = around(scene, anchor)
    held = [view.range(s.start, s.end) for s in (*attribution.cue, *attribution.content)]
    return [
        (scene, anchor, target)
        for target in scene.mentions
        if not any(a < target.last and target.first < b for a, b in held)
    ]


def source_features(scene: Scene, anchor: Phrase, target: Phrase) -> Features:
    """Pair features with the cue's word and voice and the mention's type."""
    view, sentence = scene.view, scene.sentence
    pair = pair_features(scene, anchor, target)
    base = lemma(view.words[anchor.first])
    how = voice(view, sentence, anchor.first, anchor.last)
    coarse = target.type.partition(".")[0]
    side = pair[0]
    seed = cue_seeds().get(base, "?")
    return [
        *pair,
        *(f"{seed}|{f}" for f in pair[:2]),
        *(f"{coarse}|{f}" for f in pair[:2]),
        f"type={target.type}",
        f"coarse={coarse}|{target.level}",
        f"level={target.level}|{side}",
        f"cue={base}|{side}",
        f"cue={base}|{coarse}",
        f"voice={how}|{side}",
        f"verb={ending(view.words[anchor.first])}|{side}",
        f"word={lemma(view.words[target.last - 1])}",
        f"zone={sentence.zone}",
    ]


class FreeQuotes:
    """Which quotations without a cue are attributions of their own, by a classifier."""

    def __init__(self) -> None:
        self._free = Choice(c=1.0)

    def train(self, views: Sequence[View], gold: Sequence[Article]) -> None:
        examples: list[tuple[Features, str]] = []
        for view, article in zip(views, gold, strict=True):
            with_cue = [s for a in article.attributions if a.cue for s in a.content]
            free = [s for a in article.attributions if not a.cue for s in a.content]
            for quote in open_quotes(view, with_cue):
                label = "yes" if _touches(quote, free) else "no"
                examples.append((quote_features(view, quote), label))
        self._free.train(examples)

    def predict(self, view: View, taken: Sequence[Span]) -> list[Span]:
        """Quotations that touch none of the `taken` contents and stand for themselves."""
        quotes = open_quotes(view, taken)
        rows = self._free.probabilities([quote_features(view, q) for q in quotes])
        return [q for q, row in zip(quotes, rows, strict=True) if row.get("yes", 0.0) > 0.5]

    def save(self, path: Path) -> None:
        self._free.save(path)

    def load(self, path: Path) -> None:
        self._free.load(path)


def _touches(span: Span, others: Sequence[Span]) -> bool:
    return any(s.start < span.end and span.start < s.end for s in others)


def open_quotes(view: View, taken: Sequence[Span]) -> list[Span]:
    """Quotations in zones with attributions that share nothing with `taken`."""
    return [
        quote
        for quote in view.quotes
        if not _touches(quote, taken)
        and len(view.range(quote.start, quote.end)) == 2
        and view.range(quote.start, quote.end)[0] < view.range(quote.start, quote.end)[1]
        and view.sentence_of(quote.start).open
    ]


def quote_features(view: View, quote: Span) -> Features:
    """Length, whether it fills its sentences, what stands around it."""
    first, last = view.range(quote.start, quote.end)
    start, end = view.sentences[view.sentence[first]], view.sentences[view.sentence[last - 1]]
    words = [w for w in view.words[first:last] if w[0].isalnum()]
    outside = [
        w
        for i, w in enumerate(view.words[start.first : end.last], start.first)
        if not first <= i < last and w[0].isalnum()
    ]
    before = view.words[first - 2].lower() if first - 2 >= start.first else "<s>"
    size = len(words)
    return [
        f"words={'1-3' if size < 4 else '4-7' if size < 8 else '8+'}",
        f"outside={min(3, len(outside))}",
        f"whole={not outside}|{size > 3}",
        f"begins={closed_class(words[0]) if words else ''}",
        f"before={before if closed_class(before) in {'punct', 'prep', 'art'} else ''}",
        f"zone={start.zone}",
        f"ends={view.words[last - 1] if not view.words[last - 1].isalnum() else 'w'}",
    ]
