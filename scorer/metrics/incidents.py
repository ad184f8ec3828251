"""Incident coreference: LEA with singletons, a diagnostic (section 4).

Elements are (start, end, type), clusters are incidents; an event without an
incident is a singleton. For a cluster K, res(K) = min(1, Σ_R link(K∩R)/link(K))
with link(n) = n(n-1)/2; for |K| = 1, res is 1 iff that singleton exists on the
other side. ⌊10⁶·|K|·res(K)⌋ is summed, over ΣK. Source: Moosavi and Strube (2016).

Events of one key in one incident are one element. Beyond gold's number of events
with that key (at least one), each such repeat adds 1 to `pred`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..counts import Row
from ..registry import counter, metric
from ..scores import MILLIONTHS, Prf
from ..view import EventType, Happening, Pair


@counter
def count(pair: Pair, row: Row) -> None:
    """Columns of LEA, both directions."""
    golds, preds = clusters(pair.gold.events), clusters(pair.submitted.events)
    row["lea.gold"] = sum(map(len, golds))
    row["lea.pred"] = (
        sum(map(len, preds))
        + _repeats(pair.submitted.events, pair.gold.events)
        + pair.unaligned.get("events", 0)
    )
    row["lea.recalled"] = resolved(golds, preds)
    row["lea.precise"] = resolved(preds, golds)


def clusters(events: Sequence[Happening]) -> list[frozenset[EventType]]:
    """One set of keys per incident; one per key for events without an incident."""
    named: dict[str, set[EventType]] = {}
    for event in events:
        if event.incident:
            named.setdefault(event.incident, set()).add(event.key)
    alone = {event.key for event in events if not event.incident}
    return [frozenset(keys) for keys in named.values()] + [frozenset((key,)) for key in alone]


def resolved(these: Sequence[frozenset[EventType]], others: Sequence[frozenset[EventType]]) -> int:
    """Σ ⌊10⁶·|K|·res(K)⌋ over the clusters of one side."""
    singletons = {k for k in others if len(k) == 1}
    total = 0
    for cluster in these:
        if len(cluster) == 1:
            total += MILLIONTHS * (cluster in singletons)
        else:
            links = _links(len(cluster))
            kept = min(links, sum(_links(len(cluster & other)) for other in others))
            total += MILLIONTHS * len(cluster) * kept // links
    return total


def _links(n: int) -> int:
    return n * (n - 1) // 2


def _repeats(preds: Sequence[Happening], golds: Sequence[Happening]) -> int:
    if len({e.key for e in preds}) == len(preds):
        return 0
    allowed = Counter(e.key for e in golds)
    submitted = Counter((e.key, e.incident or None) for e in preds)
    return sum(max(0, n - max(1, allowed[key])) for (key, _), n in submitted.items())


metric(
    Prf(
        id="incidents.lea",
        track="events",
        doc="incident coreference, LEA with singletons",
        tp="lea.recalled",
        tp_pred="lea.precise",
        gold="lea.gold",
        pred="lea.pred",
        scale=MILLIONTHS,
    )
)
