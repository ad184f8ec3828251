"""The closed label sets and what they license, read from `ontology.toml`.

Nothing else in the project lists a type, role, act, realis value or zone kind.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import msgspec

Stance = Literal["asserts", "denies", "unverified"]
NAME_ONLY_TYPES: Final = ("DATE", "WEA")


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    description: str = ""


class EntityType(_Row, frozen=True, kw_only=True):
    """`levels`: the mention levels (name, nominal, pronoun) that the type admits."""

    levels: tuple[str, ...]


class ZoneKind(_Row, frozen=True, kw_only=True):
    """`layers`: "all", or "names" where only names, DATE and WEA are annotated."""

    layers: Literal["all", "names"]


class Act(_Row, frozen=True, kw_only=True):
    cues: tuple[str, ...]
    stance: Stance


class Role(_Row, frozen=True, kw_only=True):
    """Entity types that may fill the role (`only`) or may not (`not`)."""

    only: tuple[str, ...] = ()
    excluded: tuple[str, ...] = msgspec.field(default=(), name="not")
    event: bool = False

    def admits(self, entity_type: str) -> bool:
        """Whether a mention of this type may fill the role. Unknown types: no."""
        if self.only:
            return entity_type in self.only
        return entity_type not in self.excluded


class EventType(_Row, frozen=True, kw_only=True):
    """`roles` maps each licensed role to what it means for this type."""

    triggers: tuple[str, ...]
    roles: dict[str, str]
    example: str
    acled: tuple[str, ...]
    plover: tuple[str, ...]


class Ontology(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All label sets, in the order of the file (which is the order of decision)."""

    version: int
    entities: dict[str, EntityType]
    zones: dict[str, ZoneKind]
    levels: dict[str, str]
    realis: dict[str, str]
    acts: dict[str, Act]
    roles: dict[str, Role]
    events: dict[str, EventType]

    @property
    def names_only_zones(self) -> frozenset[str]:
        """Zone kinds that hold no events and no attributions."""
        return frozenset(kind for kind, zone in self.zones.items() if zone.layers == "names")

    def licenses(self, event_type: str, role: str) -> bool:
        event = self.events.get(event_type)
        return event is not None and role in event.roles

    def stance(self, act: str) -> Stance:
        """What an attribution of this act does to its content; unknown acts assert."""
        row = self.acts.get(act)
        return row.stance if row else "asserts"


@cache
def ontology() -> Ontology:
    """The project's ontology. Cached: the file is read once."""
    raw = files(__name__.rpartition(".")[0]).joinpath("ontology.toml").read_bytes()
    return msgspec.convert(tomllib.loads(raw.decode("utf-8")), Ontology)


def coarse(entity_type: str) -> str:
    """`ORG.mil` -> `ORG`: the type cut at its first dot."""
    return entity_type.partition(".")[0]
