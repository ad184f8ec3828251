"""Arguments: which mention of the sentence plays which role of a trigger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..corpus.schema import Argument, Article, Event
from .features import Features
from .licenses import Licenses
from .models import Choice
from .morphology import lemma
from .pairs import Known, Phrase, Scene, around, pair_features, scenes, voice
from .view import View

NONE = "-"


class ArgumentLinker:
    """A classifier over (trigger, mention) pairs of one sentence, gated by licences.

    A pair is linked if its best role has at least `bias` times the probability of
    no role; `issue_bias` is the same for (trigger, trigger) pairs.
    """

    def __init__(self, licenses: Licenses) -> None:
        self.licenses = licenses
        self.bias = 0.4
        self.issue_bias = 1.0
        self._roles = Choice(c=0.5)
        self._issues = Choice(c=0.5)

    def train(self, views: Sequence[View], gold: Sequence[Article], known: Sequence[Known]) -> None:
        """Fit to gold events; candidates are the `known` mentions, gold ones among them."""
        pairs: list[tuple[Features, str]] = []
        issues: list[tuple[Features, str]] = []
        for view, article, (mentions, scores) in zip(views, gold, known, strict=True):
            roles_of = {e.id: {a.target: a.role for a in e.arguments} for e in article.events}
            for whole in scenes(view, mentions, article.events, scores).values():
                for anchor in whole.triggers:
                    roles, scene = roles_of[anchor.id], around(whole, anchor)
                    for target in scene.mentions:
                        if self._possible(anchor.type, target.type):
                            label = roles.get(target.id, NONE)
                            pairs.append((role_features(scene, anchor, target), label))
                    for target in self._issue_candidates(scene, anchor):
                        label = roles.get(target.id, NONE)
                        issues.append((issue_features(scene, anchor, target), label))
        self._roles.train(pairs)
        self._issues.train(issues)

    def _possible(self, event_type: str, entity_type: str) -> bool:
        return any(self.licenses.fills(event_type, role, entity_type) for role in self._all_roles())

    def _all_roles(self) -> Iterable[str]:
        return self.licenses.roles

    def _issue_candidates(self, scene: Scene, anchor: Phrase) -> list[Phrase]:
        roles = [r for r in self._all_roles() if self.licenses.takes_event(anchor.type, r)]
        return [t for t in scene.triggers if t.id != anchor.id] if roles else []

    def predict(
        self, view: View, known: Known, events: Sequence[Event]
    ) -> dict[str, list[Argument]]:
        """Event id -> arguments. A target fills one role per event, roles are capped."""
        entity = {m.id: m.entity or m.id for m in known.mentions}
        out: dict[str, list[Argument]] = {e.id: [] for e in events}
        for whole in scenes(view, known.mentions, events, known.scores).values():
            for anchor in whole.triggers:
                scene = around(whole, anchor)
                targets = [t for t in scene.mentions if self._possible(anchor.type, t.type)]
                rows = self._roles.probabilities([role_features(scene, anchor, t) for t in targets])
                scored = [
                    (p, t.id, role)
                    for t, row in zip(targets, rows, strict=True)
                    for p, role in self._best(row, anchor.type, t.type)
                ]
                chosen = self._capped(scored, anchor.type, entity)
                chosen += self._issue(scene, anchor, {a.role for a in chosen})
                out[anchor.id] = chosen
        return out

    def _best(
        self, row: Mapping[str, float], event_type: str, entity_type: str
    ) -> list[tuple[float, str]]:
        options = [
            (-p, role)
            for role, p in row.items()
            if role != NONE and self.licenses.fills(event_type, role, entity_type)
        ]
        if not options:
            return []
        p, role = min(options)
        return [(-p, role)] if -p > self.bias * row.get(NONE, 0.0) else []

    def _capped(
        self,
        scored: list[tuple[float, str, str]],
        event_type: str,
        entity: Mapping[str, str],
    ) -> list[Argument]:
        """The likeliest pairs first, until a role is full or an entity is used."""
        used: set[str] = set()
        counts: dict[str, int] = {}
        out: list[Argument] = []
        for _, target, role in sorted(scored, key=lambda s: (-s[0], s[1])):
            if counts.get(role, 0) < self.licenses.cap(event_type, role):
                if entity.get(target, target) in used:
                    continue
                used.add(entity.get(target, target))
                counts[role] = counts.get(role, 0) + 1
                out.append(Argument(role=role, target=target))
        return out

    def _issue(self, scene: Scene, anchor: Phrase, filled: set[str]) -> list[Argument]:
        candidates = self._issue_candidates(scene, anchor)
        rows = self._issues.probabilities([issue_features(scene, anchor, t) for t in candidates])
        scored = sorted(
            (-p, t.id, role)
            for t, row in zip(candidates, rows, strict=True)
            for role, p in row.items()
            if role not in (NONE, *filled)
            and self.licenses.takes_event(anchor.type, role)
            and p > self.issue_bias * row.get(NONE, 0.0)
        )
        return [Argument(role=role, target=target) for _, target, role in scored[:1]]

    def save(self, folder: Path) -> None:
        self._roles.save(folder / "roles.zip")
        self._issues.save(folder / "issues.zip")

    def load(self, folder: Path) -> None:
        self._roles.load(folder / "roles.zip")
        self._issues.load(folder / "issues.zip")


def role_features(scene: Scene, anchor: Phrase, target: Phrase) -> Features:
    """Pair features, alone and with the event type, the entity type and the voice."""
    view, sentence = scene.view, scene.sentence
    how = voice(view, sentence, anchor.first, anchor.last)
    base = " ".join(lemma(w) for w in view.words[anchor.first : anchor.last])
    kind, coarse = target.type, target.type.partition(".")[0]
    pair = pair_features(scene, anchor, target)
    side, gov = pair[0], next(f for f in pair if f.startswith("gov="))
    out = [*pair]
    out += [f"{coarse}|{f}" for f in pair]
    out += [
        f"type={kind}",
        f"level={target.level}",
        f"et={anchor.type}|{coarse}",
        f"et={anchor.type}|{coarse}|{side}",
        f"et={anchor.type}|{coarse}|{gov}",
        f"et={anchor.type}|{side}|{how}",
        f"lemma={base}|{coarse}|{side}",
        f"voice={how}|{coarse}|{side}",
        f"voice={how}|{coarse}|{gov}",
        f"zone={sentence.zone}|{coarse}",
        f"word={lemma(view.words[target.last - 1])}",
    ]
    return out


def issue_features(scene: Scene, anchor: Phrase, target: Phrase) -> Features:
    """Pair features of two triggers, with their types and voices."""
    view, sentence = scene.view, scene.sentence
    pair = pair_features(scene, anchor, target)
    how = voice(view, sentence, target.first, target.last)
    side, gov = pair[0], next(f for f in pair if f.startswith("gov="))
    return [
        *pair,
        *(f"{anchor.type}|{f}" for f in pair[:2]),
        f"types={anchor.type}|{target.type}",
        f"type={anchor.type}|{side}|{gov}",
        f"target={target.type}",
        f"voice={how}|{side}",
        f"lemma={lemma(view.words[anchor.first])}|{side}",
    ]
