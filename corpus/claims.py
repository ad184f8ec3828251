"""Claims: which event, vouched for by whom. One derivation for dataset, scorer, `extract`.

A claim is not annotated; it follows from the three layers. An attribution
vouches for an event if its content holds the trigger: W(trigger) is a subset of
W(content) (`corpus/words.py`). An event in nobody's content is in the voice of
the outlet. The definition is section 6 of the scoring protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from .ontology import ontology
from .schema import Article, Attribution, Event, Mention
from .text import sentence_at, sentences
from .words import Words

SourceKind = Literal["named", "unnamed", "unspecified", "outlet"]
Stance = Literal["asserts", "denies", "unverified", "relays"]

WHO: Final = ("Agent",)
WHOM: Final = ("Patient", "Victim", "Recipient")
WHERE: Final = ("Place", "Destination", "Origin")
WHEN: Final = ("Time",)


class Nesting:
    """Attributions as passages inside passages, by index.

    `contents[i]` is the bit set of word code points of attribution i, `parents[i]`
    the index of its parent or None. Equal attributions must come in canonical
    order: of two that are equally deep and equally long the first counts as inner.
    A cycle of parents is walked once.
    """

    __slots__ = ("_ancestors", "contents", "order")

    def __init__(self, contents: Sequence[int], parents: Sequence[int | None]) -> None:
        self.contents = contents
        self._ancestors = [_ancestors(i, parents) for i in range(len(contents))]
        self.order = sorted(range(len(contents)), key=self._inner)

    def _inner(self, i: int) -> tuple[int, int, int]:
        return -len(self._ancestors[i]), self.contents[i].bit_count(), i

    def ancestors(self, i: int) -> list[int]:
        """Parent, its parent, and so on up to the root."""
        return self._ancestors[i]

    def depth(self, i: int) -> int:
        """Number of ancestors."""
        return len(self._ancestors[i])

    def holding(self, words: int) -> list[tuple[int, bool]]:
        """Attributions whose content holds all of `words`, innermost first.

        The flag says whether the attribution relays: a descendant of it holds
        the words, too.
        """
        holders = [i for i in self.order if not words & ~self.contents[i]]
        relaying = {a for i in holders for a in self._ancestors[i]}
        return [(i, i in relaying) for i in holders]


def _ancestors(i: int, parents: Sequence[int | None]) -> list[int]:
    out: list[int] = []
    at = parents[i]
    while at is not None and at != i and at not in out:
        out.append(at)
        at = parents[at]
    return out


class Voice(NamedTuple):
    """One voice of an event: a source (mention id) of an attribution that holds it.

    Without `source` the attribution names nobody (UNSPECIFIED); without
    `attribution` it is the outlet itself (OUTLET, asserts).
    """

    source: str | None
    stance: Stance
    attribution: Attribution | None

    @property
    def kind(self) -> Literal["source", "unspecified", "outlet"]:
        if self.attribution is None:
            return "outlet"
        return "unspecified" if self.source is None else "source"


OUTLET: Final = Voice(None, "asserts", None)


def stance_of(act: str, relays: bool) -> Stance:
    """What an attribution does to an event in its content."""
    return "relays" if relays else ontology().stance(act)


def voices(article: Article, words: Words | None = None) -> dict[str, list[Voice]]:
    """Event id -> its voices, innermost attribution first, sources in record order.

    Ids are those of the record: the scorer resolves them to gold entities.
    """
    words = words or Words(article.text)
    said = sorted(article.attributions, key=_canonical)
    index = {a.id: i for i, a in enumerate(said)}
    nesting = Nesting(
        [words.of(a.content) for a in said],
        [None if a.parent is None else index.get(a.parent) for a in said],
    )
    out: dict[str, list[Voice]] = {}
    for event in article.events:
        out[event.id] = [
            Voice(source, stance_of(said[i].act, relays), said[i])
            for i, relays in nesting.holding(words.of((event,)))
            for source in (said[i].sources or (None,))
        ] or [OUTLET]
    return out


def _canonical(a: Attribution) -> tuple[object, ...]:
    return sorted((s.start, s.end) for s in a.content), a.act, a.id


class Claim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One row of the table of claims: one event, one of its sources, one stance.

    Participants are shown by the best name of their entity, several joined by
    "; "; `where` is the Place, else the Destination, else the Origin. `cue` has
    its pieces joined by " … ". `start` and `end` are the trigger's offsets.
    """

    article: str
    sentence: str
    trigger: str
    type: str
    realis: str
    who: str
    whom: str
    where: str
    when: str
    source: str
    source_kind: SourceKind
    stance: Stance
    cue: str
    start: int
    end: int


