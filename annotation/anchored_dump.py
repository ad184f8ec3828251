"""Writing the text-anchored form: an empty template, or a record."""

from __future__ import annotations

import json
from typing import Any, Final

from ..corpus.schema import Article, Event, Mention, Span, Zone
from ..corpus.text import sentences, tokens
from .units import Units

_RESERVED: Final = frozenset("true false yes no on off null y n ~".split())


def dump(article: Article) -> str:
    """The text-anchored form of a record; `parse` of it gives the record again.

    An article without layers gives the template to annotate: its numbered units
    and its zones. Raises `InputError` if a span crosses a unit or cuts a word.
    """
    cuts = [edge for zone in article.zones for edge in (zone.start, zone.end)]
    spans = sentences(article.text, article.zones)
    units = Units(article.text, [s.of(article.text) for s in spans], cuts)
    return "\n".join(_lines(article, units)) + "\n"


def _lines(article: Article, units: Units) -> list[str]:
    lines = [f"id: {article.id}", "units:"]
    for number, span in enumerate(units.spans, start=1):
        lines.append(f"  - {_quoted(span.of(article.text))}  # {number}")
    lines.append("zones:")
    lines += [f"  - {_flow([z.kind, *_zone_edges(z, units)])}" for z in article.zones]
    lines.append("mentions:")
    lines += [
        f"  - {_flow([m.id, m.type, m.level, m.entity or m.id, *units.anchor(_span(m))])}"
        for m in article.mentions
    ]
    lines.append("events:")
    for e in article.events:
        fields = {
            "id": e.id,
            "type": e.type,
            "realis": e.realis,
            "incident": e.incident,
            "trigger": units.anchor(_span(e)),
            "arguments": [[a.role, a.target] for a in e.arguments],
        }
        lines.append(f"  - {_flow(fields)}")
    lines.append("attributions:")
    for a in article.attributions:
        fields = {
            "id": a.id,
            "sources": list(a.sources),
            "cue": [units.anchor(s) for s in a.cue],
            "content": [units.anchor(s) for s in a.content],
            "quoted": [units.anchor(s) for s in a.quoted],
            "recipients": list(a.recipients),
            "act": a.act,
            "parent": a.parent,
        }
        lines.append(f"  - {_flow({k: v for k, v in fields.items() if v not in ([], None)})}")
    return lines


def _span(item: Mention | Event) -> Span:
    return Span(start=item.start, end=item.end)


def _zone_edges(zone: Zone, units: Units) -> list[Any]:
    starts = {s.start: i for i, s in enumerate(units.spans, start=1)}
    ends = {s.end: i for i, s in enumerate(units.spans, start=1)}
    first = starts.get(zone.start) or units.anchor(_first_token(zone, units))
    last = ends.get(zone.end) or units.anchor(_last_token(zone, units))
    return [first, last]


def _first_token(zone: Zone, units: Units) -> Span:
    return next(s for s in tokens(units.text) if s.start >= zone.start)


def _last_token(zone: Zone, units: Units) -> Span:
    return next(s for s in reversed(tokens(units.text)) if s.end <= zone.end)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _flow(value: Any) -> str:
    """One-line YAML: bare words for ids and labels, quoted strings for the rest."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(v) for v in value) + "]"
    if isinstance(value, str) and not _is_bare(value):
        return _quoted(value)
    return "null" if value is None else str(value)


def _is_bare(value: str) -> bool:
    return (
        value.replace(".", "").replace("-", "").isalnum()
        and value[0].isalpha()
        and value.isascii()
        and value.casefold() not in _RESERVED
    )
