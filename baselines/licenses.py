"""Which role an event type admits, and which types may fill it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from ..corpus.ontology import ontology
from ..corpus.schema import Article


class Licenses:
    """The ontology's licences; for labels that it does not know, those seen in training.

    `caps` is, per event type and role, the largest number of fillers that more
    than one training event in fifty reaches.
    """

    def __init__(self) -> None:
        self._roles: set[tuple[str, str]] = set()
        self._fillers: set[tuple[str, str]] = set()
        self._caps: dict[tuple[str, str], int] = {}

    def train(self, articles: Iterable[Article]) -> None:
        counts: dict[tuple[str, str], Counter[int]] = {}
        events: Counter[str] = Counter()
        for article in articles:
            kinds = {m.id: m.type for m in article.mentions}
            for event in article.events:
                events[event.type] += 1
                per_role = Counter(a.role for a in event.arguments)
                for argument in event.arguments:
                    self._roles.add((event.type, argument.role))
                    self._fillers.add((argument.role, kinds.get(argument.target, "event")))
                for role, n in per_role.items():
                    counts.setdefault((event.type, role), Counter())[n] += 1
        for key, seen in counts.items():
            floor = events[key[0]] / 50
            reached = [n for n in seen if sum(c for m, c in seen.items() if m >= n) > floor]
            self._caps[key] = max(reached, default=1)

    @property
    def roles(self) -> list[str]:
        """All roles: the ontology's and those seen in training."""
        return sorted({*ontology().roles, *(role for _, role in self._roles)})

    def role(self, event_type: str, role: str) -> bool:
        known = ontology()
        if event_type in known.events:
            return known.licenses(event_type, role)
        return (event_type, role) in self._roles

    def fills(self, event_type: str, role: str, entity_type: str) -> bool:
        """Whether a mention of `entity_type` may fill `role` of `event_type`.

        For the ontology's own labels DATE fills Time and nothing else.
        """
        if not self.role(event_type, role):
            return False
        known = ontology()
        if role in known.roles and entity_type in known.entities:
            return known.roles[role].admits(entity_type)
        return (role, entity_type) in self._fillers

    def takes_event(self, event_type: str, role: str) -> bool:
        if not self.role(event_type, role):
            return False
        known = ontology()
        return known.roles[role].event if role in known.roles else (role, "event") in self._fillers

    def cap(self, event_type: str, role: str) -> int:
        """How many fillers a role takes at most; 1 where training says nothing."""
        return self._caps.get((event_type, role), 1)

    def save(self, folder: Path) -> None:
        state = {
            "roles": sorted(self._roles),
            "fillers": sorted(self._fillers),
            "caps": [[*key, n] for key, n in sorted(self._caps.items())],
        }
        (folder / "licenses.json").write_text(json.dumps(state, ensure_ascii=False), "utf-8")

    def load(self, folder: Path) -> None:
        state = json.loads((folder / "licenses.json").read_text("utf-8"))
        self._roles = {(a, b) for a, b in state["roles"]}
        self._fillers = {(a, b) for a, b in state["fillers"]}
        self._caps = {(a, b): n for a, b, n in state["caps"]}
