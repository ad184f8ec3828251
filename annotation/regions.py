"""Label Studio's result items, read into regions and arrows.

In a result list one region is several items that share an `id`: its label, its
choices, its text answers. Relations are items of their own, without an id. This
module groups and checks them; what they mean is `convert`'s matter.

Format: https://labelstud.io/guide/export (JSON), as of Label Studio 1.23.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, cast

from ..corpus.errors import Incident
from ..corpus.ontology import Ontology
from .interface import (
    ACT,
    ATTRIBUTION,
    ATTRIBUTION_RELATIONS,
    ENTITY,
    ENTITY_ID,
    EVENT,
    FRAGMENTS,
    INCIDENT_ID,
    LEVEL,
    LINKS,
    REALIS,
    ZONE,
)

CODES: Final[Mapping[str, str]] = {
    "result-malformed": "an item of the annotation is not a region, attribute or relation",
    "region-unlabelled": "a region has attributes but no label",
    "region-doubly-labelled": "a region has more than one label",
    "region-id-repeated": "two regions have the same id",
    "unknown-label": "a label, choice or relation is not in the ontology",
    "offset-mismatch": "the span's own text is not what stands at its offsets",
    "attribute-repeated": "a choice or answer of a region has more than one value",
    "attribute-misplaced": "a choice or answer belongs to another kind of region",
    "relation-unlabelled": "a relation has no label",
    "relation-doubly-labelled": "a relation has more than one label",
    "relation-repeated": "two relations join the same regions in the same direction",
    "relation-undirected": "a relation points both ways",
    "relation-dangling": "a relation ends at a region that does not exist",
    "relation-misplaced": "a relation's label does not fit the regions that it joins",
    "fragment-alone": "a cue, content or quoted region belongs to no attribution",
    "value-lost": "a field of a record to be pushed has a value that no region can hold",
    "link-malformed": "a line of the incident links is not 'planned incident = incident id'",
}

ROW_OF: Final = {
    LEVEL: ENTITY,
    ENTITY_ID: ENTITY,
    REALIS: EVENT,
    INCIDENT_ID: EVENT,
    ACT: ATTRIBUTION,
}
ROWS: Final = (ZONE, ENTITY, EVENT, ATTRIBUTION)
SHOWN: Final = 60


@dataclass(kw_only=True)
class Region:
    """A labelled span. `row` is its label row, `given` its choices and answers."""

    id: str
    start: int
    end: int
    row: str
    label: str
    given: dict[str, str] = field(default_factory=dict[str, str])


class Arrow(NamedTuple):
    """A relation, in the direction in which it points."""

    tail: str
    head: str
    label: str


class Report:
    """Collects the incidents of one annotation."""

    def __init__(self, article: str, text: str, where: str) -> None:
        self.article = article
        self.text = text
        self.where = where
        self.incidents: list[Incident] = []

    def add(self, code: str, message: str, level: str = "error") -> None:
        """Record an incident. `code` is one of `CODES`."""
        assert code in CODES, code
        self.incidents.append(
            Incident(
                article=self.article, pointer=self.where, code=code, message=message, level=level
            )
        )

    @property
    def refused(self) -> bool:
        return any(i.level == "error" for i in self.incidents)

    def show(self, region: Region | None, region_id: str = "") -> str:
        """How a message names a region: `12:20 "Rebels" (ORG.armed)`."""
        if region is None:
            return f"region {region_id}"
        surface = self.text[region.start : region.end]
        if len(surface) > SHOWN:
            surface = surface[: SHOWN - 1] + "…"
        return f'{region.start}:{region.end} "{surface}" ({region.label})'


class Reading(NamedTuple):
    """Regions by id in the order of their first item, arrows, and the link lines."""

    regions: dict[str, Region]
    arrows: list[Arrow]
    links: list[str]


def read(results: Sequence[Any], table: Ontology, report: Report) -> Reading:
    """Group and check a result list. Incidents go to `report`; nothing raises."""
    groups: dict[str, list[dict[str, Any]]] = {}
    relations: list[dict[str, Any]] = []
    links: list[str] = []
    for item in results:
        kind, body = _kind(item)
        if kind == "relation":
            relations.append(body)
        elif kind == "links":
            links += _strings(body["value"].get("text"))
        elif kind == "region":
            groups.setdefault(body["id"], []).append(body)
        else:
            report.add("result-malformed", f"cannot read the item {_short(item)}")
    regions: dict[str, Region] = {}
    for region_id, items in groups.items():
        region = _region(region_id, items, table, report)
        if region is not None:
            regions[region_id] = region
    return Reading(regions, _arrows(relations, regions, groups, table, report), links)


def _kind(item: Any) -> tuple[str, dict[str, Any]]:
    """What an item is: region, relation, links, or nothing that we can read."""
    if not isinstance(item, dict):
        return "", {}
    body = cast(dict[str, Any], item)
    if body.get("type") == "relation":
        ends = isinstance(body.get("from_id"), str) and isinstance(body.get("to_id"), str)
        return ("relation" if ends else ""), body
    if not isinstance(body.get("value"), dict):
        return "", body
    if body.get("from_name") == LINKS:
        return "links", body
    known = body.get("from_name") in ROWS or body.get("from_name") in ROW_OF
    return ("region" if known and isinstance(body.get("id"), str) else ""), body


def _region(
    region_id: str, items: list[dict[str, Any]], table: Ontology, report: Report
) -> Region | None:
    """One region from its items, or None if it has no single label or no span."""
    labelled = [i for i in items if i["from_name"] in ROWS]
    pairs = [(i["from_name"], x) for i in labelled for x in _strings(i["value"].get("labels"))]
    first = (labelled or items)[0]["value"]
    start, end = first.get("start"), first.get("end")
    text = report.text
    if not (isinstance(start, int) and isinstance(end, int)):
        report.add("result-malformed", f"region {region_id} has no offsets")
        return None
    here = Region(id=region_id, start=start, end=end, row="", label="no label")
    if not pairs:
        report.add("region-unlabelled", f"{report.show(here)}: label the region or delete it")
        return None
    here.row, here.label = pairs[0]
    if (
        len(labelled) > 1
        and len({(i["value"].get("start"), i["value"].get("end")) for i in labelled}) > 1
    ):
        report.add(
            "region-id-repeated", f"{report.show(here)}: another region has its id {region_id}"
        )
        return None
    if len(pairs) > 1:
        names = ", ".join(label for _, label in pairs)
        report.add(
            "region-doubly-labelled",
            f"{report.show(here)} has the labels {names}; make one region for each",
        )
        return None
    if here.label not in labels_of(here.row, table):
        report.add(
            "unknown-label", f"{report.show(here)}: no {here.row} has the label {here.label}"
        )
    own = first.get("text")
    if not (0 <= start < end <= len(text)) or not _same(text[start:end], own):
        report.add(
            "offset-mismatch", f"{report.show(here)}: the region's own text is {_short(own)}"
        )
    for item in items:
        if item["from_name"] in ROW_OF:
            _attribute(here, item, table, report)
    return here


def _attribute(region: Region, item: dict[str, Any], table: Ontology, report: Report) -> None:
    """Read a choice or answer into `region.given`. One left from another row is ignored."""
    name = str(item["from_name"])
    answer = name in (ENTITY_ID, INCIDENT_ID)
    values = _strings(item["value"].get("text" if answer else "choices"))
    values = [v.strip() for v in values if v.strip()] if answer else values
    if not values:
        return
    if ROW_OF[name] != region.row:
        report.add(
            "attribute-misplaced",
            f"{report.show(region)}: {name} '{values[0]}' is ignored, it belongs to a region "
            f"of row {ROW_OF[name]}",
            level="warning",
        )
    elif len(values) > 1 or name in region.given:
        report.add(
            "attribute-repeated",
            f"{report.show(region)}: {name} has the values {', '.join(values)}; keep one",
        )
    elif not answer and values[0] not in labels_of(name, table):
        report.add("unknown-label", f"{report.show(region)}: no {name} is called {values[0]}")
    else:
        region.given[name] = values[0]


def _arrows(
    relations: list[dict[str, Any]],
    regions: dict[str, Region],
    groups: Mapping[str, object],
    table: Ontology,
    report: Report,
) -> list[Arrow]:
    arrows: list[Arrow] = []
    joined: set[tuple[str, str]] = set()
    known = {name.casefold() for name in (*table.roles, *ATTRIBUTION_RELATIONS)}
    for item in relations:
        tail, head, labels = item["from_id"], item["to_id"], _strings(item.get("labels"))
        if item.get("direction") == "left":
            tail, head = head, tail
        ends = f"{report.show(regions.get(tail), tail)} -> {report.show(regions.get(head), head)}"
        if tail not in groups or head not in groups:
            report.add("relation-dangling", f"{ends}: delete the relation")
        elif not labels:
            report.add("relation-unlabelled", f"{ends}: label the relation or delete it")
        elif len(labels) > 1:
            names = ", ".join(labels)
            report.add("relation-doubly-labelled", f"{ends} has the labels {names}; keep one")
        elif labels[0].casefold() not in known:
            report.add("unknown-label", f"{ends}: no relation is called {labels[0]}")
        elif item.get("direction") == "bi":
            report.add("relation-undirected", f"{ends} ({labels[0]}): give it one direction")
        elif (tail, head) in joined:
            report.add(
                "relation-repeated",
                f"{ends} ({labels[0]}): Label Studio's page keeps only the first of two",
            )
        elif tail in regions and head in regions:
            joined.add((tail, head))
            arrows.append(Arrow(tail, head, labels[0]))
    return arrows


def labels_of(control: str, table: Ontology) -> Sequence[str]:
    """The values that a label row or a choice may take."""
    if control == ATTRIBUTION:
        return FRAGMENTS
    rows: dict[str, Mapping[str, object]] = {
        ZONE: table.zones,
        ENTITY: table.entities,
        EVENT: table.events,
        LEVEL: table.levels,
        REALIS: table.realis,
        ACT: table.acts,
    }
    return tuple(rows[control])


def _same(surface: str, own: object) -> bool:
    r"""Whether a region's own text is the text at its offsets.

    A span drawn by mouse across lines comes from the browser's selection: each
    newline is then a backslash and an `n`, and runs of white space are one.
    """
    if surface == own or not isinstance(own, str):
        return surface == own
    if not re.search(r"\n|\s\s", surface):
        return False
    return re.sub(r"\s+", " ", surface) == re.sub(r"\s+", " ", own.replace("\\n", "\n"))


def _strings(value: object) -> list[str]:
    """A list of strings from a value that should be one; anything else is dropped."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [x for x in cast(list[object], value) if isinstance(x, str)]
    return []


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 2 * SHOWN else shown[: 2 * SHOWN - 1] + "…"
