"""The act of a cue: said, denied, demanded, ..."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..corpus.ontology import ontology
from ..corpus.schema import Article, Span
from .features import Features
from .models import Choice, best
from .morphology import closed_class, cue_seeds, lemma, phrase
from .view import View


class Acts:
    """A classifier over the words of a cue; the ontology's cues are features."""

    def __init__(self) -> None:
        self._act = Choice(c=2.0)

    def train(self, views: Sequence[View], gold: Sequence[Article]) -> None:
        examples = [
            (act_features(view, attribution.cue), attribution.act)
            for view, article in zip(views, gold, strict=True)
            for attribution in article.attributions
        ]
        if {act for _, act in examples} <= ontology().acts.keys():
            examples += [
                (cue_features(cue.split()), act)
                for act, row in ontology().acts.items()
                for cue in row.cues
            ]
        self._act.train(examples)

    def predict(self, view: View, cue: Sequence[Span]) -> str:
        row = self._act.probabilities([act_features(view, cue)])[0]
        return best(row, "say")

    def save(self, path: Path) -> None:
        self._act.save(path)

    def load(self, path: Path) -> None:
        self._act.load(path)


def act_features(view: View, cue: Sequence[Span]) -> Features:
    """Features of the cue's words; of a cue of several spans, of all of them."""
    return cue_features(
        [view.words[i] for span in cue for i in range(*view.range(span.start, span.end))]
    )


def cue_features(words: Sequence[str]) -> Features:
    """Lemmas and forms of the words, the acts that the ontology gives them."""
    if not words:
        return ["none"]
    out = [f"cue={phrase(words)}"]
    for word in words:
        base = lemma(word)
        out += [f"l={base}", f"c={closed_class(word)}", f"p={word.lower()[:5]}"]
        if act := cue_seeds().get(base):
            out.append(f"seed={act}")
    if act := cue_seeds().get(phrase(words[:2])) or cue_seeds().get(phrase(words)):
        out.append(f"seed={act}")
    return out
