"""A seeded corpus of any size: articles like the real ones in length and density.

Each has 25 names, a few pronouns, 3 events with two or three arguments and 2
attributions over about 350 words. The submission is gold with mistakes of every
kind; its names do not overlap, so that tags can say them. Article n is the same
whatever the number of articles.
"""

import random
from bisect import bisect_right
from collections import Counter

from dateline.corpus.ontology import ontology
from dateline.corpus.schema import (
    Argument,
    Article,
    Attribution,
    Event,
    IncidentRef,
    Mention,
    Meta,
    Span,
    Zone,
    encode,
)

SEED = 20240607
NAMES, SENTENCES, WORDS = 25, 19, 15
EVENT_AT, SAID_AT = (2, 6, 12), (6, 12)
ROLES = ("Agent", "Patient", "Place", "Time", "Victim")
_syllables = [c + v for c in "bdfgklmnprstv" for v in "aeiou"]


def _vocabulary():
    draw = random.Random(SEED)
    words = [
        "".join(draw.choices(_syllables, k=draw.choice((1, 2, 2, 3, 3, 4)))) for _ in range(3000)
    ]
    types = [t for t, row in ontology().entities.items() if "name" in row.levels]
    names = []
    for n in range(500):
        surface = [draw.choice(words).capitalize() for _ in range(draw.choice((1, 1, 1, 2, 2, 3)))]
        names.append((" ".join(surface), types[n % len(types)], f"e{n}"))
    return words, names


VOCABULARY, NAMED = _vocabulary()
TYPES = sorted({kind for _, kind, _ in NAMED})
EVENTS, REALIS, ACTS = list(ontology().events), list(ontology().realis), list(ontology().acts)


def pair(number):
    """Gold and submission of article `number`."""
    draw = random.Random(f"{SEED}/{number}")
    gold, words = _gold(number, draw)
    return gold, _submission(gold, words, draw)


def write(folder, articles):
    """Writes gold.jsonl and pred.jsonl, and the same with names only."""
    files = {
        name: (folder / f"{name}.jsonl").open("wb")
        for name in ("gold", "pred", "gold-names", "pred-names")
    }
    for number in range(articles):
        gold, submission = pair(number)
        for name, record in (("gold", gold), ("pred", submission)):
            files[name].write(encode(record) + b"\n")
            files[f"{name}-names"].write(encode(names_only(record)) + b"\n")
    for file in files.values():
        file.close()


def names_only(record):
    names = tuple(m for m in record.mentions if m.level == "name")
    return Article(
        id=record.id, text=record.text, meta=record.meta, zones=record.zones, mentions=names
    )


class _Writer:
    """Text so far, and the offsets of its words."""

    def __init__(self):
        self.parts = []
        self.at = 0
        self.words = []

    def add(self, word, before=" "):
        """Appends a word, or several; returns their span."""
        if self.at and before:
            self.parts.append(before)
            self.at += len(before)
        start = self.at
        for n, piece in enumerate(word.split(" ")):
            self.at += n > 0
            if piece[0].isalnum():
                self.words.append((self.at, self.at + len(piece)))
            self.at += len(piece)
        self.parts.append(word)
        return start, self.at


def _gold(number, draw):
    out = _Writer()
    mentions, events, said = [], [], []
    unnamed = [draw.random() < 0.3 for _ in SAID_AT]  # sources that are pronouns
    per_sentence = Counter(draw.choices(range(SENTENCES), k=NAMES - unnamed.count(False)))
    headline = 0
    for n in range(SENTENCES):
        opens = "\n" if n in (1, 5, 9, 14) else " "
        here = []
        quoted = n == SAID_AT[1]
        begin = out.at + (len(opens) if out.at else 0)
        if quoted:
            out.add("“", opens)
        content_from = out.at if quoted else begin
        trigger = None
        pieces = [(w, None) for w in draw.choices(VOCABULARY, k=draw.randint(WORDS - 5, WORDS + 5))]
        for name in draw.choices(NAMED, k=per_sentence[n]):
            pieces.insert(draw.randint(0, len(pieces)), (name[0], name))
        for k, (word, name) in enumerate(pieces):
            span = out.add(word, "" if quoted and k == 0 else opens if k == 0 else " ")
            if name:
                here.append(_mention(mentions, span, name[1], name[2]))
            elif trigger is None and k >= len(pieces) // 2:
                trigger = span
        if n in EVENT_AT and trigger:
            events.append(_event(draw, len(events), trigger, here, mentions))
        content = Span(start=content_from, end=out.at)
        if n in SAID_AT:
            out.add("”" if quoted else ",", "")
            if unnamed[len(said)]:
                source = _mention(mentions, out.add("he"), "PER", "e0", "pronoun")
            else:
                name = draw.choice(NAMED)
                source = _mention(mentions, out.add(name[0]), name[1], name[2])
            start, end = out.add(draw.choice(("said", "told", "denied", "claimed")))
            said.append(
                Attribution(
                    id=f"a{len(said)}",
                    sources=(source.id,),
                    cue=(Span(start=start, end=end),),
                    content=(content,),
                    quoted=(content,) if quoted else (),
                    act=draw.choice(ACTS),
                )
            )
        out.add(".", "")
        headline = headline or out.at
    text = "".join(out.parts)
    theatre = f"t{number % 7}"
    article = Article(
        id=f"{theatre}-{number:06d}",
        text=text,
        meta=Meta(
            theatre=theatre,
            genre=("wire", "feature", "analysis")[number % 3],
            outlet="A Newspaper",
            published="2028-05-04",
            incidents=(IncidentRef(id=f"{theatre}-i{number % 40:02d}"),),
        ),
        zones=(
            Zone(start=0, end=headline, kind="headline"),
            Zone(start=headline, end=len(text), kind="body"),
        ),
        mentions=tuple(mentions),
        events=tuple(events),
        attributions=tuple(said),
    )
    return article, out.words


