"""Error classes: every gold and submitted element gets one (section 9).

Columns are `error/<layer>/<class>.gold` and `.pred`: how many elements of each
side are in the class. Classes sum to `gold` and to `pred` of `entities.strict`,
`events.tc`, `events.ac+.entity`, `attributions.f1` and `claims.f1`. Repeated
arguments and claims, which have no class of their own, and what a converter could
not anchor are `spurious`.

Names and triggers pair by overlap, one to one, maximising (Σ[same span and type],
Σ[same span], Σ[same type], Σq); repeats and unknown labels are taken out first.
Claims do not pair: each side's are judged by what the other has on that trigger.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from .counts import Row, bump
from .match import assign, overlapping
from .metrics.attributions import right_edges, verdict
from .metrics.claims import derive, repeated_facts
from .metrics.events import repeated_arguments, repeats
from .metrics.realis import first_realis
from .registry import COUNTERS
from .resolve import Offsets, span_dice
from .said import OUTLET, Said
from .slices import slots
from .view import EventType, Name, Pair, Side

LAYERS: Final = ("entities", "events", "arguments", "attributions", "claims")
FLAGS: Final = "attribution flags"


class Judged(NamedTuple):
    """One element, or one pair of elements, with its class.

    `gold` and `pred` identify the element on either side, None if there is none.
    """

    layer: str
    cls: str
    gold: Any
    pred: Any


def count(pair: Pair, row: Row) -> None:
    """Columns of all error classes and of the flags on pairs of attributions."""
    for judged in judge(pair):
        stem = f"error/{judged.layer}/{judged.cls}"
        if judged.gold is not None:
            bump(row, f"{stem}.gold")
        if judged.pred is not None:
            bump(row, f"{stem}.pred")
    for flag, _ in flags(pair):
        bump(row, f"error/{FLAGS}/{flag}.gold")
    for layer, unanchored in (("entities", "mentions"), *((n, n) for n in LAYERS[1:4])):
        if more := pair.unaligned.get(unanchored, 0):
            bump(row, f"error/{layer}/spurious.pred", more)


def judge(pair: Pair) -> Iterator[Judged]:
    """All elements of one article, pairs as one."""
    yield from _names(pair)
    yield from _events(pair)
    yield from _arguments(pair)
    yield from _attributions(pair)
    yield from _claims(pair)


def _names(pair: Pair) -> Iterator[Judged]:
    known = pair.context.labels.types
    golds, preds = set(pair.gold.names), set(pair.submitted.names)
    for name, n in _extra(pair.submitted.names):
        yield from [Judged("entities", "duplicate", None, name)] * n
    for name, n in _extra(pair.gold.names):
        yield from [Judged("entities", "missed", name, None)] * n
    unknown = {name for name in preds if name[2] not in known}
    yield from (Judged("entities", "unknown-label", None, name) for name in sorted(unknown))
    yield from _spans("entities", golds, preds - unknown, lambda _: "correct")


def _extra(names: Sequence[Name]) -> Iterator[tuple[Name, int]]:
    if len(set(names)) < len(names):
        for name in sorted(set(names)):
            if (n := names.count(name)) > 1:
                yield name, n - 1


def _events(pair: Pair) -> Iterator[Judged]:
    gold, submitted = first_realis(pair.gold.events), first_realis(pair.submitted.events)
    repeated = repeats(pair.submitted.events, pair.gold.events)
    if repeated:
        allowed = {key: sum(e.key == key for e in pair.gold.events) for key in gold}
        for key in submitted:
            n = sum(e.key == key for e in pair.submitted.events) - max(1, allowed.get(key, 0))
            yield from [Judged("events", "duplicate", None, key)] * n
    yield from _spans(
        "events",
        gold.keys(),
        submitted.keys(),
        lambda key: "correct" if gold[key] == submitted[key] else "realis",
    )


def _spans(
    layer: str,
    golds: Iterable[EventType],
    preds: Iterable[EventType],
    exact: Callable[[EventType], str],
) -> Iterator[Judged]:
    """Classes of typed spans. Exact pairs are the first aim, so all of them are made."""
    both = set(golds) & set(preds)
    yield from (Judged(layer, exact(key), key, key) for key in both)
    g, p = sorted(set(golds) - both), sorted(set(preds) - both)
    edges = {
        (i, j): (
            int(g[i][:2] == p[j][:2]),
            int(g[i][2] == p[j][2]),
            span_dice(g[i][:2], p[j][:2]),
        )
        for i, j in overlapping([x[:2] for x in g], [x[:2] for x in p])
    }
    pairs = assign(edges)
    for i, j in pairs:
        same_span, same_type, _ = edges[i, j]
        cls = "type" if same_span else "boundary" if same_type else "type+boundary"
        yield Judged(layer, cls, g[i], p[j])
    yield from _unpaired(layer, g, p, pairs)


def _unpaired(
    layer: str, golds: Sequence[Any], preds: Sequence[Any], pairs: Iterable[tuple[int, int]]
) -> Iterator[Judged]:
    pairs = list(pairs)
    hit, used = {i for i, _ in pairs}, {j for _, j in pairs}
    yield from (Judged(layer, "missed", g, None) for i, g in enumerate(golds) if i not in hit)
    yield from (Judged(layer, "spurious", None, p) for j, p in enumerate(preds) if j not in used)


def _arguments(pair: Pair) -> Iterator[Judged]:
    layer = "arguments"
    golds, preds = slots(pair.gold), slots(pair.submitted)
    found = {e.key for e in pair.gold.events} & {e.key for e in pair.submitted.events}
    gold_spans, spans = _slot_spans(pair.gold), _slot_spans(pair.submitted)
    left: dict[Hashable, list[Any]] = {}
    for slot, (event, _) in golds.items():
        if event.key not in found:
            yield Judged(layer, "lost-with-event", slot, None)
        elif slot in preds:
            same = gold_spans[slot] & spans[slot]
            yield Judged(layer, "correct" if same else "coreferent", slot, slot)
        else:
            left.setdefault((event.key, _entity(slot)), []).append(slot)
    for slot, (event, _) in sorted(preds.items(), key=lambda s: (s[1][0].key, s[1][1][:2])):
        if event.key not in found:
            yield Judged(layer, "carried-by-spurious-event", None, slot)
        elif slot not in golds:
            others = left.get((event.key, _entity(slot)))
            if others:
                others.sort(key=lambda s: golds[s][1][:2])
                yield Judged(layer, "role", others.pop(0), slot)
            else:
                yield Judged(layer, "spurious", None, slot)
    yield from (Judged(layer, "missed", slot, None) for slot in _flat(left.values()))
    for event in pair.submitted.events:
        yield from [Judged(layer, "spurious", None, event.key)] * repeated_arguments(event)


def _entity(slot: Any) -> Hashable:
    return slot[2]


def _flat(lists: Iterable[list[Any]]) -> Iterator[Any]:
    for items in lists:
        yield from items


def _slot_spans(side: Side) -> dict[object, set[Offsets]]:
    out: dict[object, set[Offsets]] = {}
    for event in side.events:
        for a in event.arguments:
            out.setdefault((event.key, a.role, a.entity), set()).add(a.exact)
    return out


_VERDICTS: Final = {
    "correct": "correct",
    "wrong": "source-wrong",
    "partial": "source-partial",
    "missing": "source-missing",
}


def _attributions(pair: Pair) -> Iterator[Judged]:
    layer = "attributions"
    golds, preds = pair.gold.said, pair.submitted.said
    first, second = pair.alignment
    for a in first:
        cls = _VERDICTS[verdict(golds[a.gold], preds[a.submitted])]
        yield Judged(layer, cls, golds[a.gold], preds[a.submitted])
    for a in second:
        yield Judged(layer, "boundary", golds[a.gold], preds[a.submitted])
    pairs = [(a.gold, a.submitted) for a in (*first, *second)]
    yield from _unpaired(layer, golds, preds, pairs)
    yield from (Judged(layer, "missed", said, None) for said, _ in pair.gold.repeated)
    yield from (Judged(layer, "duplicate", None, said) for said, _ in pair.submitted.repeated)


def flags(pair: Pair) -> Iterator[tuple[str, Said]]:
    """What else is wrong with pairs of the first stage, and merged or split contents.

    Merged: a submitted content that holds half or more of two or more gold ones,
    of which one at least has no partner. Split: the same from the other side.
    """
    golds, preds = pair.gold.said, pair.submitted.said
    first = pair.alignment.first
    edges = set(right_edges(pair)) if first else set[int]()
    for a in first:
        g, p = golds[a.gold], preds[a.submitted]
        wrong_parent = a.gold not in edges and (
            pair.gold.parents[a.gold] is not None or pair.submitted.parents[a.submitted] is not None
        )
        for flag, raised in (
            ("content-inexact", g.content != p.content),
            ("cue", g.cue != p.cue),
            ("act", g.act != p.act),
            ("kind", g.kind != p.kind),
            ("recipients", g.recipients != p.recipients),
            ("parent", wrong_parent),
        ):
            if raised:
                yield flag, g
    pairs = (*first, *pair.alignment.second)
    for flag, these, others, paired in (
        ("merged", preds, golds, {a.gold for a in pairs}),
        ("split", golds, preds, {a.submitted for a in pairs}),
    ):
        for said in these:
            inside = [
                i
                for i, other in enumerate(others)
                if 0 < other.size <= 2 * (other.content & said.content).bit_count()
            ]
            # nested attributions share their content: held twice, but both are paired
            if len(inside) > 1 and not paired.issuperset(inside):
                yield flag, said


def _claims(pair: Pair) -> Iterator[Judged]:
    layer = "claims"
    gold = derive(pair.gold.events, pair.gold)
    submitted = derive(pair.submitted.events, pair.submitted)
    golds: set[Any] = gold.claims["attributed"] | gold.claims["outlet"]
    preds: set[Any] = submitted.claims["attributed"] | submitted.claims["outlet"]
    yield from (Judged(layer, "correct", claim, claim) for claim in golds & preds)
    missing, extra = golds - preds, preds - golds
    if missing or extra:
        yield from _misvoiced(missing, extra, golds, preds)
    for event, more in repeated_facts(pair.submitted.events, pair.gold.events):
        n = more * len(pair.submitted.sources(event.span))
        yield from [Judged(layer, "spurious", None, (OUTLET, (event.key, event.realis)))] * n


def _misvoiced(
    missing: set[Any], extra: set[Any], golds: set[Any], preds: set[Any]
) -> Iterator[Judged]:
    """Classes of claims without an equal, by what the other side has on that trigger."""
    gold_facts, facts = ({fact for _, fact in side} for side in (golds, preds))
    outlet = {fact for source, fact in golds if source == OUTLET}
    for claim in missing:
        _, fact = claim
        if fact not in facts:
            cls = _nearest(fact, facts, "event-missed")
        elif fact in outlet:
            cls = "over-attributed"
        else:
            cls = "unattributed" if (OUTLET, fact) in preds else "misattributed"
        yield Judged("claims", cls, claim, None)
    for claim in extra:
        source, fact = claim
        if fact not in gold_facts:
            cls = _nearest(fact, gold_facts, "spurious")
        elif fact in outlet:
            cls = "over-attributed"
        else:
            cls = "unattributed" if source == OUTLET else "misattributed"
        yield Judged("claims", cls, None, claim)


def _nearest(fact: Any, others: Iterable[Any], otherwise: str) -> str:
    """realis or event-type if the other side has the trigger so, else the given class."""
    (start, end, kind), _ = fact
    keys = {key for key, _ in others}
    if (start, end, kind) in keys:
        return "realis"
    return "event-type" if any(key[:2] == (start, end) for key in keys) else otherwise


COUNTERS.add("classes", count)
