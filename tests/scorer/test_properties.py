"""P1-P11 of the protocol, on random records."""

import random

import msgspec
import numpy as np
import pytest
from dateline.corpus.schema import Article, Attribution, Event, Mention, Span
from dateline.scorer.api import score
from dateline.scorer.assemble import errors
from dateline.scorer.counts import Table, Tags, merge
from dateline.scorer.registry import METRICS
from dateline.scorer.resample import percentile
from dateline.scorer.scores import Mean, Prf, Rate, Sums
from dateline.scorer.signature import Settings
from dateline.scorer.slices import marginals
from hypothesis import given, settings
from hypothesis import strategies as st

from .records import counts, tgp
from .strategies import SPANS, TEXT, articles

quick = settings(max_examples=120, deadline=None, derandomize=True)
few = settings(max_examples=25, deadline=None, derandomize=True)
prfs = [METRICS[name] for name in METRICS if isinstance(METRICS[name], Prf)]
harms = [METRICS[name] for name in METRICS if METRICS[name].harm]


def main(metric_id, row):
    return float(METRICS[metric_id].main(Sums(row)))


def own_score(metric_id):
    return "oracle" not in metric_id


@quick
@given(articles(gold=True))
def test_p1_gold_against_itself_is_perfect(gold):
    row = counts(gold, gold)
    for metric in prfs:
        _, n, pred = tgp(row, metric.id)
        assert n == pred, metric.id
        assert not n or main(metric.id, row) == 1, metric.id
    for metric in harms:
        assert main(metric.id, row) == 0 or np.isnan(main(metric.id, row)), metric.id
    for headline in ("dateline", "claims.balanced"):
        assert main(headline, row) == 1 or np.isnan(main(headline, row))


@quick
@given(articles(gold=True))
def test_p2_empty_is_zero(gold):
    row = counts(Article(id=gold.id), gold)
    for metric in prfs:
        if own_score(metric.id):
            tp, _, pred = tgp(row, metric.id)
            assert (tp, pred) == (0, 0), metric.id


def renamed(record: Article, salt: str) -> Article:
    """The same record under other ids, its lists in another order."""
    shuffle = random.Random(salt)

    def new(name):
        return None if name is None else f"{salt}{len(name) * 7 + sum(map(ord, name))}{name}"

    def mixed(items):
        items = list(items)
        shuffle.shuffle(items)
        return tuple(items)

    change = msgspec.structs.replace
    return change(
        record,
        mentions=mixed(change(m, id=new(m.id), entity=new(m.entity)) for m in record.mentions),
        events=mixed(
            change(
                e,
                id=new(e.id),
                incident=new(e.incident),
                arguments=mixed(change(a, target=new(a.target)) for a in e.arguments),
            )
            for e in record.events
        ),
        attributions=mixed(
            change(
                a,
                id=new(a.id),
                parent=new(a.parent),
                content=mixed(a.content),
                sources=mixed(new(i) for i in a.sources),
                recipients=mixed(new(i) for i in a.recipients),
            )
            for a in record.attributions
        ),
    )


@quick
@given(articles(gold=True), articles(), st.sampled_from(["a", "z", "q"]))
def test_p3_order_and_ids_do_not_matter(gold, submitted, salt):
    assert counts(renamed(submitted, salt), gold) == counts(submitted, gold)
    assert counts(submitted, renamed(gold, salt)) == counts(submitted, gold)


SWAPPED = [
    *("entities.strict", "entities.boundary", "entities.coarse", "entities.type"),
    *("semeval.strict", "semeval.exact", "semeval.partial", "semeval.type"),
    *("events.ti", "events.tc", "events.tcr", "events.ti~"),
    *("events.ai.exact", "events.ac.exact", "events.ai+.exact", "events.ac+.exact"),
    *("attributions.content", "attributions.soft"),
]


@quick
@given(articles(gold=True), articles(repeats=False))
def test_p4_swap_exchanges_gold_and_submitted(one, other):
    there, back = counts(other, one), counts(one, other)
    for name in SWAPPED:
        tp, gold, pred = tgp(there, name)
        assert tgp(back, name) == (tp, pred, gold), name


