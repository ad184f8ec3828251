"""The parts: word forms, quotations, spans, links, incidents, thresholds."""

import json

import pytest
from dateline.baselines.attributions import last_speaker, quoted, with_parents
from dateline.baselines.base import blind
from dateline.baselines.content import window
from dateline.baselines.coref import entities, incidents
from dateline.baselines.finish import acyclic, without_cue_triggers
from dateline.baselines.licenses import Licenses
from dateline.baselines.linear import Linear
from dateline.baselines.models import Choice, Crf
from dateline.baselines.morphology import closed_class, cue_seeds, lemma, shape, trigger_seeds
from dateline.baselines.pairs import chain_head, governor, scenes, voice
from dateline.baselines.tagging import bio, decode, spans
from dateline.baselines.tuning import attributions, knobs, triggers
from dateline.baselines.view import quotations, view
from dateline.corpus.ontology import ontology
from dateline.corpus.schema import Argument, Article, Attribution, Event, Mention, Span


def seen(text):
    return view(blind(Article(id="xx-1", text=text)))


def mention(text, surface, kind="PER", level="name", n=0, id_=None):
    start = -1
    for _ in range(n + 1):
        start = text.index(surface, start + 1)
    name = id_ or f"m{start}"
    return Mention(id=name, start=start, end=start + len(surface), type=kind, level=level)


def event(text, surface, kind="Talks", id_="v1", arguments=()):
    start = text.index(surface)
    return Event(
        id=id_, start=start, end=start + len(surface), type=kind, arguments=tuple(arguments)
    )


def span(text, surface):
    start = text.index(surface)
    return Span(start=start, end=start + len(surface))


@pytest.mark.parametrize(
    "forms",
    [
        "say says said saying",
        "seize seizes seized seizing",
        "kill kills killed killing",
        "shell shells shelled shelling",
        "strike struck striking strikes",
        "flee fled fleeing flees",
        "deny denied denies denying",
        "hit hits hitting",
        "withdraw withdrew withdrawn withdrawing",
        "clash clashes clashed",
        "city cities",
    ],
)
def test_one_word_one_lemma(forms):
    assert len({lemma(form) for form in forms.split()}) == 1


def test_different_words_stay_different():
    words = "kill kilo shell she deal die bomb battle ban war was".split()
    assert len({lemma(w) for w in words}) == len(words)


def test_shapes_and_classes():
    assert shape("Ardun-3") == "Xxx-d"
    assert [closed_class(w) for w in "the her will not Friday 12 Ardun said ,".split()] == [
        "art", "poss-pron", "modal", "neg", "day", "num", "cap", "", "punct",
    ]  # fmt: skip


def test_seeds_come_from_the_ontology():
    kinds = {kind for kinds in trigger_seeds().values() for kind in kinds}
    assert kinds == set(ontology().events)
    assert set(cue_seeds().values()) == set(ontology().acts)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“We left,” he said. “Now.”", ["We left,", "Now."]),
        ('"We left," he said.', ["We left,"]),
        ("''We left,'' he said.", ["We left,"]),
        ("She said ‘we left’ and it’s true.", ["we left"]),
        ("“They’re the rebels’ own ‘friends’,” he said.", ["They’re the rebels’ own ‘friends’,"]),
        ("“We left\nthe town,” he said.", ["We left"]),
        ("«Nous partons», he said.", ["Nous partons"]),
        ("No marks, the rebels' town's end", []),
        ("”", []),
    ],
)
def test_quotations(text, found):
    assert [q.of(text) for q in quotations(text)] == found


def test_trim_keeps_abbreviations_brackets_and_per_cent():
    v = seen("“[He] left on 4 Jan.” said (he) 40%.")
    assert v.span(*v.trim(0, 9)).of(v.text) == "[He] left on 4 Jan."
    assert v.trim(0, 1) == (1, 1)
    last = len(v.words)
    assert v.span(*v.trim(last - 2, last)).of(v.text) == "40%"


