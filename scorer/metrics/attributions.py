"""Attributions: who said what, after alignment of contents (section 5).

`gold` and `pred` are the numbers of attributions, repeats included; M are the
pairs of the first stage. `X|pairs` is the same count over |M|. For source and
recipients `.entity` compares sets of gold entities, `.exact` sets of spans; the
other roles compare W. Both empty is right.

`parent` counts edges child -> parent. An edge of a repeat, or to itself once
repeats are merged, counts in `pred` and is never right; there is no edge to an
attribution in a names-only zone.
"""

from __future__ import annotations

from itertools import compress
from typing import Final

from ..align import Aligned
from ..counts import Row, bump_all
from ..registry import counter, metric
from ..said import Said
from ..scores import MILLIONTHS, Kappa, Prf, Rate
from ..view import Pair, Side
from .realis import confused

THRESHOLDS: Final = tuple(range(1, 11))
_ROLES: Final = {
    "source.entity": "pairs with the right source entities",
    "source.exact": "pairs with the right source spans",
    "cue": "pairs with the right cue",
    "content=": "pairs with exactly the right content",
    "quoted": "pairs with the right quoted words",
    "recipients.entity": "pairs with the right recipient entities",
    "recipients.exact": "pairs with the right recipient spans",
    "triple": "pairs with exact content, cue and source spans",
    "act": "pairs with the right act",
    "kind": "pairs rightly direct, indirect or mixed",
}
_RIGHT: Final = [f"attributions.{name}.tp" for name in _ROLES]
_VERDICTS: Final = {
    v: f"attributions.source.{v}" for v in ("correct", "missing", "partial", "wrong")
}
_AT_LEAST: Final = [f"attributions.threshold.{tenths}.tp" for tenths in range(11)]


def verdict(gold: Said, submitted: Said) -> str:
    """What the submitted sources of a pair are: correct, missing, partial or wrong."""
    if submitted.sources == gold.sources:
        return "correct"
    if not submitted.sources:
        return "missing"
    return "partial" if submitted.sources < gold.sources else "wrong"


@counter
def count(pair: Pair, row: Row) -> None:
    """Columns of the alignment: pairs, what is right in them, edges."""
    golds, preds = pair.gold.said, pair.submitted.said
    first, second = pair.alignment
    row["attributions.gold"] = pair.gold.attributions
    row["attributions.pred"] = pair.submitted.attributions + pair.unaligned.get("attributions", 0)
    row["attributions.content.tp"] = len(first)
    row["attributions.q"] = sum(a.q for a in first) + sum(a.q for a in second)
    columns: list[str] = []
    for aligned in first:
        gold, submitted = golds[aligned.gold], preds[aligned.submitted]
        columns.append(_VERDICTS[verdict(gold, submitted)])
        columns += compress(_RIGHT, _right(gold, submitted))
        columns += confused("act/", gold.act, submitted.act)
        if _lineage(pair.gold, aligned.gold) == _lineage(pair.submitted, aligned.submitted):
            columns.append("attributions.chain.tp")
    for aligned in (*first, *second):
        columns += _thresholds(aligned, golds[aligned.gold], preds[aligned.submitted])
    bump_all(row, columns)
    row["attributions.parent.gold"] = pair.gold.edges
    row["attributions.parent.pred"] = pair.submitted.edges
    row["attributions.parent.tp"] = len(right_edges(pair))


def _right(gold: Said, submitted: Said) -> tuple[bool, ...]:
    """Which roles of a pair are right, in the order of `_ROLES`."""
    content, cue = gold.content == submitted.content, gold.cue == submitted.cue
    source = gold.source_spans == submitted.source_spans
    return (
        gold.sources == submitted.sources,
        source,
        cue,
        content,
        gold.quoted == submitted.quoted,
        gold.recipients == submitted.recipients,
        gold.recipient_spans == submitted.recipient_spans,
        content and cue and source,
        gold.act == submitted.act,
        gold.kind == submitted.kind,
    )


def _lineage(side: Side, index: int) -> list[frozenset[object]]:
    """Source sets from the attribution up to its root."""
    return [frozenset(side.said[i].sources) for i in (index, *side.nesting.ancestors(index))]


def _thresholds(aligned: Aligned, gold: Said, submitted: Said) -> list[str]:
    """Columns of all thresholds that a pair reaches."""
    if gold.sources != submitted.sources:
        return []
    return _AT_LEAST[1 : 20 * aligned.common // (gold.size + submitted.size) + 1]


def right_edges(pair: Pair) -> list[int]:
    """Gold attributions (indices) whose edge to their parent was submitted."""
    stands_for = {a.gold: a.submitted for a in pair.alignment.first}
    return [
        child
        for child, parent in enumerate(pair.gold.parents)
        if parent is not None
        and child in stands_for
        and parent in stands_for
        and pair.submitted.parents[stands_for[child]] == stands_for[parent]
    ]


def _declare(name: str, doc: str, *, column: str = "", headline: str = "") -> Prf:
    return metric(
        Prf(
            id=f"attributions.{name}",
            track="attributions",
            headline=headline,
            doc=doc,
            tp=f"attributions.{column or name}.tp",
            gold="attributions.gold",
            pred="attributions.pred",
        )
    )


F1 = _declare(
    "f1",
    "contents matched by half or more, with the right sources",
    column="source.entity",
    headline="attributions",
)
CONTENT = _declare("content", "contents matched by half or more")
metric(
    Prf(
        id="attributions.soft",
        track="attributions",
        doc="contents, weighted by how well they match",
        tp="attributions.q",
        gold="attributions.gold",
        pred="attributions.pred",
        scale=MILLIONTHS,
    )
)
for _verdict, _doc in (
    ("wrong", "pairs credited to somebody else"),
    ("missing", "pairs credited to nobody although gold names a source"),
    ("partial", "pairs credited to some of the sources only"),
):
    metric(
        Rate(
            id="attributions.misattribution"
            if _verdict == "wrong"
            else f"attributions.source-{_verdict}",
            track="attributions",
            harm=True,
            doc=_doc,
            num=f"attributions.source.{_verdict}",
            den="attributions.content.tp",
        )
    )
for _name, _doc in (*_ROLES.items(), ("chain", "pairs with the right sources all the way up")):
    _declare(_name, _doc)
    metric(
        Rate(
            id=f"attributions.{_name}|pairs",
            track="attributions",
            doc=f"{_doc}, over pairs",
            num=f"attributions.{_name}.tp",
            den="attributions.content.tp",
        )
    )
metric(
    Prf(
        id="attributions.parent",
        track="attributions",
        doc="edges from an attribution to its parent",
        tp="attributions.parent.tp",
        gold="attributions.parent.gold",
        pred="attributions.parent.pred",
    )
)
KAPPA = metric(
    Kappa(
        id="attributions.act.kappa",
        track="attributions",
        doc="Cohen's kappa of the act over pairs",
        prefix="act/",
        n="attributions.content.tp",
    )
)
for _tenths in THRESHOLDS:
    _declare(
        f"threshold.{_tenths / 10:.1f}",
        f"contents matched by {_tenths / 10:.1f} or more, with the right sources",
        column=f"threshold.{_tenths}",
    )
