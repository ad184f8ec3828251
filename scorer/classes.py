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

from collections.abc import Collection, Hashable, Iterable, Sequence, Set
from functools import cache
from typing import Any, Final

import msgspec

from .counts import Row, bump, bump_all
from .flags import FLAGS, flags
from .match import assign, overlapping
from .metrics.attributions import verdict
from .metrics.claims import repeated_facts
from .metrics.events import repeated_arguments, repeats
from .names import Name, Names
from .registry import COUNTERS
from .resolve import Offsets, span_dice
from .said import OUTLET
from .view import EventType, Fact, Pair, Side, Slot, Vouched


class Judged(msgspec.Struct, frozen=True, gc=False):
    """One element, or one pair of elements, that is not correct, with its class.

    `gold` and `pred` identify the element on either side, None if there is none.
    """

    layer: str
    cls: str
    gold: Any
    pred: Any


def count(pair: Pair, row: Row) -> None:
    """Columns of all error classes and of the flags on pairs of attributions."""
    wrong: list[Judged] = []
    for layer, (judge_layer, _) in _JUDGES.items():
        gold, pred = _columns(layer, "correct")
        row[gold] = row[pred] = judge_layer(pair, wrong)
    columns = [_columns(j.layer, j.cls)[0] for j in wrong if j.gold is not None]
    columns += [_columns(j.layer, j.cls)[1] for j in wrong if j.pred is not None]
    if pair.submitted.said:
        columns += [_columns(FLAGS, flag)[0] for flag, _ in flags(pair)]
    bump_all(row, columns)
    if pair.unaligned:
        for layer, (_, unanchored) in _JUDGES.items():
            if more := pair.unaligned.get(unanchored, 0):
                bump(row, _columns(layer, "spurious")[1], more)


@cache
def _columns(layer: str, cls: str) -> tuple[str, str]:
    return f"error/{layer}/{cls}.gold", f"error/{layer}/{cls}.pred"


def judge(pair: Pair) -> list[Judged]:
    """All elements of one article that are not correct, pairs as one."""
    out: list[Judged] = []
    for judge_layer, _ in _JUDGES.values():
        judge_layer(pair, out)
    return out


# Each of the following appends what is not correct, and returns the number of correct pairs.


def _names(pair: Pair, out: list[Judged]) -> int:
    layer, names = "entities", pair.names
    for name, n in _extra(pair.submitted.names, names.preds):
        out.extend([Judged(layer, "duplicate", None, name)] * n)
    for name, n in _extra(pair.gold.names, names.golds):
        out.extend([Judged(layer, "missed", name, None)] * n)
    known = pair.context.labels.types
    unknown = {name for name in names.preds if name[2] not in known}
    if unknown:
        out.extend(Judged(layer, "unknown-label", None, name) for name in sorted(unknown))
        names = Names(tuple(names.golds), tuple(names.preds - unknown))
    if names.flat:
        _pair_left(layer, names.left_golds, names.left_preds, names.edges, out)
    else:
        _pair(layer, names.golds - names.both, names.preds - names.both, out)
    return len(names.both)


def _extra(names: Sequence[Name], distinct: Set[Name]) -> list[tuple[Name, int]]:
    if len(distinct) == len(names):
        return []
    return [(name, n - 1) for name in sorted(distinct) if (n := names.count(name)) > 1]


def _events(pair: Pair, out: list[Judged]) -> int:
    layer = "events"
    gold, submitted = pair.gold.realis, pair.submitted.realis
    if repeats(pair.submitted.events, pair.gold.events):
        for key in submitted:
            allowed = sum(e.key == key for e in pair.gold.events)
            n = sum(e.key == key for e in pair.submitted.events) - max(1, allowed)
            out.extend([Judged(layer, "duplicate", None, key)] * n)
    other = [key for key in pair.found if gold[key] != submitted[key]]
    out.extend(Judged(layer, "realis", key, key) for key in other)
    _pair(layer, gold.keys() - pair.found, submitted.keys() - pair.found, out)
    return len(pair.found) - len(other)


def _pair(layer: str, golds: Set[Name], preds: Set[Name], out: list[Judged]) -> None:
    """Classes of typed spans that are not exact pairs.

    Exact pairs are the first aim, so that all of them are made; the others follow
    from what is left.
    """
    g, p = sorted(golds), sorted(preds)
    _pair_left(layer, g, p, overlapping(g, p) if g and p else [], out)


def _pair_left(
    layer: str,
    golds: Sequence[Name],
    preds: Sequence[Name],
    touching: Iterable[tuple[int, int]],
    out: list[Judged],
) -> None:
    alike = {(i, j): _likeness(golds[i], preds[j]) for i, j in touching}
    pairs = assign(alike)
    for i, j in pairs:
        same_span, same_type, _ = alike[i, j]
        cls = "type" if same_span else "boundary" if same_type else "type+boundary"
        out.append(Judged(layer, cls, golds[i], preds[j]))
    _unpaired(layer, golds, preds, pairs, out)


def _likeness(gold: Name, pred: Name) -> tuple[int, int, int]:
    a, b = gold[:2], pred[:2]
    return int(a == b), int(gold[2] == pred[2]), span_dice(a, b)


