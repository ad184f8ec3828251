"""Which mentions are one entity, and which triggers are one incident: rules, no model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from ..corpus.schema import Event, Mention
from .morphology import DETERMINERS, lemma, phrase
from .view import View

SINGULAR: Final = frozenset("he she him her his".split())


def entities(view: View, mentions: Sequence[Mention]) -> dict[str, str]:
    """Mention id -> entity id, `e1`, `e2`, ... in text order.

    Names of one type are one entity if they are equal without case, if one is
    the bracketed acronym after the other, or, for people, if one is the last
    word of the other (the first full name that ends so). Nominals need the same
    wording. "he" and "she" go to the nearest person before them.
    """
    keys: dict[str, str] = {}
    out: dict[str, str] = {}
    people: list[tuple[str, str]] = []  # last word, entity of full names
    last_person = ""
    names = {m.id for m in mentions if m.level == "name"}
    acronyms = _acronyms(view, [m for m in mentions if m.id in names])
    for mention in sorted(mentions, key=lambda m: (m.start, m.end)):
        surface = view.text[mention.start : mention.end]
        key = _key(surface, mention)
        if mention.level == "pronoun":
            singular = mention.type == "PER" and surface.lower() in SINGULAR
            new = f"e{len(set(out.values())) + 1}"
            out[mention.id] = last_person if singular and last_person else new
            continue
        entity = keys.get(key)
        if entity is None and key in acronyms:
            entity = keys.get(acronyms[key])
        if entity is None and mention.type == "PER" and mention.level == "name":
            tail = surface.split()[-1].lower()
            entity = next((e for word, e in people if word == tail), None)
        if entity is None:
            entity = f"e{len(set(out.values())) + 1}"
        keys.setdefault(key, entity)
        out[mention.id] = entity
        if mention.type == "PER":
            last_person = entity
            if mention.level == "name" and " " in surface:
                people.append((surface.split()[-1].lower(), entity))
    return out


def _key(surface: str, mention: Mention) -> str:
    """What two mentions of one entity share: type, level class and wording."""
    if mention.level == "name":
        text = " ".join(surface.lower().split())
        if mention.type == "NORP":
            text = text.removesuffix("s")
        return f"{mention.type} {text}"
    words = [w for w in surface.split() if w.lower() not in DETERMINERS]
    return f"{mention.type} {phrase(words)}"


def _acronyms(view: View, names: Sequence[Mention]) -> dict[str, str]:
    """Key of a bracketed acronym -> key of the name right before it."""
    out: dict[str, str] = {}
    for full, short in pairwise(sorted(names, key=lambda m: m.start)):
        surface = view.text[short.start : short.end]
        between = view.text[full.end : short.start]
        if between.strip() == "(" and surface.isupper() and full.type == short.type:
            out[_key(surface, short)] = _key(view.text[full.start : full.end], full)
    return out


def unify_types(view: View, names: Sequence[Mention]) -> list[Mention]:
    """Names of one wording take the type that most of them have (first seen of equals)."""
    votes: dict[str, Counter[str]] = {}
    for m in names:
        votes.setdefault(_wording(view, m), Counter())[m.type] += 1
    out: list[Mention] = []
    for m in names:
        kind = votes[_wording(view, m)].most_common(1)[0][0]
        out.append(Mention(id=m.id, start=m.start, end=m.end, type=kind, level=m.level))
    return out


def _wording(view: View, mention: Mention) -> str:
    return " ".join(view.text[mention.start : mention.end].lower().split())


def incidents(view: View, events: Sequence[Event], mentions: Sequence[Mention]) -> dict[str, str]:
    """Event id -> incident id, `i1`, `i2`, ... in text order.

    Events of one type are one incident if nothing sets them apart (no two
    different named places, no two different dates) and either the trigger word is
    the same, or one is a headline's, or it has a definite article.
    """
    kinds = {m.id: m for m in mentions}
    out: dict[str, str] = {}
    groups: list[list[Event]] = []
    for event in sorted(events, key=lambda e: (e.start, e.end, e.type)):
        for group in groups:
            if all(_compatible(event, other, kinds) for other in group) and any(
                _alike(view, event, other) for other in group
            ):
                group.append(event)
                break
        else:
            groups.append([event])
    for number, group in enumerate(groups, start=1):
        for event in group:
            out[event.id] = f"i{number}"
    return out


def _compatible(a: Event, b: Event, mentions: Mapping[str, Mention]) -> bool:
    if a.type != b.type:
        return False
    for roles in ({"Place"}, {"Time"}, {"Origin"}, {"Destination"}):
        left, right = _filled(a, roles, mentions), _filled(b, roles, mentions)
        if left and right and not left & right:
            return False
    return True


def _filled(event: Event, roles: set[str], mentions: Mapping[str, Mention]) -> set[str]:
    return {
        mentions[a.target].entity or a.target
        for a in event.arguments
        if a.role in roles and a.target in mentions and mentions[a.target].level == "name"
    }


def _alike(view: View, a: Event, b: Event) -> bool:
    same = lemma(view.text[a.start : a.end]) == lemma(view.text[b.start : b.end])
    return same or any(
        view.sentence_of(e.start).zone == "headline" or _definite(view, e) for e in (a, b)
    )


def _definite(view: View, event: Event) -> bool:
    first = view.range(event.start, event.end)[0]
    sentence = view.sentences[view.sentence[first]]
    return first > sentence.first and view.words[first - 1].lower() in {"the", "this", "that"}
