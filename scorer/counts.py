"""Count rows: one article is a few dozen named integers, and a score is their sum.

Rows are additive: shards are scored apart and merged, replicates of a bootstrap
are weighted sums, and a published file of rows lets anybody recompute every
number without the gold.

A column is a name, or a *cell*: a tuple that counts elements by all of their
slice features at once (`slices.py`), from which every slice is a sum.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from ..corpus.errors import InputError

Cell: TypeAlias = tuple[str, ...]
Column: TypeAlias = str | Cell
Row: TypeAlias = dict[Column, int]


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


def bump(row: Row, column: Column, by: int = 1) -> None:
    """Add to a column that the row may not have yet."""
    row[column] = row.get(column, 0) + by


def bump_all(row: Row, columns: Iterable[Column]) -> None:
    """Count columns that the row does not have yet, as often as each occurs."""
    row.update(Counter(columns))


class _Numbering(dict[Column, int]):
    """Columns by number; a new one gets the next."""

    def __missing__(self, column: Column) -> int:
        self[column] = number = len(self)
        return number


class Table:
    """Rows of non-negative int64 columns, sparse, in order of arrival.

    Memory per article: its `Tags` and 12 bytes for every column that is not 0.
    """

    def __init__(self) -> None:
        self.tags: list[Tags] = []
        self._number = _Numbering()
        self._where = array("I")
        self._value = array("q")
        self._ends = array("q", [0])

    def __len__(self) -> int:
        return len(self.tags)

    @property
    def columns(self) -> list[str]:
        """Names of all columns that some row has, sorted; cells aside."""
        return sorted(column for column in self._number if isinstance(column, str))

    @property
    def cells(self) -> list[Cell]:
        """All cells that some row has, sorted."""
        return sorted(column for column in self._number if not isinstance(column, str))

    def add(self, tags: Tags, row: Mapping[Column, int]) -> None:
        """Append an article's row."""
        columns = compress(row, row.values())
        self._where.extend(map(self._number.__getitem__, columns))
        self._value.extend(filter(None, row.values()))
        self._ends.append(len(self._where))
        self.tags.append(tags)

    def rows(self) -> Iterator[tuple[Tags, Row]]:
        """Every article with its columns other than 0, by name."""
        columns = list(self._number)
        for n, tags in enumerate(self.tags):
            at = slice(self._ends[n], self._ends[n + 1])
            row = {columns[c]: v for c, v in zip(self._where[at], self._value[at], strict=True)}
            yield tags, {column: row[column] for column in sorted(row, key=named)}

    def sums(self) -> Row:
        """Column -> sum over all rows, exact."""
        totals = np.zeros(len(self._number), dtype=np.int64)
        np.add.at(totals, self._indices(), self._values())
        return {column: int(totals[c]) for column, c in self._number.items()}

    def dense(self, columns: Sequence[Column]) -> NDArray[np.int64]:
        """The columns as a matrix of shape `(articles, columns)`; unknown columns are 0."""
        return self.grouped({column: n for n, column in enumerate(columns)}, len(columns))

    def grouped(self, place: Mapping[Column, int], width: int) -> NDArray[np.int64]:
        """Sums of groups of columns, shape `(articles, width)`: column c goes to `place[c]`."""
        target = np.full(len(self._number), -1, dtype=np.int64)
        for column, n in place.items():
            if column in self._number:
                target[self._number[column]] = n
        groups = target[self._indices()]
        wanted = groups >= 0
        articles = np.repeat(np.arange(len(self)), np.diff(np.asarray(self._ends)))
        out = np.zeros((len(self), width), dtype=np.int64)
        np.add.at(out, (articles[wanted], groups[wanted]), self._values()[wanted])
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


def named(column: Column) -> str:
    """A column's name in a file: the parts of a cell are joined by `|`."""
    return column if isinstance(column, str) else "|".join(column)


def encode_row(tags: Tags, row: Row) -> dict[str, Any]:
    """One line of `--per-article`."""
    counts = {named(column): value for column, value in row.items()}
    return {"article": msgspec.to_builtins(tags), "counts": counts}
