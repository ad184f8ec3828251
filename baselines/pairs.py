"""Features of a pair: an anchor (trigger or cue) and a phrase that may belong to it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from ..corpus.schema import Event, Mention
from .features import Features
from .morphology import ARTICLES, DETERMINERS, LIGHT_VERBS, closed_class, ending, lemma
from .view import Sentence, View

REACH: Final = 60  # tokens between an anchor and what may belong to it


class Phrase(NamedTuple):
    """A mention or trigger as a token range of one sentence.

    `score` is the bin of a found filler's probability, empty for all others.
    """

    first: int
    last: int
    type: str
    level: str
    id: str
    score: str = ""


class Known(NamedTuple):
    """The mentions that may be linked; by id, how sure the found fillers are."""

    mentions: Sequence[Mention]
    scores: Mapping[str, float]


class Scene(NamedTuple):
    """One sentence: its mentions and triggers in text order."""

    view: View
    sentence: Sentence
    mentions: list[Phrase]
    triggers: list[Phrase]


def scenes(
    view: View,
    mentions: Sequence[Mention],
    events: Sequence[Event],
    scores: Mapping[str, float] | None = None,
) -> dict[int, Scene]:
    """Sentence number -> scene, for sentences in which events may stand."""
    sure = scores or {}
    out = {n: Scene(view, s, [], []) for n, s in enumerate(view.sentences) if s.open}
    for mention in mentions:
        score = f"{sure[mention.id]:.1f}" if mention.id in sure else ""
        _place(view, out, mention, mention.type, mention.level, score)
    for event in events:
        _place(view, out, event, event.type, "event")
    for scene in out.values():
        scene.mentions.sort()
        scene.triggers.sort()
    return out


def _place(
    view: View,
    out: dict[int, Scene],
    span: Mention | Event,
    kind: str,
    level: str,
    score: str = "",
) -> None:
    first, last = view.range(span.start, span.end)
    if first < last and (scene := out.get(view.sentence[first])):
        phrase = Phrase(first, last, kind, level, span.id, score)
        (scene.triggers if level == "event" else scene.mentions).append(phrase)


def around(scene: Scene, anchor: Phrase) -> Scene:
    """The scene cut to what stands within `REACH` tokens of the anchor.

    Sentences of thousands of words (lists, lost full stops) stay affordable.
    """
    low, high = anchor.first - REACH, anchor.last + REACH

    def near(phrases: list[Phrase]) -> list[Phrase]:
        return [p for p in phrases if low <= p.first and p.last <= high]

    return scene._replace(mentions=near(scene.mentions), triggers=near(scene.triggers))


def gap_bin(tokens: int) -> str:
    """Token distance in bins that grow: 0 1 2 3 4-5 6-8 9-14 15-24 25+."""
    edges = (0, 1, 2, 3, 5, 8, 14, 24)
    return str(bisect_left(edges, tokens))


def chain_head(scene: Scene, target: Phrase) -> Phrase:
    """The first member of the coordination that `target` stands in ("A, B and C")."""
    view = scene.view
    place = scene.mentions.index(target)
    head = target
    for left in reversed(scene.mentions[:place]):
        between = view.words[left.last : head.first]
        joined = 0 < len(between) <= 3 and all(
            w in {",", "and", "or", "&", "/", "as", "well"} or w.lower() in ARTICLES
            for w in between
        )
        if not joined or _coarse(left.type) != _coarse(head.type):
            break
        head = left
    return head


def _coarse(kind: str) -> str:
    return kind.partition(".")[0]


def governor(view: View, sentence: Sentence, first: int) -> str:
    """The word before a phrase, determiners and adjectives skipped: often a preposition."""
    i = first - 1
    skipped = 0
    while i >= sentence.first and skipped < 3:
        word = view.words[i]
        kind = closed_class(word)
        adjective = not kind and ending(word) in {"", "er"} and _is_modifier(view, sentence, i)
        if word.lower() in DETERMINERS or kind in {"quant", "num"} or adjective:
            i -= 1
        else:
            break
        skipped += 1
    return lemma(view.words[i]) if i >= sentence.first else "<s>"


def _is_modifier(view: View, sentence: Sentence, i: int) -> bool:
    """Whether a determiner or preposition stands before: then the word is an adjective."""
    before = closed_class(view.words[i - 1]) if i > sentence.first else ""
    return before in {"art", "det", "poss-pron", "quant", "num"}


def voice(view: View, sentence: Sentence, first: int, last: int) -> str:
    """How an anchor stands in its clause: passive, participle, ing, noun, infinitive, verb."""
    word = view.words[first]
    before = [w.lower() for w in view.words[max(sentence.first, first - 3) : first]]
    kind = closed_class(before[-1]) if before else ""
    after = view.words[last].lower() if last < sentence.last else ""
    be = any(lemma(w) in {"be", "get"} for w in before)
    if ending(word) == "ed":
        return "passive" if be else "participle" if after == "by" else "verb"
    if kind in {"art", "det", "poss-pron", "poss", "quant", "num"}:
        return "noun"
    if ending(word) == "ing":
        return "ing" if not be else "verb"
    if before and before[-1] == "to":
        return "infinitive"
    if kind == "prep" or ending(word) in {"tion", "sion", "ment", "ance", "ence"}:
        return "noun"
    return "modal" if kind in {"modal", "neg", "aux"} else "plain"


def pair_features(scene: Scene, anchor: Phrase, target: Phrase) -> Features:
    """Where `target` stands as seen from `anchor`; no types yet.

    Side, gap, what stands between (punctuation, closed-class words, mentions,
    anchors), rank by nearness, the words around the target, coordination.
    """
    view, sentence = scene.view, scene.sentence
    words = view.words
    head = chain_head(scene, target) if target in scene.mentions else target
    before = target.last <= anchor.first
    side = "before" if before else "after" if target.first >= anchor.last else "in"
    near = head if not before else target
    low, high = (near.last, anchor.first) if before else (anchor.last, near.first)
    between = range(low, max(low, high))
    gap = gap_bin(len(between))
    out = [f"side={side}", f"gap={side}{gap}"]
    seen: set[str] = set()
    for i in between:
        kind = closed_class(words[i])
        if kind in {"punct", "sub", "wh", "conj", "prep", "aux", "modal", "neg"}:
            seen.add(f"btw={side}{words[i].lower()}")
        elif kind == "" and lemma(words[i]) in LIGHT_VERBS:
            seen.add(f"light={side}")
    out += sorted(seen)
    if 0 < len(between) <= 3:
        out.append(f"path={side} " + " ".join(lemma(words[i]) for i in between))
    out.append(f"mentions={side}{min(3, _count(scene.mentions, low, high))}")
    out.append(f"triggers={side}{min(2, _count(scene.triggers, low, high))}")
    out.append(f"rank={side}{_rank(scene, anchor, target)}")
    gov = governor(view, sentence, head.first)
    out += [f"gov={gov}", f"gov={side} {gov}"]
    if head is not target:
        out.append("chained")
    follow = words[target.last].lower() if target.last < sentence.last else "</s>"
    out.append(f"next={side} {follow if closed_class(follow) else 'w'}")
    if target.first == sentence.first:
        out.append("starts")
    if target.score:
        out.append(f"score={target.score}")
    out.append(f"quote={view.quote[anchor.first] == view.quote[target.first]}")
    return out


def _count(phrases: Sequence[Phrase], low: int, high: int) -> int:
    return sum(low <= p.first and p.last <= high for p in phrases)


def _rank(scene: Scene, anchor: Phrase, target: Phrase) -> int:
    """How many mentions of the target's coarse type are nearer on the same side, up to 3."""

    def distance(p: Phrase) -> int:
        return anchor.first - p.last if p.last <= anchor.first else p.first - anchor.last

    same_side = [
        p
        for p in scene.mentions
        if _coarse(p.type) == _coarse(target.type)
        and (p.last <= anchor.first) == (target.last <= anchor.first)
    ]
    return min(3, sum(distance(p) < distance(target) for p in same_side))
