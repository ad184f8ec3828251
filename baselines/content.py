"""Contents: what is said under a cue, read with the cue as the point of reference.

For every cue a CRF labels the tokens of its sentence (and of the sentences that
one quotation joins to it) as content or not. Nested and overlapping contents need
no special treatment, because each cue is read by itself.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from ..corpus.schema import Article, Attribution, Mention, Span
from .features import Features, token_signs
from .models import Crf
from .morphology import CONJUNCTIONS, SUBORDINATORS, closed_class, cue_seeds, ending, lemma
from .pairs import Known, gap_bin
from .view import View

WINDOW: Final = 150  # tokens before and after a cue in which its content is sought
INSIDE: Final = "I"


class ContentTagger:
    """The cue-conditioned CRF. `threshold`: probability from which a token is content."""

    def __init__(self, *, threshold: float = 0.5) -> None:
        self.threshold = threshold
        self._crf = Crf(c1=0.05, c2=0.2, iterations=60)

    def train(self, views: Sequence[View], gold: Sequence[Article], known: Sequence[Known]) -> None:
        """Fit to the gold attributions that have a cue."""
        examples: list[tuple[list[Features], list[str]]] = []
        for view, article, (mentions, _) in zip(views, gold, known, strict=True):
            for attribution in article.attributions:
                if attribution.cue:
                    tokens = window(view, attribution.cue)
                    covered = content_tokens(view, attribution)
                    labels = [INSIDE if i in covered else "O" for i in tokens]
                    features = content_features(view, tokens, attribution.cue, mentions)
                    examples.append((features, labels))
        self._crf.train(examples)

    def predict(
        self, view: View, cue: Sequence[Span], mentions: Sequence[Mention]
    ) -> tuple[Span, ...]:
        """Content spans of one cue, one per sentence and piece; empty if none is found."""
        tokens = window(view, cue)
        rows = self._crf.marginals(content_features(view, tokens, cue, mentions))
        odds = {i: self._odds(row) for i, row in zip(tokens, rows, strict=True)}
        return pieces(view, segments(view, tokens, cue, mentions, odds), cue)

    def _odds(self, row: Mapping[str, float]) -> float:
        """Log odds of being content, against those of the threshold."""
        p = min(max(row.get(INSIDE, 0.0), 1e-4), 1 - 1e-4)
        return math.log(p / (1 - p)) - math.log(self.threshold / (1 - self.threshold))

    def save(self, path: Path) -> None:
        self._crf.save(path)

    def load(self, path: Path) -> None:
        self._crf.load(path)


def content_tokens(view: View, attribution: Attribution) -> set[int]:
    """Tokens that the attribution's content touches."""
    return {i for span in attribution.content for i in range(*view.range(span.start, span.end))}


def window(view: View, cue: Sequence[Span]) -> range:
    """Tokens of the cue's sentence and of those that one quotation joins to it."""
    first = view.sentence[min(view.range(cue[0].start, cue[0].end)[0], len(view.words) - 1)]
    last = first
    units = view.sentences
    while last + 1 < len(units) and _joined(view, last):
        last += 1
    if first > 0 and _ends_quoted(view, first - 1):
        first -= 1
    while first > 0 and _joined(view, first - 1):
        first -= 1
    low, high = (view.range(cue[0].start, cue[0].end)[0] + side * WINDOW for side in (-1, 1))
    return range(max(low, units[first].first), min(high, units[last].last))


def _ends_quoted(view: View, number: int) -> bool:
    """Whether sentence `number` ends with a quotation of the paragraph that goes on:
    "Will they?" she asked."""
    sentence, following = view.sentences[number], view.sentences[number + 1]
    last = sentence.last - 1
    return (
        sentence.paragraph == following.paragraph
        and sentence.zone == following.zone
        and view.quote[last] < 0
        and last > sentence.first
        and view.quote[last - 1] >= 0
    )


def _joined(view: View, number: int) -> bool:
    """Whether a quotation runs over the end of sentence `number`."""
    left, right = view.sentences[number].last - 1, view.sentences[number + 1].first
    both_open = view.sentences[number].open and view.sentences[number + 1].open
    return both_open and view.quote[left] >= 0 and view.quote[left] == view.quote[right]


