"""Predictions to a valid record: repairs, unused fillers dropped, ids in text order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from ..corpus.schema import Article, Attribution, Event, Mention
from .coref import incidents
from .view import View

# A cue may also be a trigger of these types only (annotation scheme, V25).
CUE_EVENTS: Final = frozenset({"Demand", "Threat", "PoliticalStance"})


def finish(
    view: View,
    mentions: Sequence[Mention],
    events: Sequence[Event],
    attributions: Sequence[Attribution],
) -> Article:
    """The record of these predictions, on the blind article's text and zones."""
    kept = without_cue_triggers(events, attributions)
    ids = {e.id for e in kept} | {m.id for m in mentions}
    kept = [
        msgspec.structs.replace(e, arguments=tuple(a for a in e.arguments if a.target in ids))
        for e in kept
    ]
    used = {a.target for e in kept for a in e.arguments}
    used |= {i for a in attributions for i in (*a.sources, *a.recipients)}
    of_event = incidents(view, kept, mentions)
    kept = [msgspec.structs.replace(e, incident=of_event[e.id]) for e in kept]
    chosen = [m for m in mentions if m.level == "name" or m.id in used]
    new_id = {m.id: f"m{n}" for n, m in enumerate(chosen, start=1)}
    entity: dict[str, str] = {}
    for m in chosen:
        entity.setdefault(m.entity or m.id, f"e{len(entity) + 1}")
    return msgspec.structs.replace(
        view.article,
        mentions=tuple(
            msgspec.structs.replace(m, id=new_id[m.id], entity=entity[m.entity or m.id])
            for m in chosen
        ),
        events=tuple(_retarget(e, new_id) for e in acyclic(kept)),
        attributions=tuple(
            msgspec.structs.replace(
                a,
                sources=tuple(new_id[i] for i in a.sources),
                recipients=tuple(new_id[i] for i in a.recipients),
            )
            for a in attributions
        ),
    )


def without_cue_triggers(
    events: Sequence[Event], attributions: Sequence[Attribution]
) -> list[Event]:
    """Events that are no cue at the same time, unless their type allows it."""
    cues = {(s.start, s.end): a.act for a in attributions for s in a.cue}
    return [
        e
        for e in events
        if (act := cues.get((e.start, e.end))) is None
        or e.type in CUE_EVENTS
        or (e.type == "LegalAction" and act == "accuse")
    ]


def acyclic(events: Sequence[Event]) -> list[Event]:
    """The events without those event arguments that would close a cycle."""
    targets: dict[str, set[str]] = {e.id: set() for e in events}

    def reaches(start: str, goal: str) -> bool:
        todo, seen = [start], {start}
        while todo:
            at = todo.pop()
            if at == goal:
                return True
            new = targets.get(at, set()) - seen
            seen |= new
            todo += sorted(new)
        return False

    out: list[Event] = []
    for event in events:
        arguments = []
        for argument in event.arguments:
            if argument.target in targets:
                if reaches(argument.target, event.id):
                    continue
                targets[event.id].add(argument.target)
            arguments.append(argument)
        out.append(msgspec.structs.replace(event, arguments=tuple(arguments)))
    return out


def _retarget(event: Event, new_id: dict[str, str]) -> Event:
    arguments = tuple(
        msgspec.structs.replace(a, target=new_id.get(a.target, a.target)) for a in event.arguments
    )
    return msgspec.structs.replace(event, arguments=arguments)
