from xml.etree.ElementTree import Element, fromstring

import pytest
from dateline.annotation.interface import labeling_config
from dateline.annotation.regions import labels_of
from dateline.corpus.ontology import ontology
from msgspec.structs import replace

ROOT = fromstring(labeling_config())


def control(name: str) -> Element:
    found = ROOT.findall(f".//*[@name='{name}']")
    assert len(found) == 1
    return found[0]


def values(element: Element) -> list[str]:
    return [child.attrib["value"] for child in element]


def test_one_text_with_word_granularity() -> None:
    texts = list(ROOT.iter("Text"))
    assert [t.attrib for t in texts] == [{"name": "text", "value": "$text", "granularity": "word"}]


@pytest.mark.parametrize("row", ["zone", "entity", "event", "attribution"])
def test_rows_are_the_ontology(row: str) -> None:
    assert values(control(row)) == list(labels_of(row, ontology()))
    assert control(row).tag == "Labels"


@pytest.mark.parametrize(
    ("name", "row"), [("level", "entity"), ("realis", "event"), ("act", "attribution")]
)
def test_choices_are_the_ontology_and_belong_to_the_selected_region(name: str, row: str) -> None:
    choices = control(name)
    assert values(choices) == list(labels_of(name, ontology()))
    assert choices.attrib["visibleWhen"] == "region-selected"
    assert choices.attrib["whenTagName"] == row
    assert choices.attrib["choice"] == "single"


def test_no_control_loses_its_value_on_save() -> None:
    assert not ROOT.findall(".//*[@whenLabelValue]")


def test_relations_are_roles_and_attribution_parts_one_each() -> None:
    (relations,) = ROOT.iter("Relations")
    assert relations.attrib["choice"] == "single"
    expected = [*ontology().roles, "source", "recipient", "cue", "content", "quoted", "parent"]
    assert values(relations) == expected


def test_hotkeys_are_distinct_and_not_label_studios_own() -> None:
    keys = [e.attrib["hotkey"] for e in ROOT.iter() if "hotkey" in e.attrib]
    assert len(keys) == len(set(keys))
    assert "u" not in keys
    assert [e.get("hotkey") for e in control("realis")] == list("12345678")
    assert all(e.get("hotkey") for e in control("entity"))


def test_relation_colours_are_light() -> None:
    for relation in ROOT.iter("Relation"):
        red, green, blue = (int(relation.attrib["background"][i : i + 2], 16) for i in (1, 3, 5))
        assert 0.3 * red + 0.59 * green + 0.11 * blue > 180


def test_direction_follows_the_language() -> None:
    assert "direction:rtl" in labeling_config("ar")
    assert "direction:ltr" in labeling_config("en")


def test_an_added_type_shows_up() -> None:
    table = ontology()
    more = {**table.entities, "XYZ": table.entities["PER"]}
    row = fromstring(labeling_config(table=replace(table, entities=more))).find(
        ".//Labels[@name='entity']"
    )
    assert row is not None
    assert values(row) == [*table.entities, "XYZ"]


def test_same_ontology_same_bytes() -> None:
    assert labeling_config() == labeling_config()
