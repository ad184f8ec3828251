"""What a scorer knows beyond the article at hand: known labels, and the train split."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from ..corpus.ontology import ontology
from ..corpus.schema import Article


class Labels(NamedTuple):
    """Labels that are not `unknown-label`: those of the scheme and of the gold in use."""

    types: frozenset[str]
    levels: frozenset[str]
    events: frozenset[str]
    realis: frozenset[str]
    roles: frozenset[str]
    acts: frozenset[str]

    @staticmethod
    @cache
    def of_scheme() -> Labels:
        scheme = ontology()
        kinds = scheme.entities, scheme.levels, scheme.events, scheme.realis
        return Labels(*map(frozenset, (*kinds, scheme.roles, scheme.acts)))

    def with_gold(self, articles: Iterable[Article]) -> Labels:
        """These and all labels of a gold in its own label set."""
        found: list[set[str]] = [set(known) for known in self]
        types, levels, events, realis, roles, acts = found
        for article in articles:
            types.update(m.type for m in article.mentions)
            levels.update(m.level for m in article.mentions)
            events.update(e.type for e in article.events)
            realis.update(e.realis for e in article.events)
            roles.update(a.role for e in article.events for a in e.arguments)
            acts.update(a.act for a in article.attributions)
        return Labels(*map(frozenset, found))


class Train(NamedTuple):
    """What a system may have seen: theatres and case-folded names of the train split."""

    theatres: frozenset[str]
    surfaces: frozenset[str]

    @staticmethod
    def of(articles: Iterable[Article]) -> Train:
        theatres: set[str] = set()
        surfaces: set[str] = set()
        for article in articles:
            theatres.add(article.meta.theatre)
            surfaces.update(
                article.text[m.start : m.end].casefold()
                for m in article.mentions
                if m.level == "name"
            )
        return Train(frozenset(theatres), frozenset(surfaces))


class Context(NamedTuple):
    """`train` is None where no train split is at hand: its slices are left out."""

    labels: Labels
    train: Train | None = None

    @staticmethod
    def default() -> Context:
        return Context(Labels.of_scheme())
