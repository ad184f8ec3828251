"""Section 2: every code of a submission has a golden input, and nothing crashes."""

import json

import pytest
from dateline.corpus.errors import CorpusError, IncidentsError, InputError
from dateline.corpus.schema import Article, builtins, encode, encode_lines, sha256
from dateline.corpus.words import Words
from dateline.scorer import check as check_module
from dateline.scorer.api import count_files, count_records, score
from dateline.scorer.codes import CODES, GOLD_ALLOWS, Log
from dateline.scorer.context import Labels
from dateline.scorer.diagnose import diagnose
from dateline.scorer.signature import Settings
from dateline.scorer.sound import sound
from hypothesis import given, settings

from .records import GOLD, TEXT, A, M, V, article, change, event, mention, record, said, spans
from .strategies import articles

SECOND = change(GOLD, id="cc-0002")


def plain(**changes):
    """The submitted record as a JSON object, changed."""
    return {**builtins(record()), **changes}


def nested(path, value):
    """The record's JSON with one value replaced."""
    raw = plain()
    at = raw
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return raw


def line(raw):
    if isinstance(raw, Article):
        return encode(raw)
    return raw if isinstance(raw, bytes) else json.dumps(raw).encode()


def cut_names():
    return [change(m, end=m.end - 1) for m in GOLD.mentions]


# code -> (lines of the submission, level, a part of the message)
GOLDEN = {
    "not-json": (
        [b'{"id": "cc-0001" "mentions": []}'],
        "error",
        "line 1 is not JSON: expected ','",
    ),
    "bad-field": (
        [nested(("events", 2, "start"), "14")],
        "error",
        'events[2].start: expected integer, got "14"',
    ),
    "unknown-field": (
        [nested(("events", 2, "arguements"), [])],
        "error",
        "events[2].arguements: unknown; did you mean 'arguments'?",
    ),
    "duplicate-article": ([GOLD, SECOND, GOLD], "error", "'cc-0001' already seen on line 1"),
    "unknown-article": (
        [GOLD, SECOND, change(GOLD, id="lv-9999")],
        "error",
        "'lv-9999' is not in gold.jsonl",
    ),
    "text-differs": (
        [change(GOLD, text=TEXT.replace("Dressa", "Drossa"))],
        "error",
        "text differs at character 16: gold 'zed Dre', submitted 'zed Dro'",
    ),
    "duplicate-id": (
        [record(v1=change(V["v1"], id="m4"))],
        "error",
        "id 'm4' is used by mentions[3] and events[0]",
    ),
    "dangling-id": (
        [record(a2=change(A["a2"], sources=("m77",)))],
        "error",
        "attributions[1].sources[0]: no mention 'm77'",
    ),
    "bad-span": (
        [record(m6=change(M["m6"], start=118, end=118))],
        "error",
        "mentions[5]: [118,118) is empty",
    ),
    "parent-cycle": (
        [record(a1=change(A["a1"], parent="a2"))],
        "error",
        "attributions a1 > a2 > a1 form a cycle",
    ),
    "too-many": (
        [article(mentions=[mention(f"m{n}", 0, 6, "PER", None) for n in range(5_001)])],
        "error",
        "5,001 mentions in one article (limit 5,000 per layer)",
    ),
    "unknown-label": (
        [record(m9=change(M["m9"], type="MIL"))],
        "warning",
        "mentions[8].type 'MIL' is not in the scheme",
    ),
    "duplicate": (
        [record(more_attributions=[change(A["a1"], id="a9")])],
        "warning",
        "attributions[3] repeats attributions[0]",
    ),
    "content-empty": (
        [record(a3=said("a3", [(62, 63)], ("m8",)))],
        "warning",
        "attributions[2] has no word in its content",
    ),
    "unaligned": (
        [change(GOLD, unaligned={"arguments": 3})],
        "warning",
        "3 arguments could not be anchored by the converter",
    ),
    "missing-article": ([GOLD], "warning", "1 of 2 articles missing (first: 'cc-0002')"),
    "empty-submission": ([], "warning", "no record has a layer; every track scores 0"),
    "layer-absent": (
        [GOLD, Article(id="cc-0002", mentions=(), attributions=())],
        "warning",
        "'events' absent in 1 of 2 records",
    ),
    "overlapping-names": (
        [record(m2=change(M["m2"], end=32))],
        "warning",
        "names m2 [14,32) and m3 [24,32) overlap",
    ),
    "span-edge": (
        [record(m2=change(M["m2"], start=13))],
        "warning",
        "mentions[1] starts with white space",
    ),
    "quoted-outside": (
        [record(a3=change(A["a3"], quoted=spans((63, 84), (97, 102))))],
        "warning",
        "attributions[2].quoted[1] is not inside its content",
    ),
    "parent-outside": (
        [record(a2=change(A["a2"], content=spans((0, 32), (97, 102))))],
        "warning",
        "a2 lies outside the content of its parent a1",
    ),
    "offset-suspect": (
        [change(GOLD, mentions=tuple(cut_names()))],
        "warning",
        "100% of names begin or end inside a word; +1 on every end repairs 100%: inclusive ends?",
    ),
}