def segments(
    view: View,
    tokens: range,
    cue: Sequence[Span],
    mentions: Sequence[Mention],
    odds: Mapping[int, float],
) -> set[int]:
    """Content tokens: on each side of the cue the best stretch, if it speaks for itself.

    A stretch begins and ends where a clause may: at punctuation, a sentence or
    quotation edge, the cue, the mention next to it, after "that". Its score is the
    sum of its tokens' odds. If neither side's is positive, the better one is taken.
    """
    first, last = view.range(cue[0].start, cue[0].end)
    if len(cue) > 1:
        taken = {i for i in tokens if odds[i] > 0}
        return taken or set()
    edges = _edges(view, tokens, first, last, mentions)
    sides = [
        _best_stretch(range(tokens.start, first), edges, odds),
        _best_stretch(range(last, tokens.stop), edges, odds),
    ]
    chosen = [s for s in sides if s[0] > 0] or [max(sides)]
    return {i for _, low, high in chosen for i in range(low, high)}


def _best_stretch(
    side: range, edges: Sequence[int], odds: Mapping[int, float]
) -> tuple[float, int, int]:
    """Score, first and last token (half-open) of the best stretch between two edges."""
    sums = {side.start: 0.0}
    for i in side:
        sums[i + 1] = sums[i] + odds[i]
    inside = [e for e in edges if side.start <= e <= side.stop]
    return max(
        (
            (sums[high] - sums[low], low, high)
            for n, low in enumerate(inside)
            for high in inside[n + 1 :]
        ),
        default=(-math.inf, side.start, side.start),
    )


def _edges(
    view: View, tokens: range, first: int, last: int, mentions: Sequence[Mention]
) -> list[int]:
    """Positions between tokens where a content may begin or end, sorted."""
    words = view.words
    out = {tokens.start, tokens.stop, first, last}
    for i in tokens:
        if _mark(view, i) or words[i].lower() == "that":
            out |= {i, i + 1}
        elif words[i].lower() in SUBORDINATORS or words[i].lower() in CONJUNCTIONS:
            out.add(i)
        if i > tokens.start and view.sentence[i] != view.sentence[i - 1]:
            out.add(i)
    for i, place in _beside(view, first, last, tokens, mentions).items():
        out |= {i, i + 1} if place in {"left", "right"} else set[int]()
    return sorted(out)


def pieces(view: View, taken: set[int], cue: Sequence[Span]) -> tuple[Span, ...]:
    """Content tokens as spans: one per sentence and run, without cue, marks and "that".

    Runs with only punctuation between them are one.
    """
    for span in cue:
        taken -= set(range(*view.range(span.start, span.end)))
    cue_tokens = {i for s in cue for i in range(*view.range(s.start, s.end))}
    runs: list[list[int]] = []
    for i in sorted(taken):
        gap = range(runs[-1][-1] + 1, i) if runs else range(0)
        same = runs and view.sentence[runs[-1][-1]] == view.sentence[i]
        if same and all(_mark(view, j) and j not in cue_tokens for j in gap):
            runs[-1].append(i)
        else:
            runs.append([i])
    out: list[Span] = []
    for run in runs:
        first, last = view.trim(run[0], run[-1] + 1)
        if first < last and view.words[first].lower() == "that":
            first, last = view.trim(first + 1, last)
        if first < last:
            out.append(view.span(first, last))
    return tuple(out)


def _mark(view: View, i: int) -> bool:
    return not any(c.isalnum() for c in view.words[i])


