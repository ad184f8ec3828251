"""Annotations out of a Label Studio project, as records, into a corpus.

One broken annotation never stops the others: it gives no record and an incident
that names task, annotation and place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from ..corpus.errors import Incident, InputError
from ..corpus.schema import Article, encode_pretty
from ..corpus.store import Corpus
from .client import Client
from .convert import from_results
from .tasks import article_of, find_project

CODES: Final[Mapping[str, str]] = {
    "task-unknown": "a task was not pushed by dateline, or its text was changed",
    "annotator-unknown": "an annotation belongs to no account of the server",
    "annotation-cancelled": "an annotator skipped the task",
    "annotation-empty": "an annotation was submitted without any region",
    "annotation-repeated": "an annotator submitted two annotations of one task",
    "draft-left": "an annotator has work that is not submitted",
    "article-unknown": "the corpus has no article of this id, or another text of it",
    "local-differs": "the corpus has a different annotation of this annotator",
}

FOLDER: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")


class Pulled(NamedTuple):
    """Records by annotator's address, sorted by article id.

    `started_from` has, in the same way, the predictions from which annotators
    began, as they were then: what is needed to measure the bias of pre-annotation.
    (Label Studio keeps a snapshot of the task's prediction with every annotation;
    only one with a `parent_prediction` was begun from it.)
    """

    records: dict[str, list[Article]]
    started_from: dict[str, list[Article]]
    incidents: list[Incident]


class Saved(NamedTuple):
    """What `save_pulled` wrote, what was the same already, and what it kept."""

    written: list[Path]
    unchanged: list[Path]
    incidents: list[Incident]


def pull(client: Client, project: str) -> Pulled:
    """All submitted annotations of the project with this title.

    The annotator is the account that the server recorded; an administrator can
    set it, so it is no proof. Codes of the incidents are `CODES` and
    `regions.CODES`. Raises `InputError` if there is no such project.
    """
    number = find_project(client, project)
    users = client.users()
    out = Pulled({}, {}, [])
    for task in sorted(client.export(number), key=lambda t: int(t["id"])):
        try:
            article = article_of(task["data"])
        except ValueError as error:
            out.incidents.append(_incident("", f"task {task['id']}", "task-unknown", str(error)))
            continue
        _drafts(task, article, users, out)
        _annotations(task, article, users, out)
    for records in (out.records, out.started_from):
        for found in records.values():
            found.sort(key=lambda record: record.id)
    return out


def save_pulled(
    corpus: Corpus, pulled: Pulled, names: Mapping[str, str], *, force: bool = False
) -> Saved:
    """Write the records as passes: `annotations/<annotator>/<id>.json`.

    `names` maps an address to the annotator's folder name. A file that differs is
    kept with an incident (`local-differs`) unless `force`; a record whose article
    the corpus lacks is not written. Raises `InputError`, before anything is
    written, for an address without a name or a name that is no folder name.
    """
    for email in pulled.records:
        if email not in names:
            raise InputError(f"{email} has annotations but no annotator name")
        if not FOLDER.fullmatch(names[email]):
            raise InputError(f"'{names[email]}' is no annotator name (a-z, 0-9, _ and -)")
    if len(set(names.values())) < len(names):
        raise InputError("two addresses have the same annotator name")
    saved = Saved([], [], [])
    known = set(corpus.ids())
    for email, records in sorted(pulled.records.items()):
        for record in records:
            path = corpus.pass_path(names[email], record.id)
            new = encode_pretty(record.without_text())
            old = path.read_bytes() if path.exists() else None
            if record.id not in known or corpus.article(record.id).text != record.text:
                saved.incidents.append(
                    _incident(record.id, "", "article-unknown", "no such text in the corpus")
                )
            elif old == new:
                saved.unchanged.append(path)
            elif old is not None and not force:
                saved.incidents.append(
                    _incident(
                        record.id, "", "local-differs", f"{path} differs from the pulled record"
                    )
                )
            else:
                corpus.save(path, record)
                saved.written.append(path)
    return saved


def _annotations(
    task: Mapping[str, Any], article: Article, users: Mapping[int, str], out: Pulled
) -> None:
    """Convert the annotations of one task."""
    submitted: dict[str, list[dict[str, Any]]] = {}
    for annotation in sorted(_dicts(task["annotations"]), key=lambda a: int(a["id"])):
        where = f"task {task['id']}, annotation {annotation['id']}"
        email = users.get(_number(annotation.get("completed_by")))
        if email is None:
            message = "its author has no account any more"
            out.incidents.append(_incident(article.id, where, "annotator-unknown", message))
        elif annotation.get("was_cancelled"):
            message = f"{email} skipped the task"
            out.incidents.append(
                _incident(article.id, where, "annotation-cancelled", message, "warning")
            )
        elif not annotation.get("result"):
            message = f"{email} submitted it without any region"
            out.incidents.append(_incident(article.id, where, "annotation-empty", message))
        else:
            submitted.setdefault(email, []).append(annotation)
    for email, mine in submitted.items():
        numbers = ", ".join(str(a["id"]) for a in mine)
        where = f"task {task['id']}, annotation {numbers}"
        if len(mine) > 1:
            message = f"{email} has {len(mine)} annotations of the task; delete all but one"
            out.incidents.append(_incident(article.id, where, "annotation-repeated", message))
            continue
        annotation = mine[0]
        found = from_results(
            article.id, article.text, article.meta, annotation["result"], where=f"{where} ({email})"
        )
        out.incidents.extend(found.incidents)
        if found.article is None:
            continue
        out.records.setdefault(email, []).append(found.article)
        snapshot = cast(dict[str, Any], annotation.get("prediction") or {}).get("result")
        if snapshot and annotation.get("parent_prediction"):
            start = from_results(article.id, article.text, article.meta, snapshot)
            if start.article is not None:
                out.started_from.setdefault(email, []).append(start.article)


def _drafts(
    task: Mapping[str, Any], article: Article, users: Mapping[int, str], out: Pulled
) -> None:
    for draft in _dicts(task.get("drafts") or []):
        email = users.get(_number(draft.get("user")), str(draft.get("user")))
        where = f"task {task['id']}, draft {draft.get('id')}"
        message = f"{email} has work that is not submitted; it was not read"
        out.incidents.append(_incident(article.id, where, "draft-left", message, "warning"))


def _dicts(rows: Any) -> list[dict[str, Any]]:
    return [cast(dict[str, Any], row) for row in rows if isinstance(row, dict)]


def _number(person: Any) -> int:
    """An account's number; exports give the number, or an object that has it."""
    if isinstance(person, dict):
        person = cast(dict[str, Any], person).get("id")
    return person if isinstance(person, int) else -1


def _incident(article: str, where: str, code: str, message: str, level: str = "error") -> Incident:
    assert code in CODES, code
    return Incident(article=article, pointer=where, code=code, message=message, level=level)
