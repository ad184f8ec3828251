"""`lexicon`: word lists learned from the training records, and rules. The honest floor.

Names, fillers, triggers and cues are looked up (longest match first), arguments
go to the nearest mention that the ontology allows, contents follow three rules.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from ..corpus.schema import LAYERS, Article, Attribution, Event, Mention, Span
from .attributions import last_speaker, quoted, sentence_pieces, with_parents
from .base import baselines, blind
from .coref import entities, unify_types
from .finish import finish
from .licenses import Licenses
from .mentions import NAME_ONLY, fits, merged
from .morphology import PRONOUNS, cue_seeds, phrase, trigger_seeds
from .pairs import Scene, scenes
from .rules import (
    capital_runs,
    cue_content,
    dates,
    is_colon_cue,
    nearest_arguments,
    nearest_speaker,
    realis,
    speaks,
)
from .spans import gold_fillers, gold_names
from .view import Sentence, View, view
from .wordlists import absent, exact, learn, lower, match

COMMON_ROLE: Final = 0.25  # share of a type's training events from which a role is filled
LONG_QUOTE: Final = 5  # words from which a quotation without a cue is an attribution


class Lexicon:
    """Word lists learned from train, and rules: the floor.

    `lists` map phrases to types or acts; `roles` says per event type which roles
    are filled, and on which side of the trigger.
    """

    name = "lexicon"
    layers: tuple[str, ...] = LAYERS

    def __init__(self) -> None:
        self.licenses = Licenses()
        self.lists: dict[str, dict[str, str]] = {}
        self.roles: dict[str, list[tuple[str, str]]] = {}
        self.defaults = {"name": "", "realis": "actual"}

    def train(self, train: Sequence[Article], dev: Sequence[Article]) -> None:
        """Count in the train records; there is nothing to tune on `dev`."""
        del dev
        gold = sorted(train, key=lambda a: a.id)
        seen = [(view(blind(article)), article) for article in gold]
        self.licenses.train(gold)
        seeds = {key: kinds[0] for key, kinds in trigger_seeds().items()}
        self.lists = {
            "names": learn(seen, gold_names, exact),
            "fillers": learn(seen, gold_fillers, lower),
            "triggers": absent(seen, seeds, phrase)
            | learn(seen, lambda a: [(e.start, e.end, e.type) for e in a.events], phrase),
            "cues": absent(seen, cue_seeds(), phrase)
            | learn(
                seen,
                lambda a: [(s.start, s.end, x.act) for x in a.attributions for s in x.cue[:1]],
                phrase,
            ),
        }
        kinds = Counter(m.type for a in gold for m in a.mentions if m.level == "name")
        values = Counter(e.realis for a in gold for e in a.events)
        self.defaults = {
            "name": _commonest({k: n for k, n in kinds.items() if k not in NAME_ONLY}, ""),
            "realis": _commonest(values, "actual"),
        }
        self.roles = role_table(gold)

    def predict(self, articles: Iterable[Article]) -> Iterator[Article]:
        for article in articles:
            yield self.read(view(blind(article)))

    def read(self, seen: View) -> Article:
        """The record of one article."""
        names = unify_types(seen, [m for s in seen.sentences for m in self._names(seen, s)])
        fillers = [m for s in seen.sentences if s.open for m in self._fillers(seen, s, names)]
        mentions = merged(names, fillers)
        entity = entities(seen, mentions)
        mentions = [msgspec.structs.replace(m, entity=entity[m.id]) for m in mentions]
        events = self._events(seen, mentions)
        return finish(seen, mentions, events, self._attributions(seen, mentions))

    def _names(self, seen: View, sentence: Sentence) -> list[Mention]:
        tags = dates(seen, sentence)
        taken = {i for t in tags for i in range(t.first, t.last)}
        tags += match(seen, sentence, self.lists["names"], exact, taken)
        taken = {i for t in tags for i in range(t.first, t.last)}
        spans = [(t.first, t.last, t.label) for t in tags]
        if self.defaults["name"]:
            runs = capital_runs(seen, sentence)
            spans += [(*r, self.defaults["name"]) for r in runs if taken.isdisjoint(range(*r))]
        return [
            Mention(id="", start=seen.starts[first], end=seen.ends[last - 1], type=kind)
            for first, last, kind in sorted(spans)
        ]

    def _fillers(self, seen: View, sentence: Sentence, names: Sequence[Mention]) -> list[Mention]:
        out: list[Mention] = []
        for tag in match(seen, sentence, self.lists["fillers"], lower, set()):
            span = seen.span(tag.first, tag.last)
            pronoun = span.of(seen.text).lower() in PRONOUNS
            level = "pronoun" if pronoun else "nominal"
            if fits(span.start, span.end, names) and tag.label not in NAME_ONLY:
                mention = Mention(
                    id="", start=span.start, end=span.end, type=tag.label, level=level
                )
                out.append(mention)
        return out

    def _events(self, seen: View, mentions: Sequence[Mention]) -> list[Event]:
        found: list[Event] = []
        names = [m for m in mentions if m.level == "name"]
        named = {i for m in names for i in range(*seen.range(m.start, m.end))}
        for sentence in seen.sentences:
            if sentence.open:
                for tag in match(seen, sentence, self.lists["triggers"], phrase, named):
                    span = seen.span(tag.first, tag.last)
                    value = realis(seen, sentence, tag.first, self.defaults["realis"])
                    number = f"v{len(found) + 1}"
                    found.append(
                        Event(
                            id=number,
                            start=span.start,
                            end=span.end,
                            type=tag.label,
                            realis=value,
                        )
                    )
        arguments = {
            anchor.id: nearest_arguments(
                scene, anchor, self.roles.get(anchor.type, []), self.licenses
            )
            for scene in scenes(seen, mentions, found).values()
            for anchor in scene.triggers
        }
        return [msgspec.structs.replace(e, arguments=tuple(arguments[e.id])) for e in found]

    def _attributions(self, seen: View, mentions: Sequence[Mention]) -> list[Attribution]:
        found: list[Attribution] = []
        for scene in scenes(seen, mentions, ()).values():
            sentence = scene.sentence
            tags = match(seen, sentence, self.lists["cues"], phrase, set())
            cues = [(t.first, t.last, t.label) for t in tags]
            if not cues:
                colons = range(sentence.first, sentence.last - 1)
                cues = [(i, i + 1, "say") for i in colons if is_colon_cue(seen, sentence, i)][:1]
            for first, last, act in cues:
                if made := _attribution(scene, seen.span(first, last), act):
                    found.append(made)
        taken = [span for a in found for span in (*a.content, *a.cue)]
        for quote in seen.quotes:
            content = sentence_pieces(seen, quote)
            free = not any(s.start < quote.end and quote.start < s.end for s in taken)
            if content and free and len(quote.of(seen.text).split()) >= LONG_QUOTE:
                sources = last_speaker(found, quote, mentions)
                found.append(Attribution(id="", content=content, quoted=content, sources=sources))
        found.sort(key=lambda a: (a.content[0].start, a.cue[0].start if a.cue else -1))
        return with_parents(
            [msgspec.structs.replace(a, id=f"a{n}") for n, a in enumerate(found, 1)]
        )

    def save(self, folder: Path) -> None:
        self.licenses.save(folder)
        state = {"lists": self.lists, "roles": self.roles, "defaults": self.defaults}
        text = json.dumps(state, ensure_ascii=False, sort_keys=True)
        (folder / "lexicon.json").write_text(text, "utf-8")

    def load(self, folder: Path) -> None:
        self.licenses.load(folder)
        state: dict[str, Any] = json.loads((folder / "lexicon.json").read_text("utf-8"))
        self.lists, self.defaults = state["lists"], state["defaults"]
        self.roles = {kind: [(r, s) for r, s in rows] for kind, rows in state["roles"].items()}


def _attribution(scene: Scene, cue: Span, act: str) -> Attribution | None:
    """The attribution of one cue; None if no word is left for its content."""
    seen = scene.view
    first, last = seen.range(cue.start, cue.end)
    speakers = [
        m for m in scene.mentions if speaks(m.type) and (m.last <= first or last <= m.first)
    ]
    content = cue_content(seen, cue, [(m.first, m.last) for m in speakers])
    if not content:
        return None
    inside = {i for s in content for i in range(*seen.range(s.start, s.end))}
    outside = [m for m in speakers if inside.isdisjoint(range(m.first, m.last))]
    near = nearest_speaker(first, last, [(m.first, m.last) for m in outside])
    sources = [m.id for m in outside if (m.first, m.last) == near]
    return Attribution(
        id="",
        cue=(cue,),
        content=content,
        quoted=quoted(seen, content),
        sources=tuple(sources[:1]),
        act=act,
    )


def _commonest(counts: dict[str, int], default: str) -> str:
    return min(counts, key=lambda k: (-counts[k], k), default=default)


def role_table(gold: Sequence[Article]) -> dict[str, list[tuple[str, str]]]:
    """Event type -> (role, side), for roles that enough of its events have, commonest first."""
    events: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {}
    before: Counter[tuple[str, str]] = Counter()
    for article in gold:
        starts = {m.id: m.start for m in article.mentions}
        for event in article.events:
            events[event.type] += 1
            for argument in event.arguments:
                if argument.target in starts:
                    counts.setdefault(event.type, Counter())[argument.role] += 1
                    if starts[argument.target] < event.start:
                        before[event.type, argument.role] += 1
    return {
        kind: [
            (role, "before" if 2 * before[kind, role] > n else "after")
            for role, n in sorted(counts[kind].items(), key=lambda kv: (-kv[1], kv[0]))
            if n >= COMMON_ROLE * events[kind]
        ]
        for kind in sorted(counts)
    }


baselines.add("lexicon", Lexicon)
