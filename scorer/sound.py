"""A quick look at a record: most have nothing wrong, and then no rule need be asked.

`sound` is never true where a rule of `check.py` has something to say (a test holds
it to that), and false for anything unusual.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from ..corpus.schema import Article, Attribution, Event, Mention, Span
from ..corpus.words import Words
from .context import Labels
from .resolve import Offsets


def sound(record: Article, text: str, words: Words, known: Labels) -> bool:
    """Whether a quick look finds nothing to report; if not, the rules decide."""
    mentions, events, attributions = record.mentions, record.events, record.attributions
    spans = {m.id: (m.start, m.end) for m in mentions}
    targets = {**spans, **{e.id: (e.start, e.end) for e in events}} if events else spans
    ids = {*targets, *[a.id for a in attributions]}
    passages = [(s.start, s.end) for a in attributions for s in (*a.content, *a.cue, *a.quoted)]
    return (
        len(ids) == len(mentions) + len(events) + len(attributions)
        and not record.unaligned
        and _clean([*targets.values(), *passages], text)
        and len(set(spans.values())) == len(mentions)
        and _mentions(mentions, known)
        and _events(events, targets, known)
        and _attributions(attributions, spans, words, known)
    )


def _clean(spans: Sequence[Offsets], text: str) -> bool:
    """Whether all spans lie in the text and none has white space at an edge."""
    length = len(text)
    if not all(0 <= start < end <= length for start, end in spans):
        return False
    edges = "".join([text[start] + text[end - 1] for start, end in spans])
    return not edges or edges.split() == [edges]


def _mentions(mentions: Sequence[Mention], known: Labels) -> bool:
    names = [(m.start, m.end) for m in mentions if m.level == "name"]
    return (
        known.types.issuperset([m.type for m in mentions])
        and known.levels.issuperset([m.level for m in mentions])
        and all(a[1] <= b[0] for a, b in pairwise(names))
    )


def _events(events: Sequence[Event], targets: Mapping[str, Offsets], known: Labels) -> bool:
    for e in events:
        if e.type not in known.events or e.realis not in known.realis:
            return False
        slots = {(a.role, targets.get(a.target)) for a in e.arguments}
        if len(slots) < len(e.arguments):
            return False
        if not all(role in known.roles and target for role, target in slots):
            return False
    return len({(e.start, e.end, e.type) for e in events}) == len(events)


def _attributions(
    attributions: Sequence[Attribution],
    mentions: Mapping[str, Offsets],
    words: Words,
    known: Labels,
) -> bool:
    contents: dict[str, int] = {}
    for a in attributions:
        if a.act not in known.acts or not all(i in mentions for i in (*a.sources, *a.recipients)):
            return False
        if not all(any(_holds(s, q) for s in a.content) for q in a.quoted):
            return False
        contents[a.id] = words.of(a.content)
    # Contents differ, so that a parent that holds its child's has more words: no cycle.
    parents = [(a.id, a.parent) for a in attributions if a.parent is not None]
    return len({0, *contents.values()}) == len(contents) + 1 and not any(
        contents[child] & ~contents.get(parent, 0) for child, parent in parents
    )


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
