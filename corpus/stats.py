"""The numbers that DATASHEET.md and the dataset card quote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .claims import claims
from .ontology import ontology
from .schema import SPLITS, Article, Attribution
from .store import Corpus
from .text import sentences
from .words import WORD


def counts(articles: Sequence[Article]) -> dict[str, int]:
    """How much there is of each thing, in print order."""
    mentions = [m for a in articles for m in a.mentions]
    events = [e for a in articles for e in a.events]
    attributions = [x for a in articles for x in a.attributions]
    return {
        "articles": len(articles),
        "sentences": sum(len(sentences(a.text, a.zones)) for a in articles),
        "words": sum(len(WORD.findall(a.text)) for a in articles),
        "mentions": len(mentions),
        "names, dates and weapons": sum(m.level == "name" for m in mentions),
        "entities": sum(len({m.entity or m.id for m in a.mentions}) for a in articles),
        "events": len(events),
        "arguments": sum(len(e.arguments) for e in events),
        "incidents": sum(len({e.incident or e.id for e in a.events}) for a in articles),
        "attributions": len(attributions),
        "claims": sum(len(claims(a)) for a in articles),
    }


def attribution_counts(articles: Sequence[Article]) -> dict[str, int]:
    """Attributions by the properties that the corpus plan sets quotas for."""
    rows = [(article, a) for article in articles for a in article.attributions]
    return {
        "attributions": len(rows),
        "nested": sum(a.parent is not None for _, a in rows),
        "without cue": sum(not a.cue for _, a in rows),
        "without source": sum(not a.sources for _, a in rows),
        "discontinuous": sum(_discontinuous(article, a) for article, a in rows),
        "wholly or partly quoted": sum(bool(a.quoted) for _, a in rows),
    }


def _discontinuous(article: Article, a: Attribution) -> bool:
    """Whether a word stands between two pieces of the content."""
    return any(
        WORD.search(article.text, left.end, right.start)
        for left, right in zip(a.content, a.content[1:], strict=False)
    )


def labels(articles: Iterable[Article]) -> dict[str, Counter[str]]:
    """Frequency of every label, per closed list."""
    out: dict[str, Counter[str]] = {
        kind: Counter() for kind in ("entity", "level", "event", "realis", "role", "act", "zone")
    }
    for article in articles:
        out["zone"].update(z.kind for z in article.zones)
        out["entity"].update(m.type for m in article.mentions)
        out["level"].update(m.level for m in article.mentions)
        for e in article.events:
            out["event"][e.type] += 1
            out["realis"][e.realis] += 1
            out["role"].update(a.role for a in e.arguments)
        out["act"].update(a.act for a in article.attributions)
    return out


def stats(corpus: Corpus) -> dict[str, Any]:
    """All numbers of a built corpus, as plain data. Raises `InputError` if not built."""
    splits = {s: corpus.records(s) for s in SPLITS if corpus.records_path(s).is_file()}
    everything = [article for articles in splits.values() for article in articles]
    return {
        "corpus": corpus.info.name,
        "version": corpus.info.version,
        "splits": {
            **{split: counts(articles) for split, articles in splits.items()},
            "all": counts(everything),
        },
        "attributions": {
            **{split: attribution_counts(articles) for split, articles in splits.items()},
            "all": attribution_counts(everything),
        },
        "genres": dict(sorted(Counter(a.meta.genre for a in everything).items())),
        "theatres": dict(sorted(Counter(a.meta.theatre for a in everything).items())),
        "labels": {
            kind: {label: counted[label] for label in _known(kind, counted)}
            for kind, counted in labels(everything).items()
        },
    }


def _known(kind: str, counted: Counter[str]) -> list[str]:
    """Labels in the ontology's order, those that do not occur included."""
    o = ontology()
    closed: Mapping[str, Iterable[str]] = {
        "entity": o.entities,
        "level": o.levels,
        "event": o.events,
        "realis": o.realis,
        "role": o.roles,
        "act": o.acts,
        "zone": o.zones,
    }
    return [*closed[kind], *sorted(set(counted) - set(closed[kind]))]


def markdown(numbers: Mapping[str, Any]) -> str:
    """The tables of DATASHEET.md. The same numbers give the same text."""
    parts: list[str] = []
    for title, key in (("Size", "splits"), ("Attributions", "attributions")):
        table: Mapping[str, Mapping[str, int]] = numbers[key]
        parts.append(_table(title, table))
    for title, key in (("Genres", "genres"), ("Theatres", "theatres")):
        row: Mapping[str, int] = numbers[key]
        parts.append(f"**{title}**: " + ", ".join(f"{k} {v}" for k, v in row.items()) + ".")
    for kind, row in numbers["labels"].items():
        parts.append(f"**{kind}**: " + ", ".join(f"{k} {v:,}" for k, v in row.items()) + ".")
    return "\n\n".join(parts) + "\n"


def _table(title: str, columns: Mapping[str, Mapping[str, int]]) -> str:
    lines = [f"| {title} | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name in next(iter(columns.values())):
        lines.append(f"| {name} | " + " | ".join(f"{c[name]:,}" for c in columns.values()) + " |")
    return "\n".join(lines)
