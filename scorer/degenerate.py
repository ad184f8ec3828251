"""Degenerate systems: what no understanding at all scores (section 7).

They stand in every table, because a number means little without them. Each is a
function of text and train split, in a few lines, on purpose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec

from ..corpus.ontology import coarse, ontology
from ..corpus.registry import Registry
from ..corpus.schema import Article, Attribution, Event, Mention, Span, Zone
from ..corpus.store import Corpus
from ..corpus.words import WORD
from .codes import Log
from .context import Context
from .read import Submitted
from .registry import headlines
from .scores import Sums, number
from .tally import Tally

_CAPITALS: Final = re.compile(r"[^\W\d_a-zà-ÿ][\w’'-]*(?: [^\W\d_a-zà-ÿ][\w’'-]*)*")
_QUOTE: Final = re.compile(r"“([^”]+)”|\"([^\"]+)\"")
_ACCORDING: Final = re.compile(r"[Aa]ccording to (?:the )?([^,.\n]+)")
_PARAGRAPH: Final = re.compile(r"[^\n]+")
_SENTENCE: Final = re.compile(r"[^.!?\n]+")


class Knowledge(msgspec.Struct, frozen=True):
    """What the degenerate systems take from the train split.

    `name_type`: most frequent type of names. `triggers`: case-folded trigger ->
    its most frequent (type, realis). `organisations`: case-folded names of type ORG.
    `cues`: one-word cues of the scheme.
    """

    name_type: str
    triggers: dict[str, tuple[str, str]]
    organisations: frozenset[str]
    cues: frozenset[str]

    @staticmethod
    def of(train: Iterable[Article]) -> Knowledge:
        types: Counter[str] = Counter()
        organisations: set[str] = set()
        triggers: dict[str, Counter[tuple[str, str]]] = {}
        for article in train:
            for m in article.mentions:
                if m.level == "name":
                    types[m.type] += 1
                    if coarse(m.type) == "ORG":
                        organisations.add(article.text[m.start : m.end].casefold())
            for e in article.events:
                surface = article.text[e.start : e.end].casefold()
                triggers.setdefault(surface, Counter())[e.type, e.realis] += 1
        cues = {c for act in ontology().acts.values() for c in act.cues}
        return Knowledge(
            name_type=_most(types) or "PER",
            triggers={t: _most(n) or ("", "") for t, n in triggers.items()},
            organisations=frozenset(organisations),
            cues=frozenset(c.casefold() for c in cues if " " not in c),
        )


def _most(counter: Counter[Any]) -> Any:
    """The most frequent item, of equally frequent ones the first in order; None if empty."""
    return min(counter, key=lambda item: (-counter[item], item), default=None)


System = Callable[[Article, Knowledge], Article]
SYSTEMS: Final[Registry[System]] = Registry("degenerate system")


def system(name: str) -> Callable[[System], System]:
    """Register a degenerate system."""
    return lambda function: SYSTEMS.add(name, function)


def _record(
    article: Article,
    mentions: Iterable[Mention] = (),
    events: Iterable[Event] = (),
    attributions: Iterable[Attribution] = (),
) -> Article:
    return Article(
        id=article.id,
        mentions=tuple(mentions),
        events=tuple(events),
        attributions=tuple(attributions),
    )


def _bare(zone: Zone) -> bool:
    kind = ontology().zones.get(zone.kind)
    return kind is not None and kind.layers == "names"


def _open(article: Article, start: int) -> bool:
    """Whether events and attributions may start there."""
    return not any(z.start <= start < z.end and _bare(z) for z in article.zones)


def _names(article: Article, kind: str) -> list[Mention]:
    return [
        Mention(id=f"m{n}", start=m.start(), end=m.end(), type=kind)
        for n, m in enumerate(_CAPITALS.finditer(article.text))
    ]


@system("empty")
def empty(article: Article, _: Knowledge) -> Article:
    """Nothing at all."""
    return _record(article)


@system("capitals")
def capitals(article: Article, known: Knowledge) -> Article:
    """Every capitalised run is a name of the most frequent type."""
    return _record(article, mentions=_names(article, known.name_type))


@system("lexicon-outlet")
def lexicon_outlet(article: Article, known: Knowledge) -> Article:
    """Words that were triggers in train are triggers; everything is the outlet's voice."""
    events = [
        Event(id=f"v{n}", start=m.start(), end=m.end(), type=found[0], realis=found[1])
        for n, m in enumerate(WORD.finditer(article.text))
        if (found := known.triggers.get(m[0].casefold())) and _open(article, m.start())
    ]
    return _record(article, mentions=_names(article, known.name_type), events=events)


