"""Rows and column types of the dataset's configs, all derived from the records.

    articles      the record itself: `json.dumps(row)` is a gold line
    entities      one row per sentence: tokens with BIO tags over the entity layer
    events        one row per event, arguments with their surfaces
    attributions  one row per attribution, spans with their surfaces
    claims        one row per event and source (`corpus/claims.py`)

Labels are strings in `articles` and `claims`, ClassLabel in the other configs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

import msgspec
from datasets import ClassLabel, Features, List, Value

from .claims import Claim, claims
from .errors import InputError
from .ontology import ontology
from .schema import Article, Mention, Span, builtins
from .text import sentence_at, sentences, tokens

Row = dict[str, Any]


def entity_rows(article: Article) -> Iterator[Row]:
    """Sentences as tokens and BIO tags. Raises `InputError` if a name cuts a token."""
    names = sorted((m for m in article.mentions if m.level == "name"), key=lambda m: m.start)
    spans = sentences(article.text, article.zones)
    cuts = [edge for zone in article.zones for edge in (zone.start, zone.end)]
    pieces = tokens(article.text, [*cuts, *(s.start for s in spans), *(s.end for s in spans)])
    tags = _tags(article, names, pieces)
    by_sentence: list[list[int]] = [[] for _ in spans]
    for i, token in enumerate(pieces):
        by_sentence[sentence_at(spans, token.start)].append(i)
    for number, inside in enumerate(by_sentence):
        yield {
            "article": article.id,
            "sentence": number,
            "tokens": [pieces[i].of(article.text) for i in inside],
            "starts": [pieces[i].start for i in inside],
            "ends": [pieces[i].end for i in inside],
            "ner_tags": [tags[i] for i in inside],
        }


def _tags(article: Article, names: list[Mention], pieces: list[Span]) -> list[str]:
    starts = {token.start: i for i, token in enumerate(pieces)}
    ends = {token.end: i for i, token in enumerate(pieces)}
    tags = ["O"] * len(pieces)
    for m in names:
        if m.start not in starts or m.end not in ends:
            surface = article.text[m.start : m.end]
            raise InputError(f"{article.id}: the name {m.id} {surface!r} cuts a token")
        first, last = starts[m.start], ends[m.end]
        tags[first : last + 1] = [f"B-{m.type}"] + [f"I-{m.type}"] * (last - first)
    return tags


def event_rows(article: Article) -> Iterator[Row]:
    """One row per event, in text order; arguments carry their target's surface."""
    spans = sentences(article.text, article.zones)
    targets = {item.id: item for item in (*article.mentions, *article.events)}
    for e in sorted(article.events, key=lambda e: (e.start, e.end, e.id)):
        number = sentence_at(spans, e.start)
        yield {
            "article": article.id,
            "id": e.id,
            "sentence": number,
            "text": spans[number].of(article.text),
            "trigger": article.text[e.start : e.end],
            "start": e.start,
            "end": e.end,
            "type": e.type,
            "realis": e.realis,
            "incident": e.incident,
            "arguments": [
                {
                    "role": a.role,
                    "target": a.target,
                    "target_type": targets[a.target].type,
                    **_shown(article, targets[a.target]),
                }
                for a in e.arguments
            ],
        }


def attribution_rows(article: Article) -> Iterator[Row]:
    """One row per attribution, in text order."""
    mentions = {m.id: m for m in article.mentions}

    def people(ids: tuple[str, ...]) -> list[Row]:
        return [
            {
                "id": i,
                "type": mentions[i].type,
                "level": mentions[i].level,
                "entity": mentions[i].entity,
                **_shown(article, mentions[i]),
            }
            for i in ids
        ]

    for a in sorted(article.attributions, key=lambda a: (a.content[0].start, a.id)):
        yield {
            "article": article.id,
            "id": a.id,
            "act": a.act,
            "parent": a.parent,
            "sources": people(a.sources),
            "cue": [_shown(article, s) for s in a.cue],
            "content": [_shown(article, s) for s in a.content],
            "quoted": [_shown(article, s) for s in a.quoted],
            "recipients": people(a.recipients),
        }


def _shown(article: Article, item: Any) -> Row:
    return {
        "start": item.start,
        "end": item.end,
        "surface": article.text[item.start : item.end],
    }


def article_rows(article: Article) -> Iterator[Row]:
    """The record, all keys of its layers present."""
    yield builtins(article)


def claim_rows(article: Article) -> Iterator[Row]:
    """The claims that follow from the record."""
    for claim in claims(article):
        yield msgspec.to_builtins(claim)


ROWS: Final[dict[str, Callable[[Article], Iterator[Row]]]] = {
    "articles": article_rows,
    "entities": entity_rows,
    "events": event_rows,
    "attributions": attribution_rows,
    "claims": claim_rows,
}


def tag_names() -> list[str]:
    """BIO tags of the entity layer: O, then B- and I- per type that can be a name."""
    types = [t for t, row in ontology().entities.items() if "name" in row.levels]
    return ["O", *(f"{prefix}-{t}" for t in types for prefix in "BI")]


@cache
def features() -> dict[str, Features]:
    """Column types of every config."""
    o, text, number = ontology(), Value("string"), Value("int32")
    span = {"start": number, "end": number}
    shown = {**span, "surface": text}
    person = {"id": text, "type": text, "level": text, "entity": text, **shown}
    event_types, realis = ClassLabel(names=list(o.events)), ClassLabel(names=list(o.realis))
    record = {
        "id": text,
        "text": text,
        "meta": {
            "part": text,
            "theatre": text,
            "genre": text,
            "outlet": text,
            "outlet_kind": text,
            "published": text,
            "dateline": text,
            "language": text,
            "incidents": List({"id": text, "incident": text}),
            "license": text,
            "scheme": text,
        },
        "zones": List({**span, "kind": text}),
        "mentions": List({"id": text, **span, "type": text, "level": text, "entity": text}),
        "events": List(
            {
                "id": text,
                **span,
                "type": text,
                "realis": text,
                "incident": text,
                "arguments": List({"role": text, "target": text}),
            }
        ),
        "attributions": List(
            {
                "id": text,
                "sources": List(text),
                "cue": List(span),
                "content": List(span),
                "quoted": List(span),
                "recipients": List(text),
                "act": text,
                "parent": text,
            }
        ),
    }
    columns: dict[str, Any] = {
        "articles": record,
        "entities": {
            "article": text,
            "sentence": number,
            "tokens": List(text),
            "starts": List(number),
            "ends": List(number),
            "ner_tags": List(ClassLabel(names=tag_names())),
        },
        "events": {
            "article": text,
            "id": text,
            "sentence": number,
            "text": text,
            "trigger": text,
            **span,
            "type": event_types,
            "realis": realis,
            "incident": text,
            "arguments": List(
                {
                    "role": ClassLabel(names=list(o.roles)),
                    "target": text,
                    "target_type": text,
                    **shown,
                }
            ),
        },
        "attributions": {
            "article": text,
            "id": text,
            "act": ClassLabel(names=list(o.acts)),
            "parent": text,
            "sources": List(person),
            "cue": List(shown),
            "content": List(shown),
            "quoted": List(shown),
            "recipients": List(person),
        },
        "claims": {
            field.name: number if field.type is int else text
            for field in msgspec.structs.fields(Claim)
        },
    }
    return {config: Features(column) for config, column in columns.items()}
