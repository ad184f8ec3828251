"""Words as bit sets, and the derivation of claims."""

import re
import sys
import unicodedata

import pytest
from dateline.corpus.claims import OUTLET, Nesting, claims, voices
from dateline.corpus.schema import Argument, Article, Attribution, Event, Mention, Span, Zone
from dateline.corpus.words import WORD, Words, dice, points
from msgspec.structs import replace

TEXT = (
    "Rebels seize Dressa\n"
    "The Arvenian Relief Watch (ARW) said, citing residents, that rebels had seized the town of "
    "Dressa on Sunday.\n"
    "The army denied shelling Kelm. Talks ended."
)


def span(surface: str, nth: int = 0) -> Span:
    at = [m.start() for m in re.finditer(re.escape(surface), TEXT)][nth]
    return Span(start=at, end=at + len(surface))


def mention(id: str, surface: str, type: str, level: str, entity: str | None, nth: int = 0):
    s = span(surface, nth)
    return Mention(id=id, start=s.start, end=s.end, type=type, level=level, entity=entity)


def event(id: str, surface: str, type: str, *arguments: tuple[str, str], nth: int = 0):
    s = span(surface, nth)
    pairs = tuple(Argument(role=r, target=t) for r, t in arguments)
    return Event(id=id, start=s.start, end=s.end, type=type, arguments=pairs)


ARTICLE = Article(
    id="lv-0001",
    text=TEXT,
    zones=(
        Zone(start=0, end=19, kind="headline"),
        Zone(start=20, end=len(TEXT), kind="body"),
    ),
    mentions=(
        mention("m1", "Arvenian Relief Watch", "ORG.ngo", "name", "e1"),
        mention("m2", "ARW", "ORG.ngo", "name", "e1"),
        mention("m3", "residents", "PER", "nominal", "e2"),
        mention("m4", "rebels", "ORG.armed", "nominal", "e3"),
        mention("m5", "Dressa", "GPE", "name", "e4", nth=1),
        mention("m6", "Sunday", "DATE", "name", "e5"),
        mention("m7", "army", "ORG.mil", "nominal", None),
        mention("m8", "Kelm", "GPE", "name", None),
    ),
    events=(
        event("v1", "seize", "TerritoryChange"),
        event("v2", "seized", "TerritoryChange", ("Agent", "m4"), ("Place", "m5"), ("Time", "m6")),
        event("v3", "shelling", "Shelling", ("Agent", "m7"), ("Place", "m8")),
        event("v4", "ended", "Agreement", ("Issue", "v3")),
    ),
    attributions=(
        Attribution(
            id="a1",
            sources=("m2",),
            cue=(span("said"),),
            content=(span("rebels had seized the town of Dressa on Sunday"),),
        ),
        Attribution(
            id="a2",
            sources=("m3",),
            cue=(span("citing"),),
            content=(span("rebels had seized the town of Dressa on Sunday"),),
            parent="a1",
        ),
        Attribution(
            id="a3",
            sources=("m7",),
            cue=(span("denied"),),
            content=(span("shelling Kelm"),),
            act="deny",
        ),
    ),
)


def test_voices_are_innermost_first_with_their_stance():
    found = voices(ARTICLE)
    assert found["v1"] == [OUTLET]
    assert [(v.source, v.stance) for v in found["v2"]] == [("m3", "asserts"), ("m2", "relays")]
    assert [(v.source, v.stance) for v in found["v3"]] == [("m7", "denies")]
    assert found["v4"] == [OUTLET]
    assert OUTLET.kind == "outlet"


def test_a_sourceless_attribution_is_an_unspecified_voice():
    one = replace(ARTICLE.attributions[2], sources=())
    article = replace(ARTICLE, attributions=(one,))
    (voice,) = voices(article)["v3"]
    assert (voice.kind, voice.stance) == ("unspecified", "denies")
    row = next(r for r in claims(article) if r.trigger == "shelling")
    assert (row.source, row.source_kind) == ("", "unspecified")


def test_rows():
    rows = claims(ARTICLE)
    assert [(r.trigger, r.source_kind, r.stance) for r in rows] == [
        ("seize", "outlet", "asserts"),
        ("seized", "unnamed", "asserts"),
        ("seized", "named", "relays"),
        ("shelling", "unnamed", "denies"),
        ("ended", "outlet", "asserts"),
    ]
    told = rows[2]
    assert told.source == "Arvenian Relief Watch"  # the fullest name of "ARW"
    assert (told.who, told.whom, told.where, told.when) == ("rebels", "", "Dressa", "Sunday")
    assert told.cue == "said"
    assert told.sentence.startswith("The Arvenian Relief Watch")
    assert told.sentence.endswith("Sunday.")
    assert TEXT[told.start : told.end] == "seized"
    assert rows[0].sentence == "Rebels seize Dressa"


