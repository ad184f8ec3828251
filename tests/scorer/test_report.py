"""Result, signature, report, slices, pointers, agreement, degenerate rows."""

import json

import msgspec
import pytest
from dateline.corpus.errors import IncidentsError, InputError
from dateline.corpus.schema import IncidentRef, Meta, Zone
from dateline.corpus.store import Corpus
from dateline.scorer.agreement import GATES, agreement_score, figures
from dateline.scorer.api import score
from dateline.scorer.counts import Table, Tags, merge
from dateline.scorer.degenerate import SYSTEMS, Knowledge, table
from dateline.scorer.registry import METRICS, TRACKS, headlines
from dateline.scorer.report import text
from dateline.scorer.signature import Gold, Settings, comparable, signature
from dateline.scorer.slices import marginals

from .records import GOLD, TEXT, A, M, V, article, change, counts, event, mention, record, said

FAST = Settings(replicates=60)


def meta(theatre, genre="wire", incident="i1"):
    return Meta(theatre=theatre, genre=genre, incidents=(IncidentRef(id=incident),))


def gold_of(n=6):
    return [
        change(GOLD, id=f"lv-{k:04d}", meta=meta("lv" if k < 4 else "sa", incident=f"i{k % 2}"))
        for k in range(n)
    ]


def half_right(n=6):
    bad = record(m2=change(M["m2"], end=23), a1=None, a2=change(A["a2"], parent=None))
    return [change(bad if k % 2 else GOLD, id=f"lv-{k:04d}") for k in range(n)]


@pytest.fixture(scope="module")
def result():
    return score(
        gold_of(), half_right(), train=gold_of(4), settings=Settings(replicates=60, pointers=True)
    )


def test_the_result_has_what_the_protocol_lists(result):
    raw = json.loads(result.to_json())
    assert list(raw) == sorted(raw)
    assert {*raw} == {
        *("protocol", "version", "corpus", "submission", "incidents", "scores", "headline"),
        *("macro", "slices", "errors", "pointers", "mdd", "timing"),
    }
    assert {*raw["headline"]} == {"entities", "events", "attributions", "claims", "dateline"}
    assert {*raw["scores"]} == {*METRICS}
    assert {*raw["timing"]} == {"parse_s", "score_s", "ratio", "rss_mb"}
    for entry in raw["scores"].values():
        assert {"ci", "signature"} <= {*entry}
        assert {"p", "r", "f1", "tp", "gold", "pred"} <= {*entry} or "value" in entry


def test_floats_have_six_decimals(result):
    for entry in result.scores.values():
        for number in msgspec.to_builtins(entry).values():
            if isinstance(number, float):
                assert number == round(number, 6)


def test_every_metric_has_a_track_and_one_line_of_explanation():
    for name in METRICS:
        assert METRICS[name].track in TRACKS
        assert METRICS[name].doc
        assert "\n" not in METRICS[name].doc
    assert {*headlines()} == {"entities", "events", "attributions", "claims", "dateline"}


def test_signature_is_the_documented_line(result):
    line = result.scores["events.ac+.entity"]["signature"]
    sha = result.corpus["sha256"][:8]
    assert line.startswith(f"dateline|metric=events.ac+.entity.f1|protocol=1|corpus=memory#{sha}|")
    assert "|n=6|types=fine|dup=fp|unit=article|ci=pct95|bs=60|ar=10000|seed=20240607|v=" in line
    assert "metric=attributions.f1|" in result.scores["attributions.f1"]["signature"]
    assert "metric=dateline|" in result.scores["dateline"]["signature"]


def test_numbers_share_a_table_iff_metric_and_version_are_all_that_differs():
    gold = Gold(version="1.0.0", sha256="ab" * 32, split="test")
    a, b = (signature(m, gold, 7, FAST) for m in ("dateline", "events.tc.f1"))
    assert comparable(a, b)
    assert not comparable(a, signature("dateline", gold, 8, FAST))
    assert not comparable(a, signature("dateline", gold, 7, Settings(seed=1)))


def test_macro_type_is_over_labels_with_ten_gold_elements(result):
    entry = result.macro["entities.strict"]
    # per article two DATE, two GPE (m2, m7), one ORG.ngo: six articles
    assert entry["type"]["labels"] == ["DATE", "GPE"]
    gpe = 2 * (12 - 3) / (12 + 12)
    assert entry["type"]["value"] == pytest.approx((1 + gpe) / 2, abs=1e-6)
    assert entry["article"]["value"] == pytest.approx((3 * 1 + 3 * 4 / 5) / 6, abs=1e-6)