@quick
@given(articles(gold=True), articles(repeats=False))
def test_p5_ladders(gold, submitted):
    distinct = [msgspec.structs.replace(m, entity=m.id) for m in gold.mentions]
    gold = msgspec.structs.replace(gold, mentions=tuple(distinct))
    row = counts(submitted, gold)

    def tp(name):
        return tgp(row, name)[0]

    assert tp("entities.strict") <= tp("entities.boundary")
    assert tp("entities.strict") <= tp("entities.coarse")
    assert tp("attributions.triple") <= tp("attributions.f1") <= tp("attributions.content")
    ladder = [f"attributions.threshold.{n / 10:.1f}" for n in range(1, 11)]
    assert sorted(map(tp, ladder), reverse=True) == list(map(tp, ladder))
    assert tp("attributions.threshold.0.5") == tp("attributions.f1")
    if no_target_is_event(gold) and no_target_is_event(submitted):
        for name in ("ai", "ac", "ai+", "ac+"):
            assert tp(f"events.{name}.exact") <= tp(f"events.{name}.head")
            assert tp(f"events.{name}.head") <= tp(f"events.{name}.entity")


def no_target_is_event(record):
    events = {e.id for e in record.events}
    return not any(a.target in events for e in record.events for a in e.arguments)


@quick
@given(articles(gold=True), articles(repeats=False))
def test_p6_an_element_disjoint_from_gold_never_helps_its_layer(gold, submitted):
    # The last word of the text belongs to no gold element, nor to a submitted one.
    last = SPANS[-1]

    def clear(record):
        def free(e):
            return e.end <= last[0]

        mentions = tuple(m for m in record.mentions if free(m))
        events = tuple(msgspec.structs.replace(e, arguments=()) for e in record.events if free(e))
        said = tuple(
            msgspec.structs.replace(a, sources=(), recipients=(), parent=None)
            for a in record.attributions
            if all(free(s) for s in a.content)
        )
        return msgspec.structs.replace(record, mentions=mentions, events=events, attributions=said)

    gold, submitted = clear(gold), clear(submitted)
    before = counts(submitted, gold)
    span = {"start": last[0], "end": last[1]}
    extra = {
        "mentions": Mention(id="xm", type="PER", **span),
        "events": Event(id="xv", type="Talks", **span),
        "attributions": Attribution(id="xa", content=(Span(**span),)),
    }
    tracks = {"mentions": "entities", "events": "events", "attributions": "attributions"}
    for layer, element in extra.items():
        more = msgspec.structs.replace(submitted, **{layer: (*getattr(submitted, layer), element)})
        after = counts(more, gold)
        for metric in prfs:
            if metric.track == tracks[layer]:
                was, now = main(metric.id, before), main(metric.id, after)
                assert np.isnan(was) or now <= was, metric.id


@quick
@given(articles(gold=True), articles(), st.data())
def test_p7_an_added_true_element_never_lowers_a_set_metric(gold, submitted, data):
    before = counts(submitted, gold)
    names = {(m.start, m.end) for m in submitted.mentions if m.level == "name"}
    triggers = {(e.start, e.end) for e in submitted.events}
    new_names = [m for m in gold.mentions if m.level == "name" and (m.start, m.end) not in names]
    new_events = [e for e in gold.events if (e.start, e.end) not in triggers]
    for layer, new, metrics in (
        ("mentions", new_names, ["entities.strict", "entities.boundary", "entities.coarse"]),
        ("events", new_events, ["events.ti", "events.tc", "events.tcr"]),
    ):
        if new:
            true = data.draw(st.sampled_from(new))
            fields = {"arguments": ()} if layer == "events" else {}
            true = msgspec.structs.replace(true, id="true", **fields)
            more = (*getattr(submitted, layer), true)
            after = counts(msgspec.structs.replace(submitted, **{layer: more}), gold)
            for name in metrics:
                assert main(name, after) >= main(name, before), name


@quick
@given(articles(gold=True), articles())
def test_p7_any_added_attribution_never_lowers_the_number_of_pairs(gold, submitted):
    if not submitted.attributions:
        return
    used = {a.parent for a in submitted.attributions}
    last = [a for a in submitted.attributions if a.id not in used][-1]
    fewer = tuple(a for a in submitted.attributions if a is not last)
    before = counts(msgspec.structs.replace(submitted, attributions=fewer), gold)
    after = counts(submitted, gold)
    assert tgp(after, "attributions.content")[0] >= tgp(before, "attributions.content")[0]


