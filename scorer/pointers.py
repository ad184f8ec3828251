"""Pointers from error classes to the elements themselves (`--pointers`)."""

from __future__ import annotations

from typing import Any

from .classes import JUDGED, Judged, judge
from .resolve import Offsets
from .said import Said
from .view import Pair, Side


def pointers(pair: Pair) -> list[dict[str, Any]]:
    """`{article, layer, class, gold, pred, spans}` of every element, correct ones aside.

    `gold` and `pred` are ids: of the mention, event or attribution; of a claim's
    event; `<event> <role>` for an argument. `spans` are those of both sides. By
    layer, then by spans.
    """
    golds, preds = _Ids(pair.gold), _Ids(pair.submitted)
    out: list[dict[str, Any]] = []
    for judged in judge(pair):
        gold, gold_spans = golds.find(judged, judged.gold)
        pred, pred_spans = preds.find(judged, judged.pred)
        out.append(
            {
                "article": pair.id,
                "layer": judged.layer,
                "class": judged.cls,
                "gold": gold,
                "pred": pred,
                "spans": [list(s) for s in sorted({*gold_spans, *pred_spans})],
            }
        )
    return sorted(out, key=_order)


def _order(pointer: dict[str, Any]) -> tuple[object, ...]:
    ids = pointer["gold"] or "", pointer["pred"] or ""
    return JUDGED.index(pointer["layer"]), pointer["spans"], pointer["class"], ids


class _Ids:
    """Ids of one side's elements under what identifies them in a class."""

    def __init__(self, side: Side) -> None:
        self._names: dict[Any, list[str]] = {}
        for m in sorted(side.article.mentions, key=lambda m: m.id):
            if m.level == "name":
                self._names.setdefault((m.start, m.end, m.type), []).append(m.id)
        self._events: dict[Any, list[str]] = {}
        self._fillers: dict[Any, list[Offsets]] = {}
        for e in side.events:
            self._events.setdefault(e.key, []).append(e.id)
            for a in e.arguments:
                self._fillers.setdefault((e.key, a.role, a.entity), []).append(a.exact)

    def find(self, judged: Judged, element: Any) -> tuple[str | None, list[Offsets]]:
        if element is None:
            return None, []
        if isinstance(element, Said):
            return element.id, element.spans
        if judged.layer == "claims":
            key = element[1][0]
            return self._events[key][0], [key[:2]]
        if element in self._fillers:
            key, role, _ = element
            return f"{self._events[key][0]} {role}", self._fillers[element]
        ids = (self._names if judged.layer == "entities" else self._events)[element]
        # Repeats are the last of their kind, each pointed to once.
        one = ids.pop() if judged.cls == "duplicate" and len(ids) > 1 else ids[0]
        return one, [element[:2]]
