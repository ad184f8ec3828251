"""`linear`: CRFs for spans, logistic regression for links and labels, every layer.

The method is that of feature-based extraction before pretrained encoders: names
and triggers by linear-chain CRFs (Lafferty et al. 2001), arguments and sources by
pair classifiers, contents by a CRF that is read once per cue.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol, TypeVar

import msgspec

from ..corpus.schema import LAYERS, Article, Event, Mention, Span
from .attributions import AttributionFinder, CueFinder
from .base import baselines, blind
from .coref import entities
from .events import TriggerFinder
from .finish import finish
from .licenses import Licenses
from .links import ArgumentLinker
from .mentions import Candidate, FillerFinder, NameFinder
from .pairs import Known
from .tuning import knobs, tune
from .view import View, view

FOLDS: Final = 4
T = TypeVar("T")


class Linear:
    """CRFs for spans, logistic regression for links and labels.

    Names first, then the anchors (triggers and cues), the fillers around them,
    and the links between all of these.
    """

    name = "linear"
    layers: tuple[str, ...] = LAYERS

    def __init__(self) -> None:
        self.names = NameFinder()
        self.triggers = TriggerFinder()
        self.cues = CueFinder()
        self.fillers = FillerFinder()
        self.licenses = Licenses()
        self.arguments = ArgumentLinker(self.licenses)
        self.attributions = AttributionFinder()

    def train(self, train: Sequence[Article], dev: Sequence[Article]) -> None:
        """Fit to the train records, then tune thresholds on `dev` if there is one.

        The linkers must expect the mistakes of the taggers before them, so they
        see, beside gold mentions, what taggers trained on the other folds find.
        The same records in any order give the same model. A record without a
        layer takes no part in what is learned from that layer.
        """
        gold = sorted(train, key=lambda a: a.id)
        views = [view(blind(article)) for article in gold]
        self._train_spans(views, gold)
        found = self._found_by_others(views, gold)
        known = [candidates(a.mentions, f) for a, f in zip(gold, found, strict=True)]
        with_events = having(gold, "events")
        self.licenses.train(pick(gold, with_events))
        self.arguments.train(
            pick(views, with_events), pick(gold, with_events), pick(known, with_events)
        )
        spoken = having(gold, "attributions")
        self.attributions.train(pick(views, spoken), pick(gold, spoken), pick(known, spoken))
        if dev:
            tune(self, sorted(dev, key=lambda a: a.id))

    def _train_spans(
        self, views: Sequence[View], gold: Sequence[Article], *, thorough: bool = True
    ) -> None:
        """Train the four taggers, each on the records that have its layer."""
        named, happening, spoken = (having(gold, layer) for layer in LAYERS)
        self.names.train(pick(views, named), pick(gold, named))
        self.triggers.train(pick(views, happening), pick(gold, happening), thorough=thorough)
        self.cues.train(pick(views, spoken), pick(gold, spoken))
        self.fillers.train(pick(views, named), pick(gold, named))

    def _found_by_others(
        self, views: Sequence[View], gold: Sequence[Article]
    ) -> list[list[Candidate]]:
        """Fillers of each article as taggers find them that were trained without it."""
        out: list[list[Candidate]] = [[] for _ in gold]
        for fold in range(min(FOLDS, len(gold))):
            rest = [i for i in range(len(gold)) if i % FOLDS != fold]
            other = Linear()
            other._train_spans(pick(views, rest), pick(gold, rest), thorough=False)
            for i in range(fold, len(gold), FOLDS):
                out[i] = other.spans(views[i]).fillers
        return out

    def predict(self, articles: Iterable[Article]) -> Iterator[Article]:
        for article in articles:
            yield self.read(view(blind(article)))

    def spans(self, seen: View) -> Spans:
        """Names, events without arguments, cues, and the fillers around these."""
        names = self.names.predict(seen)
        events = self.triggers.predict(seen, names)
        cues = self.cues.predict(seen, names)
        flat = [span for cue in cues for span in cue]
        fillers = self.fillers.predict(seen, names, events, flat)
        return Spans(names, fillers, events, cues)

    def read(self, seen: View) -> Article:
        """The record of one article."""
        found = self.spans(seen)
        known = linked(seen, found.names, found.fillers)
        arguments = self.arguments.predict(seen, known, found.events)
        events = [
            msgspec.structs.replace(e, arguments=tuple(arguments.get(e.id, ())))
            for e in found.events
        ]
        attributions = self.attributions.predict(seen, known, found.cues)
        return finish(seen, known.mentions, events, attributions)

    def save(self, folder: Path) -> None:
        for part in self._parts():
            part.save(folder)
        values = {knob.name: getattr(knob.owner, knob.field) for knob in knobs(self)}
        (folder / "thresholds.json").write_text(json.dumps(values), "utf-8")

    def load(self, folder: Path) -> None:
        for part in self._parts():
            part.load(folder)
        values = json.loads((folder / "thresholds.json").read_text("utf-8"))
        for knob in knobs(self):
            setattr(knob.owner, knob.field, values[knob.name])

    def _parts(self) -> tuple[Saved, ...]:
        return (
            self.names,
            self.triggers,
            self.cues,
            self.fillers,
            self.licenses,
            self.arguments,
            self.attributions,
        )


class Spans(NamedTuple):
    """What the four taggers find in an article."""

    names: list[Mention]
    fillers: list[Candidate]
    events: list[Event]
    cues: list[tuple[Span, ...]]


class Saved(Protocol):
    """A part of the model that keeps its state in files of its own."""

    def save(self, folder: Path) -> None: ...
    def load(self, folder: Path) -> None: ...


def having(gold: Sequence[Article], layer: str) -> list[int]:
    """Indices of the records that have this layer."""
    return [i for i, article in enumerate(gold) if layer in article.layers]


def pick(items: Sequence[T], chosen: Sequence[int]) -> list[T]:
    """The items at these indices."""
    return [items[i] for i in chosen]


def candidates(gold: Sequence[Mention], found: Sequence[Candidate]) -> Known:
    """What the linkers learn from: gold names, found fillers, and the gold ones not found.

    A found filler that ends where a gold one does stands for it, under its id, with
    the span and type that were found. The others are there to be turned down. A gold
    filler that was not found counts as one that was hardly sure enough.
    """
    names = [m for m in gold if m.level == "name"]
    fillers = {m.end: m for m in gold if m.level != "name"}
    mentions, scores = list(names), dict[str, float]()
    for n, (mention, score) in enumerate(found):
        if any((m.start, m.end) == (mention.start, mention.end) for m in names):
            continue
        meant = fillers.pop(mention.end, None)
        name = meant.id if meant else f"x{n}"
        mentions.append(msgspec.structs.replace(mention, id=name))
        scores[name] = score
    mentions += fillers.values()
    scores |= {m.id: 0.0 for m in fillers.values()}
    return Known(mentions, scores)


def linked(seen: View, names: Sequence[Mention], fillers: Sequence[Candidate]) -> Known:
    """All mentions in text order, with ids `m1`, `m2`, ... and entities."""
    found = sorted(
        [*((m, None) for m in names), *fillers],
        key=lambda c: (c[0].start, -c[0].end, c[0].level),
    )
    mentions = [msgspec.structs.replace(m, id=f"m{n}") for n, (m, _) in enumerate(found, 1)]
    scores = {f"m{n}": s for n, (_, s) in enumerate(found, 1) if s is not None}
    entity = entities(seen, mentions)
    return Known([msgspec.structs.replace(m, entity=entity[m.id]) for m in mentions], scores)


baselines.add("linear", Linear)
