"""The Label Studio labelling interface, generated from the ontology.

The names of its controls and of its relations are the vocabulary that
`convert` and `regions` read and write; nothing else spells them out.

What an annotator does with it:

- A label row is one layer: zones, mentions, events, parts of attributions.
- Level, entity, realis, incident and act belong to the selected region. Left
  open they mean what the record's fields default to: name, actual, say.
- Arrows start at the trigger, or at the attribution's anchor: its first cue,
  or its first content fragment where no word reports. They end at what the
  arrow's label says.

Two properties of Label Studio's page shape the tags. A per-region control with
`whenLabelValue` listing several labels loses its value at every save, so the
controls are tied to a label row (`whenTagName`) only. A relation with several
labels is easily made by accident, so `Relations` takes a single choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..corpus.ontology import Ontology, ontology

TEXT: Final = "text"

ZONE: Final = "zone"
ENTITY: Final = "entity"
EVENT: Final = "event"
ATTRIBUTION: Final = "attribution"

LEVEL: Final = "level"
ENTITY_ID: Final = "entity_id"
REALIS: Final = "realis"
INCIDENT_ID: Final = "incident_id"
ACT: Final = "act"
LINKS: Final = "incident_links"

CUE: Final = "cue"
CONTENT: Final = "content"
QUOTED: Final = "quoted"
SOURCE: Final = "source"
RECIPIENT: Final = "recipient"
PARENT: Final = "parent"

FRAGMENTS: Final = (CUE, CONTENT, QUOTED)
ATTRIBUTION_RELATIONS: Final = (SOURCE, RECIPIENT, CUE, CONTENT, QUOTED, PARENT)

# `u` is Label Studio's own key for "unselect region".
ENTITY_KEYS: Final = "qwertyiopasdfgv"
LEVEL_KEYS: Final = "hjk"
FRAGMENT_KEYS: Final = "zxc"

COLOURS: Final = {
    "PER": "#f4a259",
    "NORP": "#c9a227",
    "ORG": "#5b8e7d",
    "GPE": "#4a90d9",
    "LOC": "#7fb3d5",
    "FAC": "#8d99ae",
    "WEA": "#bc4b51",
    "DATE": "#9b7ede",
    "OBJ": "#a1887f",
}
EVENT_COLOUR: Final = "#ffd166"
ZONE_COLOUR: Final = "#d9d9d9"
OTHER_COLOUR: Final = "#90a4ae"
FRAGMENT_COLOURS: Final = {CUE: "#ef6f6c", CONTENT: "#b7e4c7", QUOTED: "#74c69d"}
ROLE_COLOUR: Final = "#ffe8a3"
ATTRIBUTION_COLOUR: Final = "#c7f0d4"

STYLE: Final = """
.dl-rows .lsf-labels { margin: 0 0 4px; }
.dl-rows .lsf-label { font-size: 12px; line-height: 18px; padding: 0 5px; margin: 1px; }
.dl-region { display: flex; flex-wrap: wrap; gap: 0 16px; font-size: 12px; }
.dl-text { line-height: 1.9; padding: 22px 0 8px; }
"""

RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ps", "ur", "ckb"})


def labeling_config(language: str = "en", table: Ontology | None = None) -> str:
    """The labelling configuration as XML, ready for a Label Studio project.

    `language` is that of the articles (`meta.language`): Arabic, Hebrew, Persian,
    Kurdish, Pashto and Urdu texts are set from right to left. `table` is the
    project's ontology unless given. The same ontology gives the same bytes.
    """
    table = table or ontology()
    view = Element("View")
    SubElement(view, "Style").text = STYLE
    rows = SubElement(view, "View", className="dl-rows")
    _labels(rows, ENTITY, table.entities, keys=ENTITY_KEYS)
    _labels(rows, EVENT, table.events)
    _labels(rows, ATTRIBUTION, FRAGMENTS, keys=FRAGMENT_KEYS)
    _labels(rows, ZONE, table.zones)
    region = SubElement(view, "View", className="dl-region")
    _choices(region, LEVEL, ENTITY, table.levels, keys=LEVEL_KEYS)
    _answer(region, ENTITY_ID, ENTITY, "entity id, such as e1")
    _choices(region, REALIS, EVENT, table.realis, keys="123456789")
    _answer(region, INCIDENT_ID, EVENT, "incident id, such as i1")
    _choices(region, ACT, ATTRIBUTION, table.acts)
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    text = SubElement(view, "View", className="dl-text", style=f"direction:{direction}")
    SubElement(text, "Text", name=TEXT, value="$text", granularity="word")
    relations = SubElement(view, "Relations", choice="single")
    for role in table.roles:
        SubElement(relations, "Relation", value=role, background=ROLE_COLOUR)
    for name in ATTRIBUTION_RELATIONS:
        SubElement(relations, "Relation", value=name, background=ATTRIBUTION_COLOUR)
    SubElement(
        view,
        "TextArea",
        name=LINKS,
        toName=TEXT,
        rows="1",
        editable="true",
        placeholder="planned incident = incident id, one a line, such as b4 = i1",
    )
    indent(view, space="  ")
    return tostring(view, encoding="unicode")


def _labels(parent: Element, name: str, values: Iterable[str], keys: str = "") -> None:
    row = SubElement(parent, "Labels", name=name, toName=TEXT, choice="single", showInline="true")
    for value, key in _with_keys(values, keys):
        attributes = {"value": value, "background": _colour(name, value)}
        SubElement(row, "Label", {**attributes, **({"hotkey": key} if key else {})})


def _choices(
    parent: Element, name: str, row: str, values: Mapping[str, object], keys: str = ""
) -> None:
    choices = SubElement(
        parent, "Choices", _per_region(name, row) | {"choice": "single", "showInline": "true"}
    )
    for value, key in _with_keys(values, keys):
        SubElement(choices, "Choice", {"value": value, **({"hotkey": key} if key else {})})


def _answer(parent: Element, name: str, row: str, placeholder: str) -> None:
    # A TextArea is shown for regions of every row unless a View around it is not.
    wrapper = SubElement(parent, "View", visibleWhen="region-selected", whenTagName=row)
    attributes = {"rows": "1", "maxSubmissions": "1", "editable": "true"}
    SubElement(
        wrapper, "TextArea", _per_region(name, row) | attributes | {"placeholder": placeholder}
    )


def _per_region(name: str, row: str) -> dict[str, str]:
    return {
        "name": name,
        "toName": TEXT,
        "perRegion": "true",
        "visibleWhen": "region-selected",
        "whenTagName": row,
    }


def _with_keys(values: Iterable[str], keys: str) -> Iterator[tuple[str, str]]:
    for number, value in enumerate(values):
        yield value, keys[number] if number < len(keys) else ""


def _colour(row: str, value: str) -> str:
    if row == ENTITY:
        return COLOURS.get(value.partition(".")[0], OTHER_COLOUR)
    if row == ATTRIBUTION:
        return FRAGMENT_COLOURS[value]
    return EVENT_COLOUR if row == EVENT else ZONE_COLOUR
