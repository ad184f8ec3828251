"""One article as the metrics see it: gold and submission side by side.

A `Pair` holds two `Side`s over one text. What section 1 of the protocol says of
all metrics is done here, once: canonical order, resolution to gold mentions and
entities, elements in names-only zones left out, repeated attributions merged.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from ..corpus.claims import Nesting, stance_of
from ..corpus.ontology import ontology
from ..corpus.schema import Article, Attribution, Event
from ..corpus.words import Words, points
from .align import Alignment, align
from .context import Context
from .resolve import Entity, EventKey, Offsets, Resolver, trigger
from .said import OUTLET, Said, Source

Name: TypeAlias = tuple[int, int, str]
EventType: TypeAlias = tuple[int, int, str]
OUTLET_VOICE: Final = ((OUTLET, "asserts"),)
_NAMES_ONLY: Final = ontology().names_only_zones


class Argument(NamedTuple):
    """A filler at three levels: its span, the gold mention, the gold entity (or incident)."""

    role: str
    exact: Offsets
    head: Offsets | EventKey
    entity: Entity | EventKey


class Happening(NamedTuple):
    """An event; `key` is what trigger classification compares."""

    key: EventType
    realis: str
    arguments: tuple[Argument, ...]
    incident: str | None
    id: str

    @property
    def span(self) -> Offsets:
        return self.key[0], self.key[1]


class Side:
    """Gold or submission of one article.

    `names`: every level-name mention, repeats included. `events`: in canonical
    order, repeats included. `said`: attributions in canonical order, repeats
    merged into the first (`repeated` holds them, each with the index of the one
    kept); `parents` indexes `said`.
    `ignored`: events and attributions that start in a names-only zone.
    """

    def __init__(self, article: Article, pair: Pair) -> None:
        self._pair = pair
        self.article = article
        self.spans: dict[str, Offsets] = {m.id: (m.start, m.end) for m in article.mentions}
        self.names: list[Name] = [
            (m.start, m.end, m.type) for m in article.mentions if m.level == "name"
        ]
        events = [e for e in article.events if not pair.barred >> e.start & 1]
        self.ignored = len(article.events) - len(events)
        self.events = self._happenings(events, pair.resolver)
        self._read_attributions(article.attributions)
        self._voices: dict[Offsets, Sequence[tuple[Said, str]]] = {}

    def _happenings(self, events: list[Event], resolver: Resolver) -> list[Happening]:
        triggers = {e.id: e for e in self.article.events}
        out: list[Happening] = []
        for event in events:
            arguments: list[Argument] = []
            for argument in event.arguments:
                span = self.spans.get(argument.target)
                if span is not None:
                    head, entity = resolver.mention(span), resolver.entity(span)
                    arguments.append(Argument(argument.role, span, head, entity))
                else:
                    target = triggers[argument.target]
                    span = target.start, target.end
                    incident = resolver.incident(span)
                    arguments.append(Argument(argument.role, span, trigger(target), incident))
            key = event.start, event.end, event.type
            happening = Happening(key, event.realis, tuple(arguments), event.incident, event.id)
            out.append(happening)
        out.sort(key=_event_order)
        return out

    def _read_attributions(self, attributions: Sequence[Attribution]) -> None:
        words, resolver = self._pair.words, self._pair.resolver
        said = {a.id: Said(a, self.spans, words, resolver) for a in attributions}
        above = {a.id: a.parent for a in attributions}
        for s in list(said.values()):
            if s.spans and self._pair.barred >> s.spans[0][0] & 1:
                del said[s.id]
        self.ignored += len(attributions) - len(said)
        self.attributions = len(said)
        order = sorted(said, key=lambda i: (said[i].order, _chain(i, above, said), i))
        first: dict[object, int] = {}
        kept: dict[str, int] = {}
        self.said: list[Said] = []
        self.repeated: list[tuple[Said, int]] = []
        for i in order:
            one = said[i]
            signature = one.content, one.cue, one.source_spans
            at = kept[i] = first.setdefault(signature, len(self.said))
            if at == len(self.said):
                self.said.append(one)
            else:
                self.repeated.append((one, at))
        self.parents: list[int | None] = []
        for n, one in enumerate(self.said):
            parent = kept.get(above[one.id] or "")
            self.parents.append(None if parent == n else parent)
        self.edges = sum(above[i] in said for i in said)

    @cached_property
    def nesting(self) -> Nesting:
        return Nesting([s.content for s in self.said], self.parents)

    def holders(self, span: Offsets) -> Sequence[tuple[Said, str]]:
        """Attributions that hold the trigger, innermost first, each with its stance.

        Containment is that of sets: a trigger without words is in every content.
        """
        found = self._voices.get(span)
        if found is None:
            words = ((1 << span[1]) - (1 << span[0])) & self._pair.words.points
            found = self._voices[span] = [
                (self.said[i], stance_of(self.said[i].act, relays))
                for i, relays in self.nesting.holding(words)
            ]
        return found

    def voices(self, span: Offsets) -> Sequence[tuple[Source, str]]:
        """V of an event on this trigger: distinct (source, stance); the outlet if nobody's."""
        holders = self.holders(span)
        if not holders:
            return OUTLET_VOICE
        return list({(source, stance): 0 for said, stance in holders for source in said.voice})

    def sources(self, span: Offsets) -> frozenset[Source]:
        """The sources of an event on this trigger, stances aside."""
        return frozenset([source for source, _ in self.voices(span)])


def _event_order(e: Happening) -> tuple[object, ...]:
    return e.key, e.realis, sorted(a[:2] for a in e.arguments), e.incident or "", e.id


def _chain(i: str, above: dict[str, str | None], said: dict[str, Said]) -> list[object]:
    """Order keys of the ancestors; a cycle is walked once."""
    out: list[object] = []
    parent = above[i]
    while parent in said and len(out) < len(said):
        out.append(said[parent].order)
        parent = above[parent]
    return out


class Pair:
    """One article's gold and submission over the gold text and zones.

    `barred`: offsets in names-only zones, as a bit set.
    """

    def __init__(
        self,
        gold: Article,
        submitted: Article,
        words: Words | None = None,
        context: Context | None = None,
    ) -> None:
        self.id = gold.id
        self.text = gold.text
        self.context = context or Context.default()
        self.words = words or Words(gold.text)
        self.barred = points(z for z in gold.zones if z.kind in _NAMES_ONLY)
        self.resolver = Resolver(gold.text, gold.mentions, gold.events)
        self.gold = Side(gold, self)
        self.submitted = Side(submitted, self)
        self.unaligned = submitted.unaligned

    @cached_property
    def alignment(self) -> Alignment:
        """Which submitted attribution stands for which gold one."""
        return align(self.gold.said, self.submitted.said)
