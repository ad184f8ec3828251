"""The result of a scoring: one plain object, from which every table is rendered."""

from __future__ import annotations

from typing import Any

import msgspec

from .signature import PROTOCOL


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Scores, slices and errors of one submission (section 10 of the protocol).

    `scores`: metric id -> `{p, r, f1, tp, gold, pred}` or `{value, ...}`, with
    `ci` and `signature`. `headline`: entities, events, attributions, claims and
    dateline -> `{metric, value, ci}`. `errors`: layer -> class -> `{gold, pred}`,
    the number of elements of each side, so that classes sum to both. Floats have
    six decimals, None is null. `timing` apart, equal inputs give equal bytes.
    """

    protocol: int = PROTOCOL
    version: str
    corpus: dict[str, Any]
    submission: dict[str, Any]
    incidents: list[dict[str, Any]]
    scores: dict[str, dict[str, Any]]
    headline: dict[str, dict[str, Any]]
    macro: dict[str, dict[str, Any]]
    slices: list[dict[str, Any]]
    errors: dict[str, dict[str, dict[str, int]]]
    pointers: list[dict[str, Any]] | None = None
    ceiling: dict[str, float | None] | None = None
    degenerate: dict[str, dict[str, float | None]] | None = None
    mdd: dict[str, float | None]
    timing: dict[str, float | None]

    def value(self, metric: str) -> float | None:
        """The main value of a metric by id, or of a headline by name. Raises `KeyError`."""
        if metric in self.headline:
            return self.headline[metric]["value"]
        entry = self.scores[metric]
        return entry["f1"] if "f1" in entry else entry["value"]

    def to_json(self, *, timing: bool = True) -> bytes:
        """Canonical JSON: keys sorted, indented, one newline at the end."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        for optional in ("pointers", "ceiling", "degenerate"):
            if plain[optional] is None:
                del plain[optional]
        if not timing:
            del plain["timing"]
        return msgspec.json.format(msgspec.json.encode(plain, order="sorted"), indent=1) + b"\n"

    def __str__(self) -> str:
        from .report import text

        return text(self)
