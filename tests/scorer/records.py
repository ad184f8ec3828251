"""The record of section 12 of the protocol, and small tools for making others."""

from __future__ import annotations

from typing import Any

import msgspec
from dateline.corpus.schema import (
    Argument,
    Article,
    Attribution,
    Event,
    Mention,
    Span,
    Zone,
)
from dateline.scorer.context import Context
from dateline.scorer.counts import Row
from dateline.scorer.tally import count_article
from dateline.scorer.view import Pair

TEXT = (
    "Rebels seized Dressa on Saturday, ARW said, citing residents. "
    "“We will march on Tolm,” he vowed. Talks ended Monday."
)


def mention(id: str, start: int, end: int, type: str, entity: str | None, level: str = "name"):
    return Mention(id=id, start=start, end=end, type=type, level=level, entity=entity)


def event(id: str, start: int, end: int, type: str, *arguments: tuple[str, str], **more: Any):
    more.setdefault("incident", f"i{id}")
    pairs = tuple(Argument(role=role, target=target) for role, target in arguments)
    return Event(id=id, start=start, end=end, type=type, arguments=pairs, **more)


def spans(*pairs: tuple[int, int]) -> tuple[Span, ...]:
    return tuple(Span(start=s, end=e) for s, e in pairs)


def said(id: str, content: Any, sources: tuple[str, ...] = (), cue: Any = (), **more: Any):
    return Attribution(id=id, content=spans(*content), sources=sources, cue=spans(*cue), **more)


def article(text: str = TEXT, id: str = "cc-0001", **layers: Any) -> Article:
    zones = (Zone(start=0, end=len(text), kind="body"),)
    return Article(
        id=id,
        text=text,
        zones=layers.pop("zones", zones),
        mentions=tuple(layers.pop("mentions", ())),
        events=tuple(layers.pop("events", ())),
        attributions=tuple(layers.pop("attributions", ())),
        **layers,
    )


M = {
    "m1": mention("m1", 0, 6, "ORG.armed", "e1", "nominal"),
    "m2": mention("m2", 14, 20, "GPE", "e2"),
    "m3": mention("m3", 24, 32, "DATE", "e3"),
    "m4": mention("m4", 34, 37, "ORG.ngo", "e4"),
    "m5": mention("m5", 51, 60, "PER", "e5", "nominal"),
    "m6": mention("m6", 63, 65, "ORG.armed", "e1", "pronoun"),
    "m7": mention("m7", 80, 84, "GPE", "e6"),
    "m8": mention("m8", 87, 89, "PER", "e7", "pronoun"),
    "m9": mention("m9", 109, 115, "DATE", "e8"),
}
V = {
    "v1": event("v1", 7, 13, "TerritoryChange", ("Agent", "m1"), ("Place", "m2"), ("Time", "m3")),
    "v2": event(
        "v2", 71, 76, "ForceMovement", ("Agent", "m6"), ("Destination", "m7"), realis="planned"
    ),
    "v3": event("v3", 97, 102, "Talks", ("Time", "m9")),
}
A = {
    "a1": said("a1", [(0, 32)], ("m4",), [(38, 42)]),
    "a2": said("a2", [(0, 32)], ("m5",), [(44, 50)], parent="a1"),
    "a3": said("a3", [(63, 84)], ("m8",), [(90, 95)], quoted=spans((63, 84))),
}


def record(**changes: Any) -> Article:
    """The record of the protocol; an element's id gives what replaces it (None: nothing)."""
    layers: dict[str, list[Any]] = {}
    for name, layer in (("mentions", M), ("events", V), ("attributions", A)):
        kept = [changes.get(i, element) for i, element in layer.items()]
        layers[name] = [e for e in kept if e is not None] + list(changes.get(f"more_{name}", ()))
    return article(**layers)


GOLD = record()


def change(element: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(element, **fields)


def counts(submitted: Article, gold: Article = GOLD, context: Context | None = None) -> Row:
    """The count row of one article."""
    return count_article(Pair(gold, submitted, context=context))


def prf(row: Row, stem: str, tp: str = "") -> tuple[int, int, int]:
    """(tp, gold, pred) of the columns `stem.*`."""
    return tuple(row.get(f"{stem}.{stat}", 0) for stat in ("tp", "gold", "pred"))


def tgp(row: Row, metric_id: str) -> tuple[int, int, int]:
    """(tp, gold, pred) of a metric by its id."""
    from dateline.scorer.registry import METRICS
    from dateline.scorer.scores import Prf

    metric = METRICS[metric_id]
    assert isinstance(metric, Prf)
    return tuple(row.get(column, 0) for column in (metric.tp, metric.gold, metric.pred))
