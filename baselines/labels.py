"""Labels of triggers: the type, and the realis."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from ..corpus.ontology import ontology
from ..corpus.schema import Article, Event, Mention
from .features import Features
from .models import Choice, best
from .morphology import (
    closed_class,
    cue_seeds,
    ending,
    lemma,
    phrase,
    trigger_hints,
    trigger_seeds,
)
from .pairs import Phrase, Scene, around, gap_bin, scenes, voice
from .view import View

FOLDS: Final = 3  # parts of the training articles, each held out once


class EventLabels:
    """Two classifiers over triggers: the type, and then the realis given the type.

    What stands around a trigger tells its type only once there are examples enough;
    before, it misleads. So context is used if it pays on held-out training articles.
    """

    def __init__(self) -> None:
        self._type = Choice(c=2.0)
        self._realis = Choice(c=1.0)
        self._context = False

    def train(
        self,
        views: Sequence[View],
        gold: Sequence[Article],
        known: Sequence[Sequence[Mention]],
        *,
        thorough: bool = True,
    ) -> None:
        """Fit to the gold events; without `thorough` context is left out untried."""
        kinds: list[list[tuple[Features, Features, str]]] = []
        values: list[tuple[Features, str]] = []
        for view, article, mentions in zip(views, gold, known, strict=True):
            kinds.append([])
            realis = {e.id: e.realis for e in article.events}
            for scene in scenes(view, mentions, article.events).values():
                for anchor in scene.triggers:
                    context = context_features(scene, anchor)
                    kinds[-1].append((type_features(scene, anchor), context, anchor.type))
                    values.append((realis_features(scene, anchor), realis[anchor.id]))
        seeds = seed_examples() if knows_ontology(gold) else []
        self._context = thorough and context_pays(kinds, seeds)
        self._type.train(_examples(kinds, context=self._context) + seeds)
        self._realis.train(values)

    def predict(
        self, view: View, mentions: Sequence[Mention], events: Sequence[Event]
    ) -> dict[str, tuple[str, str]]:
        """Event id -> (type, realis); the events' own labels are not looked at."""
        kinds: dict[str, str] = {}
        scene_of = scenes(view, mentions, events)
        for scene in scene_of.values():
            rows = self._type.probabilities([self._features(scene, t) for t in scene.triggers])
            for trigger, row in zip(scene.triggers, rows, strict=True):
                kinds[trigger.id] = best(row, _seed_type(view, trigger))
        out: dict[str, tuple[str, str]] = {}
        for scene in scene_of.values():
            typed = [t._replace(type=kinds[t.id]) for t in scene.triggers]
            rows = self._realis.probabilities([realis_features(scene, t) for t in typed])
            for trigger, row in zip(typed, rows, strict=True):
                out[trigger.id] = (trigger.type, best(row, "actual"))
        return out

    def _features(self, scene: Scene, anchor: Phrase) -> Features:
        more = context_features(scene, anchor) if self._context else []
        return type_features(scene, anchor) + more

    def save(self, folder: Path) -> None:
        (folder / "types.json").write_text(json.dumps({"context": self._context}), "utf-8")
        self._type.save(folder / "types.zip")
        self._realis.save(folder / "realis.zip")

    def load(self, folder: Path) -> None:
        self._context = json.loads((folder / "types.json").read_text("utf-8"))["context"]
        self._type.load(folder / "types.zip")
        self._realis.load(folder / "realis.zip")


def _seed_type(view: View, trigger: Phrase) -> str:
    key = phrase(view.words[trigger.first : trigger.last])
    return trigger_seeds().get(key, (next(iter(ontology().events)),))[0]


def knows_ontology(gold: Sequence[Article]) -> bool:
    """Whether the events are labelled with the ontology's types, not with foreign ones."""
    return {e.type for a in gold for e in a.events} <= ontology().events.keys()


def seed_examples() -> list[tuple[Features, str]]:
    """The ontology's triggers and the words of its definitions, as examples without context.

    They teach that such a word speaks for its type, also for types that few
    training articles have.
    """
    seeds = [
        ([*_trigger_form(tuple(trigger.split()))], kind)
        for kind, row in ontology().events.items()
        for trigger in row.triggers
        if "(" not in trigger
    ]
    hints = [
        ([*_trigger_form((word,))], kind)
        for word, kinds in sorted(trigger_hints().items())
        for kind in kinds
    ]
    return seeds + hints


@lru_cache(maxsize=1 << 14)
def _trigger_form(words: tuple[str, ...]) -> tuple[str, ...]:
    key = phrase(words)
    out = [f"l={key}", f"l0={lemma(words[0])}"]
    out += [f"n{n}={words[0].lower()[:n]}" for n in (3, 4, 5) if len(words[0]) >= n]
    out += [f"seed={kind}" for kind in trigger_seeds().get(key, ())]
    out += [f"hint={kind}" for kind in trigger_hints().get(lemma(words[0]), ())]
    stem = lemma(words[0])[:4]
    out += [
        f"near-seed={kind}"
        for seed, kinds in trigger_seeds().items()
        if len(stem) == 4 and seed.startswith(stem)
        for kind in kinds
    ]
    return tuple(out)


