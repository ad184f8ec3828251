"""The signature of a number: everything that decides what it means (section 10).

Numbers may share a table iff their signatures differ only in `metric` and `v`.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

import msgspec

from .resample import RANDOMISATIONS, REPLICATES, SEED

PROTOCOL: Final = 1


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How scores are resampled and reported.

    `unit`: what the bootstrap draws, "article" or "story" (theatre × incident).
    `ci`: "pct95" or "bca95". `tracks`: which to report, empty for all.
    """

    seed: int = SEED
    replicates: int = REPLICATES
    rounds: int = RANDOMISATIONS
    unit: str = "article"
    ci: str = "pct95"
    tracks: tuple[str, ...] = ()
    strict_schema: bool = False
    pointers: bool = False


class Gold(msgspec.Struct, frozen=True, kw_only=True):
    """Which gold was used. `sha256` is that of the gold file."""

    version: str
    sha256: str
    split: str = ""
    part: str = "original"


def code_version() -> str:
    """Version of the package that scores."""
    return version("dateline")


def signature(metric: str, gold: Gold, n: int, settings: Settings) -> str:
    """One line of `key=value` fields in fixed order; `metric` names metric and statistic."""
    fields = {
        "metric": metric,
        "protocol": PROTOCOL,
        "corpus": f"{gold.version}#{gold.sha256[:8]}",
        "split": gold.split or "-",
        "part": gold.part,
        "n": n,
        "types": "fine",
        "dup": "fp",
        "unit": settings.unit,
        "ci": settings.ci,
        "bs": settings.replicates,
        "ar": settings.rounds,
        "seed": settings.seed,
        "v": code_version(),
    }
    return "|".join(["dateline", *(f"{key}={value}" for key, value in fields.items())])


def comparable(a: str, b: str) -> bool:
    """Whether two numbers may share a table."""
    free = ("metric=", "v=")
    return [f for f in a.split("|") if not f.startswith(free)] == [
        f for f in b.split("|") if not f.startswith(free)
    ]
