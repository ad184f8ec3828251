"""One-to-one matching, exact: integer weights of any size, canonical ties.

Elements are indices 0, 1, ... in canonical order on both sides; only edges can
become pairs. Weights are tuples compared lexicographically by their sums. They
are packed into one integer per edge, so that one assignment decides everything,
ties included: a Python integer does not overflow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

Pair: TypeAlias = tuple[int, int]
Weight: TypeAlias = tuple[int, ...]


def assign(edges: Mapping[Pair, Weight]) -> list[Pair]:
    """The pairs (gold, submitted) whose weights have the lexicographically largest sum.

    Weights are non-negative and of one length. If several matchings are best,
    the one in which gold 0, then gold 1, ... has the first possible submission
    (none last). Sorted by gold. Cost per connected component: O(small² · large).
    """
    n = len(edges)
    if n < 2 or (len({i for i, _ in edges}) == n and len({j for _, j in edges}) == n):
        return sorted(edges)
    pairs: list[Pair] = []
    for component in components(edges):
        if len(component) == 1:
            pairs.append(component[0])
        else:
            pairs.extend(_assign_connected({pair: edges[pair] for pair in component}))
    return sorted(pairs)


def components(edges: Iterable[Pair]) -> list[list[Pair]]:
    """The edges, grouped by connected component of the bipartite graph."""
    root: dict[int, int] = {}  # submitted j is node -1 - j

    def find(node: int) -> int:
        while (above := root.setdefault(node, node)) != node:
            root[node] = root[above]
            node = above
        return node

    edges = sorted(edges)
    for i, j in edges:
        root[find(i)] = find(-1 - j)
    groups: dict[int, list[Pair]] = {}
    for pair in edges:
        groups.setdefault(find(pair[0]), []).append(pair)
    return list(groups.values())


def _assign_connected(edges: Mapping[Pair, Weight]) -> list[Pair]:
    """`assign` for one component of two or more edges."""
    golds = sorted({i for i, _ in edges})
    preds = sorted({j for _, j in edges})
    if len(golds) == 1:
        return [max(edges, key=lambda p: (edges[p], -p[1]))]
    if len(preds) == 1:
        return [max(edges, key=lambda p: (edges[p], -p[0]))]
    row = {i: n for n, i in enumerate(golds)}
    column = {j: n for n, j in enumerate(preds)}
    most = min(len(golds), len(preds))
    bases = [1 + most * max(values) for values in zip(*edges.values(), strict=True)]
    # Below the weight, one digit per gold element: the earlier its submission, the larger.
    ties, base = len(golds), len(preds) + 1
    weights = [[0] * len(preds) for _ in golds]
    for (i, j), weight in edges.items():
        packed = 0
        for value, size in zip(weight, bases, strict=True):
            packed = packed * size + value
        tie = (len(preds) - column[j]) * base ** (ties - 1 - row[i])
        weights[row[i]][column[j]] = packed * base**ties + tie
    chosen = maximum_assignment(weights)
    pairs = ((golds[r], preds[c]) for r, c in chosen)
    return [pair for pair in pairs if pair in edges]


def maximum_assignment(weights: Sequence[Sequence[int]]) -> list[Pair]:
    """Row and column of a maximum-weight assignment that covers the shorter side.

    The Hungarian method with potentials (Kuhn 1955, in the shortest augmenting
    path form of Jonker and Volgenant 1987) on exact integers.
    """
    if len(weights) > len(weights[0]):
        return [(r, c) for c, r in maximum_assignment(list(zip(*weights, strict=True)))]
    n, m = len(weights), len(weights[0])
    infinity: Final = 4 * (n + m) * (1 + max(map(max, weights)))  # above any sum of potentials
    u, v = [0] * (n + 1), [0] * (m + 1)
    owner = [0] * (m + 1)  # row that has the column; rows and columns count from 1
    for row in range(1, n + 1):
        owner[0], column = row, 0
        slack, before = [infinity] * (m + 1), [0] * (m + 1)
        free = list(range(1, m + 1))
        reached = [0]
        while owner[column]:
            current = owner[column]
            costs, offset = weights[current - 1], u[current]
            delta, nearest = infinity, 0
            for c in free:
                reduced = -costs[c - 1] - offset - v[c]
                if reduced < slack[c]:
                    slack[c], before[c] = reduced, column
                if slack[c] < delta:
                    delta, nearest = slack[c], c
            for c in reached:
                u[owner[c]] += delta
                v[c] -= delta
            for c in free:
                slack[c] -= delta
            column = nearest
            free.remove(column)
            reached.append(column)
        while column:
            owner[column] = owner[before[column]]
            column = before[column]
    return [(owner[c] - 1, c - 1) for c in range(1, m + 1) if owner[c]]


def most_pairs(edges: Iterable[Pair]) -> int:
    """The largest number of pairs that a one-to-one matching can have.

    Augmenting paths (Kuhn's algorithm), breadth first, so without recursion.
    """
    options: dict[int, list[int]] = {}
    for i, j in edges:
        options.setdefault(i, []).append(j)
    submission: dict[int, int] = {}
    gold: dict[int, int] = {}
    for start in options:
        end, came = _free_submission(start, options, gold)
        while end is not None:  # along the path every gold hands on the submission it had
            i = came[end]
            gold[end], (submission[i], end) = i, (end, submission.get(i))
    return len(submission)


def _free_submission(
    start: int, options: Mapping[int, Sequence[int]], gold: Mapping[int, int]
) -> tuple[int | None, dict[int, int]]:
    """A free submission that an alternating path from `start` reaches, and the way there."""
    came: dict[int, int] = {}
    queue = [start]
    for i in queue:
        for j in options[i]:
            if j not in came:
                came[j] = i
                if j not in gold:
                    return j, came
                queue.append(gold[j])
    return None, came


def overlapping(
    golds: Sequence[tuple[int, int, *tuple[object, ...]]],
    preds: Sequence[tuple[int, int, *tuple[object, ...]]],
) -> list[Pair]:
    """Index pairs of spans (start, end, ...) that share a code point. Both sorted by start."""
    out: list[Pair] = []
    open_golds: list[int] = []
    open_preds: list[int] = []
    g = p = 0
    while g < len(golds) or p < len(preds):
        if p == len(preds) or (g < len(golds) and golds[g][0] <= preds[p][0]):
            start = golds[g][0]
            open_preds = [j for j in open_preds if preds[j][1] > start]
            out.extend((g, j) for j in open_preds)
            open_golds.append(g)
            g += 1
        else:
            start = preds[p][0]
            open_golds = [i for i in open_golds if golds[i][1] > start]
            out.extend((i, p) for i in open_golds)
            open_preds.append(p)
            p += 1
    return out
