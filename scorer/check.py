"""Checks of one decoded record against the article it annotates (section 2).

`check` yields problems in the order of the record. Structure comes first: where
an id or a span is broken, nothing that builds on it is judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ..corpus.schema import LAYERS, Article, Attribution, Span, sha256
from ..corpus.words import Stretch, Words
from .codes import CODES, hint, quote
from .context import Labels
from .diagnose import Problem
from .sound import sound

LIMIT: Final = 5_000
_MOST_UNALIGNED: Final = 1_000_000
_UNALIGNED: Final = (*LAYERS, "arguments")


def check(record: Article, gold: Article, words: Words, known: Labels) -> list[Problem]:
    """Everything wrong with `record`, an annotation of `gold.text` with these words."""
    problems = [*_text(record, gold), *_sizes(record)]
    if problems or sound(record, gold.text, words, known):
        return problems
    problems = [*_unaligned(record), *_ids(record), *_spans(record, len(gold.text))]
    if any(CODES[p.code] == "refuse" for p in problems):
        return problems
    structure = [*_references(record), *_cycles(record.attributions)]
    if structure:
        return problems + structure
    return [
        *problems,
        *_labels(record, known),
        *_repeated(record, gold, words),
        *_empty(record, words),
        *_edges(record, gold.text),
        *_overlaps(record),
        *_outside(record, words),
    ]


def _text(record: Article, gold: Article) -> Iterator[Problem]:
    if record.text and record.text != gold.text:
        at = next(
            (i for i, (a, b) in enumerate(zip(gold.text, record.text, strict=False)) if a != b),
            min(len(gold.text), len(record.text)),
        )
        there, here = (quote(t[max(0, at - 6) : at + 1]) for t in (gold.text, record.text))
        message = f"text differs at character {at}: gold {there}, submitted {here}"
        yield Problem("text-differs", "text", message)
    elif record.text_sha256 and record.text_sha256.lower() != sha256(gold.text):
        message = "text_sha256 is not that of the gold text; was the text normalised (NFC, LF)?"
        yield Problem("text-differs", "text_sha256", message)


def _sizes(record: Article) -> Iterator[Problem]:
    for layer in LAYERS:
        size = len(getattr(record, layer))
        if size > LIMIT:
            message = f"{size:,} {layer} in one article (limit {LIMIT:,} per layer)"
            yield Problem("too-many", layer, message)


def _unaligned(record: Article) -> Iterator[Problem]:
    for layer, n in record.unaligned.items():
        at = f"unaligned.{layer}"
        if layer not in _UNALIGNED:
            yield Problem("unknown-field", at, f"{at}: unknown{hint(layer, _UNALIGNED)}")
        elif not 0 <= n <= _MOST_UNALIGNED:
            message = f"{at}: expected a count from 0 to {_MOST_UNALIGNED:,}, got {quote(n)}"
            yield Problem("bad-field", at, message)
        elif n:
            message = f"{n:,} {layer} could not be anchored by the converter"
            yield Problem("unaligned", at, message)


def _ids(record: Article) -> Iterator[Problem]:
    used: dict[str, tuple[str, int]] = {}
    for layer in LAYERS:
        for n, element in enumerate(getattr(record, layer)):
            first, index = used.setdefault(element.id, (layer, n))
            if index != n or first != layer:
                message = f"id {quote(element.id)} is used by {first}[{index}] and {layer}[{n}]"
                yield Problem("duplicate-id", f"{layer}[{n}].id", message)


def _spans(record: Article, length: int) -> Iterator[Problem]:
    for n, m in enumerate(record.mentions):
        if not 0 <= m.start < m.end <= length:
            yield _bad_span(f"mentions[{n}]", m, length)
    for n, e in enumerate(record.events):
        if not 0 <= e.start < e.end <= length:
            yield _bad_span(f"events[{n}]", e, length)
    for n, a in enumerate(record.attributions):
        for name, spans in (("content", a.content), ("cue", a.cue), ("quoted", a.quoted)):
            for k, s in enumerate(spans):
                if not 0 <= s.start < s.end <= length:
                    yield _bad_span(f"attributions[{n}].{name}[{k}]", s, length)


def _bad_span(pointer: str, span: Stretch, length: int) -> Problem:
    if span.start == span.end:
        what = "is empty"
    elif span.start > span.end:
        what = "ends before it starts"
    elif span.start < 0:
        what = "starts before the text"
    else:
        what = f"ends after the text, which has {length} characters"
    return Problem("bad-span", pointer, f"{pointer}: [{span.start},{span.end}) {what}")


def _references(record: Article) -> Iterator[Problem]:
    mentions = {m.id for m in record.mentions}
    targets = mentions | {e.id for e in record.events}
    attributions = {a.id for a in record.attributions}
    for n, e in enumerate(record.events):
        for k, argument in enumerate(e.arguments):
            if argument.target not in targets:
                at = f"events[{n}].arguments[{k}].target"
                yield _dangling(at, "mention or event", argument.target)
    for n, a in enumerate(record.attributions):
        for name, ids in (("sources", a.sources), ("recipients", a.recipients)):
            for k, i in enumerate(ids):
                if i not in mentions:
                    yield _dangling(f"attributions[{n}].{name}[{k}]", "mention", i)
        if a.parent is not None and a.parent not in attributions:
            yield _dangling(f"attributions[{n}].parent", "attribution", a.parent)


def _dangling(pointer: str, what: str, name: str) -> Problem:
    return Problem("dangling-id", pointer, f"{pointer}: no {what} {quote(name)}")


def _cycles(attributions: Iterable[Attribution]) -> Iterator[Problem]:
    """Each cycle of parents once, from its first member by id."""
    above = {a.id: a.parent for a in attributions if a.parent is not None}
    done: set[str] = set()
    for start in sorted(above):
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path[at] = None
            at = above.get(at)
        if at is not None and at in path:
            members = list(path)
            members = [*members[members.index(at) :], at]
            shown = " > ".join(members if len(members) <= 6 else [*members[:5], "…", at])
            yield Problem("parent-cycle", "attributions", f"attributions {shown} form a cycle")
        done.update(path)


def _repeated(record: Article, gold: Article, words: Words) -> Iterator[Problem]:
    names = [(m.start, m.end, m.type) for m in record.mentions]
    yield from _again("mentions", names, {})
    keys = [(e.start, e.end, e.type) for e in record.events]
    if len(set(keys)) < len(keys):
        yield from _again("events", keys, Counter((e.start, e.end, e.type) for e in gold.events))
    spans = {m.id: (m.start, m.end) for m in record.mentions}
    triggers = {e.id: (e.start, e.end) for e in record.events}
    for n, e in enumerate(record.events):
        if len(e.arguments) > 1:
            slots = [(a.role, spans.get(a.target) or triggers[a.target]) for a in e.arguments]
            yield from _again(f"events[{n}].arguments", slots, {})
    if len(record.attributions) > 1:
        said = [
            (words.of(a.content), words.of_cue(a.cue), frozenset(spans[m] for m in a.sources))
            for a in record.attributions
        ]
        yield from _again("attributions", said, {})


def _again(layer: str, keys: Iterable[object], allowed: Mapping[Any, int]) -> Iterator[Problem]:
    """Elements whose key has occurred before, more often than allowed (at least once)."""
    first: dict[object, int] = {}
    seen: Counter[object] = Counter()
    for n, key in enumerate(keys):
        where = first.setdefault(key, n)
        if where != n:
            seen[key] += 1
            if seen[key] >= max(1, allowed.get(key, 0)):
                message = f"{layer}[{n}] repeats {layer}[{where}]"
                yield Problem("duplicate", f"{layer}[{n}]", message)


def _empty(record: Article, words: Words) -> Iterator[Problem]:
    for n, a in enumerate(record.attributions):
        if not words.of(a.content):
            at = f"attributions[{n}]"
            yield Problem("content-empty", at, f"{at} has no word in its content")


def _edges(record: Article, text: str) -> Iterator[Problem]:
    for layer in ("mentions", "events"):
        spans: Iterable[Stretch] = getattr(record, layer)
        for n, span in enumerate(spans):
            if text[span.start].isspace():
                yield _edge(f"{layer}[{n}]", "starts")
            elif text[span.end - 1].isspace():
                yield _edge(f"{layer}[{n}]", "ends")
    for n, a in enumerate(record.attributions):
        for name, parts in (("content", a.content), ("cue", a.cue), ("quoted", a.quoted)):
            for k, span in enumerate(parts):
                if text[span.start].isspace():
                    yield _edge(f"attributions[{n}].{name}[{k}]", "starts")
                elif text[span.end - 1].isspace():
                    yield _edge(f"attributions[{n}].{name}[{k}]", "ends")


def _edge(pointer: str, what: str) -> Problem:
    return Problem("span-edge", pointer, f"{pointer} {what} with white space")


def _overlaps(record: Article) -> Iterator[Problem]:
    """Each name that overlaps one before it; repeats are reported as such."""
    names = sorted((m.start, m.end, m.type, m.id) for m in record.mentions if m.level == "name")
    reach = names[0] if names else None
    for name in names[1:]:
        assert reach is not None
        if name[0] < reach[1] and name[:3] != reach[:3]:
            a, b = (f"{quote(n[3])[1:-1]} [{n[0]},{n[1]})" for n in (reach, name))
            yield Problem("overlapping-names", "mentions", f"names {a} and {b} overlap")
        if name[1] > reach[1]:
            reach = name


def _outside(record: Article, words: Words) -> Iterator[Problem]:
    content = {a.id: words.of(a.content) for a in record.attributions}
    for n, a in enumerate(record.attributions):
        for k, span in enumerate(a.quoted):
            if not _inside(span, a.content) and words.of((span,)) & ~content[a.id]:
                at = f"attributions[{n}].quoted[{k}]"
                yield Problem("quoted-outside", at, f"{at} is not inside its content")
        if a.parent is not None and content[a.id] & ~content[a.parent]:
            message = f"{a.id} lies outside the content of its parent {a.parent}"
            yield Problem("parent-outside", f"attributions[{n}].parent", message)


def _inside(span: Span, spans: Iterable[Span]) -> bool:
    return any(s.start <= span.start and span.end <= s.end for s in spans)


def _labels(record: Article, known: Labels) -> Iterator[Problem]:
    for n, m in enumerate(record.mentions):
        if m.type not in known.types:
            yield _unknown(f"mentions[{n}].type", m.type, known.types)
        if m.level not in known.levels:
            yield _unknown(f"mentions[{n}].level", m.level, known.levels)
    for n, e in enumerate(record.events):
        if e.type not in known.events:
            yield _unknown(f"events[{n}].type", e.type, known.events)
        if e.realis not in known.realis:
            yield _unknown(f"events[{n}].realis", e.realis, known.realis)
        for k, a in enumerate(e.arguments):
            if a.role not in known.roles:
                yield _unknown(f"events[{n}].arguments[{k}].role", a.role, known.roles)
    for n, a in enumerate(record.attributions):
        if a.act not in known.acts:
            yield _unknown(f"attributions[{n}].act", a.act, known.acts)


def _unknown(pointer: str, label: str, known: Iterable[str]) -> Problem:
    message = f"{pointer} {quote(label)} is not in the scheme{hint(label, sorted(known))}"
    return Problem("unknown-label", pointer, message)
