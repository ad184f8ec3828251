import copy
from collections.abc import Callable
from typing import Any

import pytest
from dateline.annotation.convert import canonical, checked_results, from_results
from dateline.annotation.regions import CODES
from dateline.annotation.results import to_results
from dateline.corpus.errors import IncidentsError, InputError
from dateline.corpus.ontology import ontology
from dateline.corpus.schema import (
    ABSENT,
    Argument,
    Article,
    Attribution,
    Event,
    IncidentRef,
    Mention,
    Meta,
    Span,
    Zone,
)
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

Results = list[dict[str, Any]]

WORDS = ["Kelm", "«القوات»", "🕊️", "👩‍🚀", "“said”", "Vek’s", "é", "\n", "\n\n", "  ", "-", "東京"]


def back(article: Article, results: Results) -> Any:
    return from_results(article.id, article.text, article.meta, results, where="task 3")


def test_hard_record_survives(hard: Article) -> None:
    found = back(hard, to_results(hard))
    assert found.incidents == []
    assert found.article == hard == canonical(hard)


@st.composite
def records(draw: st.DrawFn) -> Article:
    table = ontology()
    text = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12)))
    keys = iter(draw(st.lists(st.text("am1.#%2 content", min_size=1), min_size=12, unique=True)))
    pick = st.sampled_from

    def place() -> dict[str, int]:
        start = draw(st.integers(0, len(text) - 1))
        return {"start": start, "end": draw(st.integers(start + 1, len(text)))}

    def spans(least: int, most: int = 3) -> tuple[Span, ...]:
        return tuple(Span(**place()) for _ in range(draw(st.integers(least, most))))

    def name() -> str | None:
        return draw(pick([None, "e1", "e 2", "Ë3"]))

    def some(values: list[str]) -> tuple[str, ...]:
        return tuple(draw(st.lists(pick(values), unique=True, max_size=3))) if values else ()

    mentions = tuple(
        Mention(
            id=next(keys),
            **place(),
            type=draw(pick(list(table.entities))),
            level=draw(pick(list(table.levels))),
            entity=name(),
        )
        for _ in range(draw(st.integers(0, 4)))
    )
    bare = [
        Event(
            id=next(keys),
            **place(),
            type=draw(pick(list(table.events))),
            realis=draw(pick(list(table.realis))),
            incident=name(),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    people = [m.id for m in mentions]
    targets = people + [e.id for e in bare]
    roles = pick(list(table.roles))
    attributions: list[Attribution] = []
    for _ in range(draw(st.integers(0, 4))):
        told = some(people)
        attributions.append(
            Attribution(
                id=next(keys),
                sources=tuple(p for p in some(people) if p not in told),
                cue=spans(0),
                content=spans(1),
                quoted=spans(0),
                recipients=told,
                act=draw(pick(list(table.acts))),
                parent=draw(pick([None, *(a.id for a in attributions)])),
            )
        )
    return Article(
        id="xx-1",
        text=text,
        meta=Meta(incidents=(IncidentRef(id="b 1", incident=name()), IncidentRef(id="b2"))),
        zones=tuple(Zone(**place(), kind=draw(pick(list(table.zones)))) for _ in range(2)),
        mentions=mentions,
        events=tuple(
            replace(e, arguments=tuple(Argument(role=draw(roles), target=t) for t in some(targets)))
            for e in bare
        ),
        attributions=tuple(attributions),
    )


@given(records())
def test_any_record_survives(article: Article) -> None:
    found = back(article, to_results(article))
    assert found.incidents == []
    assert found.article == canonical(article)
    assert canonical(canonical(article)) == canonical(article)
    assert checked_results(article) == to_results(article)
    again = to_results(canonical(article))
    assert back(article, again).article == canonical(article)


@given(records())
def test_every_region_quotes_its_span(article: Article) -> None:
    results = to_results(article)
    ids = [r["id"] for r in results if r["type"] == "labels"]
    assert len(ids) == len(set(ids))
    assert not any("#" in i for i in ids)
    for item in results:
        if item["type"] == "labels":
            value = item["value"]
            assert article.text[value["start"] : value["end"]] == value["text"]


def test_absent_layers_come_back_empty(hard: Article) -> None:
    article = replace(hard, events=ABSENT, attributions=ABSENT, unaligned={"events": 2})
    found = back(article, to_results(article)).article
    assert found is not None
    assert (found.events, found.attributions, found.unaligned) == ((), (), {})
    assert found.layers == ("mentions", "events", "attributions")


def test_links_of_planned_incidents_are_the_annotators(hard: Article) -> None:
    results = to_results(hard)
    pushed = replace(hard.meta, incidents=(IncidentRef(id="b1"), IncidentRef(id="b2")))
    found = from_results(hard.id, hard.text, pushed, results).article
    assert found is not None and found.meta == hard.meta
    stale = replace(hard.meta, incidents=(IncidentRef(id="b1"), IncidentRef(id="b2", incident="x")))
    found = from_results(hard.id, hard.text, stale, results).article
    assert found is not None and found.meta == hard.meta


# what annotators draw, and to_results never writes


def drawn(key: str, surface: str, row: str, label: str, text: str, n: int = 1) -> dict[str, Any]:
    start = -1
    for _ in range(n):
        start = text.index(surface, start + 1)
    value = {"start": start, "end": start + len(surface), "text": surface, "labels": [label]}
    return {"id": key, "from_name": row, "to_name": "text", "type": "labels", "value": value}


def arrow(tail: str, head: str, *labels: str, direction: str = "right") -> dict[str, Any]:
    return {
        "type": "relation",
        "from_id": tail,
        "to_id": head,
        "labels": list(labels),
        "direction": direction,
    }


NESTED = "Vek, citing Holm, said Kelm fell."


def test_open_attributes_mean_the_defaults_and_a_fragment_may_serve_two() -> None:
    results = [
        drawn("xYz_0-aBc1", "Vek", "entity", "PER", NESTED),
        drawn("p2", "Holm", "entity", "PER", NESTED),
        drawn("c1", "said", "attribution", "cue", NESTED),
        drawn("c2", "citing", "attribution", "cue", NESTED),
        drawn("k1", "Kelm fell", "attribution", "content", NESTED),
        drawn("v1", "fell", "event", "TerritoryChange", NESTED),
        arrow("c1", "k1", "content"),
        arrow("k1", "c2", "content", direction="left"),
        arrow("c1", "xYz_0-aBc1", "source"),
        arrow("c2", "p2", "source"),
        arrow("c2", "c1", "parent"),
        arrow("c1", "p2", "Recipient"),
    ]
    found = from_results("xx-1", NESTED, Meta(), results)
    assert found.incidents == []
    article = found.article
    assert article is not None
    assert article.mentions[0] == Mention(id="xYz_0-aBc1", start=0, end=3, type="PER")
    assert article.events[0].realis == "actual"
    told, cited = article.attributions
    content = (Span(start=23, end=32),)
    assert told == Attribution(
        id="c1",
        sources=("xYz_0-aBc1",),
        cue=(Span(start=18, end=22),),
        content=content,
        recipients=("p2",),
    )
    assert (cited.content, cited.parent, cited.sources) == (content, "c1", ("p2",))


def test_text_of_a_span_drawn_across_lines() -> None:
    text = "One line.\n\nTwo  lines."
    for own in (text, "One line.\\n\\nTwo lines.", "One line.\\nTwo lines."):
        item = drawn("z", text, "zone", "body", text)
        item["value"]["text"] = own
        assert from_results("xx-1", text, Meta(), [item]).article is not None
    item["value"]["text"] = " One line.\\nTwo lines."
    assert [i.code for i in from_results("xx-1", text, Meta(), [item]).incidents] == [
        "offset-mismatch"
    ]


def test_attribute_left_from_another_row_is_ignored_with_a_warning(hard: Article) -> None:
    results = to_results(hard)
    results.append(item_of("m1", "realis", {"choices": ["planned"]}))
    found = back(hard, results)
    assert found.article == hard
    assert [(i.code, i.level) for i in found.incidents] == [("attribute-misplaced", "warning")]


def item_of(key: str, control: str, value: dict[str, Any]) -> dict[str, Any]:
    span = {"start": 0, "end": 4, "text": "Kelm"}
    kind = "choices" if "choices" in value else "textarea" if "text" in value else "labels"
    return {
        "id": key,
        "from_name": control,
        "to_name": "text",
        "type": kind,
        "value": {**span, **value},
    }


def first(results: Results, key: str, kind: str = "labels") -> dict[str, Any]:
    return next(r for r in results if r.get("id") == key and r["type"] == kind)


def relation(results: Results, tail: str, head: str) -> dict[str, Any]:
    return next(r for r in results if (r.get("from_id"), r.get("to_id")) == (tail, head))


def shift(results: Results) -> None:
    value = first(results, "m2")["value"]
    value["start"] += 1
    value["end"] += 1


def beyond(results: Results) -> None:
    first(results, "m2")["value"]["end"] = 10_000


def relabel(key: str, labels: list[str]) -> Callable[[Results], None]:
    return lambda results: first(results, key)["value"].update(labels=labels)


def act(value: str) -> Callable[[Results], None]:
    return lambda results: first(results, "a4", "choices")["value"].update(choices=[value])


def relation_labels(labels: list[str]) -> Callable[[Results], None]:
    return lambda results: relation(results, "v1", "m1").update(labels=labels)


def add(*items: Any) -> Callable[[Results], None]:
    return lambda results: results.extend(items)


def remove(tail: str, head: str) -> Callable[[Results], None]:
    return lambda results: results.remove(relation(results, tail, head))


def two_contents(results: Results) -> None:
    """Each the other's content, so neither is an anchor."""
    value = first(results, "a4")["value"]
    for key, other in (("x1", "x2"), ("x2", "x1")):
        results.append(
            {"id": key, "from_name": "attribution", "type": "labels", "value": dict(value)}
        )
        results.append(arrow(key, other, "content"))


BROKEN: list[tuple[str, Callable[[Results], None], str]] = [
    ("result-malformed", add("nonsense"), "nonsense"),
    ("result-malformed", add({"type": "labels", "id": "x"}), "'x'"),
    ("result-malformed", add(item_of("x", "sentiment", {"choices": ["good"]})), "sentiment"),
    ("result-malformed", add({"id": "x", "from_name": "zone", "value": {}}), "region x"),
    ("region-unlabelled", relabel("m2", []), '9:15 "Dressa"'),
    ("region-unlabelled", add(item_of("x", "act", {"choices": ["say"]})), '0:4 "Kelm"'),
    ("region-doubly-labelled", relabel("m2", ["GPE", "LOC"]), "GPE, LOC"),
    ("region-doubly-labelled", add(item_of("m1", "event", {"labels": ["Aid"]})), "GPE, Aid"),
    ("region-id-repeated", add(item_of("m2", "entity", {"labels": ["GPE"]})), "m2"),
    ("unknown-label", relabel("m2", ["CITY"]), '9:15 "Dressa" (CITY)'),
    ("unknown-label", relation_labels(["Owner"]), "Owner"),
    (
        "unknown-label",
        lambda r: first(r, "a4", "choices")["value"].update(choices=["sing"]),
        "sing",
    ),
    ("offset-mismatch", shift, "'Dressa'"),
    ("offset-mismatch", beyond, "'Dressa'"),
    ("attribute-repeated", add(item_of("m1", "entity_id", {"text": ["e1", "e9"]})), "e1, e9"),
    ("attribute-repeated", add(item_of("v1", "realis", {"choices": ["generic"]})), "generic"),
    ("attribute-misplaced", add(item_of("a1.content1", "act", {"choices": ["deny"]})), "deny"),
    ("relation-unlabelled", relation_labels([]), '0:4 "Kelm" (GPE)'),
    ("relation-doubly-labelled", relation_labels(["Place", "Agent"]), "Place, Agent"),
    ("relation-repeated", add(arrow("v1", "m1", "Agent")), "Agent"),
    ("relation-undirected", add(arrow("v1", "m2", "Agent", direction="bi")), "Agent"),
    ("relation-dangling", add(arrow("v1", "gone", "Agent")), "gone"),
    ("relation-misplaced", add(arrow("m1", "m2", "Agent")), "Agent"),
    ("relation-misplaced", add(arrow("v1", "a1", "Agent")), "Agent"),
    ("relation-misplaced", add(arrow("v1", "m2", "source")), "source"),
    ("relation-misplaced", add(arrow("a1", "v1", "source")), "source"),
    ("relation-misplaced", add(arrow("a1", "a2", "content")), "content"),
    ("relation-misplaced", add(arrow("a1.content1", "m1", "source")), "source"),
    ("relation-misplaced", add(arrow("a2", "a3", "parent")), "parent"),
    ("relation-misplaced", add(arrow("a2", "a1.content1", "quoted")), "quoted"),
    ("relation-misplaced", two_contents, "content"),
    ("fragment-alone", remove("a4", "a4.quoted1"), '"Enough" (quoted)'),
    ("link-malformed", add(item_of("x", "incident_links", {"text": ["b9 = i1"]})), "b9 = i1"),
    ("link-malformed", add(item_of("x", "incident_links", {"text": ["b2"]})), "b2"),
]


@pytest.mark.parametrize(("code", "damage", "says"), BROKEN)
def test_damage_is_refused(
    hard: Article, code: str, damage: Callable[[Results], None], says: str
) -> None:
    results = copy.deepcopy(to_results(hard))
    damage(results)
    found = back(hard, results)
    assert found.article is None
    assert code in {i.code for i in found.incidents}
    incident = next(i for i in found.incidents if i.code == code)
    assert says in incident.message
    assert (incident.article, incident.pointer, incident.level) == (hard.id, "task 3", "error")


def test_every_code_has_a_case() -> None:
    assert {code for code, *_ in BROKEN} | {"value-lost"} == set(CODES)


def test_what_cannot_be_held_is_told_before_it_is_sent(hard: Article) -> None:
    mention = replace(hard.mentions[0], entity=" e1")
    with pytest.raises(IncidentsError, match="value-lost") as error:
        checked_results(replace(hard, mentions=(mention, *hard.mentions[1:])))
    assert "mentions" in str(error.value)
    foreign = replace(hard.mentions[0], type="CITY")
    with pytest.raises(IncidentsError, match="unknown-label"):
        checked_results(replace(hard, mentions=(foreign, *hard.mentions[1:])))
    with pytest.raises(InputError, match="without its text"):
        checked_results(hard.without_text())
    nothing = Attribution(id="a9", content=())
    with pytest.raises(InputError, match="a9"):
        checked_results(replace(hard, attributions=(nothing,)))
