"""Resolution: which gold mention, entity or incident a submitted span stands for.

Section 1 of the protocol. Submitted entity ids are never read: what a mention
refers to is decided by where it is, so that no choice of ids changes a score.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

from ..corpus.schema import Event, Mention
from .head import head

Offsets: TypeAlias = tuple[int, int]
# A gold entity id, or the span of a mention that has none (or that resolves to nothing).
Entity: TypeAlias = str | Offsets
# The trigger ("trigger", start, end) or the incident ("incident", id) of an event target.
EventKey: TypeAlias = tuple[str, int, int] | tuple[str, str]


class Resolved(NamedTuple):
    """μ and ρ of a span.

    `mention` is the span of the gold mention that it stands for, or the span
    itself if it stands for nothing: no gold mention has that one. A gold mention
    without an entity is its own, under its span.
    """

    mention: Offsets
    entity: Entity


def overlap(x: Offsets, y: Offsets) -> int:
    """Number of code points that two spans share."""
    return max(0, min(x[1], y[1]) - max(x[0], y[0]))


def span_dice(x: Offsets, y: Offsets) -> int:
    """Dice of two spans over all code points, in millionths, rounded down."""
    return 2_000_000 * overlap(x, y) // (x[1] - x[0] + y[1] - y[0])


class Resolver:
    """μ and ρ of one article's gold. Results are cached per span.

    Mentions and events resolve to tuples of different shape, so that a mention
    never equals an event that has the same span.
    """

    def __init__(self, text: str, mentions: Sequence[Mention], events: Sequence[Event]) -> None:
        self._text = text
        self._events = events
        self._gold = {(m.start, m.end): m for m in mentions}
        if len(self._gold) < len(mentions):
            ordered = sorted(mentions, key=_canonical, reverse=True)
            self._gold = {(m.start, m.end): m for m in ordered}
        self._known: dict[Offsets, Resolved] = {}

    @cached_property
    def _by_head(self) -> dict[Offsets, list[Offsets]]:
        """Gold mention spans under their head, in order of start, then end."""
        out: dict[Offsets, list[Offsets]] = {}
        for span in sorted(self._gold):
            out.setdefault(head(self._text, *span), []).append(span)
        return out

    @cached_property
    def _incidents(self) -> dict[Offsets, EventKey]:
        """Trigger span -> incident of the canonically first gold event on it."""
        out: dict[Offsets, EventKey] = {}
        for event in sorted(
            self._events, key=lambda e: (e.start, e.end, e.type, e.realis, e.incident or "", e.id)
        ):
            key = ("incident", event.incident) if event.incident else trigger(event)
            out.setdefault((event.start, event.end), key)
        return out

    def __call__(self, span: Offsets) -> Resolved:
        """μ(span) and ρ(span)."""
        found = self._known.get(span)
        if found is None:
            near = span if span in self._gold else self._nearest(span)
            gold = self._gold.get(near)
            entity = span if gold is None else gold.entity or near
            found = self._known[span] = Resolved(near, entity)
        return found

    def _nearest(self, span: Offsets) -> Offsets:
        best, best_dice = span, 0
        for gold in self._by_head.get(head(self._text, *span), ()):
            enough = 8 * overlap(gold, span) >= gold[1] - gold[0] + span[1] - span[0]
            if enough and (dice := span_dice(gold, span)) > best_dice:
                best, best_dice = gold, dice
        return best

    def level(self, span: Offsets) -> str:
        """Level (name, nominal, pronoun) of the gold mention with exactly this span, or ""."""
        mention = self._gold.get(span)
        return mention.level if mention else ""

    def incident(self, span: Offsets) -> EventKey:
        """What an event target is at entity level: the incident of the gold event there."""
        return self._incidents.get(span, ("trigger", *span))


def trigger(event: Event) -> tuple[str, int, int]:
    """What an event target is at head level."""
    return "trigger", event.start, event.end


def _canonical(mention: Mention) -> tuple[str, str, str, str]:
    return mention.type, mention.level, mention.entity or "", mention.id
