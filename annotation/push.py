"""Articles, pre-annotations and finished records into a Label Studio project.

Everything here can be run again: what is there already is left as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple, cast

from ..corpus.errors import Incident, IncidentsError, InputError
from ..corpus.schema import LAYERS, Article
from .client import Client
from .convert import canonical, checked_results, from_results
from .interface import labeling_config
from .tasks import bare, find_project, task_data, tasks_of

TITLE_MIN = 3


class Pushed(NamedTuple):
    """What `push` did, as article ids; `incidents` are refused predictions."""

    project: int
    created: list[str]
    updated: list[str]
    unchanged: list[str]
    predicted: list[str]
    incidents: list[Incident]


class Submitted(NamedTuple):
    """What `push_annotations` did, as article ids; `incidents` tell what it did not."""

    created: list[str]
    updated: list[str]
    unchanged: list[str]
    incidents: list[Incident]


def push(
    client: Client,
    project: str,
    articles: Iterable[Article],
    *,
    annotators: Collection[str] | None = None,
    predictions: Iterable[Article] | None = None,
    model_version: str = "predictions",
) -> Pushed:
    """Make or complete the project with this title; its tasks are `articles`.

    A project is made with the labelling interface of the ontology, and given the
    new one if the ontology changed. An article is known again by id and text;
    changed metadata are updated. `annotators` are the addresses of those who are
    to annotate every article: each must have an account, and a task counts as
    finished when that many have. `predictions` are records over the same texts,
    shown as a first proposal under `model_version`; those already there are
    replaced if they differ.

    Raises `InputError` if an article's text is not the one that the project has
    under its id, `ServerError` if the server refuses.
    """
    wanted = _by_id(articles)
    records = _by_id(predictions or ())
    if len(project) < TITLE_MIN:
        raise InputError(f"'{project}': a project's title has at least {TITLE_MIN} characters")
    _check_accounts(client, annotators or ())
    number = _project(client, project, wanted, len(annotators or ()))
    tasks = tasks_of(client, number)
    created: list[str] = []
    updated: list[str] = []
    for article_id, article in wanted.items():
        data = task_data(article)
        if article_id not in tasks:
            created.append(article_id)
            continue
        task, there = tasks[article_id]
        if there.text != article.text:
            raise InputError(
                f"{article_id}: task {task} of '{project}' has another text; its annotations "
                "fit that text only: delete the task, or push to a new project"
            )
        if bare(there.meta) != bare(article.meta):
            client.update_task(task, data)
            updated.append(article_id)
    client.import_tasks(number, [task_data(wanted[i]) for i in created])
    predicted: list[str] = []
    incidents: list[Incident] = []
    if predictions is not None:
        tasks = tasks_of(client, number)
        predicted, incidents = _predict(client, number, tasks, records, model_version)
    left = [i for i in wanted if i not in created and i not in updated]
    return Pushed(number, created, updated, left, predicted, incidents)


def push_annotations(
    client: Client, project: str, records: Iterable[Article], *, force: bool = False
) -> Submitted:
    """Submit whole records as finished annotations of the client's own person.

    So records written in the text-anchored form enter Label Studio: `client` is
    the annotator's. An equal annotation of that person is left alone; another one
    is an incident (`annotation-differs`) and kept, unless `force` replaces it.

    Raises `InputError` if a record has not all layers, its article is not in the
    project, or its text or metadata are not the task's; `IncidentsError` if
    Label Studio could not hold it. Then nothing was submitted.
    """
    number = find_project(client, project)
    tasks = tasks_of(client, number)
    ready: list[tuple[Article, int, list[dict[str, Any]]]] = []
    for record in _by_id(records).values():
        task = _task_for(record, tasks, project)
        ready.append((canonical(record), task, checked_results(record)))
    own = _own_annotations(client, number)
    done = Submitted([], [], [], [])
    for record, task, results in ready:
        there = own.get(task, [])
        if not there:
            client.annotate(task, results)
            done.created.append(record.id)
        elif any(_reads_as(annotation, record) for annotation in there):
            done.unchanged.append(record.id)
        elif force and len(there) == 1:
            client.update_annotation(int(there[0]["id"]), results)
            done.updated.append(record.id)
        else:
            numbers = ", ".join(str(a["id"]) for a in there)
            done.incidents.append(
                Incident(
                    article=record.id,
                    pointer=f"task {task}, annotation {numbers}",
                    code="annotation-differs",
                    message="this person has a different annotation there; it was kept",
                )
            )
    return done


def _by_id(articles: Iterable[Article]) -> dict[str, Article]:
    found: dict[str, Article] = {}
    for article in articles:
        if article.id in found:
            raise InputError(f"{article.id} is given twice")
        found[article.id] = article
    return found


def _check_accounts(client: Client, emails: Collection[str]) -> None:
    known = {email.casefold() for email in client.users().values()} if emails else set[str]()
    for email in emails:
        if email.casefold() not in known:
            raise InputError(f"{email} has no account on {client.url}")


def _project(client: Client, title: str, articles: Mapping[str, Article], overlap: int) -> int:
    """Find or make the project; bring its interface and overlap up to date."""
    languages = {article.meta.language for article in articles.values()}
    settings: dict[str, Any] = {
        "label_config": labeling_config(languages.pop() if len(languages) == 1 else "en")
    }
    if overlap:
        settings["maximum_annotations"] = overlap
    number = client.project(title)
    if number is None:
        return client.create_project(title, show_collab_predictions=True, **settings)
    there = client.project_settings(number)
    changed = {key: value for key, value in settings.items() if getattr(there, key) != value}
    if changed:
        client.update_project(number, **changed)
    return number


def _predict(
    client: Client,
    project: int,
    tasks: Mapping[str, tuple[int, Article]],
    records: Mapping[str, Article],
    model_version: str,
) -> tuple[list[str], list[Incident]]:
    """Bring the predictions of one model version up to date; ids of those sent."""
    there = {
        p["task"]: p for p in client.predictions(project) if p["model_version"] == model_version
    }
    rows: list[dict[str, Any]] = []
    sent: list[str] = []
    incidents: list[Incident] = []
    for article_id, record in records.items():
        if article_id not in tasks or tasks[article_id][1].text != record.text:
            raise InputError(f"{article_id}: the prediction is over no text of the project")
        task = tasks[article_id][0]
        try:
            results = checked_results(record)
        except IncidentsError as error:
            incidents += error.incidents
            continue
        if task in there:
            if there[task]["result"] == results:
                continue
            client.delete_prediction(there[task]["id"])
        rows.append({"task": task, "result": results, "model_version": model_version})
        sent.append(article_id)
    client.import_predictions(project, rows)
    if sent:
        client.update_project(project, model_version=model_version)
    return sent, incidents


def _task_for(record: Article, tasks: Mapping[str, tuple[int, Article]], project: str) -> int:
    if record.id not in tasks:
        raise InputError(f"{record.id}: not in project '{project}'; push the article first")
    task, article = tasks[record.id]
    if article.text != record.text:
        raise InputError(f"{record.id}: the record is over another text than task {task}")
    if bare(article.meta) != bare(record.meta):
        raise InputError(f"{record.id}: other metadata than task {task}; push the article again")
    absent = [name for name in LAYERS if name not in record.layers]
    if absent:
        raise InputError(f"{record.id}: no {absent[0]}; a finished annotation has every layer")
    return task


def _own_annotations(client: Client, project: int) -> dict[int, list[dict[str, Any]]]:
    """The person's submitted annotations by task number, with the task's data."""
    me = client.person().number
    own: dict[int, list[dict[str, Any]]] = {}
    for task in client.export(project):
        for annotation in cast(list[dict[str, Any]], task["annotations"]):
            if annotation["completed_by"] == me and not annotation["was_cancelled"]:
                own.setdefault(int(task["id"]), []).append(annotation)
    return own


def _reads_as(annotation: Mapping[str, Any], record: Article) -> bool:
    found = from_results(record.id, record.text, record.meta, annotation["result"])
    return found.article == record