def type_features(whole: Scene, anchor: Phrase) -> Features:
    """The trigger's words and seeds, and the weapons near it."""
    scene = around(whole, anchor)
    out = [*_trigger_form(tuple(scene.view.words[anchor.first : anchor.last]))]
    out.append(f"zone={scene.sentence.zone}")
    for m in scene.mentions:
        if m.type == "WEA":
            head = lemma(scene.view.words[m.last - 1])
            near = "near" if abs(m.first - anchor.first) < 6 else "far"
            out += [f"weapon={near}", f"weapon={near}|{head}"]
    return out


def context_features(whole: Scene, anchor: Phrase) -> Features:
    """The trigger's voice, the words next to it, the types of the mentions around it."""
    scene = around(whole, anchor)
    words, sentence = scene.view.words, scene.sentence
    out = [f"voice={voice(scene.view, sentence, anchor.first, anchor.last)}"]
    if anchor.first > sentence.first:
        out.append(f"-1={lemma(words[anchor.first - 1])}")
    for offset in (0, 1):
        if anchor.last + offset < sentence.last:
            out.append(f"+{offset}={lemma(words[anchor.last + offset])}")
    left = [m.type for m in scene.mentions if m.last <= anchor.first][-2:]
    right = [m.type for m in scene.mentions if m.first >= anchor.last][:2]
    return [*out, *(f"left={kind}" for kind in left), *(f"right={kind}" for kind in right)]


def _examples(
    kinds: Sequence[Sequence[tuple[Features, Features, str]]], *, context: bool
) -> list[tuple[Features, str]]:
    return [
        (own + (more if context else []), kind) for article in kinds for own, more, kind in article
    ]


def context_pays(
    kinds: Sequence[Sequence[tuple[Features, Features, str]]],
    seeds: Sequence[tuple[Features, str]],
) -> bool:
    """Whether context features type more triggers of held-out articles rightly."""
    right = {False: 0, True: 0}
    for fold in range(FOLDS):
        rest = [article for i, article in enumerate(kinds) if i % FOLDS != fold]
        held = [article for i, article in enumerate(kinds) if i % FOLDS == fold]
        for context in right:
            model = Choice(c=2.0)
            model.train([*_examples(rest, context=context), *seeds])
            wanted = _examples(held, context=context)
            rows = model.probabilities([features for features, _ in wanted])
            right[context] += sum(
                best(row, "") == kind for row, (_, kind) in zip(rows, wanted, strict=True)
            )
    return right[True] > right[False]


@cache
def _realis_seeds() -> dict[str, str]:
    """Lemma -> realis value, from the words of the ontology's definitions."""
    out: dict[str, str] = {}
    for value, description in ontology().realis.items():
        for word in re.findall(r"[a-z]{2,}", description):
            if not closed_class(word) or closed_class(word) in {"modal", "sub"}:
                out.setdefault(lemma(word), value)
    return out


def realis_features(scene: Scene, anchor: Phrase) -> Features:
    """The trigger, its voice, and what stands before it in the clause.

    To the left: auxiliaries, modals, negations and conjunctions by name, open
    words by lemma and by the ontology's own words for a value; "if" and "unless"
    anywhere in the sentence.
    """
    view, sentence = scene.view, scene.sentence
    words = view.words
    how = voice(view, sentence, anchor.first, anchor.last)
    base = lemma(words[anchor.first])
    out = [
        f"voice={how}",
        f"type={anchor.type}",
        f"type={anchor.type}|{how}",
        f"l={base}",
        f"l={base}|{how}",
        f"zone={sentence.zone}",
        f"end={ending(words[anchor.first])}",
        f"quoted={view.quote[anchor.first] >= 0}",
    ]
    clause = True
    for i in range(anchor.first - 1, max(sentence.first, anchor.first - 12) - 1, -1):
        word, distance = words[i].lower(), gap_bin(anchor.first - i)
        kind = closed_class(words[i])
        near = "near" if anchor.first - i <= 4 else "far"
        if word in {";", ":", "."} or (word == "," and near == "far"):
            clause = False
        where = "in" if clause else "out"
        if kind in {"neg", "modal", "aux", "sub", "wh", "conj"} or word == "to":
            out += [f"{where}:{word}", f"{where}{near}:{kind}", f"{where}{distance}:{word}"]
        elif kind == "":
            out.append(f"{where}{near}:l={lemma(word)}")
            if value := _realis_seeds().get(lemma(word)):
                out.append(f"{where}{near}:hint={value}")
            if act := cue_seeds().get(lemma(word)):
                out.append(f"{where}{near}:act={act}")
    if anchor.first > sentence.first:
        out.append(f"-1={lemma(words[anchor.first - 1])}")
    if anchor.last < sentence.last:
        out.append(f"+1={lemma(words[anchor.last])}")
    held = {w.lower() for w in words[sentence.first : sentence.last]}
    out += [f"has={w}" for w in ("if", "unless", "until", "would", "will") if w in held]
    return out


def typed(events: Sequence[Event], labels: Mapping[str, tuple[str, str]]) -> list[Event]:
    """The events with the labels of `labels`; those without any are left out."""
    return [
        Event(id=e.id, start=e.start, end=e.end, type=labels[e.id][0], realis=labels[e.id][1])
        for e in events
        if e.id in labels
    ]