@pytest.fixture
def gold_file(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_bytes(b"".join(encode_lines([GOLD, SECOND])))
    return path


@pytest.fixture
def submit(tmp_path, gold_file):
    """Writes lines to a file, checks it, returns its incidents."""

    def run(lines, **options):
        path = tmp_path / "pred.jsonl"
        path.write_bytes(b"".join(line(x) + b"\n" for x in lines))
        options = Settings(**options)
        try:
            return list(count_files(path, gold=gold_file, settings=options).log)
        except IncidentsError as error:
            return error.incidents

    return run


def test_every_code_has_a_golden_input():
    assert set(GOLDEN) == set(CODES)


@pytest.mark.parametrize("code", sorted(GOLDEN))
def test_code(code, submit):
    lines, level, message = GOLDEN[code]
    found = [i for i in submit(lines) if i.code == code]
    assert found, f"{code} was not reported"
    assert {i.level for i in found} == {level}
    assert message in found[0].message
    assert str(found[0]).count("\n") == 0
    assert f"[{code}]" in str(found[0])
    assert "pred.jsonl" in str(found[0])


@pytest.mark.parametrize("code", [c for c in CODES if CODES[c] == "false positive"])
def test_strict_schema_refuses_false_positives(code, submit):
    found = [i for i in submit(GOLDEN[code][0], strict_schema=True) if i.code == code]
    assert found
    assert {i.level for i in found} == {"error"}


def test_all_mistakes_are_reported_at_once(submit):
    bad = nested(("events", 0, "end"), None)
    bad["mentions"][0]["strat"] = 3
    found = submit([bad, b"junk", change(SECOND, mentions=()), change(GOLD, id="lv-1")])
    assert {i.code for i in found} == {
        *("bad-field", "unknown-field", "not-json", "dangling-id", "unknown-article")
    }
    assert [i.line for i in found] == sorted(i.line for i in found)


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\x00\xff\xfe\x01",
        b"\xef\xbb\xbf{}",
        b"[" * 200_000,
        b'{"id": ' + b"[" * 200_000,
        b'{"id": "cc-0001", "mentions": [{"id": "m1", "start": 0, "end": 3',
        b"[]",
        b"3",
        b"null",
        b'"text"',
        b"{}",
        b'{"id": 3}',
        b'{"id": ""}',
        b'{"id": "cc-0001", "mentions": null}',
        b'{"id": "cc-0001", "mentions": {"a": 1}}',
        b'{"id": "cc-0001", "unaligned": {"arguements": 1}}',
        b'{"id": "cc-0001", "unaligned": {"arguments": -1}}',
        b'{"id": "cc-0001", "unaligned": {"arguments": 9223372036854775807}}',
        b'{"id": "cc-0001", "mentions": [{"id": "m", "start": 1e400, "end": 2, "type": "PER"}]}',
        b'{"id": "cc-0001", "mentions": [{"id": "m", "start": 1, "end": 99999999999999999999, '
        b'"type": "PER"}]}',
        b'{"id": "cc-0001", "mentions": [{"id": "m", "start": true, "end": 2, "type": "PER"}]}',
        b'{"id": "cc-0001", "mentions": [{"id": "m", "start": -1, "end": 2, "type": "PER"}]}',
        b'{"id": "cc-0001", "text": "\\ud800"}',
        b'{"id": "cc-0001", "text_sha256": "beef"}',
        b'{"id": "' + b"x" * 5_000_000 + b'"}',
    ],
    ids=lambda junk: repr(junk[:24]),
)
def test_malformed_lines_are_refused_in_one_short_line(junk, submit):
    found = [i for i in submit([GOLD, junk]) if i.level == "error"]
    if junk:
        assert found
    for incident in found:
        assert len(str(incident).partition("cc-")[2]) < 400
        assert "\n" not in str(incident)


