"""The fixed split: unseen theatre, later time, frozen by id.

A bible fixes its theatre's two cut dates (`validation_from`, `test_from`), or
says `unseen = true`: then the whole theatre is test. Once an id stands in a
split file it never moves; the rule only places new ids.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, Final

from .errors import CorpusError, InputError
from .files import write
from .schema import SPLITS, Article
from .store import Corpus, theatre_of

SHINGLE: Final = 5
NEAR_DUPLICATE: Final = 0.5


def bible(corpus: Corpus, theatre: str) -> dict[str, Any]:
    """The theatre's bible. Raises `InputError` if it is missing or malformed."""
    path = corpus.root / "articles" / theatre / "bible.toml"
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"{path} is missing; it fixes the cut dates of theatre '{theatre}'"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: {error}") from None


def place(article: Article, bible: Mapping[str, Any]) -> str:
    """The split that the rule gives an article: by theatre, then by publication date.

    Dates compare as ISO strings. Raises `InputError` without a publication date.
    """
    if bible.get("unseen"):
        return "test"
    published = article.meta.published[:10]
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", published):
        raise InputError(f"{article.id}: meta.published {published!r} is not an ISO date")
    if published >= str(bible["test_from"]):
        return "test"
    return "validation" if published >= str(bible["validation_from"]) else "train"


def assign(corpus: Corpus, articles: Iterable[Article]) -> dict[str, str]:
    """Article id -> split: the frozen one, else the rule's. Writes nothing."""
    frozen = corpus.splits()
    bibles: dict[str, dict[str, Any]] = {}
    out: dict[str, str] = {}
    for article in articles:
        if article.id in frozen:
            out[article.id] = frozen[article.id]
            continue
        theatre = theatre_of(article.id)
        if theatre not in bibles:
            bibles[theatre] = bible(corpus, theatre)
        out[article.id] = place(article, bibles[theatre])
    return out


def freeze(corpus: Corpus, assigned: Mapping[str, str]) -> None:
    """Write the split files: ids sorted, one a line. Raises `CorpusError` if an id moves."""
    for article_id, split in corpus.splits().items():
        if assigned.get(article_id, split) != split:
            raise CorpusError(f"{article_id} is frozen in {split}; no id ever changes its split")
    for split in SPLITS:
        ids = sorted({i for i, s in assigned.items() if s == split} | set(corpus.split(split)))
        if ids:
            write(corpus.split_path(split), "".join(f"{i}\n" for i in ids))


def near_duplicates(
    articles: Iterable[Article], splits: Mapping[str, str]
) -> Iterator[tuple[str, str, float]]:
    """Pairs of articles in different splits with Jaccard >= 0.5 on 5-word shingles.

    Exact sets, not MinHash: a few hundred articles need no sketch.
    """
    shingles = {article.id: _shingles(article.text) for article in articles}
    for a, b in combinations(sorted(shingles), 2):
        if splits[a] == splits[b]:
            continue
        union = len(shingles[a] | shingles[b])
        jaccard = len(shingles[a] & shingles[b]) / union if union else 0.0
        if jaccard >= NEAR_DUPLICATE:
            yield a, b, jaccard


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}
