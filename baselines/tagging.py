"""Gold spans as BIO labels over a sentence's tokens, and labels back as spans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .view import Sentence, View


class Tagged(NamedTuple):
    """Tokens `first:last` with a label and the probability that they are a span."""

    first: int
    last: int
    label: str
    score: float


def bio(view: View, sentence: Sentence, spans: Iterable[tuple[int, int, str]]) -> list[str]:
    """BIO labels for `(start, end, label)` spans in code points.

    Spans are moved to the tokens that they touch; of overlapping ones the
    earlier and longer is kept, a span that leaves the sentence is cut.
    """
    labels = ["O"] * (sentence.last - sentence.first)
    for start, end, label in sorted(spans, key=lambda s: (s[0], -s[1], s[2])):
        first, last = view.range(start, end)
        inside = range(max(first, sentence.first), min(last, sentence.last))
        if inside and all(labels[i - sentence.first] == "O" for i in inside):
            for i in inside:
                labels[i - sentence.first] = ("B-" if i == inside[0] else "I-") + label
    return labels


def spans(labels: Sequence[str], offset: int) -> list[tuple[int, int, str]]:
    """`(first, last, label)` token ranges of BIO labels; a stray I- opens a span."""
    out: list[tuple[int, int, str]] = []
    for i, tag in enumerate(labels):
        kind = tag[2:]
        if tag == "O":
            continue
        if tag[0] == "I" and out and out[-1][1] == i + offset and out[-1][2] == kind:
            out[-1] = (out[-1][0], i + offset + 1, kind)
        else:
            out.append((i + offset, i + offset + 1, kind))
    return out


def decode(marginals: Sequence[Mapping[str, float]], offset: int, threshold: float) -> list[Tagged]:
    """Spans of the tokens whose probability of lying in one exceeds `threshold`.

    Inside such a token the likeliest label other than O counts; types are voted
    over the span by their probabilities.
    """
    labels: list[str] = []
    for row in marginals:
        inside = 1.0 - row.get("O", 1.0)
        options = sorted((-p, label) for label, p in row.items() if label != "O")
        labels.append(options[0][1] if inside > threshold and options else "O")
    out: list[Tagged] = []
    for first, last, _ in spans([_flat(label) for label in labels], offset):
        rows = marginals[first - offset : last - offset]
        votes: dict[str, float] = {}
        for row in rows:
            for label, p in row.items():
                if label != "O":
                    votes[label[2:]] = votes.get(label[2:], 0.0) + p
        kind = max(sorted(votes), key=lambda k: votes[k])
        score = sum(1.0 - row["O"] for row in rows) / len(rows)
        out.append(Tagged(first, last, kind, score))
    return out


def _flat(label: str) -> str:
    return label if label == "O" else label[0] + "-"
