"""Thresholds of `linear`, set on the validation records by coordinate search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..corpus.schema import Article, Attribution, Event, Mention
from ..corpus.words import Words

if TYPE_CHECKING:
    from .linear import Linear

Counts = tuple[int, int, int]  # right, gold, predicted
WORTH: Final = 0.005  # F1 that a value must gain over the default, against noise


class Knob(NamedTuple):
    """A number of the model, the values to try, and the score that decides."""

    name: str
    owner: Any
    field: str
    values: Sequence[float]
    score: Callable[[Article, Article], Counts]


def tune(model: Linear, dev: Sequence[Article]) -> None:
    """Set each threshold to the value with the best F1, if it beats the default clearly."""
    for knob in knobs(model):
        default = getattr(knob.owner, knob.field)
        best, value = f1(model, dev, knob) + WORTH, default
        for candidate in knob.values:
            if candidate != default:
                setattr(knob.owner, knob.field, candidate)
                reached = f1(model, dev, knob)
                if reached > best:
                    best, value = reached, candidate
        setattr(knob.owner, knob.field, value)


def knobs(model: Linear) -> list[Knob]:
    """All thresholds, earlier stages first."""
    return [
        Knob(
            "triggers",
            model.triggers.tagger,
            "threshold",
            (0.2, 0.25, 0.35, 0.4, 0.5),
            triggers,
        ),
        Knob("cues", model.cues.tagger, "threshold", (0.25, 0.45, 0.55), attributions),
        Knob("contents", model.attributions.contents, "threshold", (0.3, 0.4, 0.6), attributions),
        Knob("fillers", model.fillers.tagger, "threshold", (0.1, 0.3, 0.4), links),
        Knob("arguments", model.arguments, "bias", (0.25, 0.6, 0.8, 1.2), arguments),
        Knob("issues", model.arguments, "issue_bias", (0.4, 0.7), arguments),
        Knob("sources", model.attributions.linker, "bias", (0.15, 0.5, 0.8), attributions),
    ]


def f1(model: Linear, dev: Sequence[Article], knob: Knob) -> float:
    """F1 over all dev records of the knob's score."""
    right = total = 0
    for gold, found in zip(dev, model.predict(dev), strict=True):
        counts = knob.score(gold, found)
        right += counts[0]
        total += counts[1] + counts[2]
    return 2 * right / total if total else 0.0


def triggers(gold: Article, found: Article) -> Counts:
    """Triggers with the right span and type."""
    wanted = {(e.start, e.end, e.type) for e in gold.events}
    got = {(e.start, e.end, e.type) for e in found.events}
    return len(wanted & got), len(wanted), len(got)


def arguments(gold: Article, found: Article) -> Counts:
    """Arguments with the right trigger, role and entity."""
    entity = _entities(gold)
    wanted, got = _arguments(gold, entity), _arguments(found, entity)
    return len(wanted & got), len(wanted), len(got)


def attributions(gold: Article, found: Article) -> Counts:
    """Attributions whose contents overlap by half and whose sources are the same entities.

    Pairs are taken greedily, best overlap first: good enough to compare thresholds.
    """
    words, entity = Words(gold.text), _entities(gold)
    wanted = [(words.of(a.content), _sources(gold, a, entity)) for a in gold.attributions]
    got = [(words.of(a.content), _sources(found, a, entity)) for a in found.attributions]
    pairs = sorted(
        (-(x & y).bit_count() / (x.bit_count() + y.bit_count()), i, j)
        for i, (x, _) in enumerate(wanted)
        for j, (y, _) in enumerate(got)
        if 4 * (x & y).bit_count() >= x.bit_count() + y.bit_count() > 0
    )
    used_i: set[int] = set()
    used_j: set[int] = set()
    right = 0
    for _, i, j in pairs:
        if i not in used_i and j not in used_j:
            used_i.add(i)
            used_j.add(j)
            right += wanted[i][1] == got[j][1]
    return right, len(wanted), len(got)


def links(gold: Article, found: Article) -> Counts:
    """Arguments and attributions together."""
    a, b = arguments(gold, found), attributions(gold, found)
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def _entities(gold: Article) -> list[tuple[int, int, str]]:
    return [(m.start, m.end, m.entity or m.id) for m in gold.mentions]


def _entity(item: Mention | Event, entities: Sequence[tuple[int, int, str]]) -> str:
    """The gold entity whose mention shares the item's end and most of its text."""
    touching = [
        (abs(start - item.start) + abs(end - item.end), name)
        for start, end, name in entities
        if start < item.end and item.start < end
    ]
    return min(touching)[1] if touching else f"{item.start}-{item.end}"


def _arguments(
    article: Article, entities: Sequence[tuple[int, int, str]]
) -> set[tuple[int, int, str, str, str]]:
    mentions = {m.id: _entity(m, entities) for m in article.mentions}
    events = {e.id: f"{e.start}-{e.end}" for e in article.events}
    return {
        (e.start, e.end, e.type, a.role, mentions.get(a.target) or events.get(a.target, ""))
        for e in article.events
        for a in e.arguments
    }


def _sources(
    article: Article, attribution: Attribution, entities: Sequence[tuple[int, int, str]]
) -> frozenset[str]:
    mentions = {m.id: m for m in article.mentions}
    return frozenset(_entity(mentions[i], entities) for i in attribution.sources)
