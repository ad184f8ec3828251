"""Zones: layouts as websites give them, and the real article."""

from dateline.corpus.ingest import read_raw
from dateline.corpus.text import sentences
from dateline.corpus.zones import zones

STORY = """Rebels take Kelm
Army says it has withdrawn "in good order"
By Lena Orvik in Tolm
4 May 2028, 16:40
TOLM (MNA) — Rebels took Kelm on Sunday. The army left.
Why Kelm matters
The town lies on the road to Tolm, which is the only one open in winter, traders say.
Fighters in Kelm, May 3, 2028. (Photo by Osk Brandt / MNA) / CORRECTION: The place was wrong. We regret the error.Smoke over Kelm on Sunday. (Photo by Osk Brandt / MNA)
Fighters in Kelm, May 3, 2028. (Photo by Osk Brandt / MNA)
(Reporting by Lena Orvik)
"""  # noqa: E501


def shown(text):
    return [(z.kind, text[z.start : z.end]) for z in zones(text)]


def test_a_web_story():
    found = shown(STORY)
    assert [kind for kind, _ in found] == [
        "headline", "headline", "byline", "dateline", "dateline", "body", "subheading", "body",
        "caption", "credit", "notice", "caption", "credit", "notice", "credit", "byline",
    ]  # fmt: skip
    assert ("dateline", "TOLM (MNA) —") in found
    assert ("notice", "/ CORRECTION: The place was wrong. We regret the error.") in found
    assert ("caption", "Smoke over Kelm on Sunday.") in found
    assert ("notice", "Fighters in Kelm, May 3, 2028.") in found


def test_a_credit_glued_to_what_follows_ends_there():
    line = "Smoke over Kelm. Picture: Canal MarTOLM, SARN: Men. © Nova TV / Pavel OrskRebels won."
    found = shown(f"Headline\nBy Lena Orvik\n{line}\n")
    assert ("credit", "Picture: Canal Mar") in found
    assert ("credit", "© Nova TV / Pavel Orsk") in found
    assert ("caption", "Rebels won.") in found


def test_the_real_article(real_data):
    text = read_raw(real_data / "articles" / "syria-2024-12-07.txt")
    found = shown(text)
    kinds = [kind for kind, _ in found]
    assert "".join("".join(s.split()) for _, s in found) == "".join(text.split())
    assert kinds[:4] == ["caption", "credit", "byline", "dateline"]
    assert kinds.count("subheading") == 3
    # three repeats word for word (two captions, one background passage) and the agency's notice
    assert kinds.count("notice") == 3
    captions = [s for kind, s in found if kind == "caption"]
    assert any(s.startswith("A Syrian anti government fighter") for s in captions)
    assert any(s.startswith("An aerial picture shows") for s in captions)
    ends = [s.of(text)[-12:] for s in sentences(text, zones(text))]
    assert any(end.endswith("Damascus.”.") for end in ends)
    assert not any(end.endswith(("Nov.", "(12.")) for end in ends)
