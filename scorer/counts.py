"""Count rows: one article is a few dozen named integers, and a score is their sum.

Rows are additive: shards are scored apart and merged, replicates of a bootstrap
are weighted sums, and a published file of rows lets anybody recompute every
number without the gold.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from ..corpus.errors import InputError

Row: TypeAlias = dict[str, int]


class Tags(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a row says of its article: what slices and resampling go by.

    `seen`: whether the train split has the theatre, None where no train split is
    known. `words`: number of words of the text. `stories`: theatre × incident.
    """

    id: str
    part: str = ""
    theatre: str = ""
    seen: bool | None = None
    genre: str = ""
    words: int = 0
    stories: tuple[str, ...] = ()
    events: bool = True
    attributions: bool = True


def bump(row: Row, column: str, by: int = 1) -> None:
    """Add to a column that the row may not have yet."""
    row[column] = row.get(column, 0) + by


class Table:
    """Rows of non-negative int64 columns, sparse, in order of arrival until `sorted`.

    Memory per article: its `Tags` and 12 bytes for every column that is not 0.
    """

    def __init__(self) -> None:
        self.tags: list[Tags] = []
        self._column: dict[str, int] = {}
        self._where = array("I")
        self._value = array("q")
        self._ends = array("q", [0])

    def __len__(self) -> int:
        return len(self.tags)

    @property
    def columns(self) -> list[str]:
        """Names of all columns that some row has, sorted."""
        return sorted(self._column)

    def add(self, tags: Tags, row: Mapping[str, int]) -> None:
        column = self._column
        for name, value in row.items():
            if value:
                self._where.append(column.setdefault(name, len(column)))
                self._value.append(value)
        self._ends.append(len(self._where))
        self.tags.append(tags)

    def rows(self) -> Iterator[tuple[Tags, Row]]:
        """Every article with its columns other than 0, by name."""
        names = list(self._column)
        for n, tags in enumerate(self.tags):
            at = slice(self._ends[n], self._ends[n + 1])
            row = {names[c]: v for c, v in zip(self._where[at], self._value[at], strict=True)}
            yield tags, dict(sorted(row.items()))

    def sums(self) -> Row:
        """Column name -> sum over all rows, exact."""
        totals = np.zeros(len(self._column), dtype=np.int64)
        np.add.at(totals, self._indices(), self._values())
        return {name: int(totals[c]) for name, c in self._column.items()}

    def dense(self, columns: Sequence[str]) -> NDArray[np.int64]:
        """The columns as a matrix of shape `(articles, columns)`; unknown columns are 0."""
        place = np.full(len(self._column) + 1, -1, dtype=np.int64)
        for n, name in enumerate(columns):
            if name in self._column:
                place[self._column[name]] = n
        target = place[self._indices()]
        wanted = target >= 0
        lengths = np.diff(np.asarray(self._ends, dtype=np.int64))
        rows = np.repeat(np.arange(len(self.tags)), lengths)
        out = np.zeros((len(self.tags), len(columns)), dtype=np.int64)
        out[rows[wanted], target[wanted]] = self._values()[wanted]
        return out

    def _indices(self) -> NDArray[np.uint32]:
        return np.asarray(self._where, dtype=np.uint32)

    def _values(self) -> NDArray[np.int64]:
        return np.asarray(self._value, dtype=np.int64)


def merge(tables: Iterable[Table]) -> Table:
    """All rows, sorted by article id: bit-identical however the articles were sharded.

    Raises `InputError` if an article occurs twice.
    """
    rows = [row for table in tables for row in table.rows()]
    rows.sort(key=lambda r: r[0].id)
    out = Table()
    for tags, row in rows:
        if out.tags and out.tags[-1].id == tags.id:
            raise InputError(f"article '{tags.id}' was scored in two shards")
        out.add(tags, row)
    return out


def in_order(table: Table) -> Table:
    """The table itself if its articles are sorted by id, else a sorted copy."""
    ids = [tags.id for tags in table.tags]
    return table if ids == sorted(ids) else merge([table])


def encode_row(tags: Tags, row: Row) -> dict[str, Any]:
    """One line of `--per-article`."""
    return {"article": msgspec.to_builtins(tags), "counts": row}
