"""Readers of foreign corpora: offsets hold, schemes are read to the letter."""

import pytest
from dateline.corpus.errors import InputError
from dateline.corpus.external.bio import DOCSTART
from dateline.corpus.external.labels import TABLES, mapped, table_for
from dateline.corpus.external.readers import Report, read, registered
from dateline.corpus.external.tags import TagError, chunks
from dateline.corpus.ontology import ontology
from dateline.corpus.schema import SCHEME, decode
from dateline.corpus.validate import validate
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dateline.cli import app

SENTENCE = "Ann/B-PER Lee/I-PER left/O Kelm/B-LOC ./O"


def columns(*sentences, separator="\t"):
    """File content of sentences written as `token/tag` words."""
    return "\n".join(
        "\n".join(separator.join(word.rsplit("/", 1)) for word in sentence.split()) + "\n"
        for sentence in sentences
    )


@pytest.fixture
def load(tmp_path):
    """Reads the content as a file of that name; the report is kept as `load.report`."""

    def run(content, name="set.conll", split="", **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        run.report = Report()
        return read("bio", path, split, options, run.report)

    return run


def names(record):
    return [(record.text[m.start : m.end], m.type) for m in record.mentions]


def spelt(tags, tagging="iob2", policy="refuse"):
    return [tuple(c) for c in chunks(tags.split(), tagging, policy).names]


# the three schemes


@pytest.mark.parametrize(
    ("tagging", "tags", "expected"),
    [
        ("iob2", "B-A I-A O B-A", [(0, 2, "A"), (3, 4, "A")]),
        ("iob2", "B-A B-A I-A", [(0, 1, "A"), (1, 3, "A")]),
        ("iob2", "B-a-b I-a-b", [(0, 2, "a-b")]),
        ("iob1", "I-A I-A O I-A", [(0, 2, "A"), (3, 4, "A")]),
        ("iob1", "I-A B-A I-A I-B", [(0, 1, "A"), (1, 3, "A"), (3, 4, "B")]),
        ("bioes", "S-A B-A I-A E-A S-B O", [(0, 1, "A"), (1, 4, "A"), (4, 5, "B")]),
        ("bioes", "U-A B-A L-A", [(0, 1, "A"), (1, 3, "A")]),
        ("iob2", "O", []),
    ],
)
def test_schemes(tagging, tags, expected):
    assert spelt(tags, tagging) == expected


@pytest.mark.parametrize(
    ("tagging", "tags", "index", "code", "repaired"),
    [
        ("iob2", "O I-A I-A", 1, "orphan", [(1, 3, "A")]),
        ("iob2", "B-A I-B", 1, "orphan", [(0, 1, "A"), (1, 2, "B")]),
        ("bioes", "O E-A", 1, "orphan", [(1, 2, "A")]),
        ("bioes", "B-A O", 0, "unclosed", [(0, 1, "A")]),
        ("bioes", "S-A B-A", 1, "unclosed", [(0, 1, "A"), (1, 2, "A")]),
        ("bioes", "B-A B-A E-A", 0, "unclosed", [(0, 1, "A"), (1, 3, "A")]),
        ("bioes", "S-A I-A E-A", 1, "orphan", [(0, 1, "A"), (1, 3, "A")]),
    ],
)
def test_broken_tags_are_refused_or_repaired(tagging, tags, index, code, repaired):
    with pytest.raises(TagError) as error:
        spelt(tags, tagging)
    assert (error.value.index, error.value.code) == (index, code)
    assert spelt(tags, tagging, "repair") == repaired
    assert chunks(tags.split(), tagging, "repair").broken == 1


@pytest.mark.parametrize("tag", ["B", "B-", "-A", "X-A", "b-A", "", "BA", "E-A"])
@pytest.mark.parametrize("policy", ["refuse", "repair", "drop"])
def test_what_is_no_tag_is_never_repaired(tag, policy):
    with pytest.raises(TagError):
        chunks([tag], "iob2", policy)


tags_of = st.lists(st.sampled_from(["O", "B-A", "I-A", "B-B", "I-B"]), max_size=9)


@settings(derandomize=True, deadline=None)
@given(tags_of)
def test_repair_is_conlleval_and_drop_is_strict_seqeval(tags):
    from seqeval.metrics.sequence_labeling import get_entities
    from seqeval.scheme import IOB2, Entities

    loose = [(start, end + 1, kind) for kind, start, end in get_entities(tags)]
    assert [tuple(c) for c in chunks(tags, "iob2", "repair").names] == loose
    assert [tuple(c) for c in chunks(tags, "iob1").names] == loose
    strict = [(e.start, e.end, e.tag) for e in Entities([tags], IOB2).entities[0]]
    assert [tuple(c) for c in chunks(tags, "iob2", "drop").names] == strict


# the file


def test_text_and_names(load):
    (record,) = load(columns(SENTENCE, "Talks/O failed/O"))
    assert record.id == "set-0001"
    assert record.text == "Ann Lee left Kelm .\nTalks failed\n"
    assert names(record) == [("Ann Lee", "PER"), ("Kelm", "LOC")]
    assert record.meta.scheme == "bio" and record.meta.part == "real"
    assert record.layers == ("mentions",)
    assert validate(record, closed=False) == []
    assert list(load.report.lines()) == []


@pytest.mark.parametrize("separator", ["\t", " ", "   ", "\t_\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_and_line_ends(load, separator, end):
    content = columns(SENTENCE, separator=separator).replace("\n", end)
    (record,) = load(content)
    assert names(record) == [("Ann Lee", "PER"), ("Kelm", "LOC")]


def test_other_columns(load):
    content = "1 Ann NNP B-PER x\n2 left VBD O y\n"
    (record,) = load(content, token_column=1, tag_column=-2)
    assert record.text == "Ann left\n" and names(record) == [("Ann", "PER")]


def test_blank_lines_of_any_kind_end_a_sentence(load):
    (record,) = load("a\tO\n\t\n \n\nb\tO\n\n\n")
    assert record.text == "a\nb\n"


def test_tokens_are_kept_to_the_character(load):
    tokens = ["e\u0301", "\xa0", "#x", "🛩", "\u2028", "\u200b", "a b"]
    (record,) = load("\n".join(f"{t}\tO" for t in tokens))
    assert record.text == "é \xa0 #x 🛩 \u2028 \u200b a b\n"
    assert validate(record, closed=False) == []


def test_documents(load):
    start = f"{DOCSTART} -X- O O\n\n"
    parts = start + columns("a/O", "b/O") + "\n" + start + start + columns("c/O") + "\n" + start
    assert [r.text for r in load(parts)] == ["a\nb\n", "c\n"]
    assert [r.id for r in load(parts)] == ["set-0001", "set-0002"]
    assert [r.text for r in load(parts, sentences=1)] == ["a\n", "b\n", "c\n"]
    assert [r.text for r in load(columns("a/O", "b/O", "c/O"), sentences=2)] == ["a\nb\n", "c\n"]
    # a document begins without a blank line before it, too
    assert [r.text for r in load("a O\n-DOCSTART- O\nb O\n")] == ["a\n", "b\n"]


def test_comments_before_a_sentence_are_counted(load):
    (record,) = load("# id 1 domain=en\na O\n# O\n\n# text = b\nb O\n")
    assert record.text == "a #\nb\n"
    assert next(load.report.lines()).startswith("2 comment lines skipped (first: ")


def test_a_folder(tmp_path):
    for name in ("x-train.conll", "x-valid.conll", "y_testa.bio", "z test.txt", ".hidden"):
        (tmp_path / name).write_text("a O\n")

    def ids(split):
        return [r.id.partition("-")[2] for r in read("bio", tmp_path, split, {}, Report())]

    assert ids("") == ["x-train-0001", "x-valid-0001", "y_testa-0001", "z_test-0001"]
    assert ids("train") == ["x-train-0001"]
    assert ids("validation") == ["x-valid-0001", "y_testa-0001"]
    assert ids("test") == ["z_test-0001"]
    (tmp_path / "x-train.bio").write_text("a O\n")
    with pytest.raises(InputError, match="two articles would have the id"):
        ids("")


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("a O\nb I-PER\n", {}, "set.conll:2: 'I-PER' continues no PER name; --repair starts"),
        ("a O\n\nb E-PER\n", {}, "set.conll:3: 'E-PER' is not iob2; --tagging bioes"),
        ("a B-PER\nb O\n", {"tagging": "bioes"}, "set.conll:1: 'B-PER' ends no name; E- or S-"),
        ("a O\nb PER\n", {}, "set.conll:2: 'PER' is no tag"),
        ("a O\n\nb\n", {}, "set.conll:3: 1 column: expected a token and a tag"),
        ("a O\n", {"tag_column": 3}, "set.conll:1: 2 columns, but columns 0 .token. and 3 .tag."),
        ("\tO\n", {}, "set.conll:1: the token is empty"),
        ("\n\n", {}, "set.conll: no sentence"),
        (b"a O\n\xff O\n", {}, "set.conll: not UTF-8 at byte 4"),
        ("a\0 O\n", {}, "set.conll: NUL character at 1"),
        ("a O\n", {"tagging": "iob3"}, "--tagging: .*'iob3'"),
        ("a O\n", {"sentences": 0}, "--sentences: "),
        ("a O\n", {"mapping": "x"}, "format 'bio' has no option --mapping"),
        ("a O\n", {"split": "dev"}, "unknown split 'dev'"),
    ],
)
def test_errors(load, content, options, message):
    with pytest.raises(InputError, match=message) as error:
        load(content, **options)
    assert "\n" not in str(error.value)


def test_repair_is_counted(load):
    (record,) = load("a O\nb I-PER\nc I-PER\n\nd I-LOC\n", repair=True)
    assert names(record) == [("b c", "PER"), ("d", "LOC")]
    assert next(load.report.lines()).startswith("2 tags repaired (first: ")


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text("aB-IOES \t\n#é\r\0\ufeff", max_size=40) | st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "f.conll"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for repair in (False, True):
        try:
            records = read("bio", path, "", {"repair": repair}, Report())
        except InputError as error:
            assert "\n" not in str(error)
        else:
            assert all(validate(r, closed=False) == [] for r in records)


# label tables


def test_every_table_maps_to_types_of_the_scheme():
    for table in TABLES.values():
        assert {x for x in table.values() if x} <= set(ontology().entities)
        assert len({x.casefold() for x in table}) == len(table)


@pytest.mark.parametrize(
    ("labels", "table"),
    [
        (["PER", "LOC"], "conll2003"),
        (["LOC", "MISC", "ORG", "PER"], "conll2003"),
        (["person", "location"], "wnut17"),
        (["GPE", "LOC", "ORG", "PERSON"], "ontonotes"),
        (["PER", "ORG.gov", "GPE"], SCHEME),
        ([], "conll2003"),
    ],
)
def test_the_table_follows_from_the_labels(labels, table):
    assert table_for(labels) == table


def test_mapping_counts_what_it_leaves_out(load):
    records = load(columns("a/B-per b/B-MISC c/B-XYZ d/B-LOC e/B-MISC"))
    report = Report()
    (record,) = mapped(records, report)
    assert names(record) == [("a", "PER"), ("d", "GPE")]
    assert record.meta.scheme == SCHEME
    assert validate(record) == []
    assert list(report.lines()) == [
        "2 'MISC' left out: the scheme has no such type (table 'conll2003')",
        "1 'XYZ' left out: not in the label table 'conll2003'",
    ]


# the command


def test_the_command(tmp_path):
    path, out = tmp_path / "set.conll", tmp_path / "out.jsonl"
    path.write_text("a I-PER\nb B-MISC\n")
    words = ["corpus", "import", "bio", str(path), "--repair", "--labels", "map"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0
    assert names(decode(done.stdout.strip())) == [("a", "PER")]
    assert done.stderr.splitlines() == [
        f"1 tags repaired (first: {path}:1)",
        "1 'MISC' left out: the scheme has no such type (table 'conll2003')",
    ]
    assert CliRunner().invoke(app, [*words, "-o", str(out)]).stdout == ""
    assert out.read_text() == done.stdout
    wrong = CliRunner().invoke(app, ["corpus", "import", "bioo", str(path)])
    assert str(wrong.exception) == "unknown format 'bioo'. Did you mean 'bio'? Available: bio"
    wrong = CliRunner().invoke(app, [*words[:4], "--labels", "mapped"])
    assert str(wrong.exception) == "--labels: 'mapped' is not keep or map"


def test_every_reader_says_what_it_reads():
    for name in registered():
        assert registered()[name].about


def test_wnut17(real_data):
    """All of WNUT-17: names are the file's, token by token, counts are those of its paper."""
    folder = real_data / "wnut17"
    train = read("bio", folder, "train", {}, Report())
    test = read("bio", folder, "test", {"sentences": 100}, Report())
    assert [len(train), sum(len(r.mentions) for r in train)] == [1, 1975]
    assert [len(test), sum(len(r.mentions) for r in test)] == [13, 1079]
    for record in (*train, *test):
        assert validate(record, closed=False) == []
    report = Report()
    kept = mapped(test, report)
    assert sum(len(r.mentions) for r in kept) == 1079 - 142 - 127
    assert len(list(report.lines())) == 2
