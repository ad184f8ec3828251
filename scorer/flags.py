"""Flags on attributions: what else is wrong with a pair, besides its class (section 9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .metrics.attributions import right_edges
from .said import Said
from .view import Pair

FLAGS: Final = "attribution flags"


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
        if len(paired) == len(others):
            continue
        for said in these:
            inside = [
                i
                for i, other in enumerate(others)
                if 0 < other.size <= 2 * (other.content & said.content).bit_count()
            ]
            # nested attributions share their content: held twice, but both are paired
            if len(inside) > 1 and not paired.issuperset(inside):
                yield flag, said
