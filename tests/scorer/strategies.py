"""Random small records for property tests. All spans are valid, all ids resolve."""

from __future__ import annotations

from dateline.corpus.schema import Argument, Article, Attribution, Event, Mention, Span, Zone
from hypothesis import strategies as st

WORDS = "Rebels seized the town of Dressa on Sunday , officials in Kelm said . Talks ended at dawn"
TEXT = f"{WORDS} .\nThe army denied it : “ we shelled nothing ” , citing Vek - who fled"
SPANS = [
    (start, start + len(word))
    for start, word in zip(
        [sum(len(w) + 1 for w in TEXT.replace("\n", " ").split(" ")[:n]) for n in range(200)],
        TEXT.replace("\n", " ").split(" "),
        strict=False,
    )
]
TYPES = ["PER", "ORG.mil", "ORG.gov", "GPE"]
EVENTS = ["Talks", "AirStrike"]
REALIS = ["actual", "planned", "negated"]
ROLES = ["Agent", "Place", "Patient"]
ACTS = ["say", "deny", "unable-to-verify"]


@st.composite
def passages(draw: st.DrawFn, most: int = 6) -> tuple[int, int]:
    """A span from one word's start to another's end."""
    first = draw(st.integers(0, len(SPANS) - 1))
    last = min(first + draw(st.integers(0, most - 1)), len(SPANS) - 1)
    return SPANS[first][0], SPANS[last][1]


@st.composite
def mentions(draw: st.DrawFn, *, flat: bool) -> list[Mention]:
    """Up to seven mentions; with `flat` no two overlap."""
    out: list[Mention] = []
    used: set[int] = set()
    for n in range(draw(st.integers(0, 7))):
        start, end = draw(passages(3))
        if flat and used & set(range(start, end)):
            continue
        used |= set(range(start, end))
        out.append(
            Mention(
                id=f"m{n}",
                start=start,
                end=end,
                type=draw(st.sampled_from(TYPES)),
                level=draw(st.sampled_from(["name", "name", "nominal", "pronoun"])),
                entity=draw(st.sampled_from(["e1", "e2", "e3", None])),
            )
        )
    return out


@st.composite
def articles(draw: st.DrawFn, *, gold: bool = False, repeats: bool = True) -> Article:
    """A record over `TEXT`. Gold is as the scheme has it: flat names, nothing repeated."""
    people = draw(mentions(flat=gold))
    if not repeats:
        people = list({(m.start, m.end): m for m in people}.values())
    events: list[Event] = []
    for n in range(draw(st.integers(0, 4))):
        start, end = draw(passages(1))
        targets = [m.id for m in people] + [e.id for e in events]
        arguments = [
            Argument(role=draw(st.sampled_from(ROLES)), target=draw(st.sampled_from(targets)))
            for _ in range(draw(st.integers(0, 3)) if targets else 0)
        ]
        if gold or not repeats:
            where = {x.id: (x.start, x.end) for x in (*people, *events)}
            arguments = list({where[a.target]: a for a in arguments}.values())
        events.append(
            Event(
                id=f"v{n}",
                start=start,
                end=end,
                type=draw(st.sampled_from(EVENTS)),
                realis=draw(st.sampled_from(REALIS)),
                incident=draw(st.sampled_from(["i1", "i2", None])),
                arguments=tuple(arguments),
            )
        )
    if gold or not repeats:
        events = _first_per_trigger(events)
    said: list[Attribution] = []
    names = [m.id for m in people]
    for n in range(draw(st.integers(0, 4))):
        sources = draw(st.lists(st.sampled_from(names), max_size=2, unique=True)) if names else []
        content = tuple(
            Span(start=s, end=e) for s, e in draw(st.lists(passages(), min_size=1, max_size=2))
        )
        cue = draw(st.lists(passages(1), max_size=1))
        said.append(
            Attribution(
                id=f"a{n}",
                content=content,
                sources=tuple(sources),
                recipients=tuple(names[:1]) if draw(st.booleans()) else (),
                cue=tuple(Span(start=s, end=e) for s, e in cue),
                quoted=content[:1] if draw(st.booleans()) else (),
                act=draw(st.sampled_from(ACTS)),
                parent=draw(st.sampled_from([None, *(a.id for a in said)])),
            )
        )
    if gold or not repeats:
        said = _distinct(said)
    return Article(
        id="pp-0001",
        text=TEXT,
        zones=(Zone(start=0, end=88, kind="body"), Zone(start=89, end=len(TEXT), kind="caption")),
        mentions=tuple(people),
        events=tuple(events),
        attributions=tuple(said),
    )


def _first_per_trigger(events: list[Event]) -> list[Event]:
    kept = {(e.start, e.end): e for e in reversed(events)}
    ids = {e.id for e in kept.values()}
    dropped = {e.id for e in events} - ids
    return [
        Event(
            id=e.id,
            start=e.start,
            end=e.end,
            type=e.type,
            realis=e.realis,
            incident=e.incident,
            arguments=tuple(a for a in e.arguments if a.target not in dropped),
        )
        for e in events
        if e.id in ids
    ]


def _distinct(said: list[Attribution]) -> list[Attribution]:
    """Only attributions with words in their content, one per set of content spans."""
    kept = {frozenset((s.start, s.end) for s in a.content): a for a in reversed(said)}
    ids = {
        a.id
        for a in kept.values()
        if any(TEXT[s.start : s.end].strip(".,:“”- \n") for s in a.content)
    }
    return [
        Attribution(
            id=a.id,
            content=a.content,
            sources=a.sources,
            recipients=a.recipients,
            cue=a.cue,
            quoted=a.quoted,
            act=a.act,
            parent=a.parent if a.parent in ids else None,
        )
        for a in said
        if a.id in ids
    ]