def test_where_falls_back_to_destination_and_origin():
    moved = event("v9", "ended", "ForceMovement", ("Origin", "m8"), ("Destination", "m5"))
    rows = claims(replace(ARTICLE, events=(moved,)))
    assert rows[0].where == "Dressa"
    rows = claims(replace(ARTICLE, events=(replace(moved, arguments=moved.arguments[:1]),)))
    assert rows[0].where == "Kelm"


def test_several_fillers_are_joined_in_text_order_each_entity_once():
    many = event(
        "v9",
        "ended",
        "ArmedClash",
        ("Agent", "m7"),
        ("Agent", "m2"),
        ("Agent", "m1"),
        ("Patient", "v3"),
    )
    (row,) = claims(replace(ARTICLE, events=(many, ARTICLE.events[2])))[1:]
    assert row.who == "Arvenian Relief Watch; army"
    assert row.whom == "shelling"


def test_one_row_per_entity_and_stance():
    twice = replace(ARTICLE.attributions[0], sources=("m1", "m2"))
    rows = [r for r in claims(replace(ARTICLE, attributions=(twice,))) if r.trigger == "seized"]
    assert len(rows) == 1


def test_articles_without_layers_have_no_claims():
    assert claims(Article(id="x-1", text="Nothing.")) == []


def test_order_of_the_record_does_not_matter():
    mixed = replace(
        ARTICLE,
        events=ARTICLE.events[::-1],
        attributions=ARTICLE.attributions[::-1],
        mentions=ARTICLE.mentions[::-1],
    )
    assert claims(mixed) == claims(ARTICLE)


def test_nesting_survives_a_cycle():
    nesting = Nesting([0b111, 0b111, 0b11], [1, 0, None])
    assert [nesting.depth(i) for i in range(3)] == [1, 1, 0]
    assert nesting.holding(0b1) == [(0, True), (1, True), (2, False)]


def test_innermost_is_deepest_then_shortest_then_first():
    nesting = Nesting([0b1111, 0b0111, 0b0011, 0b0011], [None, 0, None, None])
    assert nesting.order == [1, 2, 3, 0]


# words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain words, here",
        "a.b c-d e--f 'g' h's i’s -j k- .",
        "Zürich naïve İstanbul ½ ² x² 3rd 一二 ﬁ",
        "e\u0301 combining, \u200d joiner, \U0001d400\U0001f600 astral \ud800",
        "_under_score_",
    ],
)
def test_bit_sets_agree_with_the_categories_and_the_expression(text):
    words = Words(text)
    expected = sum(1 << i for i, c in enumerate(text) if unicodedata.category(c)[0] in "LN")
    assert words.points == expected
    found = [m.span() for m in WORD.finditer(text)]
    assert words.starts == sum(1 << s for s, _ in found)
    assert words.runs == sum((1 << e) - (1 << s) for s, e in found)


def test_alphanumeric_is_letter_or_number_for_all_code_points():
    for point in range(sys.maxunicode + 1):
        c = chr(point)
        assert c.isalnum() == (unicodedata.category(c)[0] in "LN")


def test_quotes_spaces_and_fragments_do_not_count():
    words = Words("“We will,” he said")
    whole, pieces = (Span(start=0, end=10),), (Span(start=1, end=3), Span(start=4, end=9))
    assert words.of(whole) == words.of(pieces)


def test_a_cue_without_words_is_its_characters():
    words = Words("Vek: go — now")
    assert words.of_cue((Span(start=3, end=5),)) == 1 << 3
    assert words.of_cue((Span(start=0, end=4),)) == 0b111
    assert words.of_cue(()) == 0
    assert words.of((Span(start=3, end=4),)) == 0


def test_dice_in_millionths_rounded_down():
    assert dice(0b111, 0b110) == 2_000_000 * 2 // 5
    assert dice(0b1, 0b111110) == 0
    assert dice(0, 0) == 1_000_000


def test_points_and_cuts():
    assert points([Span(start=1, end=3), Span(start=2, end=4)]) == 0b1110
    words = Words("ab-cd e")
    assert [i for i in range(8) if words.cut(i)] == [1, 4]
