"""An attribution as the metrics compare it: bit sets of words, participants resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from ..corpus.schema import Attribution, Span
from ..corpus.words import Words
from .resolve import Entity, Offsets, Resolver

# An entity, or one of the two voices that are nobody's.
Source: TypeAlias = Entity | tuple[str]
UNSPECIFIED: Final = ("unspecified",)
OUTLET: Final = ("outlet",)


class Said:
    """One attribution of gold or submission.

    `content`, `cue` and `quoted` are W of section 1 as bit sets; of `quoted` only
    what lies inside the content. `order` is the canonical order but for ancestors
    and id.
    """

    __slots__ = (
        "act",
        "content",
        "cue",
        "id",
        "order",
        "quoted",
        "recipient_spans",
        "recipients",
        "size",
        "source_spans",
        "sources",
        "spans",
    )

    def __init__(
        self, a: Attribution, mentions: Mapping[str, Offsets], words: Words, resolver: Resolver
    ) -> None:
        entity = resolver.entity
        self.id = a.id
        self.act = a.act
        self.spans = _sorted(a.content)
        self.content = words.of(a.content)
        self.size = self.content.bit_count()
        self.cue = words.of_cue(a.cue)
        self.quoted = words.of(a.quoted) & self.content if a.quoted else 0
        self.source_spans = frozenset([mentions[m] for m in a.sources])
        self.sources = frozenset([entity(s) for s in self.source_spans])
        self.recipient_spans = frozenset([mentions[m] for m in a.recipients])
        self.recipients = frozenset([entity(s) for s in self.recipient_spans])
        self.order = (
            self.spans,
            a.act,
            sorted(self.source_spans),
            _sorted(a.cue),
            _sorted(a.quoted),
            sorted(self.recipient_spans),
        )

    @property
    def kind(self) -> str:
        """direct, indirect or mixed: how much of the content is verbatim."""
        if not self.quoted:
            return "indirect"
        return "direct" if self.quoted == self.content else "mixed"

    @property
    def voice(self) -> frozenset[Source]:
        """The source set; UNSPECIFIED where nobody is named."""
        return self.sources or frozenset((UNSPECIFIED,))


def _sorted(spans: Iterable[Span]) -> list[Offsets]:
    return sorted((s.start, s.end) for s in spans)
