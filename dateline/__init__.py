"""dateline: who did what, where and when, and according to whom.

load(split)        gold records of the corpus, as `Article`s
dataset_dir()      folder for `datasets.load_dataset`
score(gold, pred)  the benchmark's scores for records in memory
claims(article)    the claims that follow from a record
"""

from __future__ import annotations

# The folders are mapped into the package at install time; pyright cannot see them from here.
# pyright: basic, reportMissingImports=false
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .corpus.claims import Claim, claims
    from .corpus.schema import Argument, Article, Attribution, Event, Mention, Meta, Span, Zone
    from .scorer.api import score
    from .scorer.trainer import compute_metrics

__version__ = version("dateline")

# Looked up at first use: importing dateline must not import numpy and the scorer.
_WHERE = {
    "Argument": "corpus.schema",
    "Article": "corpus.schema",
    "Attribution": "corpus.schema",
    "Claim": "corpus.claims",
    "Event": "corpus.schema",
    "Mention": "corpus.schema",
    "Meta": "corpus.schema",
    "Span": "corpus.schema",
    "Zone": "corpus.schema",
    "claims": "corpus.claims",
    "compute_metrics": "scorer.trainer",
    "score": "scorer.api",
}
__all__ = [
    "Argument",
    "Article",
    "Attribution",
    "Claim",
    "Event",
    "Mention",
    "Meta",
    "Span",
    "Zone",
    "claims",
    "compute_metrics",
    "dataset_dir",
    "load",
    "score",
]


def dataset_dir() -> Path:
    """The Hugging Face dataset folder, in a checkout and in an installed wheel.

    `datasets.load_dataset(str(dateline.dataset_dir()), "entities")` works offline;
    the configs are articles, entities, events, attributions and claims.
    """
    from .corpus.store import default

    return default().hub


def load(split: str) -> list[Article]:
    """Gold records of a split: "train", "validation" or "test".

    Raises `dateline.corpus.errors.InputError` for a split that is not built.
    """
    from .corpus.store import default

    return default().records(split)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'dateline' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_WHERE[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
