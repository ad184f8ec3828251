"""A record written as a Label Studio result list; see `convert` for the mapping."""

from __future__ import annotations

from typing import Any

from ..corpus.errors import InputError
from ..corpus.schema import Article, Attribution, Event, Mention, Meta, Span, Zone
from .interface import (
    ACT,
    ATTRIBUTION,
    CONTENT,
    CUE,
    ENTITY,
    ENTITY_ID,
    EVENT,
    FRAGMENTS,
    INCIDENT_ID,
    LEVEL,
    LINKS,
    PARENT,
    QUOTED,
    REALIS,
    RECIPIENT,
    SOURCE,
    TEXT,
    ZONE,
)

Result = dict[str, Any]
Placed = Zone | Mention | Event | Span


def to_results(article: Article) -> list[Result]:
    """The record as a Label Studio result list: regions first, then relations.

    Raises `InputError` if the record has no text. Labels and references are not
    checked here: see `convert.checked_results`.
    """
    if not article.text:
        raise InputError(f"{article.id}: a record without its text cannot go to Label Studio")
    write = _Writer(article)
    for zone in article.zones:
        write.region(write.free("zone"), zone, ZONE, zone.kind)
    for mention in article.mentions:
        write.region(mention.id, mention, ENTITY, mention.type)
        write.choice(mention.id, mention, LEVEL, mention.level)
        if mention.entity is not None:
            write.answer(mention.id, mention, ENTITY_ID, mention.entity)
    for event in article.events:
        write.region(event.id, event, EVENT, event.type)
        write.choice(event.id, event, REALIS, event.realis)
        if event.incident is not None:
            write.answer(event.id, event, INCIDENT_ID, event.incident)
        for argument in event.arguments:
            write.arrow(event.id, argument.target, argument.role)
    for attribution in article.attributions:
        write.attribution(attribution)
    write.links(article.meta)
    return write.regions + write.arrows


class _Writer:
    """Builds a result list; hands out ids that the record does not use."""

    def __init__(self, article: Article) -> None:
        self.text = article.text
        self.regions: list[Result] = []
        self.arrows: list[Result] = []
        layers = (article.mentions, article.events, article.attributions)
        self._used = {item.id for layer in layers for item in layer}

    def free(self, stem: str) -> str:
        number = 1
        while f"{stem}{number}" in self._used:
            number += 1
        self._used.add(f"{stem}{number}")
        return f"{stem}{number}"

    def _item(self, region_id: str, place: Placed, control: str, kind: str, value: Result) -> None:
        span: Result = {"start": place.start, "end": place.end}
        surface = {"text": self.text[place.start : place.end]}
        self.regions.append(
            {
                "id": escape(region_id),
                "from_name": control,
                "to_name": TEXT,
                "type": kind,
                "value": span | surface | value,
            }
        )

    def region(self, region_id: str, place: Placed, row: str, label: str) -> None:
        self._item(region_id, place, row, "labels", {"labels": [label]})

    def choice(self, region_id: str, place: Placed, control: str, value: str) -> None:
        self._item(region_id, place, control, "choices", {"choices": [value]})

    def answer(self, region_id: str, place: Placed, control: str, value: str) -> None:
        self._item(region_id, place, control, "textarea", {"text": [value]})

    def arrow(self, tail: str, head: str, label: str) -> None:
        self.arrows.append(
            {
                "type": "relation",
                "from_id": escape(tail),
                "to_id": escape(head),
                "direction": "right",
                "labels": [label],
            }
        )

    def attribution(self, a: Attribution) -> None:
        spans = {CUE: a.cue, CONTENT: a.content, QUOTED: a.quoted}
        anchor = CUE if a.cue else CONTENT
        if not spans[anchor]:
            raise InputError(f"{a.id}: an attribution without cue and content has no place")
        self.region(a.id, spans[anchor][0], ATTRIBUTION, anchor)
        self.choice(a.id, spans[anchor][0], ACT, a.act)
        spans[anchor] = spans[anchor][1:]
        for source in a.sources:
            self.arrow(a.id, source, SOURCE)
        for recipient in a.recipients:
            self.arrow(a.id, recipient, RECIPIENT)
        for label in FRAGMENTS:
            for span in spans[label]:
                fragment = self.free(f"{a.id}.{label}")
                self.region(fragment, span, ATTRIBUTION, label)
                self.arrow(a.id, fragment, label)
        if a.parent is not None:
            self.arrow(a.id, a.parent, PARENT)

    def links(self, meta: Meta) -> None:
        lines = [f"{ref.id} = {ref.incident}" for ref in meta.incidents if ref.incident is not None]
        if lines:
            self.regions.append(
                {
                    "id": self.free("links"),
                    "from_name": LINKS,
                    "to_name": TEXT,
                    "type": "textarea",
                    "value": {"text": lines},
                }
            )


def escape(record_id: str) -> str:
    """A record's id as a region's: Label Studio's page cuts that at the first `#`."""
    return record_id.replace("%", "%25").replace("#", "%23")


def unescape(region_id: str) -> str:
    """A region's id as a record's."""
    return region_id.replace("%23", "#").replace("%25", "%")
