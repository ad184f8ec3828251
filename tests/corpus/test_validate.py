"""One golden file per code: it raises that code and nothing else."""

import pytest
from dateline.corpus.schema import Article, decode
from dateline.corpus.validate import CODES, validate

from ..conftest import CASES

FILES = sorted((CASES / "invalid").glob("*.json"))


def test_every_code_has_a_file_and_every_file_a_code():
    assert {path.stem for path in FILES} == set(CODES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_file_raises_its_code_only(path):
    incidents = validate(decode(path.read_bytes()))
    assert {incident.code for incident in incidents} == {path.stem}
    assert all(incident.pointer and incident.message for incident in incidents)


def test_the_unbroken_record_is_valid(valid: Article):
    assert validate(valid) == []


def test_foreign_labels_pass_when_labels_are_open():
    record = decode((CASES / "invalid" / "unknown-label.json").read_bytes())
    assert validate(record, closed=False) == []


def test_only_a_far_target_is_a_warning():
    for path in FILES:
        levels = {i.level for i in validate(decode(path.read_bytes()))}
        assert levels == ({"warning"} if path.stem == "target-far" else {"error"})
