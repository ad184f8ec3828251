"""Which submitted attribution stands for which gold one (section 5 of the protocol).

Two stages: pairs whose contents agree well (Dice >= 1/2) first, then near misses
among what is left. A single sum would trade one good match for two bad ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..corpus.words import dice
from .match import Pair as Indices
from .match import Weight, assign
from .said import Said


class Aligned(NamedTuple):
    """A gold and a submitted attribution that stand for each other.

    `gold` and `submitted` are indices into the two sides, `q` the content Dice in
    millionths, `common` the number of word code points in both contents.
    """

    gold: int
    submitted: int
    q: int
    common: int


class Alignment(NamedTuple):
    """`first`: M, the pairs with Dice >= 1/2. `second`: those with 0 < Dice < 1/2."""

    first: list[Aligned]
    second: list[Aligned]


def align(golds: Sequence[Said], submissions: Sequence[Said]) -> Alignment:
    """Both stages, each maximising lexicographically over one-to-one matchings:

    Σ q of contents, number of pairs, Σ [source correct], Σ q of cues, Σ [same act].
    Ties by `match.assign`. Empty contents and contents without a common word
    never pair.
    """
    strong: dict[Indices, int] = {}
    weak: dict[Indices, int] = {}
    common: dict[Indices, int] = {}
    for i, g in enumerate(golds):
        for j, s in enumerate(submissions):
            shared = (g.content & s.content).bit_count()
            if shared:
                total = g.size + s.size
                common[i, j] = shared
                (strong if 4 * shared >= total else weak)[i, j] = 2_000_000 * shared // total

    def solve(edges: dict[Indices, int]) -> list[Aligned]:
        if not edges:
            return []
        weights = {p: _weight(q, golds[p[0]], submissions[p[1]]) for p, q in edges.items()}
        return [Aligned(*pair, edges[pair], common[pair]) for pair in assign(weights)]

    first = solve(strong)
    taken, used = {a.gold for a in first}, {a.submitted for a in first}
    left = {(i, j): q for (i, j), q in weak.items() if i not in taken and j not in used}
    return Alignment(first, solve(left))


def _weight(q: int, gold: Said, submitted: Said) -> Weight:
    return (
        q,
        1,
        int(gold.sources == submitted.sources),
        dice(gold.cue, submitted.cue),
        int(gold.act == submitted.act),
    )
