"""A quick look at a record: most have nothing wrong, and then no rule need be asked.

`sound` is never true where a rule of `check.py` has something to say (a test holds
it to that), and false for anything unusual.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..corpus.schema import Article, Attribution, Event, Mention
from ..corpus.words import Stretch, Words
from .context import Labels
from .resolve import Offsets


def sound(record: Article, text: str, words: Words, known: Labels) -> bool:
    """Whether a quick look finds nothing to report; if not, the rules decide."""
    mentions, events, attributions = record.mentions, record.events, record.attributions
    spans = {m.id: (m.start, m.end) for m in mentions}
    targets = {**spans, **{e.id: (e.start, e.end) for e in events}}
    ids = {*targets, *[a.id for a in attributions]}
    return (
        len(ids) == len(mentions) + len(events) + len(attributions)
        and not record.unaligned
        and _mentions(mentions, text, known)
        and _events(events, targets, text, known)
        and _attributions(attributions, spans, words, known)
    )


def _clean(span: Stretch, text: str) -> bool:
    start, end = span.start, span.end
    return 0 <= start < end <= len(text) and not (text[start].isspace() or text[end - 1].isspace())


def _mentions(mentions: Sequence[Mention], text: str, known: Labels) -> bool:
    types, levels, last = known.types, known.levels, 0
    for m in mentions:
        if not _clean(m, text) or m.type not in types or m.level not in levels:
            return False
        if m.level == "name":
            if m.start < last:
                return False
            last = m.end
    return len({(m.start, m.end) for m in mentions}) == len(mentions)


def _events(
    events: Sequence[Event], targets: Mapping[str, Offsets], text: str, known: Labels
) -> bool:
    for e in events:
        if not _clean(e, text) or e.type not in known.events or e.realis not in known.realis:
            return False
        for a in e.arguments:
            if a.target not in targets or a.role not in known.roles:
                return False
        if len({(a.role, targets[a.target]) for a in e.arguments}) < len(e.arguments):
            return False
    return len({(e.start, e.end, e.type) for e in events}) == len(events)


def _attributions(
    attributions: Sequence[Attribution],
    mentions: Mapping[str, Offsets],
    words: Words,
    known: Labels,
) -> bool:
    contents: set[int] = set()
    for a in attributions:
        if a.quoted or a.parent is not None or a.act not in known.acts:
            return False
        if not all(_clean(s, words.text) for s in (*a.content, *a.cue)):
            return False
        if not all(i in mentions for i in (*a.sources, *a.recipients)):
            return False
        contents.add(words.of(a.content))
    return 0 not in contents and len(contents) == len(attributions)
