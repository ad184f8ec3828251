"""The text-anchored form: what is written is what is read, and errors say what was found."""

import re

import pytest
from dateline.annotation.anchored import parse
from dateline.annotation.anchored_dump import dump
from dateline.annotation.anchored_files import check, new_file, records_of
from dateline.corpus.errors import IncidentsError, InputError
from dateline.corpus.schema import Article, Meta, Span, encode_lines
from dateline.corpus.text import sentences
from dateline.corpus.validate import validate
from msgspec.structs import replace

from ..conftest import CASES

GUIDELINES = CASES.parent.parent / "annotation" / "guidelines.md"


@pytest.fixture
def example():
    """The worked example of the guidelines: (file, article)."""
    section = GUIDELINES.read_text("utf-8").partition("## 7. Worked example")[2]
    section = section.partition("\n## 8.")[0]
    units = re.findall(r"^\d+\. (.*)$", section, re.M)
    layers = section.partition("```yaml\n")[2].partition("```")[0]
    quoted = "".join(f"  - {u!r}\n" if '"' in u else f'  - "{u}"\n' for u in units)
    article = Article(id="ex-0001", text="\n".join(units) + "\n")
    return f"id: ex-0001\nunits:\n{quoted}{layers}", article


def test_the_worked_example_resolves_and_is_valid(example):
    data, article = example
    record = parse(data, article)
    assert (len(record.mentions), len(record.events), len(record.attributions)) == (34, 11, 9)
    assert validate(record) == []
    assert record.text[record.events[3].start : record.events[3].end] == "killed"


def test_dump_and_parse_are_inverse(example, valid: Article):
    data, article = example
    for record in (parse(data, article), valid):
        bare = replace(record, zones=(), mentions=(), events=(), attributions=())
        assert parse(dump(record), bare) == record


def test_word_boundaries_and_occurrences():
    text = "Rebels, rebels' leader and the rebels fled rebel-held Kel."
    article = Article(id="xx-0001", text=f"{text}\n")
    form = "id: xx-0001\nunits: [{text!r}]\nmentions:\n  - [m1, PER, nominal, e1, 1, {s}]\n"

    def resolved(surface):
        record = parse(form.format(text=text, s=surface), article)
        return record.mentions[0].start

    assert resolved('"rebels"') == text.index("rebels'")
    assert resolved('"rebels", 2') == text.index("rebels fled")
    assert resolved('"rebel"') == text.index("rebel-held")
    for surface, message in (
        ('"Rebel"', r"no whole word\(s\) 'Rebel'; it has 'Rebels, r"),
        ('"rebels", 3', "'rebels' occurs 2 times in unit 1, not 3"),
        ('"soldiers"', "no whole word.*the unit is .Rebels, rebels"),
        ('"leader", 2', "'leader' occurs once in unit 1, not 2"),
    ):
        with pytest.raises(IncidentsError, match=message):
            resolved(surface)


def test_all_problems_are_reported_at_once(valid: Article):
    data = (
        dump(valid)
        .replace('"Tomas Vek"]', '"Tomas Vik"]')
        .replace("trigger: [3, captured]", "trigger: [9, captured]")
    )
    data = data.replace("arguments:", "arguements:", 1)
    bare = replace(valid, zones=(), mentions=(), events=(), attributions=())
    with pytest.raises(IncidentsError) as error:
        parse(data, bare, file="f.yaml")
    lines = str(error.value).splitlines()
    assert [line.split("[")[-1].split("]")[0] for line in lines] == [
        "bad-anchor",
        "unknown-field",
        "bad-anchor",
    ]
    assert "did you mean 'arguments'?" in lines[1].lower()
    assert all(line.startswith("f.yaml xx-0001 ") for line in lines)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a: [1", r"f\.yaml:\d+ xx-0001 \[not-yaml\]"),
        ("- 1", "expected a mapping with 'units'"),
        ("id: yy-1\nunits: []", "id is 'yy-1', expected 'xx-0001'"),
        ("id: xx-0001\nunits: [Something else]", r"\[text-differs\] unit 1 is not"),
        ("id: xx-0001\nunits: [Rebels seize Dressa]", "the units end before the article does"),
    ],
)
def test_broken_files(valid: Article, data, message):
    with pytest.raises(InputError, match=message):
        parse(data, valid, file="f.yaml")


def test_files_on_disk(small_corpus, tmp_path):
    path = tmp_path / "xx-0001.yaml"
    path.write_text(new_file(small_corpus, "xx-0001"), "utf-8")
    article, incidents = check(small_corpus, path)
    assert article is not None and incidents == [] and article.mentions == ()
    assert [z.kind for z in article.zones] == ["headline", "byline", "body"]
    path.write_text(dump(small_corpus.gold("xx-0001")), "utf-8")
    article, incidents = check(small_corpus, path)
    assert article == small_corpus.gold("xx-0001") and incidents == []
    with pytest.raises(InputError, match="No such file"):
        check(small_corpus, tmp_path / "xx-0009.yaml")


def test_a_span_over_two_units_has_no_anchor(valid: Article):
    units = sentences(valid.text, valid.zones)
    long = replace(valid.attributions[0], content=(Span(start=units[2].start, end=units[3].end),))
    with pytest.raises(InputError, match="crosses a unit"):
        dump(replace(valid, attributions=(long,)))


def test_records_take_text_and_metadata_from_the_corpus(small_corpus, tmp_path):
    gold = small_corpus.gold("xx-0001")
    path = tmp_path / "records.jsonl"
    for given in (replace(gold, meta=Meta()), gold.without_text()):
        path.write_bytes(b"".join(encode_lines([given])))
        assert records_of(small_corpus, path) == [gold]
    path.write_bytes(b"".join(encode_lines([replace(gold, text=gold.text + "x")])))
    with pytest.raises(InputError, match="xx-0001 is annotated over another text"):
        records_of(small_corpus, path)
