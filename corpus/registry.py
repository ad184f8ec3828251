"""One registry for everything that registers itself by name: metrics, baselines."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Generic, TypeVar

from .errors import InputError

T = TypeVar("T")


class Registry(Generic[T]):
    """Names and what they stand for, in order of registration.

    Refuses a name that is taken; an unknown name raises `InputError` with the
    nearest known one and the list of all.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._items: dict[str, T] = {}

    def add(self, name: str, item: T) -> T:
        if name in self._items:
            raise ValueError(f"{self.kind} '{name}' is registered twice")
        self._items[name] = item
        return item

    def __getitem__(self, name: str) -> T:
        try:
            return self._items[name]
        except KeyError:
            near = did_you_mean(name, self._items)
            known = ", ".join(self._items)
            raise InputError(f"unknown {self.kind} '{name}'.{near} Available: {known}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __len__(self) -> int:
        return len(self._items)


def did_you_mean(word: str, known: Iterator[str] | dict[str, T] | list[str]) -> str:
    """` Did you mean 'x'?` for the nearest known word, or the empty string."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean '{near[0]}'?" if near else ""
