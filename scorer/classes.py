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

from collections.abc import Hashable, Iterable, Iterator, Sequence, Set
from functools import cache
from typing import Any, Final, NamedTuple

from .counts import Row, bump
from .flags import FLAGS, flags
from .match import assign, overlapping
from .metrics.attributions import verdict
from .metrics.claims import repeated_facts
from .metrics.events import repeated_arguments, repeats
from .metrics.realis import first_realis
from .names import Name, Names
from .registry import COUNTERS
from .resolve import Offsets, span_dice
from .said import OUTLET
from .view import Pair, Side


class Judged(NamedTuple):
    """One element, or one pair of elements, that is not correct, with its class.

    `gold` and `pred` identify the element on either side, None if there is none.
    """

    layer: str
    cls: str
    gold: Any
    pred: Any


def count(pair: Pair, row: Row) -> None:
    """Columns of all error classes and of the flags on pairs of attributions."""
    for layer, (judge_layer, unanchored) in _JUDGES.items():
        wrong: list[Judged] = []
        correct = judge_layer(pair, wrong)
        gold, pred = _columns(layer, "correct")
        row[gold] = row[pred] = correct
        for judged in wrong:
            gold, pred = _columns(layer, judged.cls)
            if judged.gold is not None:
                row[gold] = row.get(gold, 0) + 1
            if judged.pred is not None:
                row[pred] = row.get(pred, 0) + 1
        if more := pair.unaligned.get(unanchored, 0):
            bump(row, _columns(layer, "spurious")[1], more)
    if pair.submitted.said:
        for flag, _ in flags(pair):
            bump(row, f"error/{FLAGS}/{flag}.gold")


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
    _pair_left(layer, names, out)
    return len(names.both)


def _extra(names: Sequence[Name], distinct: Set[Name]) -> list[tuple[Name, int]]:
    if len(distinct) == len(names):
        return []
    return [(name, n - 1) for name in sorted(distinct) if (n := names.count(name)) > 1]


def _events(pair: Pair, out: list[Judged]) -> int:
    layer = "events"
    gold, submitted = first_realis(pair.gold.events), first_realis(pair.submitted.events)
    if repeats(pair.submitted.events, pair.gold.events):
        for key in submitted:
            allowed = sum(e.key == key for e in pair.gold.events)
            n = sum(e.key == key for e in pair.submitted.events) - max(1, allowed)
            out.extend([Judged(layer, "duplicate", None, key)] * n)
    other = [key for key in pair.found if gold[key] != submitted[key]]
    out.extend(Judged(layer, "realis", key, key) for key in other)
    if len(gold) > len(pair.found) or len(submitted) > len(pair.found):
        _pair_left(layer, Names(tuple(gold), tuple(submitted)), out)
    return len(pair.found) - len(other)


def _pair_left(layer: str, names: Names, out: list[Judged]) -> None:
    """Classes of typed spans that are not exact pairs.

    Exact pairs are the first aim, so that all of them are made; the others follow
    from what is left.
    """
    g, p, touching = names.left_golds, names.left_preds, names.edges
    if not names.flat:
        g, p = sorted(names.golds - names.both), sorted(names.preds - names.both)
        touching = overlapping(g, p)
    pairs = touching
    if not (names.flat and names.disjoint):
        weights = {(i, j): _likeness(g[i], p[j]) for i, j in touching}
        pairs = assign(weights)
    for i, j in pairs:
        same_span, same_type, _ = _likeness(g[i], p[j])
        cls = "type" if same_span else "boundary" if same_type else "type+boundary"
        out.append(Judged(layer, cls, g[i], p[j]))
    out.extend(_unpaired(layer, g, p, pairs))


def _likeness(gold: Name, pred: Name) -> tuple[int, int, int]:
    a, b = gold[:2], pred[:2]
    return int(a == b), int(gold[2] == pred[2]), span_dice(a, b)


def _unpaired(
    layer: str, golds: Sequence[Any], preds: Sequence[Any], pairs: Iterable[tuple[int, int]]
) -> Iterator[Judged]:
    pairs = list(pairs)
    hit, used = {i for i, _ in pairs}, {j for _, j in pairs}
    yield from (Judged(layer, "missed", g, None) for i, g in enumerate(golds) if i not in hit)
    yield from (Judged(layer, "spurious", None, p) for j, p in enumerate(preds) if j not in used)


def _arguments(pair: Pair, out: list[Judged]) -> int:
    layer, found = "arguments", pair.found
    golds, preds = pair.gold.slots, pair.submitted.slots
    if not golds and not preds:
        return 0
    gold_spans, spans = _slot_spans(pair.gold), _slot_spans(pair.submitted)
    left: dict[Hashable, list[Any]] = {}
    correct = 0
    for slot, (event, _) in golds.items():
        if event.key not in found:
            out.append(Judged(layer, "lost-with-event", slot, None))
        elif slot not in preds:
            left.setdefault((event.key, _entity(slot)), []).append(slot)
        elif gold_spans[slot] & spans[slot]:
            correct += 1
        else:
            out.append(Judged(layer, "coreferent", slot, slot))
    for slot, (event, _) in sorted(preds.items(), key=lambda s: (s[1][0].key, s[1][1][:2])):
        if event.key not in found:
            out.append(Judged(layer, "carried-by-spurious-event", None, slot))
        elif slot not in golds:
            others = left.get((event.key, _entity(slot)))
            if others:
                others.sort(key=lambda s: golds[s][1][:2])
                out.append(Judged(layer, "role", others.pop(0), slot))
            else:
                out.append(Judged(layer, "spurious", None, slot))
    out.extend([Judged(layer, "missed", slot, None) for slots in left.values() for slot in slots])
    for event in pair.submitted.events:
        out.extend([Judged(layer, "spurious", None, event.key)] * repeated_arguments(event))
    return correct


def _entity(slot: Any) -> Hashable:
    return slot[2]


def _slot_spans(side: Side) -> dict[object, set[Offsets]]:
    out: dict[object, set[Offsets]] = {}
    for event in side.events:
        for a in event.arguments:
            out.setdefault((event.key, a.role, a.entity), set()).add(a.exact)
    return out


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
    out.extend(_unpaired(layer, golds, preds, pairs))
    out.extend(Judged(layer, "missed", said, None) for said, _ in pair.gold.repeated)
    out.extend(Judged(layer, "duplicate", None, said) for said, _ in pair.submitted.repeated)
    return correct


def _claims(pair: Pair, out: list[Judged]) -> int:
    golds, preds = pair.claims
    both = golds & preds
    if len(both) < len(golds) or len(both) < len(preds):
        out.extend(_misvoiced(golds - both, preds - both, golds, preds))
    for event, more in repeated_facts(pair.submitted.events, pair.gold.events):
        n = more * len(pair.submitted.vouched(event.span).sources)
        fact = event.key, event.realis
        out.extend([Judged("claims", "spurious", None, (OUTLET, fact))] * n)
    return len(both)


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


# Layer -> its judge, and the key of its unanchored outputs.
_JUDGES: Final = {
    "entities": (_names, "mentions"),
    "events": (_events, "events"),
    "arguments": (_arguments, "arguments"),
    "attributions": (_attributions, "attributions"),
    "claims": (_claims, ""),
}
COUNTERS.add("classes", count)