def test_macro_article_counts_nothing_to_find_as_one():
    bare = article("Nothing happened.", id="lv-0009")
    found = score([GOLD, bare], [article(), bare], settings=FAST)
    assert found.macro["entities.strict"]["article"]["value"] == (0 + 1) / 2


def test_slices(result):
    rows = {(s["metric"], s["slice"], s["value"]): s for s in result.slices}
    sahel = rows["entities.strict", "theatre", "sa"]
    assert (sahel["n_gold"], sahel["articles"], sahel["grey"]) == (10, 2, True)
    assert sahel["f1"] == pytest.approx((5 + 4) / 10, abs=1e-6)
    assert rows["dateline", "theatre seen in train", "no"]["articles"] == 2
    assert rows["dateline", "length", "< 200"]["f1"] == result.value("dateline")
    nested = rows["attributions.f1", "nested", "1"]
    assert nested["r"] == 1
    assert nested["n_gold"] == 6
    pronouns = rows["attributions.f1", "pronoun source", "yes"]
    assert (pronouns["p"], pronouns["r"]) == (None, 1)
    assert rows["events.tc", "voice", "outlet"]["n_gold"] == 6
    assert rows["events.ac+.entity", "level", "pronoun"]["n_gold"] == 6
    assert all(s["n_gold"] for s in result.slices)


def test_slices_of_unseen_names():
    gold = [GOLD, record()]
    train = [record(m7=None, v2=None)]
    found = score(gold[:1], gold[:1], train=train, settings=FAST)
    row = next(s for s in found.slices if s["slice"] == "unseen in train")
    assert row["n_gold"] == 1  # Tolm
    without = score(gold[:1], gold[:1], settings=FAST)
    assert not [s for s in without.slices if s["slice"] == "unseen in train"]


def test_slices_of_the_shape_of_attributions():
    lines = "One said this,\nand that too. Nobody answered."
    gold = article(
        lines,
        mentions=[mention("m1", 0, 3, "PER", "e1"), mention("m2", 29, 35, "PER", "e2")],
        attributions=[
            said("a1", [(9, 13), (19, 23)], ("m1", "m2"), [(4, 8)]),
            said("a2", [(36, 44)]),
        ],
        events=[event("v1", 4, 8, "Talks", ("Agent", "m2"))],
    )
    row = counts(gold, gold)

    def hits(row, unit, feature, value="yes"):
        return marginals(row, unit, feature)[value]["hit"]

    for feature in ("several sources", "crosses a paragraph", "discontinuous"):
        assert hits(row, "attributions", feature) == 1
    for feature in ("no cue", "no source"):
        assert hits(row, "attributions", feature) == 1
    assert hits(row, "arguments", "other sentence") == 1
    zones = (Zone(start=0, end=8, kind="headline"), Zone(start=9, end=45, kind="body"))
    row = counts(gold, msgspec.structs.replace(gold, zones=zones))
    assert hits(row, "events", "zone", "headline") == 1
    assert {*marginals(row, "names", "zone")} == {"headline", "body"}


def test_error_classes_and_pointers(result):
    assert result.errors["entities"]["boundary"] == {"gold": 3, "pred": 3}
    assert result.errors["entities"]["correct"] == {"gold": 27, "pred": 27}
    assert result.errors["attributions"]["missed"] == {"gold": 3, "pred": 0}
    assert result.errors["claims"]["misattributed"] == {"gold": 3, "pred": 0}
    boundary = [p for p in result.pointers if p["class"] == "boundary"]
    assert boundary[0] == {
        **{"article": "lv-0001", "layer": "entities", "class": "boundary"},
        **{"gold": "m2", "pred": "m2", "spans": [[14, 20], [14, 23]]},
    }
    missed = [p for p in result.pointers if p["layer"] == "attributions"]
    assert (missed[0]["gold"], missed[0]["pred"], missed[0]["spans"]) == ("a1", None, [[0, 32]])


