"""Normalisation, sentences, tokens: offsets hold and nothing is dropped."""

import unicodedata

import pytest
from dateline.corpus.errors import InputError
from dateline.corpus.text import normalise, sentences, tokens
from dateline.corpus.zones import zones
from hypothesis import given, settings
from hypothesis import strategies as st


def split(text):
    return [s.of(text) for s in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It fell on Nov. 27. The army left.", ["It fell on Nov. 27.", "The army left."]),
        ("It is 20 km (12.4 miles) off. He said.", ["It is 20 km (12.4 miles) off.", "He said."]),
        ("you may require.An aerial picture", ["you may require.", "An aerial picture"]),
        ("said, “Tolm is near.”. Others fled.", ["said, “Tolm is near.”.", "Others fled."]),
        ("“Who?” he asked. Nobody knew.", ["“Who?” he asked.", "Nobody knew."]),
        ("the U.S. Army said. It left.", ["the U.S. Army said.", "It left."]),
        ("They met at 5 p.m. The talks failed.", ["They met at 5 p.m.", "The talks failed."]),
        ("Gen. J. Orla spoke. No one came.", ["Gen. J. Orla spoke.", "No one came."]),
        (
            "« They sat. They looked, » he says. So.",
            ["« They sat.", "They looked, » he says.", "So."],
        ),
        ("He left Kelm. – Rebels hold it.", ["He left Kelm.", "– Rebels hold it."]),
        ("one\ntwo", ["one", "two"]),
    ],
)
def test_sentences(text, expected):
    assert split(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sarn-backed", ["Sarn", "-", "backed"]),
        ("PKK/YPG", ["PKK", "/", "YPG"]),
        ("Orlo’s and rebels'", ["Orlo", "’s", "and", "rebels", "'"]),
        ("don't N’Djara", ["don't", "N’Djara"]),
        ("We’re I'd", ["We", "’re", "I", "'d"]),
        ("Nov. 27, 12.4%", ["Nov.", "27", ",", "12.4%"]),
        ("U.S. 14:05 3rd --", ["U.S.", "14:05", "3rd", "--"]),
        ("قَصْف 🛩 x", ["قَصْف", "🛩", "x"]),
    ],
)
def test_tokens(text, expected):
    assert [t.of(text) for t in tokens(text)] == expected


def test_a_zone_edge_cuts_a_token():
    assert [t.of("AFPAnti") for t in tokens("AFPAnti", [3])] == ["AFP", "Anti"]


def test_normalise():
    assert normalise("\ufeffa\r\nb\rc\n".encode()) == "a\nb\nc\n"
    assert normalise("e\u0301") == unicodedata.normalize("NFC", "e\u0301") == "é"
    with pytest.raises(InputError, match="not UTF-8 at byte 1"):
        normalise(b"a\xff")
    with pytest.raises(InputError, match="NUL"):
        normalise("a\0b")


ALPHABET = "aB .\n!?”“\"'()’–-/1é🛩ق:,[]«»"


@settings(max_examples=300, derandomize=True)
@given(st.text(alphabet=ALPHABET, max_size=80))
def test_everything_but_white_space_is_in_one_sentence_one_token_and_one_zone(text):
    solid = {i for i, c in enumerate(text) if not c.isspace()}
    found = zones(text)
    for spans in (sentences(text), sentences(text, found), tokens(text), found):
        covered = [i for s in spans for i in range(s.start, s.end)]
        assert len(covered) == len(set(covered))
        assert solid <= set(covered)
