"""Why a line is not a record: the slow path, taken only for bad lines.

Good lines go through one typed decoder. A line that it refuses is decoded
without types and held against the record's definition, so that all its mistakes
are found, each with its pointer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple, cast

import msgspec
from msgspec import inspect

from ..corpus.schema import Article
from .codes import hint

_IGNORED: Final = ("meta", "zones")  # of a submission: gold's are used
_LONGEST: Final = 40


class Problem(NamedTuple):
    """An incident without its place in a file."""

    code: str
    pointer: str
    message: str


class Diagnosis(NamedTuple):
    """`record` if the line is a record after all (only ignored fields were wrong)."""

    record: Article | None
    article: str
    problems: list[Problem]


def diagnose(line: bytes, number: int, *, gold: bool = False) -> Diagnosis:
    """All that is wrong with one line of JSON. Never raises for any bytes."""
    try:
        raw: object = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"line {number} is not JSON: {_json_error(line, error)}"
        return Diagnosis(None, "", [Problem("not-json", "", message)])
    if not isinstance(raw, dict):
        problem = Problem("bad-field", "", f"record: expected object, got {_show(raw)}")
        return Diagnosis(None, "", [problem])
    fields = cast("dict[str, Any]", raw)
    if not gold:
        fields = {k: v for k, v in fields.items() if k not in _IGNORED}
    problems = list(_walk(fields, inspect.type_info(Article), ""))
    article = fields.get("id")
    name = article if isinstance(article, str) else ""
    if not problems:
        try:
            return Diagnosis(msgspec.convert(fields, Article), name, [])
        except msgspec.ValidationError as error:
            problems = [Problem("bad-field", "", str(error))]
    return Diagnosis(None, name, problems)


def _json_error(line: bytes, error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    try:
        json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as bad:
        return f"not UTF-8 at byte {bad.start}"
    except json.JSONDecodeError as bad:
        if "BOM" in bad.msg or line.startswith(b"\xef\xbb\xbf"):
            return "it starts with a byte-order mark; save the file as plain UTF-8"
        message = bad.msg.replace("Expecting", "expected").replace(" delimiter", "")
        return f"{message[0].lower()}{message[1:]} at column {bad.colno}"
    except (RecursionError, ValueError):
        pass
    return str(error)


_NAMES: Final[Mapping[type, str]] = {
    inspect.StrType: "string",
    inspect.IntType: "integer",
    inspect.NoneType: "null",
    inspect.DictType: "object",
    inspect.StructType: "object",
    inspect.VarTupleType: "array",
}


def _walk(value: object, kind: inspect.Type, pointer: str) -> Iterator[Problem]:
    """Problems of one value against its type, depth first. Bounded by the schema's depth."""
    if isinstance(kind, inspect.UnionType):
        if value is not None:
            yield from _walk(value, kind.types[0], pointer)
    elif isinstance(kind, inspect.StructType) and isinstance(value, dict):
        yield from _walk_struct(cast("dict[str, object]", value), kind, pointer)
    elif isinstance(kind, inspect.VarTupleType) and isinstance(value, list):
        for n, item in enumerate(cast("list[object]", value)):
            yield from _walk(item, kind.item_type, f"{pointer}[{n}]")
    elif isinstance(kind, inspect.DictType) and isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            yield from _walk(item, kind.value_type, f"{pointer}.{_cut(key)}")
    elif not _fits(value, kind):
        expected = _NAMES.get(type(kind), "another type")
        yield Problem("bad-field", pointer, f"{pointer}: expected {expected}, got {_show(value)}")


def _fits(value: object, kind: inspect.Type) -> bool:
    if isinstance(kind, inspect.StrType):
        return isinstance(value, str)
    if isinstance(kind, inspect.IntType):
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(kind, inspect.NoneType) and value is None


def _walk_struct(
    value: Mapping[str, object], kind: inspect.StructType, pointer: str
) -> Iterator[Problem]:
    fields = _fields(kind.cls)
    dot = f"{pointer}." if pointer else ""
    for key, item in value.items():
        at = f"{dot}{_cut(key)}"
        if key in fields:
            yield from _walk(item, fields[key].type, at)
        else:
            yield Problem("unknown-field", at, f"{at}: unknown{hint(key, fields)}")
    for name, field in fields.items():
        if field.required and name not in value:
            yield Problem("bad-field", f"{dot}{name}", f"{dot}{name}: missing")


@cache
def _fields(cls: type) -> dict[str, inspect.Field]:
    info = inspect.type_info(cls)
    assert isinstance(info, inspect.StructType)
    return {field.encode_name: field for field in info.fields}


def _cut(key: str) -> str:
    return key if len(key) <= _LONGEST else f"{key[: _LONGEST - 1]}…"


def _show(value: object) -> str:
    """A JSON value in a message: scalars as they are, the rest by kind."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    return _cut(json.dumps(value, ensure_ascii=False))
