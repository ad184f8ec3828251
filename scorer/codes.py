"""The codes of incidents in a submission, and the log that collects them (section 2).

Every incident is collected before anything is refused: whoever submits a file
with nine mistakes is told nine things at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias

from ..corpus.errors import Incident, IncidentsError
from ..corpus.registry import did_you_mean

Effect: TypeAlias = Literal["refuse", "false positive", "warning"]

CODES: Final[dict[str, Effect]] = {
    "not-json": "refuse",
    "bad-field": "refuse",
    "unknown-field": "refuse",
    "duplicate-article": "refuse",
    "unknown-article": "refuse",
    "text-differs": "refuse",
    "duplicate-id": "refuse",
    "dangling-id": "refuse",
    "bad-span": "refuse",
    "parent-cycle": "refuse",
    "too-many": "refuse",
    "unknown-label": "false positive",
    "duplicate": "false positive",
    "content-empty": "false positive",
    "unaligned": "false positive",
    "missing-article": "warning",
    "empty-submission": "warning",
    "layer-absent": "warning",
    "overlapping-names": "warning",
    "span-edge": "warning",
    "quoted-outside": "warning",
    "parent-outside": "warning",
    "offset-suspect": "warning",
}
# What a gold file may have: these are rules of the scheme, for `corpus validate`.
GOLD_ALLOWS: Final = frozenset(
    {"overlapping-names", "span-edge", "quoted-outside", "parent-outside", "offset-suspect"}
)


class Log:
    """Incidents of one file, in order of discovery.

    `strict` turns false positives into refusals (`--strict-schema`); `gold` turns
    everything into refusals but what only `corpus validate` judges. `refused` says
    whether there is one.
    """

    def __init__(self, file: str = "", *, strict: bool = False, gold: bool = False) -> None:
        self.file = file
        self._strict = strict
        self._gold = gold
        self._incidents: list[Incident] = []
        self.refused = False

    def add(
        self, code: str, message: str, *, line: int = 0, article: str = "", pointer: str = ""
    ) -> None:
        """Record an incident. Raises `KeyError` for a code that is not documented."""
        level = self._level(code)
        self.refused = self.refused or level == "error"
        if level:
            self._incidents.append(
                Incident(
                    file=self.file,
                    line=line,
                    article=article,
                    pointer=pointer,
                    code=code,
                    message=message,
                    level=level,
                )
            )

    def _level(self, code: str) -> str:
        effect = CODES[code]
        if self._gold:
            return "" if code in GOLD_ALLOWS else "error"
        refused = effect == "refuse" or (self._strict and effect == "false positive")
        return "error" if refused else "warning"

    def __iter__(self) -> Iterator[Incident]:
        return iter(sorted(self._incidents))

    def __len__(self) -> int:
        return len(self._incidents)

    def refuse(self) -> None:
        """Raise `IncidentsError` with the refusals, if there are any."""
        errors = [i for i in self if i.level == "error"]
        if errors:
            raise IncidentsError(errors)

    def summary(self) -> list[dict[str, object]]:
        """Per code: how often, and the first article by id. Independent of order."""
        counts = Counter(i.code for i in self._incidents)
        first: dict[str, str] = {}
        for incident in self._incidents:
            known = first.setdefault(incident.code, incident.article)
            first[incident.code] = min(known, incident.article)
        return [{"code": c, "count": n, "first": first[c]} for c, n in sorted(counts.items())]


def quote(value: object, limit: int = 40) -> str:
    """A value as it may appear in a message: short and on one line."""
    shown = repr(value)
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def hint(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest known word, or the empty string."""
    near = did_you_mean(word, list(known)).strip()
    return f"; {near[0].lower()}{near[1:]}" if near else ""
