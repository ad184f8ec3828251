"""The record: absent is not empty, canonical JSON, stand-off form."""

import json

import msgspec
import pytest
from dateline.corpus.schema import ABSENT, Article, Zone, decode, encode, encode_pretty
from msgspec.structs import replace


def test_an_absent_layer_is_not_an_empty_one():
    absent, empty = decode(b'{"id": "a-1"}'), decode(b'{"id": "a-1", "events": []}')
    assert absent.events is ABSENT and absent.layers == ()
    assert empty.events is not ABSENT and empty.layers == ("events",)
    assert json.loads(encode(absent)).keys() == {"id", "meta", "zones"}
    assert json.loads(encode(empty))["events"] == []


def test_encoding_is_canonical_and_exact(valid: Article):
    assert decode(encode(valid)) == valid
    assert decode(encode_pretty(valid)) == valid
    assert encode(valid) == encode(decode(encode(valid)))
    assert list(json.loads(encode(valid))) == [
        "id", "text", "meta", "zones", "mentions", "events", "attributions",
    ]  # fmt: skip


def test_stand_off(valid: Article):
    stand_off = valid.without_text()
    assert stand_off.text == "" and len(stand_off.text_sha256) == 64
    assert stand_off.with_text(valid.text) == valid
    with pytest.raises(ValueError, match="text_sha256"):
        stand_off.with_text(valid.text + " ")


def test_unknown_fields_are_refused():
    with pytest.raises(msgspec.ValidationError, match="unknown field `evnets`"):
        decode(b'{"id": "a-1", "evnets": []}')


def test_records_are_values(valid: Article):
    assert replace(valid, zones=(Zone(start=0, end=1, kind="body"),)) != valid
    with pytest.raises(AttributeError):
        valid.id = "b"  # type: ignore[misc]
