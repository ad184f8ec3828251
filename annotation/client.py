"""What this project asks of a Label Studio server, over its SDK.

The one module that imports `label_studio_sdk` (extra `annotation`), and only
when a client is made. Every failure is a `ServerError` of one line.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from ..corpus.errors import MissingExtraError, ServerError
from . import server

BATCH: Final = 100
TIMEOUT: Final = 600
PAGE: Final = 1000


class Person(NamedTuple):
    """An account: its number on the server, and its address."""

    number: int
    email: str


class Client:
    """One person's access to one server: what is created is created by that person."""

    def __init__(self, url: str, token: str) -> None:
        """Raises `MissingExtraError`; no request is made yet."""
        try:
            import httpx
            from label_studio_sdk import LabelStudio
            from label_studio_sdk.core.api_error import ApiError
        except ModuleNotFoundError:
            raise MissingExtraError("label-studio-sdk", "annotation") from None
        self.url = url.rstrip("/")
        self._api_error = ApiError
        self._http_error = httpx.HTTPError
        # trust_env=False: a proxy or .netrc of the user's is not for loopback.
        session = httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=True)
        self._close = session.close
        with self._request("log in"):
            self._sdk: Any = LabelStudio(base_url=self.url, api_key=token, httpx_client=session)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exception: object) -> None:
        self._close()

    @contextmanager
    def _request(self, task: str) -> Generator[None]:
        try:
            yield
        except self._api_error as error:
            raise ServerError(f"{self.url}: cannot {task}: {_detail(error)}") from None
        except self._http_error as error:
            reason = str(error) or type(error).__name__
            raise ServerError(f"{self.url}: cannot {task}: {reason}") from None

    def person(self) -> Person:
        """Whose key this is."""
        with self._request("ask whose key this is"):
            who = self._sdk.users.whoami()
            return Person(int(who.id), str(who.email))

    def users(self) -> dict[int, str]:
        """Addresses of all accounts by their number."""
        with self._request("list the accounts"):
            return {user.id: user.email for user in self._sdk.users.list()}

    def project(self, title: str) -> int | None:
        """The number of the project of this title, None if there is none.

        Raises `ServerError` if there are several.
        """
        with self._request("list the projects"):
            found = [p.id for p in self._sdk.projects.list(title=title) if p.title == title]
        if len(found) > 1:
            raise ServerError(f"{self.url}: {len(found)} projects have the title '{title}'")
        return found[0] if found else None

    def create_project(self, title: str, **settings: Any) -> int:
        """A new project; `settings` as the API names them."""
        with self._request(f"make the project '{title}'"):
            return int(self._sdk.projects.create(title=title, **settings).id)

    def project_settings(self, project: int) -> Any:
        with self._request(f"read project {project}"):
            return self._sdk.projects.get(project)

    def update_project(self, project: int, **settings: Any) -> None:
        with self._request(f"change project {project}"):
            self._sdk.projects.update(project, **settings)

    def tasks(self, project: int) -> dict[int, dict[str, Any]]:
        """The data of all tasks by their number."""
        with self._request(f"list the tasks of project {project}"):
            pages = self._sdk.tasks.list(project=project, fields="task_only", page_size=PAGE)
            return {int(task.id): dict(task.data) for task in pages}

    def import_tasks(self, project: int, data: Sequence[Mapping[str, Any]]) -> None:
        """Add tasks, `BATCH` at a time."""
        for rows in _batches([{"data": dict(row)} for row in data]):
            with self._request(f"import tasks into project {project}"):
                self._sdk.projects.import_tasks(project, request=rows, request_options=_patient())

    def update_task(self, task: int, data: Mapping[str, Any]) -> None:
        with self._request(f"change task {task}"):
            self._sdk.tasks.update(str(task), data=dict(data))

    def import_predictions(self, project: int, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add predictions (`task`, `result`, `model_version`), `BATCH` at a time."""
        for batch in _batches(list(rows)):
            with self._request(f"import predictions into project {project}"):
                self._sdk.projects.import_predictions(
                    project, request=batch, request_options=_patient()
                )

    def delete_prediction(self, prediction: int) -> None:
        with self._request(f"delete prediction {prediction}"):
            self._sdk.predictions.delete(prediction)

    def predictions(self, project: int) -> list[dict[str, Any]]:
        """All predictions of a project: `id`, `task`, `model_version`, `result`."""
        with self._request(f"list the predictions of project {project}"):
            return [
                {"id": p.id, "task": p.task, "model_version": p.model_version, "result": p.result}
                for p in self._sdk.predictions.list(project=project)
            ]

    def annotate(self, task: int, result: Sequence[Mapping[str, Any]]) -> int:
        """Submit an annotation as this client's person. Returns its number."""
        with self._request(f"annotate task {task}"):
            created = self._sdk.annotations.create(
                task, result=list(result), was_cancelled=False, request_options=_patient()
            )
            return int(created.id)

    def update_annotation(self, annotation: int, result: Sequence[Mapping[str, Any]]) -> None:
        with self._request(f"change annotation {annotation}"):
            self._sdk.annotations.update(
                annotation, result=list(result), request_options=_patient()
            )

    def export(self, project: int) -> list[dict[str, Any]]:
        """The project's JSON export, tasks without annotations included.

        The only export format that keeps relations.
        """
        with self._request(f"export project {project}"):
            chunks = self._sdk.projects.exports.download_sync(
                project, export_type="JSON", download_all_tasks=True, request_options=_patient()
            )
            body = b"".join(chunks)
        try:
            return cast(list[dict[str, Any]], json.loads(body))
        except ValueError:
            raise ServerError(f"{self.url}: the export of project {project} is no JSON") from None


def connect(data_dir: Path, email: str | None = None) -> Client:
    """A client of this machine's running server, for the administrator or an annotator.

    Raises `ServerError` if no server runs, `InputError` if `email` has no account.
    """
    running = server.status(data_dir)
    if running is None:
        raise ServerError(f"{data_dir}: no server runs; `dateline annotate serve` starts one")
    return Client(running.url, server.token(data_dir, email))


def _patient() -> dict[str, Any]:
    return {"timeout_in_seconds": TIMEOUT}


def _batches(rows: list[Any]) -> Generator[list[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _detail(error: Any) -> str:
    """The server's own words out of an API error, on one line."""
    body = error.body
    if isinstance(body, Mapping):
        answer = cast(Mapping[str, Any], body)
        body = answer.get("validation_errors") or answer.get("detail") or answer
    if error.status_code == 401:
        body = f"the key is not accepted ({body})"
    return " ".join(str(body).split())[:300]