def _unpaired(
    layer: str,
    golds: Sequence[Any],
    preds: Sequence[Any],
    pairs: Collection[tuple[int, int]],
    out: list[Judged],
) -> None:
    if len(pairs) < len(golds):
        hit = {i for i, _ in pairs}
        out += [Judged(layer, "missed", g, None) for i, g in enumerate(golds) if i not in hit]
    if len(pairs) < len(preds):
        used = {j for _, j in pairs}
        out += [Judged(layer, "spurious", None, p) for j, p in enumerate(preds) if j not in used]


def _arguments(pair: Pair, out: list[Judged]) -> int:
    layer, found = "arguments", pair.found
    golds, preds = pair.gold.slots, pair.submitted.slots
    left: dict[Hashable, list[Any]] = {}
    extra: list[Any] = []
    correct = 0
    for slot, (event, a) in golds.items():
        if event.key not in found:
            out.append(Judged(layer, "lost-with-event", slot, None))
        elif slot not in preds:
            left.setdefault((event.key, slot[2]), []).append(slot)
        elif a.exact == preds[slot][1].exact or _spans(pair.gold, slot) & _spans(
            pair.submitted, slot
        ):
            correct += 1
        else:
            out.append(Judged(layer, "coreferent", slot, slot))
    for slot, (event, _) in preds.items():
        if event.key not in found:
            out.append(Judged(layer, "carried-by-spurious-event", None, slot))
        elif slot not in golds:
            extra.append(slot)
    for slot in sorted(extra, key=lambda s: (s[0], preds[s][1][:2])):
        others = left.get((slot[0], slot[2]))
        if others:
            others.sort(key=lambda s: golds[s][1][:2])
            out.append(Judged(layer, "role", others.pop(0), slot))
        else:
            out.append(Judged(layer, "spurious", None, slot))
    out += [Judged(layer, "missed", slot, None) for slots in left.values() for slot in slots]
    for event in pair.submitted.events:
        out += [Judged(layer, "spurious", None, event.key)] * repeated_arguments(event)
    return correct


def _spans(side: Side, slot: Slot) -> set[Offsets]:
    """The spans of all fillers of a slot."""
    key, role, entity = slot
    return {
        a.exact
        for event in side.events
        if event.key == key
        for a in event.arguments
        if a.role == role and a.entity == entity
    }


def _attributions(pair: Pair, out: list[Judged]) -> int:
    layer, correct = "attributions", 0
    golds, preds = pair.gold.said, pair.submitted.said
    first, second = pair.alignment
    for a in first:
        found = verdict(golds[a.gold], preds[a.submitted])
        if found == "correct":
            correct += 1
        else:
            out.append(Judged(layer, f"source-{found}", golds[a.gold], preds[a.submitted]))
    out.extend(Judged(layer, "boundary", golds[a.gold], preds[a.submitted]) for a in second)
    pairs = [(a.gold, a.submitted) for a in (*first, *second)]
    _unpaired(layer, golds, preds, pairs, out)
    out.extend(Judged(layer, "missed", said, None) for said, _ in pair.gold.repeated)
    out.extend(Judged(layer, "duplicate", None, said) for said, _ in pair.submitted.repeated)
    return correct


def _claims(pair: Pair, out: list[Judged]) -> int:
    golds, preds = pair.gold.facts, pair.submitted.facts
    correct = 0
    for fact, (gold, _) in golds.items():
        if fact in preds:
            given = preds[fact].by
            correct += len(gold.sources & given.sources)
            missing, extra = gold.sources - given.sources, given.sources - gold.sources
            cls = _misvoiced(gold, given)
            out.extend([Judged("claims", cls, (source, fact), None) for source in missing])
            out.extend([Judged("claims", cls, None, (source, fact)) for source in extra])
        else:
            cls = _nearest(fact, pair.submitted.realis, "event-missed")
            out.extend([Judged("claims", cls, (source, fact), None) for source in gold.sources])
    for fact, (given, _) in preds.items():
        if fact not in golds:
            cls = _nearest(fact, pair.gold.realis, "spurious")
            out.extend([Judged("claims", cls, None, (source, fact)) for source in given.sources])
    for event, more in repeated_facts(pair.submitted.events, pair.gold.events):
        n = more * len(pair.submitted.vouched(event.span).sources)
        fact = event.key, event.realis
        out.extend([Judged("claims", "spurious", None, (OUTLET, fact))] * n)
    return correct


def _misvoiced(gold: Vouched, given: Vouched) -> str:
    """The class of a fact's claims that only one side has."""
    if gold.outlet:
        return "over-attributed"
    return "unattributed" if given.outlet else "misattributed"


def _nearest(fact: Fact, others: Collection[EventType], otherwise: str) -> str:
    """realis or event-type if the other side has the trigger so, else the given class."""
    key, _ = fact
    if key in others:
        return "realis"
    return "event-type" if any(other[:2] == key[:2] for other in others) else otherwise


# Layer -> its judge, and the key of its unanchored outputs.
_JUDGES: Final = {
    "entities": (_names, "mentions"),
    "events": (_events, "events"),
    "arguments": (_arguments, "arguments"),
    "attributions": (_attributions, "attributions"),
    "claims": (_claims, ""),
}
JUDGED: Final = tuple(_JUDGES)
COUNTERS.add("classes", count)