def test_bio_and_back():
    v = seen("Mara Voss met Oda Kern in Ardun.")
    text = v.text
    labels = bio(
        v, v.sentences[0], [(0, 9, "PER"), (14, 22, "PER"), (26, 31, "GPE"), (28, 31, "X")]
    )
    assert labels == ["B-PER", "I-PER", "O", "B-PER", "I-PER", "O", "B-GPE", "O"]
    assert [v.span(a, b).of(text) for a, b, _ in spans(labels, 0)] == [
        "Mara Voss", "Oda Kern", "Ardun",
    ]  # fmt: skip


def test_decode_takes_what_passes_the_threshold():
    rows = [{"O": 0.6, "B-A": 0.3, "B-B": 0.1}, {"O": 0.2, "I-A": 0.3, "I-B": 0.5}, {"O": 1.0}]
    assert [t[:3] for t in decode(rows, 5, 0.5)] == [(6, 7, "B")]
    assert [t[:3] for t in decode(rows, 5, 0.3)] == [(5, 7, "A")]


def test_voice_governor_and_coordination():
    text = "Belka and Corvin were shelled by troops after talks in the old town."
    v = seen(text)
    sentence = v.sentences[0]
    names = [mention(text, n, "GPE") for n in ("Belka", "Corvin")]
    scene = scenes(v, names, [])[0]
    assert chain_head(scene, scene.mentions[1]).first == scene.mentions[0].first
    assert voice(v, sentence, 4, 5) == "passive"
    assert voice(v, sentence, 8, 9) == "noun"
    assert governor(v, sentence, v.words.index("town")) == "in"


def test_the_window_of_a_cue_follows_quotations():
    text = "He came. “Will they go? They must,” she asked. It rained."
    v = seen(text)
    found = window(v, [span(text, "asked")])
    assert v.span(found.start, found.stop).of(text).startswith("“Will")
    assert v.span(found.start, found.stop).of(text).endswith("asked.")
    text = "It rained. “Will they?” Mara Voss asked."
    v = seen(text)
    found = window(v, [span(text, "asked")])
    assert v.words[found.start] == "“"


def test_people_acronyms_and_pronouns_are_linked():
    text = "Mara Voss of the Crane Relief Watch (CRW) spoke. She left. Voss told CRW."
    v = seen(text)
    mentions = [
        mention(text, "Mara Voss"),
        mention(text, "Crane Relief Watch", "ORG.ngo"),
        mention(text, "CRW", "ORG.ngo"),
        mention(text, "She", "PER", "pronoun"),
        mention(text, "Voss", n=1),
        mention(text, "CRW", "ORG.ngo", n=1),
    ]
    found = list(entities(v, mentions).values())
    assert found == ["e1", "e2", "e2", "e1", "e1", "e2"]


def test_incidents_split_at_other_places():
    text = "Shelling hit Belka. Shelling hit Corvin. The shelling went on."
    v = seen(text)
    places = [mention(text, "Belka", "GPE"), mention(text, "Corvin", "GPE")]
    events = [
        Event(
            id="v1",
            start=0,
            end=8,
            type="Shelling",
            arguments=(Argument(role="Place", target=places[0].id),),
        ),
        Event(
            id="v2",
            start=20,
            end=28,
            type="Shelling",
            arguments=(Argument(role="Place", target=places[1].id),),
        ),
        Event(id="v3", start=45, end=53, type="Shelling"),
        Event(id="v4", start=54, end=58, type="Talks"),
    ]
    found = incidents(v, events, places)
    assert found["v1"] != found["v2"]
    assert found["v3"] in (found["v1"], found["v2"])
    assert found["v4"] not in (found["v1"], found["v2"])


def test_parents_enclose_and_never_cycle():
    text = "A said B had claimed that C fell."
    outer = Attribution(
        id="a1", cue=(span(text, "said"),), content=(span(text, "B had claimed that C fell"),)
    )
    inner = Attribution(id="a2", cue=(span(text, "claimed"),), content=(span(text, "C fell"),))
    twin = Attribution(id="a3", cue=(span(text, "A"),), content=(span(text, "C fell"),))
    assert [a.parent for a in with_parents([outer, inner, twin])] == [None, "a1", "a2"]