def _mention(mentions, span, kind, entity, level="name"):
    mention = Mention(
        id=f"m{len(mentions)}", start=span[0], end=span[1], type=kind, level=level, entity=entity
    )
    mentions.append(mention)
    return mention


def _event(draw, n, trigger, here, mentions):
    targets = (here or mentions)[-3:]
    arguments = [
        Argument(role=role, target=m.id)
        for role, m in zip(draw.sample(ROLES, 3), targets, strict=False)
    ]
    return Event(
        id=f"v{n}",
        start=trigger[0],
        end=trigger[1],
        type=draw.choice(EVENTS),
        realis=draw.choice(REALIS) if draw.random() < 0.3 else "actual",
        incident=f"i{n}",
        arguments=tuple(arguments),
    )


def _submission(gold, words, draw):
    """Gold with mistakes: about one element in three is wrong in some way."""
    chance = draw.random
    starts = [w[0] for w in words]
    mentions = []
    free = 0  # names are in text order and may not overlap
    for m in sorted(gold.mentions, key=lambda m: m.start):
        if chance() < 0.06:  # an invented name before this one
            word = words[draw.randrange(len(words))]
            if free <= word[0] and word[1] < m.start:
                mentions.append(_fake(len(mentions), word, draw))
                free = word[1]
        if chance() < 0.1 or m.start < free:
            continue
        end, kind = m.end, m.type
        if chance() < 0.08:  # a word too long
            at = bisect_right(starts, m.end)
            if at < len(words) and "\n" not in gold.text[m.end : starts[at]]:
                end = words[at][1]
        if chance() < 0.06:
            kind = draw.choice(TYPES)
        mentions.append(
            Mention(id=m.id, start=m.start, end=end, type=kind, level=m.level, entity=m.entity)
        )
        free = end
    known = [m.id for m in mentions]
    kept = set(known)
    events = []
    for e in gold.events:
        if chance() < 0.2:
            continue
        arguments = [
            Argument(role=draw.choice(ROLES) if chance() < 0.1 else a.role, target=a.target)
            for a in e.arguments
            if a.target in kept and chance() > 0.2
        ]
        if chance() < 0.2:
            arguments.append(Argument(role=draw.choice(ROLES), target=draw.choice(known)))
        events.append(
            Event(
                id=e.id,
                start=e.start,
                end=e.end,
                type=draw.choice(EVENTS) if chance() < 0.15 else e.type,
                realis="actual" if chance() < 0.15 else e.realis,
                incident=e.incident,
                arguments=tuple(arguments),
            )
        )
    if chance() < 0.3:
        word = draw.choice(words)
        events.append(Event(id="v9", start=word[0], end=word[1], type=draw.choice(EVENTS)))
    return Article(
        id=gold.id,
        mentions=tuple(mentions),
        events=tuple(events),
        attributions=tuple(_said(gold, words, starts, known, draw)),
    )


def _fake(n, word, draw):
    return Mention(id=f"x{n}", start=word[0], end=word[1], type=draw.choice(TYPES))


def _said(gold, words, starts, known, draw):
    chance = draw.random
    for a in gold.attributions:
        if chance() < 0.15:
            continue
        content = a.content[0]
        if chance() < 0.4:  # some words less at the beginning
            at = min(bisect_right(starts, content.start) + draw.randint(1, 9), len(words) - 1)
            if words[at][0] < content.end:
                content = Span(start=words[at][0], end=content.end)
        sources = tuple(i for i in a.sources if i in known)
        if chance() < 0.15:
            sources = (draw.choice(known),) if chance() < 0.6 else ()
        yield Attribution(
            id=a.id,
            sources=sources,
            cue=a.cue if chance() < 0.8 else (),
            content=(content,),
            quoted=tuple(s for s in a.quoted if s == content),
            act="say" if chance() < 0.2 else a.act,
        )
    if chance() < 0.2:
        at = draw.randrange(len(words) - 12)
        span = Span(start=words[at][0], end=words[at + 11][1])
        yield Attribution(id="a9", sources=(draw.choice(known),), content=(span,))