def claims(article: Article) -> list[Claim]:
    """The claims of an article, by trigger, innermost source first.

    One row per event and distinct (source entity, stance). Entity ids may be
    missing: a mention without one stands for itself.
    """
    text = article.text
    show = Names(article)
    spans = sentences(text, article.zones)
    voiced = voices(article)
    out: list[Claim] = []
    for event in sorted(article.events, key=lambda e: (e.start, e.end, e.type, e.realis, e.id)):
        sentence = spans[sentence_at(spans, event.start)].of(text) if spans else ""
        who, whom, where, when = (
            show.fillers(event, WHO),
            show.fillers(event, WHOM),
            next(filter(None, (show.fillers(event, (role,)) for role in WHERE)), ""),
            show.fillers(event, WHEN),
        )
        for voice in _distinct(voiced[event.id], show.key):
            name, kind = show.source(voice)
            cue = voice.attribution.cue if voice.attribution else ()
            out.append(
                Claim(
                    article=article.id,
                    sentence=sentence,
                    trigger=text[event.start : event.end],
                    type=event.type,
                    realis=event.realis,
                    who=who,
                    whom=whom,
                    where=where,
                    when=when,
                    source=name,
                    source_kind=kind,
                    stance=voice.stance,
                    cue=" … ".join(s.of(text) for s in cue),
                    start=event.start,
                    end=event.end,
                )
            )
    return out


def _distinct(items: Iterable[Voice], key: Callable[[str], str]) -> list[Voice]:
    seen: dict[tuple[str, str], Voice] = {}
    for voice in items:
        who = voice.kind if voice.source is None else f"source {key(voice.source)}"
        seen.setdefault((who, voice.stance), voice)
    return list(seen.values())


class Names:
    """How the participants and sources of one article are shown."""

    def __init__(self, article: Article) -> None:
        self._text = article.text
        self._mentions = {m.id: m for m in article.mentions}
        self._events = {e.id: e for e in article.events}
        self._best: dict[str, Mention] = {}
        for mention in article.mentions:
            if mention.level == "name":
                key = self.key(mention.id)
                best = self._best.get(key)
                if best is None or _fuller(mention) < _fuller(best):
                    self._best[key] = mention

    def key(self, mention_id: str) -> str:
        """What makes two mentions one participant: the entity, else the mention itself."""
        mention = self._mentions[mention_id]
        return f"entity {mention.entity}" if mention.entity else f"mention {mention_id}"

    def show(self, target: str) -> str:
        """The fullest name of the target's entity, else its own words; an event's trigger."""
        mention: Mention | Event
        if target in self._events:
            mention = self._events[target]
        else:
            mention = self._best.get(self.key(target), self._mentions[target])
        return " ".join(self._text[mention.start : mention.end].split())

    def fillers(self, event: Event, roles: Sequence[str]) -> str:
        """Fillers of the roles in text order, each entity once."""
        targets = [a.target for a in event.arguments if a.role in roles]
        targets.sort(key=lambda t: (self._mentions.get(t) or self._events[t]).start)
        return "; ".join(dict.fromkeys(self.show(t) for t in targets))

    def source(self, voice: Voice) -> tuple[str, SourceKind]:
        if voice.source is None:
            return "", "outlet" if voice.attribution is None else "unspecified"
        named = self.key(voice.source) in self._best
        return self.show(voice.source), "named" if named else "unnamed"


def _fuller(mention: Mention) -> tuple[int, int]:
    """Longest name first, of equal ones the first in the text."""
    return mention.start - mention.end, mention.start
