"""Reading gold and submission side by side, one article at a time.

While both files list articles in the same order they are read in lockstep;
from the first difference on, an index of the submission (id -> byte offset) is
used. No record is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from ..corpus.errors import InputError
from ..corpus.schema import Article
from ..corpus.schema import decode as decode_record
from .codes import Log, quote
from .diagnose import diagnose


class Line(NamedTuple):
    """One line that is not blank; `offset` in bytes, `number` from 1."""

    number: int
    offset: int
    data: bytes


class Submitted(NamedTuple):
    """A submitted record and the line it stands on (0: it came from memory)."""

    line: int
    record: Article


class _Id(msgspec.Struct):
    id: str


_id_decoder: Final = msgspec.json.Decoder(_Id)


@contextmanager
def opened(path: Path) -> Generator[BufferedReader]:
    """The file, for reading bytes. Raises `InputError` if it cannot be read."""
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise InputError(f"{path} does not exist") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None


def digest(path: Path) -> str:
    """Hex SHA-256 of the file. Raises `InputError` if it cannot be read."""
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lines(file: BufferedReader, number: int = 0) -> Iterator[Line]:
    """The lines from the file's position on; `number` lines came before."""
    offset = file.tell()
    for count, data in enumerate(file, start=number + 1):
        if not data.isspace():
            yield Line(count, offset, data)
        offset += len(data)


def decode(line: Line, log: Log, *, gold: bool = False) -> Article | None:
    """The record of a line, or None with its incidents in the log."""
    record = _typed(line)
    if record is None:
        found = diagnose(line.data, line.number, gold=gold)
        for code, pointer, message in found.problems:
            log.add(code, message, line=line.number, article=found.article, pointer=pointer)
        return found.record
    return record


def gold_records(path: Path, log: Log) -> Iterator[Article]:
    """Records of a gold file. What is not a record goes into the log."""
    with opened(path) as file:
        for line in lines(file):
            record = decode(line, log, gold=True)
            if record is not None:
                yield record


class Submission:
    """A submission's file, asked for one article after the other."""

    def __init__(self, file: BufferedReader, log: Log) -> None:
        self._file = file
        self._log = log
        self._lines = lines(file)
        self._seen: dict[str, int] = {}  # id -> line of every article handed out
        self._index: dict[str, tuple[int, int]] | None = None  # id -> (line, offset), not yet
        self.records = 0

    def find(self, article_id: str) -> Submitted | None:
        """The record of an article, or None if there is none (or none that can be read)."""
        if self._index is None:
            for line in self._lines:
                record = _typed(line)
                found = record.id if record else _id_of(line)
                if found is None:
                    decode(line, self._log)
                elif found == article_id and found not in self._seen:
                    return self._hand_out(line, found, record)
                else:
                    self._make_index(line)
                    break
            else:
                return None
        return self._from_index(article_id)

    def _hand_out(self, line: Line, found: str, record: Article | None) -> Submitted | None:
        self._seen[found] = line.number
        self.records += 1
        if record is None:
            record = decode(line, self._log)
        return None if record is None else Submitted(line.number, record)

    def _make_index(self, first: Line) -> None:
        """Index everything from `first` on; what has no id is reported there and then."""
        self._index = {}
        self._file.seek(first.offset)
        for line in lines(self._file, first.number - 1):
            found = _id_of(line)
            if found is None:
                decode(line, self._log)
                continue
            known = self._seen.get(found) or self._index.get(found, (0, 0))[0]
            if known:
                message = f"{quote(found)} already seen on line {known}"
                self._log.add("duplicate-article", message, line=line.number, article=found)
            else:
                self._index[found] = line.number, line.offset

    def _from_index(self, article_id: str) -> Submitted | None:
        assert self._index is not None
        number, offset = self._index.pop(article_id, (0, 0))
        if not number:
            return None
        self._file.seek(offset)
        line = Line(number, offset, self._file.readline())
        return self._hand_out(line, article_id, _typed(line))

    def rest(self) -> Iterable[tuple[str, int]]:
        """Id and line of every article that was not asked for. Ends the reading."""
        if self._index is None:
            first = next(self._lines, None)
            if first is None:
                return []
            self._make_index(first)
        assert self._index is not None
        left, self._index = self._index, {}
        self.records += len(left)
        return [(found, number) for found, (number, _) in sorted(left.items())]


def _typed(line: Line) -> Article | None:
    try:
        return decode_record(line.data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _id_of(line: Line) -> str | None:
    try:
        return _id_decoder.decode(line.data).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
