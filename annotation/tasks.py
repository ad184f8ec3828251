"""An article as a Label Studio task, and the task's data as an article again.

The data of a task are `article` (the id), `text`, `text_sha256` and `meta`: a
task is known again by id and hash, and an export can be read without the corpus.
Which incident of the record a planned incident became is annotation, so the
metadata of a task never has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from ..corpus.errors import InputError
from ..corpus.schema import Article, Meta, sha256
from .client import Client

KEYS: Final = ("article", "text", "text_sha256", "meta")


def task_data(article: Article) -> dict[str, Any]:
    """What a task holds. Raises `InputError` for a text that offsets would not fit."""
    if not article.text:
        raise InputError(f"{article.id}: a record without its text cannot go to Label Studio")
    if "\r" in article.text:
        raise InputError(f"{article.id}: the text has a carriage return; normalise it to LF")
    return {
        "article": article.id,
        "text": article.text,
        "text_sha256": sha256(article.text),
        "meta": msgspec.to_builtins(bare(article.meta)),
    }


def article_of(data: Mapping[str, Any]) -> Article:
    """The article of a task, no zones and no layers.

    Raises `ValueError` with the reason if the task is not one of ours or its text
    is not the one that was pushed.
    """
    missing = [key for key in KEYS if key not in data]
    if missing:
        raise ValueError(f"its data have no '{missing[0]}': it was not pushed by dateline")
    try:
        meta = msgspec.convert(data["meta"], Meta)
        article = msgspec.convert({"id": data["article"], "text": data["text"]}, Article)
    except msgspec.ValidationError as error:
        raise ValueError(f"its data are malformed: {error}") from None
    if sha256(article.text) != data["text_sha256"]:
        raise ValueError("its text was changed after it was pushed")
    return replace(article, meta=meta)


def bare(meta: Meta) -> Meta:
    """The metadata without the links from planned incidents to the record's."""
    return replace(meta, incidents=tuple(replace(r, incident=None) for r in meta.incidents))


def tasks_of(client: Client, project: int) -> dict[str, tuple[int, Article]]:
    """Task number and article of every task of ours, by article id.

    Tasks that are not ours are left alone. Raises `InputError` if two tasks have
    one article: there would be two answers to every question about it.
    """
    tasks: dict[str, tuple[int, Article]] = {}
    for number, data in client.tasks(project).items():
        try:
            article = article_of(data)
        except ValueError:
            continue
        if article.id in tasks:
            raise InputError(
                f"{client.url}: tasks {tasks[article.id][0]} and {number} are both {article.id}; "
                "delete one"
            )
        tasks[article.id] = number, article
    return tasks


def find_project(client: Client, title: str) -> int:
    """The number of a project. Raises `InputError` if there is none of this title."""
    project = client.project(title)
    if project is None:
        raise InputError(f"{client.url}: no project '{title}'; `dateline annotate push` makes one")
    return project
