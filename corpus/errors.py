"""Every error that a user can cause, and the incidents that carry them.

    DatelineError            one clear line, exit 2, never a traceback
    ├── InputError           a file, record or field is not what it must be
    ├── IncidentsError       the same, many at once: `.incidents`
    ├── CorpusError          the corpus refuses (gate, split, stale build)
    ├── MissingExtraError    an optional dependency is not installed
    └── ServerError          the Label Studio server does not do as asked

An `Incident` is data: it can be counted, sorted, written as JSON and printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec


class Incident(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One thing wrong with an input.

    `code` is stable and documented; `level` is "error" or "warning"; `file` and
    `line` say where it was read, `article` and `pointer` (such as
    `events[2].arguments[0]`) which element is meant.
    """

    file: str = ""
    line: int = 0
    article: str = ""
    pointer: str = ""
    code: str
    message: str
    level: str = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        # An id or pointer may come from a hostile file: 50 MB of it is no help.
        parts = (shorten(part) for part in (place, self.article, self.pointer) if part)
        where = " ".join(parts)
        return f"{where} [{self.code}] {self.message}".lstrip()


class DatelineError(Exception):
    """Base of all errors a user can cause. `str(error)` is the line to print."""


class InputError(DatelineError):
    """An input file, record or field is not what it must be."""


class IncidentsError(DatelineError):
    """An input was refused for the errors among `incidents`."""

    def __init__(self, incidents: Sequence[Incident]) -> None:
        self.incidents = list(incidents)
        super().__init__("\n".join(str(i) for i in self.incidents))


class CorpusError(DatelineError):
    """The corpus refuses: a gate, a split rule, a build that is out of date."""


class MissingExtraError(DatelineError):
    """An optional dependency is missing; the message names the extra."""

    def __init__(self, module: str, extra: str) -> None:
        super().__init__(f"{module} is not installed: pip install 'dateline[{extra}]'")


class ServerError(DatelineError):
    """The Label Studio server cannot be installed, started, reached or used."""


def errors_in(incidents: Iterable[Incident]) -> list[Incident]:
    """Those that refuse the input."""
    return [i for i in incidents if i.level == "error"]


def shorten(text: str, limit: int = 200) -> str:
    """The text on one line, its middle left out if it is longer than `limit`."""
    line = " ".join(text.split()) if any(c in text[:limit] for c in "\n\r\t") else text
    if len(line) <= limit:
        return line
    return f"{line[: limit // 2]}…{line[-limit // 4 :]}"