@system("quote-nearest")
def quote_nearest(article: Article, known: Knowledge) -> Article:
    """Every quotation is credited to the nearest capitalised run outside it."""
    names = _names(article, known.name_type)
    said: list[Attribution] = []
    for n, quote in enumerate(_QUOTE.finditer(article.text)):
        start, end = quote.span(1 if quote[1] else 2)
        outside = [m for m in names if m.end <= start or m.start >= end]
        gaps = {m.id: (max(start - m.end, m.start - end), m.start) for m in outside}
        source = min(gaps, key=lambda m: gaps[m], default=None)
        span = (Span(start=start, end=end),)
        said.append(
            Attribution(
                id=f"a{n}",
                content=span,
                quoted=span,
                sources=(source,) if source else (),
            )
        )
    return _record(article, mentions=names, attributions=said)


@system("according-to")
def according_to(article: Article, known: Knowledge) -> Article:
    """The rest of the sentence around "according to X" is credited to X."""
    mentions = _names(article, known.name_type)
    said: list[Attribution] = []
    for sentence in _SENTENCE.finditer(article.text):
        found = _ACCORDING.search(article.text, *sentence.span())
        if found and found.start() > sentence.start():
            source = Mention(
                id=f"s{len(said)}",
                start=found.start(1),
                end=found.end(1),
                type="PER",
                level="nominal",
            )
            mentions.append(source)
            said.append(
                Attribution(
                    id=f"a{len(said)}",
                    content=(Span(start=sentence.start(), end=found.start()),),
                    cue=(Span(start=found.start(), end=found.start(1)),),
                    sources=(source.id,),
                )
            )
    return _record(article, mentions=mentions, attributions=said)


@system("paragraph-dump")
def paragraph_dump(article: Article, known: Knowledge) -> Article:
    """Every paragraph with a reporting verb is one content, credited to its first name."""
    names = _names(article, known.name_type)
    said: list[Attribution] = []
    for n, line in enumerate(_PARAGRAPH.finditer(article.text)):
        words = {w.casefold() for w in WORD.findall(line[0])}
        if words & _forms(known.cues):
            inside = [m.id for m in names if line.start() <= m.start < line.end()]
            content = (Span(start=line.start(), end=line.end()),)
            said.append(Attribution(id=f"a{n}", content=content, sources=tuple(inside[:1])))
    return _record(article, mentions=names, attributions=said)


def _forms(cues: frozenset[str]) -> frozenset[str]:
    """Reporting verbs as they occur in the news: bare, -s, -ed, -d, and "said", "told"."""
    return frozenset(c + e for c in cues for e in ("", "s", "ed", "d")) | {"said", "told"}


@system("one-voice")
def one_voice(article: Article, known: Knowledge) -> Article:
    """The whole article is credited to its commonest organisation (if none is known: name)."""
    names = _names(article, known.name_type)
    surfaces = [article.text[m.start : m.end] for m in names]
    known_ones = [s for s in surfaces if s.casefold() in known.organisations]
    most = _most(Counter(known_ones or surfaces))
    source = next((m.id for m, s in zip(names, surfaces, strict=True) if s == most), None)
    zones = [z for z in article.zones if not _bare(z)]
    content = [Span(start=z.start, end=z.end) for z in zones]
    if not article.zones:
        content = [Span(start=0, end=len(article.text))]
    said = Attribution(id="a0", content=tuple(content), sources=(source,) if source else ())
    return _record(article, mentions=names, attributions=[said] if content else [])


def table(corpus: Corpus, split: str) -> dict[str, dict[str, float | None]]:
    """Headline values of every degenerate system on a split. Empty without a train split."""
    if not corpus.records_path("train").is_file():
        return {}
    known = Knowledge.of(corpus.records("train"))
    gold = corpus.records(split)
    out: dict[str, dict[str, float | None]] = {}
    for name in SYSTEMS:
        tally = Tally(Log(name), Context.default())
        for article in gold:
            tally.add(article, Submitted(0, SYSTEMS[name](article, known)))
        sums = Sums(tally.finish(len(gold)).table.sums())
        out[name] = {h: number(metric.main(sums)) for h, metric in headlines().items()}
    return out
