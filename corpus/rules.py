"""The guideline rules V3, V4 and V6 to V25, one function each.

A rule is a generator over a `Context` whose structure, references and labels
are sound. Adding one is adding a function here and its code to `validate.CODES`.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from typing import Final

from .errors import Incident
from .schema import Attribution, Mention, Span
from .text import is_abbreviation
from .validate import Context, inside, overlap

Rule = Callable[[Context], Iterator[Incident]]
RULES: Final[list[Rule]] = []

_QUOTES: Final = frozenset("\"'“”‘’«»„‟`")
_CUE_EVENT_TYPES: Final = frozenset({"Demand", "Threat", "PoliticalStance", "LegalAction"})


def rule(function: Rule) -> Rule:
    """Register a rule; `validate` runs them in the order of this file."""
    RULES.append(function)
    return function


@rule
def span_edges(c: Context) -> Iterator[Incident]:
    """V3."""
    starts, ends = c.edges
    for pointer, part, span in c.spans():
        surface = span.of(c.text)
        if part == "cue" and not any(ch.isalnum() for ch in surface):
            if surface.strip(":—–-") != "":
                yield c.incident("span-edge", pointer, f"{surface!r} is no word, colon or dash")
        elif span.start not in starts:
            yield c.incident("span-edge", pointer, f"{c.quote(span)} starts inside a word")
        elif span.end not in ends:
            yield c.incident("span-edge", pointer, f"{c.quote(span)} ends inside a word")
        elif _is_mark(surface[0], opening=True):
            yield c.incident("span-edge", pointer, f"{c.quote(span)} starts with {surface[0]!r}")
        elif _is_mark(surface[-1]) and not is_abbreviation(surface):
            yield c.incident("span-edge", pointer, f"{c.quote(span)} ends with {surface[-1]!r}")


def _is_mark(character: str, *, opening: bool = False) -> bool:
    """White space, quotation mark or punctuation. Square brackets are quoted words."""
    if character in ("[" if opening else "]%"):
        return False
    return (
        character.isspace()
        or character in _QUOTES
        or unicodedata.category(character).startswith("P")
    )


@rule
def zones(c: Context) -> Iterator[Incident]:
    """V4."""
    for i, (left, right) in enumerate(pairwise(c.article.zones)):
        if right.start < left.end:
            yield c.incident(
                "zones-order", f"zones[{i + 1}]", "overlaps or precedes the zone before"
            )
    at = 0
    for zone in [*c.article.zones, None]:
        gap = c.text[at : zone.start if zone else len(c.text)]
        if gap.strip():
            yield c.incident("zones-uncovered", "zones", f"no zone covers {gap.strip()[:40]!r}")
        at = max(at, zone.end) if zone else at
    for pointer, _, span in c.spans():
        if not any(inside(span, zone) for zone in c.article.zones):
            yield c.incident("span-zone", pointer, f"{c.quote(span)} crosses an edge of zones")


@rule
def names(c: Context) -> Iterator[Incident]:
    """V6, V8."""
    previous: Mention | None = None
    indexed = sorted(enumerate(c.article.mentions), key=lambda im: (im[1].start, im[1].end))
    for i, m in indexed:
        if m.level not in c.ontology.entities[m.type].levels:
            message = f"{m.id} {c.quote(m)}: {m.type} is never level {m.level}"
            yield c.incident("level-type", f"mentions[{i}]", message)
        if m.level == "name":
            if previous and overlap(previous, m):
                message = f"{m.id} {c.quote(m)} overlaps {previous.id} {c.quote(previous)}"
                yield c.incident("names-overlap", f"mentions[{i}]", message)
            previous = m


@rule
def fillers(c: Context) -> Iterator[Incident]:
    """V7, V9, V11."""
    used = {a.target for e in c.article.events for a in e.arguments}
    used |= {m for a in c.article.attributions for m in (*a.sources, *a.recipients)}
    for i, m in enumerate(c.article.mentions):
        if m.level == "name":
            continue
        pointer, what = f"mentions[{i}]", f"{m.id} {c.quote(m)}"
        if m.id not in used:
            yield c.incident("filler-unused", pointer, f"{what} fills no role and does not speak")
        if not c.in_event_zone(m):
            yield c.incident("filler-zone", pointer, f"{what} lies in a names-only zone")
        for other in c.article.mentions:
            if other.id == m.id or not overlap(m, other):
                continue
            if other.level == "name" and (m.start, m.end) == (other.start, other.end):
                message = f"{what} has the span of the name {other.id}"
                yield c.incident("filler-is-name", pointer, message)
            elif not inside(m, other) and not inside(other, m):
                message = f"{what} crosses {other.id} {c.quote(other)}"
                yield c.incident("fillers-cross", pointer, message)


@rule
def entities(c: Context) -> Iterator[Incident]:
    """V10, V17."""
    types: dict[str, str] = {}
    for i, m in enumerate(c.article.mentions):
        if m.entity and types.setdefault(m.entity, m.type) != m.type:
            message = f"{m.id} {c.quote(m)} is {m.type}, its entity {m.entity} is {types[m.entity]}"
            yield c.incident("entity-types", f"mentions[{i}]", message)
    incidents: dict[str, str] = {}
    for i, e in enumerate(c.article.events):
        if e.incident and incidents.setdefault(e.incident, e.type) != e.type:
            known = incidents[e.incident]
            message = f"{e.id} {c.quote(e)} is {e.type}, its incident {e.incident} is {known}"
            yield c.incident("incident-types", f"events[{i}]", message)


@rule
def triggers(c: Context) -> Iterator[Incident]:
    """V12."""
    for i, e in enumerate(c.article.events):
        if not c.in_event_zone(e):
            message = f"{e.id} {c.quote(e)} lies in a names-only zone"
            yield c.incident("trigger-zone", f"events[{i}]", message)
    for (_, a), (i, b) in combinations(enumerate(c.article.events), 2):
        if not overlap(a, b):
            continue
        repeated = (a.start, a.end, a.type) == (b.start, b.end, b.type)
        if not repeated or (a.incident == b.incident):
            message = f"{b.id} {c.quote(b)} overlaps {a.id} {c.quote(a)}"
            yield c.incident("triggers-overlap", f"events[{i}]", message)


@rule
def arguments(c: Context) -> Iterator[Incident]:
    """V13, V14 (targets), V15, V16, V18."""
    for i, e in enumerate(c.article.events):
        seen: set[str] = set()
        for j, argument in enumerate(e.arguments):
            pointer, role = f"events[{i}].arguments[{j}]", argument.role
            target = c.mentions.get(argument.target) or c.events[argument.target]
            what = f"{role} {argument.target} {c.quote(target)} of {e.id} {c.quote(e)}"
            if argument.target in seen:
                yield c.incident("target-repeated", pointer, f"{what}: a target only once")
            seen.add(argument.target)
            if not c.ontology.licenses(e.type, role):
                yield c.incident("role-unlicensed", pointer, f"{what}: {e.type} has no {role}")
            elif not isinstance(target, Mention):
                if not c.ontology.roles[role].event:
                    message = f"{what}: only Issue points to an event"
                    yield c.incident("event-target", pointer, message)
            elif not c.ontology.roles[role].admits(target.type):
                yield c.incident("role-type", pointer, f"{what}: {role} cannot be {target.type}")
            if not c.in_event_zone(target):
                yield c.incident("target-zone", pointer, f"{what}: target in a names-only zone")
            if not 0 <= c.sentence(e) - c.sentence(target) <= 1:
                message = f"{what}: not in the trigger's sentence or the one before"
                yield c.incident("target-far", pointer, message, level="warning")


@rule
def cycles(c: Context) -> Iterator[Incident]:
    """V14 (cycles), V23 (cycles)."""
    issues = {
        e.id: [a.target for a in e.arguments if a.target in c.events] for e in c.article.events
    }
    parents = {a.id: [a.parent] if a.parent else [] for a in c.article.attributions}
    for i, e in enumerate(c.article.events):
        if _reaches(issues, e.id):
            yield c.incident("issue-cycle", f"events[{i}]", f"{e.id} is its own Issue")
    for i, a in enumerate(c.article.attributions):
        if _reaches(parents, a.id):
            yield c.incident("parent-cycle", f"attributions[{i}]", f"{a.id} is its own ancestor")


def _reaches(links: dict[str, list[str]], start: str) -> bool:
    """Whether following `links` from `start` leads back to it."""
    waiting, seen = list(links[start]), set[str]()
    while waiting:
        item = waiting.pop()
        if item == start:
            return True
        if item not in seen:
            seen.add(item)
            waiting.extend(links[item])
    return False


@rule
def contents(c: Context) -> Iterator[Incident]:
    """V19, V20, V24."""
    for i, a in enumerate(c.article.attributions):
        pointer = f"attributions[{i}]"
        if not a.content:
            yield c.incident("content-missing", pointer, f"{a.id} has no content")
        for left, right in combinations(a.content, 2):
            if overlap(left, right):
                message = f"{a.id}: {c.quote(left)} and {c.quote(right)} overlap"
                yield c.incident("content-overlap", pointer, message)
        for span in a.content:
            if not c.in_event_zone(span):
                message = f"{a.id}: {c.quote(span)} lies in a names-only zone"
                yield c.incident("content-zone", pointer, message)
        for j, span in enumerate(a.quoted):
            if not any(inside(span, content) for content in a.content):
                message = f"{a.id}: {c.quote(span)} is not inside one content span"
                yield c.incident("quoted-outside", f"{pointer}.quoted[{j}]", message)
        if not a.cue and not _all_quoted(c, a):
            message = f"{a.id} has no cue, yet its content is not all quoted"
            yield c.incident("cue-missing", pointer, message)


def _all_quoted(c: Context, a: Attribution) -> bool:
    quoted = {i for s in a.quoted for i in range(s.start, s.end)}
    return all(i in quoted for s in a.content for i in range(s.start, s.end) if c.text[i].isalnum())


@rule
def outside(c: Context) -> Iterator[Incident]:
    """V21, V22."""
    for i, a in enumerate(c.article.attributions):
        parts: list[tuple[str, Span | Mention]] = [("cue", s) for s in a.cue]
        parts += [("source", c.mentions[m]) for m in a.sources]
        parts += [("recipient", c.mentions[m]) for m in a.recipients]
        for part, span in parts:
            if any(overlap(span, content) for content in a.content):
                message = f"{a.id}: {part} {c.quote(span)} lies inside its own content"
                yield c.incident("inside-content", f"attributions[{i}]", message)
        for m in sorted(set(a.sources) & set(a.recipients)):
            message = f"{a.id}: {m} {c.quote(c.mentions[m])} is source and recipient"
            yield c.incident("recipient-is-source", f"attributions[{i}]", message)


@rule
def parents(c: Context) -> Iterator[Incident]:
    """V23 (containment)."""
    for i, a in enumerate(c.article.attributions):
        if a.parent is None:
            continue
        for span in a.content:
            if not any(inside(span, content) for content in c.attributions[a.parent].content):
                message = f"{a.id}: {c.quote(span)} is not inside one content span of {a.parent}"
                yield c.incident("parent-outside", f"attributions[{i}]", message)


@rule
def cues(c: Context) -> Iterator[Incident]:
    """V25."""
    by_span: dict[tuple[int, int], list[str]] = defaultdict(list)
    for e in c.article.events:
        by_span[e.start, e.end].append(e.type)
    for i, a in enumerate(c.article.attributions):
        for span in a.cue:
            for type_ in by_span[span.start, span.end]:
                allowed = type_ in _CUE_EVENT_TYPES and (
                    type_ != "LegalAction" or a.act == "accuse"
                )
                if not allowed:
                    message = f"{a.id}: cue {c.quote(span)} is also a trigger of {type_}"
                    yield c.incident("cue-is-trigger", f"attributions[{i}]", message)
