"""One article as the metrics see it: gold and submission side by side.

A `Pair` holds two `Side`s over one text. What section 1 of the protocol says of
all metrics is done here, once: canonical order, resolution to gold mentions and
entities, elements in names-only zones left out, repeated attributions merged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from ..corpus.claims import Nesting, stance_of
from ..corpus.ontology import ontology
from ..corpus.schema import Article, Attribution, Event
from ..corpus.words import Words, points
from .align import Alignment, align
from .context import Context
from .names import Name, Names
from .resolve import Entity, EventKey, Offsets, Resolver, trigger
from .said import OUTLET, Said, Source

EventType: TypeAlias = tuple[int, int, str]
_NAMES_ONLY: Final = ontology().names_only_zones


class Argument(NamedTuple):
    """A filler at three levels: its span, the gold mention, the gold entity (or incident)."""

    role: str
    exact: Offsets
    head: Offsets | EventKey
    entity: Entity | EventKey


Slot: TypeAlias = tuple[EventType, str, Entity | EventKey]


class Happening(NamedTuple):
    """An event; `key` is what trigger classification compares."""

    key: EventType
    realis: str
    arguments: tuple[Argument, ...]
    incident: str | None
    id: str
    span: Offsets


# ((start, end, type), realis): what a claim says, and a source vouches for.
Fact: TypeAlias = tuple[EventType, str]


class Vouched(NamedTuple):
    """Who vouches for an event, by its trigger.

    `voices` is V, (source, stance) pairs; `sources` are all of them, `innermost`
    those of the innermost attribution.
    """

    voices: frozenset[tuple[Source, str]]
    sources: frozenset[Source]
    innermost: frozenset[Source]
    outlet: bool


_OUTLET: Final[frozenset[Source]] = frozenset((OUTLET,))
_BY_OUTLET: Final = Vouched(frozenset(((OUTLET, "asserts"),)), _OUTLET, _OUTLET, True)


class Told(NamedTuple):
    """What is told of a fact: by whom, and the (role, entity) pairs of all events that are it."""

    by: Vouched
    fillers: set[tuple[str, Entity | EventKey]]


class Side:
    """Gold or submission of one article.

    `names`: every level-name mention, repeats included. `events`: in canonical
    order, repeats included. `realis`: (start, end, type) -> realis of the
    canonically first event that has it. `slots`: the slots of AC+ at entity level,
    each with its first filler. `said`: attributions in canonical order, repeats
    merged into the first (`repeated` holds them, each with the index of the one
    kept); `parents` indexes `said`; `attributions` counts all, `edges` those with
    a parent. `ignored`: events and attributions that start in a names-only zone.
    """

    def __init__(self, article: Article, words: Words, resolve: Resolver, barred: int) -> None:
        self._words = words
        self.article = article
        self.spans = {m.id: (m.start, m.end) for m in article.mentions}
        self.names: list[Name] = [
            (m.start, m.end, m.type) for m in article.mentions if m.level == "name"
        ]
        self.events: list[Happening] = []
        self.said: list[Said] = []
        self.parents: list[int | None] = []
        self.repeated: list[tuple[Said, int]] = []
        self.ignored = self.attributions = self.edges = 0
        self._read_events(article.events, resolve, barred)
        self.realis = {e.key: e.realis for e in reversed(self.events)}
        self.slots = _slots(self.events)
        if article.attributions:
            self._read_attributions(article.attributions, resolve, barred)
        self.nesting = Nesting([s.content for s in self.said], self.parents)
        self._vouched: dict[Offsets, Vouched] = {}

    def _read_events(self, events: Sequence[Event], resolve: Resolver, barred: int) -> None:
        spans = self.spans
        for event in events:
            span = event.start, event.end
            if barred and barred >> event.start & 1:
                self.ignored += 1
                continue
            arguments: list[Argument] = []
            for argument in event.arguments:
                where = spans.get(argument.target)
                if where is not None:
                    arguments.append(Argument(argument.role, where, *resolve(where)))
                else:
                    target = next(e for e in events if e.id == argument.target)
                    where = target.start, target.end
                    incident = resolve.incident(where)
                    arguments.append(Argument(argument.role, where, trigger(target), incident))
            self.events.append(
                Happening(
                    (*span, event.type),
                    event.realis,
                    tuple(arguments),
                    event.incident,
                    event.id,
                    span,
                )
            )
        if len({e.key for e in self.events}) == len(self.events):
            self.events.sort()
        else:
            self.events.sort(key=_event_order)

    def _read_attributions(
        self, attributions: Sequence[Attribution], resolve: Resolver, barred: int
    ) -> None:
        said: dict[str, Said] = {}
        for a in attributions:
            one = Said(a, self.spans, self._words, resolve)
            if barred and one.spans and barred >> one.spans[0][0] & 1:
                self.ignored += 1
            else:
                said[a.id] = one
        self.attributions = len(said)
        above = {a.id: a.parent for a in attributions if a.parent is not None}
        first: dict[object, int] = {}
        kept: dict[str, int] = {}
        for i in _in_order(said, above):
            one = said[i]
            signature = one.content, one.cue, one.source_spans
            at = kept[i] = first.setdefault(signature, len(self.said))
            if at == len(self.said):
                self.said.append(one)
            else:
                self.repeated.append((one, at))
        for n, one in enumerate(self.said):
            parent = kept.get(above.get(one.id, ""))
            self.parents.append(None if parent == n else parent)
        self.edges = sum([above[i] in said for i in above if i in said])

    @cached_property
    def facts(self) -> dict[Fact, Told]:
        """What this side tells, by whom."""
        out: dict[Fact, Told] = {}
        for event in self.events:
            fact = event.key, event.realis
            fillers = {(a.role, a.entity) for a in event.arguments}
            if fact in out:
                out[fact].fillers.update(fillers)
            else:
                out[fact] = Told(self.vouched(event.span), fillers)
        return out

    def vouched(self, span: Offsets) -> Vouched:
        """Who vouches for an event on this trigger: the attributions that hold it, or the outlet.

        Containment is that of sets: a trigger without words is in every content.
        """
        if not self.said:
            return _BY_OUTLET
        found = self._vouched.get(span)
        if found is None:
            found = self._vouched[span] = self._vouch(span)
        return found

    def _vouch(self, span: Offsets) -> Vouched:
        words = ((1 << span[1]) - (1 << span[0])) & self._words.points
        holders = self.nesting.holding(words)
        if not holders:
            return _BY_OUTLET
        said = self.said
        voices = frozenset(
            [
                (source, stance_of(said[i].act, relays))
                for i, relays in holders
                for source in said[i].voice
            ]
        )
        sources = frozenset([source for source, _ in voices])
        return Vouched(voices, sources, said[holders[0][0]].voice, False)


def _slots(events: Sequence[Happening]) -> dict[Slot, tuple[Happening, Argument]]:
    out = {(e.key, a.role, a.entity): (e, a) for e in events for a in e.arguments}
    if len(out) == sum([len(e.arguments) for e in events]):
        return out
    out.clear()
    for event in events:
        for a in sorted(event.arguments, key=_filler_order):
            out.setdefault((event.key, a.role, a.entity), (event, a))
    return out


def _filler_order(a: Argument) -> tuple[str, Offsets]:
    return a[:2]


def _event_order(e: Happening) -> tuple[object, ...]:
    return e.key, e.realis, sorted(a[:2] for a in e.arguments), e.incident or "", e.id


def _in_order(said: Mapping[str, Said], above: Mapping[str, str]) -> list[str]:
    """Ids in canonical order. Where contents differ, they alone decide."""
    if len({tuple(s.spans) for s in said.values()}) == len(said):
        return sorted(said, key=lambda i: said[i].spans)
    return sorted(said, key=lambda i: (said[i].order, _chain(i, above, said), i))


def _chain(i: str, above: Mapping[str, str], said: Mapping[str, Said]) -> list[object]:
    """Order of the ancestors; a cycle is walked once."""
    out: list[object] = []
    parent = above.get(i, "")
    while parent in said and len(out) < len(said):
        out.append(said[parent].order)
        parent = above.get(parent, "")
    return out


class Pair:
    """One article's gold and submission over the gold text and zones.

    `barred`: offsets in names-only zones, as a bit set. `found`: distinct (start,
    end, type) on both sides, TC-matched events.
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
        self.barred = points([z for z in gold.zones if z.kind in _NAMES_ONLY])
        self.resolve = Resolver(gold.text, gold.mentions, gold.events)
        self.gold = Side(gold, self.words, self.resolve, self.barred)
        self.submitted = Side(submitted, self.words, self.resolve, self.barred)
        self.unaligned = submitted.unaligned
        self.found = self.gold.realis.keys() & self.submitted.realis.keys()

    @cached_property
    def names(self) -> Names:
        return Names(self.gold.names, self.submitted.names)

    @cached_property
    def alignment(self) -> Alignment:
        """Which submitted attribution stands for which gold one."""
        return align(self.gold.said, self.submitted.said)