CLASSES = [
    ({"m2": change(M["m2"], type="PER")}, "entities", "type", (1, 1)),
    ({"m2": change(M["m2"], end=23, type="PER")}, "entities", "type+boundary", (1, 1)),
    ({"m9": change(M["m9"], type="MIL")}, "entities", "unknown-label", (0, 1)),
    ({"m9": change(M["m9"], level="nominal")}, "entities", "missed", (1, 0)),
    ({"more_mentions": [change(M["m9"], id="x")]}, "entities", "duplicate", (0, 1)),
    ({"more_mentions": [mention("x", 71, 76, "PER", None)]}, "entities", "spurious", (0, 1)),
    ({"v2": change(V["v2"], realis="actual")}, "events", "realis", (1, 1)),
    ({"v2": change(V["v2"], type="Talks")}, "events", "type", (1, 1)),
    ({"v2": change(V["v2"], type="Talks")}, "arguments", "lost-with-event", (2, 0)),
    ({"v2": change(V["v2"], type="Talks")}, "arguments", "carried-by-spurious-event", (0, 2)),
    ({"v2": change(V["v2"], type="Talks")}, "claims", "event-type", (1, 1)),
    ({"v2": change(V["v2"], realis="actual")}, "claims", "realis", (1, 1)),
    ({"v3": None}, "claims", "event-missed", (1, 0)),
    ({"more_events": [change(V["v3"], id="x")]}, "events", "duplicate", (0, 1)),
    ({"more_events": [change(V["v3"], id="x")]}, "claims", "spurious", (0, 1)),
    ({"a3": None}, "claims", "unattributed", (1, 1)),
    ({"a3": change(A["a3"], sources=("m4",))}, "claims", "misattributed", (1, 1)),
    ({"more_attributions": [said("x", [(91, 110)], ("m4",))]}, "claims", "over-attributed", (1, 1)),
    ({"a3": change(A["a3"], sources=("m4",))}, "attributions", "source-wrong", (1, 1)),
    ({"a3": change(A["a3"], sources=())}, "attributions", "source-missing", (1, 1)),
    ({"more_attributions": [said("x", [(97, 110)])]}, "attributions", "spurious", (0, 1)),
    ({"more_attributions": [change(A["a3"], id="x")]}, "attributions", "duplicate", (0, 1)),
]


@pytest.mark.parametrize(("changes", "layer", "cls", "expected"), CLASSES)
def test_class(changes, layer, cls, expected):
    row = counts(record(**changes))
    stem = f"error/{layer}/{cls}"
    assert (row.get(f"{stem}.gold", 0), row.get(f"{stem}.pred", 0)) == expected


def test_classes_of_arguments():
    v2 = V["v2"]
    agent, destination = v2.arguments
    coreferent = counts(record(v2=change(v2, arguments=(change(agent, target="m1"), destination))))
    assert coreferent["error/arguments/coreferent.gold"] == 1
    role = counts(record(v2=change(v2, arguments=(change(agent, role="Patient"), destination))))
    assert role["error/arguments/role.gold"] == role["error/arguments/role.pred"] == 1
    missed = counts(record(v2=change(v2, arguments=(destination,))))
    assert missed["error/arguments/missed.gold"] == 1


def test_source_partial_and_boundary():
    gold = record(a3=change(A["a3"], sources=("m8", "m4")))
    row = counts(record(), gold)
    assert row["error/attributions/source-partial.gold"] == 1
    assert counts(gold)["error/attributions/source-wrong.gold"] == 1
    row = counts(
        record(
            a3=change(
                A["a3"], content=A["a3"].content[:0] + said("x", [(80, 115)]).content, quoted=()
            )
        )
    )
    assert row["error/attributions/boundary.gold"] == 1


def test_merged_and_split_contents():
    text = "He said the rain fell and the town burned."
    two = article(text, attributions=[said("a1", [(8, 21)]), said("a2", [(26, 41)])])
    one = article(text, attributions=[said("a1", [(8, 41)])])
    assert counts(one, two)["error/attribution flags/merged.gold"] == 1
    assert counts(two, one)["error/attribution flags/split.gold"] == 1
    nested = counts(GOLD)
    assert "error/attribution flags/merged.gold" not in nested


def test_the_report_shows_headlines_first_and_a_dash_for_null(result):
    shown = text(result)
    lines = shown.splitlines()
    assert "6 articles" in lines[0]
    assert lines[2].startswith("dateline score")
    assert f"{100 * result.value('dateline'):.1f}" in lines[2]
    assert shown.index("entities.strict") < shown.index("harms (less is better)")
    assert str(result) == shown
    only = score(
        [GOLD],
        [msgspec.structs.replace(change(GOLD, id="cc-0001"))],
        settings=Settings(replicates=40, tracks=("entities",)),
    )
    assert "events.tc" not in text(only, full=True)
    empty = score([article()], [article()], settings=FAST)
    assert "–" in text(empty).splitlines()[2]


def test_the_full_report_has_every_metric(result):
    shown = text(result, full=True)
    for name in METRICS:
        assert name in shown
    assert "entities  boundary" in shown


