"""What every baseline must do, whatever its method."""

import pickle
import random
import re
import tomllib
from pathlib import Path

import pytest
from dateline.baselines import registered
from dateline.baselines.base import Baseline, blind
from dateline.corpus.schema import ABSENT, LAYERS, Article, Zone, encode
from dateline.corpus.validate import validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

ROOT = Path(__file__).parents[2]
ODD = {
    "empty": "",
    "blank": " \n\n ",
    "one word": "Rebels",
    "no event": "The weather in Ardun was mild.\nGardens were green.\n",
    "arabic": "قالت الحكومة إن القوات سيطرت على المدينة يوم الجمعة.\n“سنعود”، قال القائد.\n",
    "emoji": "Rebels captured 🏙️ Ardun 🎉 on Friday 👨‍👩‍👧, Mara Voss said 😀.\n",
    "open quote": "“We will fight on, Mara Voss said.\nShe left. ”Done“ was «the word.\n",
    "marks": "... -- ”’ ( ) [ ] : ; ??!\n",
    "glued": "Ardun fell.(Photo by Oda Kern / Crane Watch)Rebels captured Belka on Friday.\n",
    "colon": "Mara Voss: rebels shelled Ardun\nBy Oda Kern\nARDUN, Friday – Rebels said so.\n",
    "long line": "Rebels captured Ardun and " * 300 + "left.\n",
}


def errors(article):
    return [i for i in validate(article) if i.level == "error"]


def names_of(article):
    return {(m.start, m.end, m.type) for m in article.mentions if m.level == "name"}


def test_each_keeps_the_protocol(trained):
    baseline: Baseline = trained
    assert baseline.name in registered
    assert set(baseline.layers) <= set(LAYERS)
    assert type(baseline).__doc__


def test_it_learns_what_it_is_shown(trained, unseen):
    hits = gold = found = 0
    for wanted, got in zip(unseen, trained.predict(unseen), strict=True):
        a = {(e.start, e.end, e.type) for e in wanted.events}
        b = {(e.start, e.end, e.type) for e in got.events}
        hits, gold, found = hits + len(a & b), gold + len(a), found + len(b)
        assert len(names_of(wanted) & names_of(got)) >= 0.6 * len(names_of(wanted))
    assert 2 * hits / (gold + found) > 0.8


def test_attributions_and_arguments_are_found(trained, unseen):
    predictions = list(trained.predict(unseen))
    assert any(a.sources for p in predictions for a in p.attributions)
    assert any(a.act == "deny" for p in predictions for a in p.attributions)
    roles = {a.role for p in predictions for e in p.events for a in e.arguments}
    assert {"Agent", "Place"} <= roles


def test_a_prediction_is_a_valid_record(trained, unseen, world):
    for article in trained.predict([*unseen, *world]):
        assert errors(article) == []
        assert article.layers == LAYERS


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_texts(trained, text):
    (found,) = trained.predict([Article(id="xx-1", text=text)])
    assert errors(found) == []
    assert found.layers == LAYERS
    assert found.text == text


WORDS = st.sampled_from(
    "rebels captured Ardun on Friday , said Mara Voss . “ ” the army denied shelling Belka "
    "that according to : ( ) two men were killed will not meet \n ’s “We Watch ? – told".split(" ")
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.lists(WORDS, max_size=60))
def test_any_sequence_of_words_gives_a_valid_record(trained, words):
    (found,) = trained.predict([Article(id="xx-1", text=" ".join(words))])
    assert errors(found) == []


def test_real_news_gives_valid_records(trained, real_data):
    for path in sorted((real_data / "articles").glob("*.txt")):
        (found,) = trained.predict([Article(id="real-1", text=path.read_text("utf-8"))])
        assert errors(found) == []
        assert found.events


def test_gold_never_reaches_a_prediction(trained, unseen):
    """The same text with other gold, other zones, other incidents: the same bytes."""
    for article in unseen:
        spoilt = replace(
            article,
            zones=(Zone(start=0, end=len(article.text), kind="notice"),),
            mentions=article.mentions[:1],
            events=(),
            attributions=ABSENT,
        )
        first, second = trained.predict([article, spoilt])
        assert encode(first) == encode(second)