def test_a_line_of_50_megabytes(submit):
    found = [i for i in submit([b'{"id": "' + b"x" * 50_000_000]) if i.level == "error"]
    assert [i.code for i in found] == ["not-json"]
    assert len(found[0].message) < 200


def test_diagnose_never_raises():
    for n in range(1, len(encode(GOLD)), 97):
        found = diagnose(encode(GOLD)[:n], 1)
        assert found.record is None
        assert [p.code for p in found.problems] == ["not-json"]


def test_ignored_fields_may_be_anything(submit):
    assert submit([plain(meta=7, zones="none"), SECOND]) == []


def test_a_prediction_may_carry_text_or_its_hash(submit):
    whole = GOLD
    hashed = change(SECOND, text="", text_sha256=sha256(TEXT))
    assert submit([whole, hashed]) == []
    assert [i.code for i in submit([whole, change(hashed, text_sha256=sha256("x"))])] == [
        "text-differs"
    ]


def test_files_that_cannot_be_read(tmp_path, gold_file):
    with pytest.raises(InputError, match="does not exist"):
        count_files(tmp_path / "none.jsonl", gold=gold_file)
    with pytest.raises(InputError, match="cannot be read"):
        count_files(tmp_path, gold=gold_file)
    with pytest.raises(InputError, match="does not exist"):
        count_files(gold_file, gold=tmp_path / "none.jsonl")


def test_unknown_split_and_part_are_refused_with_a_suggestion(gold_file):
    with pytest.raises(InputError, match="did you mean 'test'"):
        count_files(gold_file, split="tset")
    with pytest.raises(InputError, match="did you mean 'original'"):
        count_files(gold_file, part="orignal")


@pytest.mark.parametrize("order", ["same", "reversed", "rotated", "blank lines"])
def test_lines_may_come_in_any_order(tmp_path, order):
    gold = [change(GOLD, id=f"cc-{n:04d}") for n in range(7)]
    other = [change(record(m2=None, v1=None), id=g.id) if n % 2 else g for n, g in enumerate(gold)]
    lines = list(encode_lines(other))
    lines = {
        "same": lines,
        "reversed": lines[::-1],
        "rotated": lines[3:] + lines[:3],
        "blank lines": [x + b"\n  \n" for x in lines],
    }[order]
    (tmp_path / "gold.jsonl").write_bytes(b"".join(encode_lines(gold)))
    (tmp_path / "pred.jsonl").write_bytes(b"".join(lines))
    scored = count_files(tmp_path / "pred.jsonl", gold=tmp_path / "gold.jsonl")
    memory = count_records(gold, other)
    assert list(scored.counted.table.rows()) == list(memory.counted.table.rows())
    assert scored.counted.missing == 0


def test_missing_lines_in_the_middle(tmp_path):
    gold = [change(GOLD, id=f"cc-{n:04d}") for n in range(5)]
    (tmp_path / "gold.jsonl").write_bytes(b"".join(encode_lines(gold)))
    (tmp_path / "pred.jsonl").write_bytes(b"".join(encode_lines([gold[0], gold[3]])))
    scored = count_files(tmp_path / "pred.jsonl", gold=tmp_path / "gold.jsonl")
    assert (scored.counted.articles, scored.counted.missing) == (5, 3)
    assert scored.counted.table.sums()["entities.strict.tp"] == 2 * 5