def test_bca_and_story_units_enter_the_signature():
    settings = Settings(replicates=60, ci="bca95", unit="story")
    found = score(gold_of(), half_right(), settings=settings)
    assert "|unit=story|ci=bca95|" in found.scores["dateline"]["signature"]
    assert found.headline["entities"]["ci"] is not None


def test_the_ceiling_averages_both_directions():
    a, b = (
        [GOLD],
        [
            record(
                v2=change(
                    V["v2"],
                    arguments=(change(V["v2"].arguments[0], target="m1"), V["v2"].arguments[1]),
                ),
                m6=change(M["m6"], entity="e9"),
            )
        ],
    )
    found = agreement_score(a, b)
    forth, back = counts(b[0], a[0]), counts(a[0], b[0])
    name = "events.ac+.entity"
    one, two = (
        2 * r[f"{name}.tp"] / (r[f"{name}.gold"] + r[f"{name}.pred"]) for r in (forth, back)
    )
    assert one == 1
    assert two < 1
    assert found.scores[name] == pytest.approx((one + two) / 2, abs=1e-6)
    assert found.scores == agreement_score(b, a).scores
    assert found.types["names"] == {"DATE": 1, "GPE": 1, "ORG.ngo": 1}


def test_gate_figures():
    worse = record(m2=change(M["m2"], type="LOC"), a3=change(A["a3"], act="claim"))
    found = figures([GOLD], [worse])
    assert {*GATES} <= {*found}
    assert found["names"] == pytest.approx(2 * 4 / (5 + 5))
    assert found["triggers"] == found["arguments"] == found["attributions"] == 1
    assert found["realis kappa"] == 1
    # acts: gold say x 3; the other say, say, claim. po = 2/3, pe = (3*2 + 0*1)/9
    assert found["act kappa"] == pytest.approx((2 / 3 - 6 / 9) / (1 - 6 / 9))
    with pytest.raises(InputError, match="same articles"):
        figures([GOLD], [change(GOLD, id="lv-0002")])
    with pytest.raises(IncidentsError):
        figures([GOLD], [record(a2=change(A["a2"], sources=("m77",)))])
    with pytest.raises(IncidentsError):
        figures([record(a2=change(A["a2"], sources=("m77",)))], [GOLD])


def test_merging_shards_refuses_a_repeated_article():
    one, two = Table(), Table()
    one.add(Tags(id="a"), {"x": 1})
    two.add(Tags(id="a"), {"x": 2})
    with pytest.raises(InputError, match="two shards"):
        merge([one, two])


def test_degenerate_systems_predict_valid_records():
    known = Knowledge.of([GOLD])
    predictions = {name: SYSTEMS[name](GOLD, known) for name in SYSTEMS}
    assert {*predictions} == {
        *("empty", "capitals", "lexicon-outlet", "quote-nearest", "according-to"),
        *("paragraph-dump", "one-voice"),
    }
    scores = {n: score([GOLD], [p], settings=FAST) for n, p in predictions.items()}
    assert scores["empty"].value("dateline") == 0
    assert scores["lexicon-outlet"].value("events.tc") == 1
    assert scores["quote-nearest"].scores["attributions.content"]["tp"] == 1
    assert scores["paragraph-dump"].value("attributions") == 0
    assert scores["one-voice"].value("attributions") == 0
    for found in scores.values():
        assert not {i["code"] for i in found.incidents} - {"empty-submission", "span-edge"}


def test_according_to():
    story = article("Two men died, according to the Relief Watch, on Sunday. Talks ended.")
    found = SYSTEMS["according-to"](story, Knowledge.of([GOLD]))
    (one,) = found.attributions
    assert story.text[one.content[0].start : one.content[0].end].startswith("Two men died")
    (source,) = [m for m in found.mentions if m.id == one.sources[0]]
    assert story.text[source.start : source.end] == "Relief Watch"


def test_degenerate_rows_of_a_split(tmp_path):
    from dateline.corpus.schema import encode_lines

    corpus = Corpus(tmp_path)
    for split in ("train", "test"):
        path = corpus.records_path(split)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(encode_lines([GOLD])))
    rows = table(corpus, "test")
    assert {*rows} == {*SYSTEMS}
    assert all({*row} == {*headlines()} for row in rows.values())
    assert table(Corpus(tmp_path / "none"), "test") == {}
    assert TEXT


def test_events_in_one_voice_need_the_attribution():
    lone = event("v1", 7, 13, "Talks")
    assert counts(article(events=[lone]), article(events=[lone]))["claims.outlet.tp"] == 1