def test_predict_streams(trained):
    def endless():
        number = 0
        while True:
            number += 1
            yield Article(id=f"xx-{number}", text="Rebels captured Ardun.")

    assert next(trained.predict(endless())).id == "xx-1"


def test_train_twice_in_any_order_and_get_the_same_bytes(trained, world, tmp_path):
    again = registered[trained.name]()
    shuffled = list(world)
    random.Random(7).shuffle(shuffled)
    again.train(shuffled, [])
    for number, baseline in enumerate((trained, again)):
        (tmp_path / str(number)).mkdir()
        baseline.save(tmp_path / str(number))
    files = sorted(p.name for p in (tmp_path / "0").iterdir())
    assert files == sorted(p.name for p in (tmp_path / "1").iterdir())
    for name in files:
        assert (tmp_path / "0" / name).read_bytes() == (tmp_path / "1" / name).read_bytes(), name


def test_save_and_load_without_unpickling(trained, unseen, tmp_path, monkeypatch):
    trained.save(tmp_path)

    def refuse(*args, **kwargs):
        raise AssertionError("a model was unpickled")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    loaded = registered[trained.name]()
    loaded.load(tmp_path)
    assert [encode(a) for a in loaded.predict(unseen)] == [
        encode(a) for a in trained.predict(unseen)
    ]


def test_foreign_labels_are_learned_as_they_are(trained, world, unseen):
    """A foreign corpus brings types and roles that the ontology does not have."""

    def foreign(article):
        return replace(
            article,
            mentions=tuple(replace(m, type=f"x-{m.type}") for m in article.mentions),
            events=tuple(
                replace(
                    e,
                    type=f"X.{e.type}",
                    arguments=tuple(replace(a, role=f"x{a.role}") for a in e.arguments),
                )
                for e in article.events
            ),
        )

    baseline = registered[trained.name]()
    baseline.train([foreign(a) for a in world], [])
    found = list(baseline.predict(unseen))
    types = {e.type for a in found for e in a.events}
    assert types and all(t.startswith("X.") for t in types - {"PoliticalStance"})
    assert any(a.role == "xAgent" for p in found for e in p.events for a in e.arguments)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_may_be_missing_from_the_training_records(trained, world, unseen, layer):
    baseline = registered[trained.name]()
    kept = "mentions" if layer != "mentions" else "none"
    records = [replace(a, **{n: ABSENT for n in LAYERS if n not in (layer, kept)}) for a in world]
    if layer != "mentions":  # what the layer refers to has to be there
        baseline.train(records, [])
        assert all(errors(a) == [] for a in baseline.predict(unseen))
    else:
        baseline.train(records, [])
        assert any(names_of(a) for a in baseline.predict(unseen))


def test_blind_leaves_text_and_metadata_only(world):
    article = world[0]
    seen = blind(replace(article, zones=()))
    assert (seen.id, seen.text) == (article.id, article.text)
    assert seen.layers == ()
    assert seen.zones == blind(article).zones
    assert seen.meta == replace(article.meta, incidents=())


def test_no_name_of_the_corpus_stands_in_the_code():
    """Whatever the bibles name may be learned from train, never written into a rule."""
    names = set()
    for path in sorted((ROOT / "corpus" / "articles").glob("*/bible.toml")):
        names |= set(values_of_name(tomllib.loads(path.read_text("utf-8"))))
    distinctive = {n for n in names if len(n) > 3 and n[0].isupper() and n.lower() != n}
    source = {p: p.read_text("utf-8") for p in (ROOT / "baselines").rglob("*.py")}
    for path, text in source.items():
        for name in distinctive:
            assert not re.search(rf"\b{re.escape(name)}\b", text), f"{path.name} names {name!r}"


def values_of_name(item):
    """Every string under a key `name`, at any depth."""
    if isinstance(item, dict):
        for key, value in item.items():
            if key == "name" and isinstance(value, str):
                yield value
            else:
                yield from values_of_name(value)
    elif isinstance(item, list):
        for value in item:
            yield from values_of_name(value)