def content_features(
    view: View, tokens: range, cue: Sequence[Span], mentions: Sequence[Mention]
) -> list[Features]:
    """Per token of the window, where it stands as seen from the cue.

    Side and distance, the sentence's punctuation on the way, quotation, the
    mention next to the cue (a likely source), clause words, the cue itself.
    """
    first, last = view.range(cue[0].start, cue[0].end)
    cue_tokens = {i for span in cue for i in range(*view.range(span.start, span.end))}
    words = view.words
    name = " ".join(lemma(w) for w in words[first:last])
    act = cue_seeds().get(name) or cue_seeds().get(lemma(words[first])) or "?"
    beside = _beside(view, first, last, tokens, mentions)
    marks = [i for i in tokens if words[i] in {",", ";", ":", "–", "—", "-", "--"}]
    breaks = [
        i
        for i in tokens
        if words[i].lower()
        in {
            "that",
            "as",
            "after",
            "despite",
            "while",
            "when",
            "because",
            "but",
            "and",
            "which",
            "who",
        }
    ]
    has_quote = any(view.quote[i] >= 0 for i in tokens)
    sentence = view.sentence[first]
    final = view.sentences[sentence].last - last <= 4
    initial = first - view.sentences[sentence].first <= 4
    frame = f"{'F' if final else ''}{'I' if initial else ''}"
    follows = _sign(words[last]) if last < tokens.stop else "end"
    leads = _sign(words[first - 1]) if first > tokens.start else "start"
    said = "".join(
        where
        for where, part in (("<", range(tokens.start, first)), (">", range(last, tokens.stop)))
        if any(view.quote[i] >= 0 for i in part)
    )
    out: list[Features] = []
    for i in tokens:
        side = "cue" if i in cue_tokens else "pre" if i < first else "post" if i >= last else "in"
        low, high = (i, first) if i < first else (last, i)
        commas = min(2, bisect_left(marks, high) - bisect_left(marks, low))
        quote = "q" if view.quote[i] >= 0 else "u"
        stands = beside.get(i, "")
        if view.sentence[i] != sentence:
            side += "-far"
        row = [
            f"side={side}",
            f"side={side}|{frame}",
            f"side={side}|>{follows}",
            f"side={side}|<{leads}",
            f"side={side}|{quote}|{said}",
            f"side={side}|{quote}|{said}|{frame}",
            f"side={side}|{frame}|>{follows}|{commas}",
            f"side={side}|{act}|{stands}",
            f"side={side}|{name}",
            f"gap={side}{gap_bin(max(0, high - low))}",
            f"commas={side}{commas}|{frame}",
            f"quote={side}{quote}|{has_quote}",
            f"beside={stands}",
            f"sub={side}{min(2, bisect_left(breaks, high) - bisect_left(breaks, low))}",
            *(f"{side}|{f}" for f in token_signs(words[i], 0)),
        ]
        for offset in (-2, -1, 1, 2):
            j = i + offset
            if j in cue_tokens:
                row.append(f"{offset}:cue")
            elif j in tokens:
                row += (f"{side}|{f}" for f in token_signs(words[j], offset))
                if j in beside and abs(offset) == 1:
                    row.append(f"{offset}:beside={beside[j]}")
            else:
                row.append(f"{offset}:edge")
        out.append(row)
    return out


def _sign(word: str) -> str:
    """A closed-class word or mark by itself, any other word by its class and ending."""
    kind = closed_class(word)
    return f"{kind}{ending(word)}" if kind in {"", "cap", "num"} else word.lower()


def _beside(
    view: View, first: int, last: int, tokens: range, mentions: Sequence[Mention]
) -> dict[int, str]:
    """Tokens of the mention nearest to the cue on each side, and those between."""
    out: dict[int, str] = {}
    ranges = [view.range(m.start, m.end) for m in mentions]
    before = max(
        (r for r in ranges if r[1] <= first and r[0] in tokens), default=None, key=lambda r: r[1]
    )
    after = min(
        (r for r in ranges if r[0] >= last and r[0] in tokens and r[0] < r[1]),
        default=None,
        key=lambda r: (r[0], -r[1]),
    )
    if before and first - before[1] <= 6:
        out |= dict.fromkeys(range(before[1], first), "to-cue")
        out |= dict.fromkeys(range(*before), "left")
    if after and after[0] - last <= 6:
        out |= dict.fromkeys(range(last, after[0]), "from-cue")
        out |= dict.fromkeys(range(*after), "right")
    return out
