"""Names from tags: IOB1, IOB2 and BIOES, each read to the letter.

    iob2    every name starts with B-; I- continues a name of the same type
    iob1    a name starts with I-, or with B- where it follows one of its own type
    bioes   as iob2, and every name of several tokens ends in E-, one of one token is
            S- (the letters L- and U- of the same scheme are read, too)

Sources: Ramshaw and Marcus (1995) for IOB1; Tjong Kim Sang and Veenstra (1999) for
IOB2; Ratinov and Roth (2009) for BIOES under the name BILOU.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

OUTSIDE: Final = "O"
PREFIXES: Final = {
    "iob1": {"B": "B", "I": "I"},
    "iob2": {"B": "B", "I": "I"},
    "bioes": {"B": "B", "I": "I", "E": "E", "S": "S", "L": "E", "U": "S"},
}
# What to do with a tag that breaks its scheme: see `chunks`.
Policy: TypeAlias = Literal["refuse", "repair", "drop"]


class Chunk(NamedTuple):
    """A name: tokens `[start, end)` of its sentence."""

    start: int
    end: int
    type: str


class Chunks(NamedTuple):
    """The names of a sentence, in order, and the number of tags that broke the scheme."""

    names: list[Chunk]
    broken: int


class TagError(ValueError):
    """The tag at `index` breaks its scheme.

    `code`: orphan and unclosed can be repaired; foreign (another scheme's prefix)
    and no-tag cannot.
    """

    def __init__(self, index: int, code: str, message: str) -> None:
        self.index = index
        self.code = code
        super().__init__(message)


def split(tag: str, tagging: str, index: int = 0) -> tuple[str, str]:
    """Prefix (B, I, E, S, or "" for O) and label. Raises `TagError`."""
    if tag == OUTSIDE:
        return "", ""
    prefix, dash, label = tag.partition("-")
    known = PREFIXES[tagging]
    if not dash or not label or prefix not in PREFIXES["bioes"]:
        message = f"{tag!r} is no tag: expected O or a prefix and a label, as B-PER"
        raise TagError(index, "no-tag", message)
    if prefix not in known:
        raise TagError(index, "foreign", f"{tag!r} is not {tagging}")
    return known[prefix], label


def chunks(tags: Sequence[str], tagging: str = "iob2", policy: Policy = "refuse") -> Chunks:
    """The names that the tags of one sentence spell.

    A tag that continues nothing (iob2, bioes) and a name that is not closed (bioes)
    break the scheme. `refuse` raises `TagError`; `repair` starts a name there, or
    closes it, as conlleval does; `drop` leaves the tag out, as seqeval's strict mode
    does (iob2 only). What is no tag is always refused.
    """
    names: list[Chunk] = []
    start, label, broken = -1, "", 0
    closed = tagging == "bioes"
    for i, tag in enumerate(tags):
        prefix, kind = split(tag, tagging, i)
        goes_on = start >= 0 and prefix in ("I", "E") and kind == label
        if start >= 0 and not goes_on:
            if closed:
                broken += _broken(i - 1, "unclosed", f"{tags[i - 1]!r} ends no name", policy)
            names.append(Chunk(start, i, label))
            start = -1
        if prefix and start < 0:
            orphan = prefix in ("I", "E") and tagging != "iob1"
            if orphan:
                broken += _broken(i, "orphan", f"{tag!r} continues no {kind} name", policy)
            if not orphan or policy == "repair":
                start, label = i, kind
        if start >= 0 and prefix in ("E", "S"):
            names.append(Chunk(start, i + 1, label))
            start = -1
    if start >= 0:
        if closed:
            last = len(tags) - 1
            broken += _broken(last, "unclosed", f"{tags[last]!r} ends no name", policy)
        names.append(Chunk(start, len(tags), label))
    return Chunks(names, broken)


def _broken(index: int, code: str, message: str, policy: Policy) -> int:
    if policy == "refuse":
        raise TagError(index, code, message)
    return 1
