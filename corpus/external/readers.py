"""What a reader of a foreign corpus is, and which there are.

Adding a format is one file in this folder that registers a function:

    @reader("brat", about="stand-off annotation files beside texts")
    def read(path: Path, split: str, options: NoOptions, report: Report) -> Iterator[Article]: ...

A reader yields records with text, in the corpus's own labels; mapping them to the
scheme is done afterwards, for all formats, by `labels.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Final, NamedTuple, TypeAlias

import msgspec

from ..errors import InputError
from ..registry import Registry
from ..schema import SPLITS, Article

# How published corpora call their splits in file names.
_SPLIT_NAMES: Final = {
    "train": re.compile("train", re.I),
    "validation": re.compile("valid|dev|testa", re.I),
    "test": re.compile("test(?!a)", re.I),
}


class NoOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Options of a format that has none beyond path and split."""


class Report:
    """What a reader has to say beside its records: notes with how often, in order."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def note(self, what: str, where: str = "", n: int = 1) -> None:
        """Count an observation; `where` is kept for the first one."""
        if n:
            self._counts[what] += n
            self._first.setdefault(what, where)

    def lines(self) -> Iterator[str]:
        """One line per kind of observation."""
        for what, n in self._counts.items():
            where = self._first[what]
            yield f"{n} {what}" + (f" (first: {where})" if where else "")


Read: TypeAlias = Callable[[Path, str, Any, Report], Iterator[Article]]


class Reader(NamedTuple):
    """A format: its options (a struct with defaults for all fields) and its function."""

    about: str
    options: type[Any]
    read: Read


_readers: Registry[Reader] = Registry("format")


def reader(name: str, *, about: str, options: type[Any] = NoOptions) -> Callable[[Read], Read]:
    """Register a function as the reader of a format."""

    def register(read: Read) -> Read:
        _readers.add(name, Reader(about, options, read))
        return read

    return register


def registered() -> Registry[Reader]:
    """All readers; the first call imports the files of this folder."""
    package = __name__.rpartition(".")[0]
    for module in iter_modules([str(Path(__file__).parent)]):
        import_module(f"{package}.{module.name}")
    return _readers


def read(
    name: str, path: Path, split: str, options: Mapping[str, Any], report: Report
) -> list[Article]:
    """The records of a foreign corpus, in its own labels, ids unique.

    `split` is train, validation, test, or "" for everything at `path`. Raises
    `InputError` for an unknown format, split or option, and for a broken file.
    """
    found = registered()[name]
    if split and split not in SPLITS:
        raise InputError(f"unknown split '{split}' (splits: {', '.join(SPLITS)})")
    for option in options:
        if option not in found.options.__struct_fields__:
            shown = option.replace("_", "-")
            raise InputError(f"format '{name}' has no option --{shown}")
    try:
        chosen = msgspec.convert(dict(options), found.options)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$.")
        option = where.rstrip("`").replace("_", "-")
        raise InputError(f"--{option}: {what}; see `dateline corpus import --help`") from None
    records = list(found.read(path, split, chosen, report))
    twice = [i for i, n in Counter(r.id for r in records).items() if n > 1]
    if twice:
        raise InputError(f"{path}: two articles would have the id '{twice[0]}'; rename a file")
    return records


def files_at(path: Path, split: str) -> list[Path]:
    """The file itself, or the files of a folder and its subfolders, sorted by path.

    With a `split`, of a folder only the files whose name (dev, valid, testa, ... for
    validation) says that they belong to it; a single file is what the user says it is.
    Hidden files are left out. Raises `InputError` if there is nothing.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise InputError(f"{path} does not exist")
    inside = sorted(p for p in path.rglob("*") if p.is_file())
    inside = [p for p in inside if not any(x.startswith(".") for x in p.relative_to(path).parts)]
    if split:
        inside = [p for p in inside if _SPLIT_NAMES[split].search(p.name)]
    if not inside:
        what = f"no file of split '{split}'" if split else "no file"
        raise InputError(f"{path}: {what}")
    return inside


def source_of(path: Path) -> str:
    """The first part of article ids, from a file's or folder's name: lower-case letters, digits."""
    name = path.resolve().name
    slug = re.sub(r"[^a-z0-9]", "", (name if path.is_dir() else Path(name).stem).lower())
    return slug if slug[:1].isalpha() else f"x{slug}"
