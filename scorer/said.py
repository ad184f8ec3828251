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
_NOBODY: Final[frozenset[Entity]] = frozenset()
_NOWHERE: Final[frozenset[Offsets]] = frozenset()
_UNSPECIFIED: Final[frozenset[Source]] = frozenset((UNSPECIFIED,))


class Said:
    """One attribution of gold or submission.

    `content`, `cue` and `quoted` are W of section 1 as bit sets, `size` is the
    number of word code points of the content; of `quoted` only what lies inside
    the content counts. `voice`: the source set, UNSPECIFIED where nobody is named.
    """

    __slots__ = (
        "_raw",
        "act",
        "content",
        "cue",
        "id",
        "quoted",
        "recipient_spans",
        "recipients",
        "size",
        "source_spans",
        "sources",
        "spans",
        "voice",
    )

    def __init__(
        self, a: Attribution, mentions: Mapping[str, Offsets], words: Words, resolve: Resolver
    ) -> None:
        self._raw = a
        self.id = a.id
        self.act = a.act
        self.spans = _sorted(a.content)
        self.content = words.of(a.content)
        self.size = self.content.bit_count()
        self.cue = words.of_cue(a.cue)
        self.quoted = words.of(a.quoted) & self.content if a.quoted else 0
        self.source_spans = frozenset([mentions[m] for m in a.sources]) if a.sources else _NOWHERE
        self.sources = frozenset([resolve(s).entity for s in self.source_spans])
        self.voice: frozenset[Source] = self.sources or _UNSPECIFIED
        self.recipient_spans, self.recipients = _NOWHERE, _NOBODY
        if a.recipients:
            self.recipient_spans = frozenset([mentions[m] for m in a.recipients])
            self.recipients = frozenset([resolve(s).entity for s in self.recipient_spans])

    @property
    def kind(self) -> str:
        """direct, indirect or mixed: how much of the content is verbatim."""
        if not self.quoted:
            return "indirect"
        return "direct" if self.quoted == self.content else "mixed"

    @property
    def order(self) -> tuple[object, ...]:
        """Canonical order, ancestors and id aside."""
        return (
            self.spans,
            self.act,
            sorted(self.source_spans),
            _sorted(self._raw.cue),
            _sorted(self._raw.quoted),
            sorted(self.recipient_spans),
        )


def _sorted(spans: Iterable[Span]) -> list[Offsets]:
    return sorted([(s.start, s.end) for s in spans])
