"""Resolution: which gold mention, entity or incident a submitted span stands for.

Section 1 of the protocol. Submitted entity ids are never read: what a mention
refers to is decided by where it is, so that no choice of ids changes a score.
"""

from __future__ import annotations

from functools import cached_property
from typing import TypeAlias

from ..corpus.schema import Event, Mention
from .head import head

Offsets: TypeAlias = tuple[int, int]
# A gold entity id, or the span of a mention that has none (or that resolves to nothing).
Entity: TypeAlias = str | Offsets
# The trigger ("trigger", start, end) or the incident ("incident", id) of an event target.
EventKey: TypeAlias = tuple[str, int, int] | tuple[str, str]


def overlap(x: Offsets, y: Offsets) -> int:
    """Number of code points that two spans share."""
    return max(0, min(x[1], y[1]) - max(x[0], y[0]))


def span_dice(x: Offsets, y: Offsets) -> int:
    """Dice of two spans over all code points, in millionths, rounded down."""
    return 2_000_000 * overlap(x, y) // (x[1] - x[0] + y[1] - y[0])


class Resolver:
    """μ and ρ of one article's gold. Results are cached per span.

    `level` and `entity` give tuples of different shape for mentions and events,
    so that a mention never equals an event that has the same span.
    """

    def __init__(self, text: str, mentions: tuple[Mention, ...], events: tuple[Event, ...]) -> None:
        self._text = text
        self._mentions = mentions
        self._events = events
        self._mu: dict[Offsets, Offsets] = {}
        self._gold: dict[Offsets, Mention] = {}
        for mention in mentions:
            span = mention.start, mention.end
            other = self._gold.setdefault(span, mention)
            if other is not mention and _canonical(mention) < _canonical(other):
                self._gold[span] = mention

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

    def mention(self, span: Offsets) -> Offsets:
        """μ(span): the span of the gold mention that it stands for, or `span` itself.

        A span that stands for nothing is returned as it is; no gold mention has it.
        """
        if span in self._gold:
            return span
        found = self._mu.get(span)
        if found is None:
            found = self._mu[span] = self._nearest(span)
        return found

    def _nearest(self, span: Offsets) -> Offsets:
        best, best_dice = span, 0
        for gold in self._by_head.get(head(self._text, *span), ()):
            enough = 8 * overlap(gold, span) >= gold[1] - gold[0] + span[1] - span[0]
            if enough and (dice := span_dice(gold, span)) > best_dice:
                best, best_dice = gold, dice
        return best

    def entity(self, span: Offsets) -> Entity:
        """ρ(span): the gold entity of μ(span); the span of μ(span) if there is none."""
        mention = self._gold.get(self.mention(span))
        if mention is None:
            return span
        return mention.entity or (mention.start, mention.end)

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
