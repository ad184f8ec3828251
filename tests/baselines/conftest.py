"""A small invented world: articles with gold, made from templates, and trained baselines."""

import re

import pytest
from dateline.baselines import registered
from dateline.corpus.schema import Argument, Article, Attribution, Event, Mention, Span
from dateline.corpus.zones import zones

PLACES = ["Ardun", "Belka", "Corvin", "Dareth", "Elmora", "Farrow", "Gissal", "Hadra"]
PEOPLE = ["Mara Voss", "Ilan Trey", "Oda Kern", "Pell Amory", "Rusk Tavin", "Sela Brandt"]
BODIES = ["Crane Watch", "Lantern Relief", "Harbour Monitor", "Field Census"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

# [surface|type|level|key] a mention, {surface|type|role:key ...} a trigger,
# <...> content, ~surface|act|source key~ the cue of the content before or after it.
TEMPLATES = [
    "<[Rebels|ORG.armed|nominal|a] {captured|TerritoryChange|Agent:a Place:b Time:c} "
    "[$place|GPE|name|b] on [$day|DATE|name|c]>, the [$body|ORG.ngo|name|s] ~said|say|s~.",
    "[Troops|ORG.mil|nominal|a] {shelled|Shelling|Agent:a Place:b} [$place|GPE|name|b] "
    "on [$day|DATE|name|c].",
    "The [army|ORG.mil|nominal|s] ~denied|deny|s~ <{shelling|Shelling|Agent:s Place:b} "
    "[$place|GPE|name|b]>.",
    "“<We will not leave [$place|GPE|name|b]>,” [$person|PER|name|s] ~told|say|s~ reporters.",
    "[$person|PER|name|s] ~said|say|s~ <[two men|PER|nominal|v] were {killed|Casualties|Victim:v "
    "Place:b} in [$place|GPE|name|b]>.",
    "According to nobody in particular, the [$body|ORG.ngo|name|s] opened an office.",
    "[Fighters|ORG.armed|nominal|a] {advanced|ForceMovement|Agent:a Destination:b} towards "
    "[$place|GPE|name|b] on [$day|DATE|name|c].",
    "[Envoys|PER|nominal|a] may {meet|Talks|Agent:a Place:b|possible} in [$place|GPE|name|b].",
]
PIECE = re.compile(r"\[([^\]]+)\]|\{([^}]+)\}|~([^~]+)~|([<>])")


def build(number: int) -> Article:
    """The `number`-th article: a headline and five of the templates with other names."""
    lines = [f"News from the front, part {number}"]
    mentions, events, attributions = [], [], []
    at = len(lines[0]) + 1
    for n in range(5):
        template = TEMPLATES[(number + n * 3) % len(TEMPLATES)]
        for word, names in (("place", PLACES), ("person", PEOPLE), ("body", BODIES), ("day", DAYS)):
            template = template.replace(f"${word}", names[(number * 5 + n) % len(names)])
        text, keys, last, content, cue = "", {}, 0, [], None
        triggers = []
        for match in PIECE.finditer(template):
            text += template[last : match.start()]
            last = match.end()
            start = at + len(text)
            if match[1]:
                surface, kind, level, key = match[1].split("|")
                text += surface
                keys[key] = f"m{len(mentions)}"
                mentions.append(
                    Mention(id=keys[key], start=start, end=at + len(text), type=kind, level=level)
                )
            elif match[2]:
                surface, kind, roles, *realis = match[2].split("|")
                text += surface
                triggers.append((start, at + len(text), kind, roles.split(), *realis))
            elif match[3]:
                surface, act, source = match[3].split("|")
                text += surface
                cue = (Span(start=start, end=at + len(text)), act, source)
            else:
                content.append(start)
        text += template[last:]
        for start, end, kind, roles, *realis in triggers:
            arguments = (role.split(":") for role in roles)
            events.append(
                Event(
                    id=f"v{len(events)}",
                    start=start,
                    end=end,
                    type=kind,
                    realis=realis[0] if realis else "actual",
                    arguments=tuple(
                        Argument(role=role, target=keys[key]) for role, key in arguments
                    ),
                )
            )
        if cue:
            attributions.append(
                Attribution(
                    id=f"a{len(attributions)}",
                    sources=(keys[cue[2]],),
                    cue=(cue[0],),
                    content=(Span(start=content[0], end=content[1]),),
                    act=cue[1],
                )
            )
        lines.append(text)
        at += len(text) + 1
    text = "\n".join(lines) + "\n"
    used = {a.target for e in events for a in e.arguments}
    used |= {source for a in attributions for source in a.sources}
    return Article(
        id=f"xx-{number:04d}",
        text=text,
        zones=zones(text),
        mentions=tuple(m for m in mentions if m.level == "name" or m.id in used),
        events=tuple(events),
        attributions=tuple(attributions),
    )


@pytest.fixture(scope="session")
def world() -> list[Article]:
    """Sixteen articles with gold."""
    return [build(number) for number in range(16)]


@pytest.fixture(scope="session")
def unseen() -> list[Article]:
    """Four more, with gold."""
    return [build(number) for number in range(40, 44)]


@pytest.fixture(scope="session", params=list(registered))
def trained(request, world):
    """Each baseline, trained on the small world without dev records."""
    baseline = registered[request.param]()
    baseline.train(world, [])
    return baseline


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """No test reads or writes the user's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