@few
@given(st.lists(st.tuples(articles(gold=True), articles()), min_size=2, max_size=4))
def test_p8_counts_of_shards_sum(pairs):
    whole, one, two = Table(), Table(), Table()
    for n, (gold, submitted) in enumerate(pairs):
        row, tags = counts(submitted, gold), Tags(id=f"pp-{n:04d}")
        whole.add(tags, row)
        (one if n % 2 else two).add(tags, row)
    merged = merge([one, two])
    assert list(merged.rows()) == list(merge([whole]).rows())
    assert merged.sums() == whole.sums()
    for column in whole.sums():
        assert whole.sums()[column] == one.sums().get(column, 0) + two.sums().get(column, 0)


@quick
@given(articles(gold=True), articles())
def test_p9_everything_lies_between_0_and_1(gold, submitted):
    sums = Sums(counts(submitted, gold))
    for name in METRICS:
        metric = METRICS[name]
        if isinstance(metric, Prf):
            values = list(map(float, metric.prf(sums)))
            tp, n, pred = (int(sums[c]) for c in (metric.tp, metric.gold, metric.pred))
            assert tp <= metric.scale * n, name
            if not metric.tp_pred:
                assert tp <= metric.scale * pred, name
        elif isinstance(metric, Rate | Mean):
            values = [float(metric.main(sums))]
        else:
            continue
        assert all(np.isnan(v) or 0 <= v <= 1 for v in values), name


TOTALS = {
    "entities": "entities.strict",
    "events": "events.tc",
    "arguments": "events.ac+.entity",
    "attributions": "attributions.f1",
    "claims": "claims.f1",
}
PARTITIONS = {
    "names": ("entities.strict", ["zone", "type", "words"]),
    "events": ("events.tc", ["zone", "type", "realis", "voice", "arguments"]),
    "arguments": ("events.ac+.entity", ["zone", "role"]),
    "attributions": ("attributions.f1", ["zone", "nested", "kind", "act"]),
}


@quick
@given(articles(gold=True), articles())
def test_p10_classes_and_slices_add_up(gold, submitted):
    row = counts(submitted, gold)
    classes = errors(row)
    for layer, metric in TOTALS.items():
        _, n, pred = tgp(row, metric)
        found = classes.get(layer, {})
        assert sum(c["gold"] for c in found.values()) == n, layer
        assert sum(c["pred"] for c in found.values()) == pred, layer
    for layer in ("events", "attributions"):
        found = classes.get(layer, {})
        right = sum(found.get(c, {"gold": 0})["gold"] for c in ("correct", "realis"))
        assert right == tgp(row, TOTALS[layer])[0]
    assert classes.get("claims", {}).get("correct", {"gold": 0})["gold"] == tgp(row, "claims.f1")[0]
    for unit, (metric, features) in PARTITIONS.items():
        tp, n, pred = tgp(row, metric)
        for feature in features:
            found = marginals(row, unit, feature).values()
            sums = {stat: sum(n[stat] for n in found) for stat in ("gold", "hit", "pred", "ok")}
            assert (sums["hit"], sums["gold"], sums["pred"]) == (tp, n, pred), (unit, feature)
            assert sums["ok"] == tp


def test_p11_same_seed_same_interval_and_a_constant_column_a_point():
    gold = [
        Article(
            id=f"pp-{n:04d}",
            text=TEXT,
            mentions=tuple(
                Mention(id=f"m{k}", start=SPANS[k][0], end=SPANS[k][1], type="PER")
                for k in range(2)
            ),
            events=(),
            attributions=(),
        )
        for n in range(6)
    ]
    submitted = [
        msgspec.structs.replace(g, mentions=g.mentions[: 1 + n % 2]) for n, g in enumerate(gold)
    ]
    first, second = (
        score(gold, submitted, settings=Settings(seed=s, replicates=200)) for s in (7, 7)
    )
    assert first.to_json(timing=False) == second.to_json(timing=False)
    low, high = first.headline["entities"]["ci"]
    assert low < high
    other = score(gold, submitted, settings=Settings(seed=8, replicates=200))
    assert other.headline["entities"]["value"] == first.headline["entities"]["value"]
    same = score(gold, gold, settings=Settings(replicates=200))
    assert same.headline["entities"]["ci"] == [1.0, 1.0]
    assert percentile(np.full(200, 0.25)) == (0.25, 0.25)


@pytest.mark.parametrize("nulls", [10, 11])
def test_p11_more_than_one_null_replicate_in_twenty_is_no_interval(nulls):
    values = np.arange(200, dtype=np.float64)
    values[:nulls] = np.nan
    assert (percentile(values) is None) == (nulls > 200 / 20)
