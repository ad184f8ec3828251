"""The text-anchored form: a record that people and language models can write.

A span is `[unit, "surface", n]`: the n-th (1 if left out) whole-word, case-sensitive
occurrence of the surface in a numbered unit (a sentence). The file carries the
units it was written against, so that a later change of the sentence splitter
never moves it. Worked example: section 7 of `annotation/guidelines.md`.

    id: lv-0001
    units: [..., ...]                      the article's sentences, in order
    zones: [[headline, 1, 1], [dateline, 2, [2, "—"]], ...]
    mentions: [[m1, GPE, name, e1, 2, "Kelm"], ...]
    events: [{id: v1, type: ..., realis: ..., incident: i1, trigger: [2, "fell"], arguments: [[Place, m1]]}]
    attributions: [{id: a1, sources: [m2], cue: [[2, "said"]], content: [[2, "..."]], act: say}]
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import yaml

from ..corpus.errors import Incident, IncidentsError, InputError
from ..corpus.registry import did_you_mean
from ..corpus.schema import Argument, Article, Attribution, Event, Mention, Span, Zone
from .units import AnchorError, Units

_KEYS: Final = ("id", "units", "zones", "mentions", "events", "attributions", "notes")
_EVENT_KEYS: Final = ("id", "type", "realis", "incident", "trigger", "arguments")
_ATTRIBUTION_KEYS: Final = (
    "id",
    "sources",
    "cue",
    "content",
    "quoted",
    "recipients",
    "act",
    "parent",
)


class _Reader:
    """Reads one file; collects every problem instead of stopping at the first."""

    def __init__(self, file: str, article: Article, units: Units) -> None:
        self.file, self.article, self.units = file, article, units
        self.incidents: list[Incident] = []

    def problem(self, pointer: str, message: str, code: str = "bad-anchor") -> None:
        self.incidents.append(
            Incident(
                file=self.file, article=self.article.id, pointer=pointer, code=code, message=message
            )
        )

    def span(self, pointer: str, anchor: Any) -> Span | None:
        try:
            return self.units.resolve(anchor)
        except AnchorError as problem:
            self.problem(pointer, str(problem))
            return None

    def spans(self, pointer: str, anchors: Any) -> tuple[Span, ...]:
        if not isinstance(anchors, list):
            self.problem(pointer, f"expected a list of spans, got {anchors!r}", "bad-field")
            return ()
        if anchors and isinstance(anchors[0], int):
            self.problem(pointer, "expected a list of spans: write [[...]]", "bad-field")
            return ()
        found = [self.span(f"{pointer}[{i}]", a) for i, a in enumerate(anchors)]
        return tuple(sorted((s for s in found if s), key=lambda s: (s.start, s.end)))

    def rows(self, raw: dict[str, Any], layer: str) -> list[tuple[str, Any]]:
        rows = raw.get(layer) or []
        if not isinstance(rows, list):
            self.problem(layer, f"expected a list, got {type(rows).__name__}", "bad-field")
            return []
        return [(f"{layer}[{i}]", row) for i, row in enumerate(rows)]

    def zone(self, pointer: str, row: Any) -> Zone | None:
        match row:
            case [str(kind), first, last]:
                start, end = self._edge(pointer, first), self._edge(pointer, last)
                return Zone(start=start.start, end=end.end, kind=kind) if start and end else None
            case _:
                self.problem(pointer, f"expected [kind, first, last], got {row}", "bad-field")
                return None

    def _edge(self, pointer: str, edge: Any) -> Span | None:
        if isinstance(edge, int):
            if 1 <= edge <= len(self.units.spans):
                return self.units.spans[edge - 1]
            count = len(self.units.spans)
            self.problem(pointer, f"there is no unit {edge} (the article has {count})")
            return None
        return self.span(pointer, edge)

    def mention(self, pointer: str, row: Any) -> Mention | None:
        match row:
            case [str(id_), str(type_), str(level), str(entity), *anchor]:
                span = self.span(f"{pointer} ({id_})", anchor)
                return span and Mention(
                    id=id_, start=span.start, end=span.end, type=type_, level=level, entity=entity
                )
            case _:
                self.problem(
                    pointer,
                    f'expected [id, type, level, entity, unit, "surface"], got {row}',
                    "bad-field",
                )
                return None

    def fields(self, pointer: str, row: Any, known: Sequence[str]) -> dict[str, Any] | None:
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            self.problem(pointer, f"expected a mapping with an id, got {row!r}", "bad-field")
            return None
        for key in row:
            if key not in known:
                near = did_you_mean(str(key), list(known))
                self.problem(pointer, f"unknown field '{key}'.{near}", "unknown-field")
        return row

    def event(self, pointer: str, row: Any) -> Event | None:
        if (fields := self.fields(pointer, row, _EVENT_KEYS)) is None:
            return None
        pointer = f"{pointer} ({fields['id']})"
        span = self.span(f"{pointer}.trigger", fields.get("trigger"))
        arguments: list[Argument] = []
        for i, pair in enumerate(fields.get("arguments") or []):
            match pair:
                case [str(role), str(target)]:
                    arguments.append(Argument(role=role, target=target))
                case _:
                    self.problem(
                        f"{pointer}.arguments[{i}]", f"expected [Role, id], got {pair}", "bad-field"
                    )
        return span and Event(
            id=fields["id"],
            start=span.start,
            end=span.end,
            type=str(fields.get("type", "")),
            realis=str(fields.get("realis", "actual")),
            incident=fields.get("incident"),
            arguments=tuple(arguments),
        )

    def attribution(self, pointer: str, row: Any) -> Attribution | None:
        if (fields := self.fields(pointer, row, _ATTRIBUTION_KEYS)) is None:
            return None
        pointer = f"{pointer} ({fields['id']})"
        parts = {
            part: self.spans(f"{pointer}.{part}", fields.get(part) or [])
            for part in ("cue", "content", "quoted")
        }
        return Attribution(
            id=fields["id"],
            sources=tuple(fields.get("sources") or ()),
            recipients=tuple(fields.get("recipients") or ()),
            act=str(fields.get("act", "say")),
            parent=fields.get("parent"),
            **parts,
        )


def parse(data: bytes | str, article: Article, *, file: str = "") -> Article:
    """The record that a text-anchored file describes, over the text of `article`.

    Id, text and meta are those of `article`; all layers are present. Structure
    only: `corpus.validate` checks references and guideline rules. Raises
    `InputError` for a broken file, `IncidentsError` with every anchor that does
    not resolve.
    """
    try:
        raw: Any = yaml.load(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not YAML"
        raise InputError(f"{file}{line} {article.id} [not-yaml] {problem}") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("units"), list):
        raise InputError(f"{file} {article.id} [bad-field] expected a mapping with 'units'")
    if raw.get("id") != article.id:
        raise InputError(f"{file} [bad-field] id is {raw.get('id')!r}, expected '{article.id}'")
    try:
        units = Units(article.text, [str(unit) for unit in raw["units"]])
    except InputError as error:
        raise InputError(f"{file} {article.id} [text-differs] {error}") from None
    reader = _Reader(file, article, units)
    for key in raw:
        if key not in _KEYS:
            near = did_you_mean(str(key), list(_KEYS))
            reader.problem(str(key), f"unknown key.{near}", "unknown-field")
    zones = [z for p, row in reader.rows(raw, "zones") if (z := reader.zone(p, row))]
    # A zone edge may cut a word ("AFP)Anti"), which makes it a word edge for spans.
    reader.units = Units(
        article.text,
        [s.of(article.text) for s in units.spans],
        [edge for zone in zones for edge in (zone.start, zone.end)],
    )
    mentions = [m for p, row in reader.rows(raw, "mentions") if (m := reader.mention(p, row))]
    events = [e for p, row in reader.rows(raw, "events") if (e := reader.event(p, row))]
    attributions = [
        a for p, row in reader.rows(raw, "attributions") if (a := reader.attribution(p, row))
    ]
    if reader.incidents:
        raise IncidentsError(reader.incidents)
    return Article(
        id=article.id,
        text=article.text,
        meta=article.meta,
        zones=tuple(sorted(zones, key=lambda z: (z.start, z.end))),
        mentions=tuple(mentions),
        events=tuple(events),
        attributions=tuple(attributions),
    )