def test_quoted_parts_stay_inside_the_content():
    text = "She said the town was “lost, for now” to them."
    v = seen(text)
    content = [span(text, "the town was “lost, for now” to them")]
    assert [s.of(text) for s in quoted(v, content)] == ["lost, for now"]


def test_the_last_speaker_speaks_on():
    text = "“One,” Mara said. Ilan said two. “Three four.”"
    mentions = [mention(text, "Mara"), mention(text, "Ilan")]
    found = [
        Attribution(
            id="a1",
            cue=(span(text, "said"),),
            content=(span(text, "One"),),
            sources=(mentions[0].id,),
        ),
        Attribution(
            id="a2",
            cue=(Span(start=23, end=27),),
            content=(span(text, "two"),),
            sources=(mentions[1].id,),
        ),
    ]
    assert last_speaker(found, span(text, "Three four."), mentions) == (mentions[1].id,)
    assert last_speaker([], span(text, "Three four."), mentions) == ()


def test_repairs():
    text = "They said talks ended."
    events = [event(text, "said", "Talks"), event(text, "talks", "Talks", "v2")]
    said = Attribution(id="a1", cue=(span(text, "said"),), content=(span(text, "talks ended"),))
    assert [e.id for e in without_cue_triggers(events, [said])] == ["v2"]
    loop = [
        event(text, "said", "Demand", "v1", [Argument(role="Issue", target="v2")]),
        event(text, "talks", "Demand", "v2", [Argument(role="Issue", target="v1")]),
    ]
    assert [len(e.arguments) for e in acyclic(loop)] == [1, 0]


def test_licences_are_the_ontology_and_what_was_seen(world):
    licenses = Licenses()
    licenses.train(world)
    assert licenses.fills("Talks", "Agent", "PER")
    assert not licenses.fills("Talks", "Agent", "WEA")
    assert not licenses.fills("Talks", "Victim", "PER")
    assert licenses.takes_event("Casualties", "Issue")
    assert licenses.cap("Shelling", "Agent") == 1


def test_learners_without_examples_answer_with_nothing():
    crf, choice = Crf(), Choice()
    crf.train([])
    choice.train([])
    assert crf.marginals([["a"]]) == [{}]
    assert choice.probabilities([["a"]]) == [{}]


def test_a_single_label_is_a_constant(tmp_path):
    choice = Choice()
    choice.train([(["a"], "x")])
    choice.save(tmp_path / "choice.zip")
    loaded = Choice()
    loaded.load(tmp_path / "choice.zip")
    assert loaded.probabilities([["b"]]) == [{"x": 1.0}]


def test_dev_records_set_thresholds_that_are_kept(world, tmp_path):
    model = Linear()
    model.train(world[:8], [])
    defaults = {k.name: getattr(k.owner, k.field) for k in knobs(model)}
    for knob in knobs(model):
        setattr(knob.owner, knob.field, knob.values[-1])
    model.save(tmp_path)
    loaded = Linear()
    loaded.load(tmp_path)
    kept = {k.name: getattr(k.owner, k.field) for k in knobs(loaded)}
    assert kept == {k.name: k.values[-1] for k in knobs(model)}
    assert json.loads((tmp_path / "thresholds.json").read_text()) == kept
    assert set(kept) == set(defaults)


def test_tuning_never_makes_dev_worse(world):
    plain, tuned = Linear(), Linear()
    dev = world[12:]
    plain.train(world[:8], [])
    tuned.train(world[:8], dev)

    def score(model, count):
        rows = [count(g, f) for g, f in zip(dev, model.predict(dev), strict=True)]
        return 2 * sum(r[0] for r in rows) / sum(r[1] + r[2] for r in rows)

    assert score(tuned, triggers) >= score(plain, triggers)
    assert score(tuned, attributions) > 0


def test_gold_scores_itself_perfectly(world):
    for article in world:
        right, gold, found = attributions(article, article)
        assert right == gold == found == len(article.attributions)