def test_a_layer_absent_everywhere_is_not_scored():
    result = score(
        [GOLD, SECOND],
        [Article(id=g.id, mentions=g.mentions, events=g.events) for g in (GOLD, SECOND)],
        settings=Settings(replicates=40),
    )
    assert result.value("entities") == 1
    assert result.value("attributions") is None
    assert result.value("dateline") is None
    assert result.scores["attributions.f1"]["ci"] is None
    assert result.submission["layers"] == ["mentions", "events"]


def test_gold_in_its_own_label_set_is_no_unknown_label():
    own = article(mentions=[mention("m1", 0, 6, "BAND", None)], events=[event("v1", 7, 13, "Grab")])
    result = score([own], [own], settings=Settings(replicates=40))
    assert result.incidents == []
    assert result.value("entities.strict") == 1


@pytest.mark.parametrize("code", sorted(set(CODES) - GOLD_ALLOWS))
def test_in_gold_everything_structural_is_an_error(code):
    log = Log(gold=True)
    log.add(code, "x")
    assert log.refused


@pytest.mark.parametrize("code", sorted(GOLD_ALLOWS))
def test_rules_of_the_scheme_are_for_the_validator(code):
    log = Log(gold=True)
    log.add(code, "x")
    assert len(log) == 0


def test_malformed_gold_is_refused():
    bad = record(a2=change(A["a2"], sources=("m77",)))
    with pytest.raises(IncidentsError, match="dangling-id"):
        score([bad], [GOLD])
    with pytest.raises(IncidentsError, match="duplicate"):
        score([record(more_mentions=[change(M["m2"], id="x")])], [GOLD])
    with pytest.raises(IncidentsError, match="already seen"):
        score([GOLD, GOLD], [GOLD])


def test_gold_without_text_names_the_hydrate_command(tmp_path):
    (tmp_path / "gold.jsonl").write_bytes(encode(GOLD.without_text()) + b"\n")
    (tmp_path / "pred.jsonl").write_bytes(encode(GOLD.without_text()) + b"\n")
    with pytest.raises(CorpusError, match="dateline corpus hydrate"):
        count_files(tmp_path / "pred.jsonl", gold=tmp_path / "gold.jsonl")
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "cc-0001.txt").write_text(TEXT, encoding="utf-8")
    files = {"gold": tmp_path / "gold.jsonl", "hydrated": texts}
    scored = count_files(tmp_path / "pred.jsonl", **files)
    assert scored.counted.table.sums()["claims.tp"] == 4
    (texts / "cc-0001.txt").write_text(TEXT + "!", encoding="utf-8")
    with pytest.raises(InputError, match="not the annotated text"):
        count_files(tmp_path / "pred.jsonl", **files)


def test_a_summary_counts_codes_and_names_the_first_article(submit, gold_file):
    log = Log("x")
    log.add("duplicate", "b", article="cc-0002")
    log.add("duplicate", "a", article="cc-0001")
    assert log.summary() == [{"code": "duplicate", "count": 2, "first": "cc-0001"}]


def test_unaligned_output_does_not_hide_other_mistakes(submit):
    broken = record(a2=change(A["a2"], sources=("m77",)))
    found = submit([change(broken, unaligned={"events": 1}), SECOND])
    assert [i.code for i in found] == ["dangling-id"]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(articles())
def test_the_quick_look_never_overlooks(record):
    words, known = Words(record.text), Labels.of_scheme()
    everything = [
        *(check_module._labels(record, known)),
        *(check_module._repeated(record, record, words)),
        *(check_module._empty(record, words)),
        *(check_module._edges(record, record.text)),
        *(check_module._overlaps(record)),
        *(check_module._outside(record, words)),
    ]
    if sound(record, record.text, words, known):
        assert [p for p in everything if p.code != "duplicate" or "events" not in p.pointer] == []


@pytest.mark.parametrize("code", sorted(set(GOLDEN) - {"offset-suspect"}))
def test_the_quick_look_sees_every_golden_mistake(code):
    for raw in GOLDEN[code][0]:
        bad = raw if isinstance(raw, Article) else None
        if bad is not None and check_module.check(bad, GOLD, Words(TEXT), Labels.of_scheme()):
            assert not sound(bad, TEXT, Words(TEXT), Labels.of_scheme())
