"""Who predicts: one baseline per file behind one Protocol.

`registered` maps names to baselines. Importing this package imports none of them;
the first look at `registered` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..corpus.registry import Registry
    from .base import Baseline

    registered: Registry[Callable[[], Baseline]]

__all__ = ["registered"]
BASELINES = ("lexicon", "linear")


def __getattr__(name: str) -> Any:
    if name != "registered":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    for module in BASELINES:  # each registers itself
        import_module(f".{module}", __name__)
    return import_module(".base", __name__).baselines
