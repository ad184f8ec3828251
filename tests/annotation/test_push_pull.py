import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dateline.annotation import tasks
from dateline.annotation.client import Client
from dateline.annotation.convert import from_results
from dateline.annotation.interface import labeling_config
from dateline.annotation.pull import CODES, Pulled, pull, save_pulled
from dateline.annotation.push import push, push_annotations
from dateline.annotation.results import to_results
from dateline.corpus.errors import IncidentsError, InputError, ServerError
from dateline.corpus.schema import ABSENT, Article, IncidentRef
from dateline.corpus.store import Corpus
from msgspec.structs import replace

Make = Callable[[str], Article]
ANN, BO = "ann@example.org", "bo@example.org"
ADMIN = "admin@dateline.local"


def codes(pulled: Pulled) -> dict[str, str]:
    return {i.code: str(i) for i in pulled.incidents}


def test_records_survive_the_server(admin: Client, ann: Client, hard: Article, plain: Make) -> None:
    records = [hard, plain("xx-0002")]
    push(admin, "survive", records)
    assert push_annotations(ann, "survive", records).created == ["xx-0001", "xx-0002"]
    pulled = pull(admin, "survive")
    assert pulled.records == {ANN: records}
    assert pulled.incidents == []
    assert pulled.started_from == {}


def test_running_twice_adds_nothing(admin: Client, ann: Client, hard: Article, plain: Make) -> None:
    articles = [
        replace(hard, mentions=ABSENT, events=ABSENT, attributions=ABSENT),
        plain("xx-0002"),
    ]
    done = push(admin, "twice", articles, predictions=[hard], model_version="linear")
    assert (done.created, done.predicted) == (["xx-0001", "xx-0002"], ["xx-0001"])
    push_annotations(ann, "twice", [hard])
    before = admin.export(done.project)
    again = push(admin, "twice", articles, predictions=[hard], model_version="linear")
    assert again == (done.project, [], [], ["xx-0001", "xx-0002"], [], [])
    assert push_annotations(ann, "twice", [hard]) == ([], [], ["xx-0001"], [])
    assert admin.export(done.project) == before

    more = push(admin, "twice", [*articles, plain("xx-0003")])
    assert (more.created, more.unchanged) == (["xx-0003"], ["xx-0001", "xx-0002"])


def test_more_tasks_than_a_batch(
    admin: Client, plain: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dateline.annotation.client.BATCH", 2)
    monkeypatch.setattr("dateline.annotation.client.PAGE", 2)
    articles = [plain(f"xx-{n:04}") for n in range(1, 6)]
    done = push(admin, "batches", articles, predictions=articles)
    assert (len(done.created), len(done.predicted)) == (5, 5)
    assert [a.id for _, a in tasks.tasks_of(admin, done.project).values()] == done.created
    assert len(admin.predictions(done.project)) == 5


def test_changed_metadata_and_predictions_are_updated(admin: Client, plain: Make) -> None:
    article = plain("xx-0001")
    project = push(admin, "changes", [article], predictions=[article]).project
    dated = replace(article, meta=replace(article.meta, published="2024-05-01"))
    assert push(admin, "changes", [dated]).updated == ["xx-0001"]
    assert tasks.tasks_of(admin, project)["xx-0001"][1].meta == dated.meta
    empty = replace(article, mentions=())
    assert push(admin, "changes", [dated], predictions=[empty]).predicted == ["xx-0001"]
    (prediction,) = admin.predictions(project)
    found = from_results(article.id, article.text, dated.meta, prediction["result"]).article
    assert found is not None and found.mentions == ()
    assert admin.project_settings(project).model_version == "predictions"


def test_changed_interface_is_given_to_the_project(
    admin: Client, plain: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = push(admin, "interface", [plain("xx-0001")]).project
    new = labeling_config().replace('value="OBJ"', 'value="THING"')
    monkeypatch.setattr("dateline.annotation.push.labeling_config", lambda _: new)
    assert push(admin, "interface", [plain("xx-0001")]).project == project
    assert admin.project_settings(project).label_config == new


def test_two_annotators_each_under_their_own_name(
    admin: Client, ann: Client, bo: Client, hard: Article, plain: Make
) -> None:
    other = plain("xx-0002")
    done = push(admin, "two", [hard, other], annotators=[ANN, BO])
    push_annotations(ann, "two", [hard, other])
    less = replace(hard, attributions=())
    push_annotations(bo, "two", [less])
    users = {number: email for number, email in admin.users().items() if email in (ANN, BO)}
    seen = {
        (task["data"]["article"], users[a["completed_by"]])
        for task in admin.export(done.project)
        for a in task["annotations"]
    }
    assert seen == {("xx-0001", ANN), ("xx-0002", ANN), ("xx-0001", BO)}
    assert pull(admin, "two").records == {ANN: [hard, other], BO: [less]}
    assert admin.project_settings(done.project).maximum_annotations == 2
    with pytest.raises(InputError, match=r"nobody@example\.org has no account"):
        push(admin, "two", [hard], annotators=["nobody@example.org"])


def test_broken_annotations_stop_no_other(
    admin: Client, ann: Client, bo: Client, hard: Article, plain: Make
) -> None:
    second = plain("xx-0002")
    project = push(admin, "broken", [hard, second]).project
    push_annotations(ann, "broken", [hard, second])
    (task, _), (other, _) = tasks.tasks_of(admin, project).values()
    results = copy.deepcopy(to_results(hard))
    arrow = next(r for r in results if r.get("from_id") == "v1")
    arrow["labels"] = []
    number = bo.annotate(task, results)
    bo.annotate(other, [])
    admin.annotate(other, to_results(second))
    admin.annotate(other, to_results(second))
    pulled = pull(admin, "broken")
    assert pulled.records == {ANN: [hard, second]}
    found = codes(pulled)
    assert set(found) == {"relation-unlabelled", "annotation-empty", "annotation-repeated"}
    line = found["relation-unlabelled"]
    assert f"task {task}, annotation {number} ({BO})" in line
    assert '21:25 "fell"' not in line and '16:20 "fell" (TerritoryChange) -> 0:4 "Kelm"' in line
    assert ADMIN in found["annotation-repeated"]


def test_skipped_drafted_foreign_and_changed_tasks(admin: Client, ann: Client, plain: Make) -> None:
    articles = [plain(f"xx-000{n}") for n in (1, 2, 3)]
    project = push(admin, "states", articles).project
    push_annotations(ann, "states", articles)
    numbers = {i: number for i, (number, _) in tasks.tasks_of(admin, project).items()}
    post(admin, f"tasks/{numbers['xx-0001']}/annotations/", result=[], was_cancelled=True)
    post(admin, f"tasks/{numbers['xx-0002']}/drafts", result=to_results(articles[1]))
    changed = {**tasks.task_data(articles[2]), "text": "Another text."}
    admin.update_task(numbers["xx-0003"], changed)
    admin.import_tasks(project, [{"text": "not of ours"}])
    pulled = pull(admin, "states")
    assert pulled.records == {ANN: articles[:2]}
    found = codes(pulled)
    assert set(found) == {"annotation-cancelled", "draft-left", "task-unknown"}
    assert {i.message for i in pulled.incidents if i.code == "task-unknown"} == {
        "its text was changed after it was pushed",
        "its data have no 'article': it was not pushed by dateline",
    }
    assert ADMIN in found["draft-left"] and ADMIN in found["annotation-cancelled"]
    levels = {i.code: i.level for i in pulled.incidents}
    assert levels == {
        "annotation-cancelled": "warning",
        "draft-left": "warning",
        "task-unknown": "error",
    }


def post(client: Client, path: str, **body: Any) -> dict[str, Any]:
    """What the page does and the client never needs to."""
    raw = client._sdk._client_wrapper.httpx_client
    return json.loads(raw.request(f"api/{path}", method="POST", json=body).text)


def test_prediction_that_an_annotator_began_from_is_kept(admin: Client, plain: Make) -> None:
    article = plain("xx-0001")
    proposal = replace(article, mentions=())
    project = push(admin, "began", [article], predictions=[proposal]).project
    (task, _), (prediction,) = tasks.tasks_of(admin, project)["xx-0001"], admin.predictions(project)
    post(
        admin,
        f"tasks/{task}/annotations/",
        result=to_results(article),
        parent_prediction=prediction["id"],
    )
    pulled = pull(admin, "began")
    assert pulled.records == {ADMIN: [article]}
    assert pulled.started_from == {ADMIN: [proposal]}


def test_different_annotation_is_kept_unless_forced(
    admin: Client, ann: Client, hard: Article
) -> None:
    push(admin, "differs", [hard])
    push_annotations(ann, "differs", [hard])
    changed = replace(hard, attributions=())
    done = push_annotations(ann, "differs", [changed])
    assert [i.code for i in done.incidents] == ["annotation-differs"]
    assert pull(admin, "differs").records == {ANN: [hard]}
    assert push_annotations(ann, "differs", [changed], force=True).updated == ["xx-0001"]
    assert pull(admin, "differs").records == {ANN: [changed]}


def test_what_push_refuses(admin: Client, ann: Client, hard: Article, plain: Make) -> None:
    article = plain("xx-0001")
    push(admin, "refuses", [article])
    cases: list[tuple[str, Callable[[], object]]] = [
        ("has another text", lambda: push(admin, "refuses", [hard])),
        ("given twice", lambda: push(admin, "refuses", [article, article])),
        ("at least 3 characters", lambda: push(admin, "no", [article])),
        ("carriage return", lambda: push(admin, "crlf", [replace(article, text="a\r\nb")])),
        ("no text of the project", lambda: push(admin, "refuses", [article], predictions=[hard])),
        ("over another text", lambda: push_annotations(ann, "refuses", [hard])),
        ("push the article first", lambda: push_annotations(ann, "refuses", [plain("xx-9")])),
        (
            "push the article again",
            lambda: push_annotations(
                ann, "refuses", [replace(article, meta=replace(article.meta, genre="feature"))]
            ),
        ),
        (
            "no events; a finished",
            lambda: push_annotations(ann, "refuses", [replace(article, events=ABSENT)]),
        ),
        ("no project 'absent'", lambda: push_annotations(ann, "absent", [article])),
        ("no project 'absent'", lambda: pull(ann, "absent")),
    ]
    for says, call in cases:
        with pytest.raises(InputError, match=says):
            call()
    foreign = replace(article, mentions=(replace(article.mentions[0], type="CITY"),))
    with pytest.raises(IncidentsError, match="unknown-label"):
        push_annotations(ann, "refuses", [foreign])
    refused = push(admin, "refuses", [article], predictions=[foreign])
    assert [i.code for i in refused.incidents] == ["unknown-label"]
    assert refused.predicted == []
    assert pull(admin, "refuses").records == {}


def test_two_projects_or_tasks_of_one_name(admin: Client, plain: Make) -> None:
    for _ in range(2):
        admin.create_project("double", label_config=labeling_config())
    with pytest.raises(ServerError, match="2 projects have the title 'double'"):
        push(admin, "double", [plain("xx-0001")])
    project = push(admin, "double tasks", [plain("xx-0001")]).project
    admin.import_tasks(project, [tasks.task_data(plain("xx-0001"))])
    with pytest.raises(InputError, match="are both xx-0001"):
        push(admin, "double tasks", [plain("xx-0001")])


def test_links_are_annotation_not_task(admin: Client, ann: Client, hard: Article) -> None:
    project = push(admin, "links", [hard]).project
    (_, article) = tasks.tasks_of(admin, project)["xx-0001"]
    assert article.meta.incidents == (IncidentRef(id="b1"), IncidentRef(id="b2"))
    push_annotations(ann, "links", [hard])
    (record,) = pull(admin, "links").records[ANN]
    assert record.meta == hard.meta


# saving; no server


def corpus_with(tmp_path: Path, *articles: Article) -> Corpus:
    corpus = Corpus(tmp_path)
    for article in articles:
        path = corpus.text_path(article.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(article.text.encode())
        path.with_suffix(".toml").write_text('theatre = "xx"\n')
    return corpus


def test_save_writes_passes_and_never_overwrites(
    tmp_path: Path, hard: Article, plain: Make
) -> None:
    corpus = corpus_with(tmp_path, hard, plain("xx-0002"))
    names = {ANN: "ann", BO: "bo"}
    pulled = Pulled({ANN: [hard, plain("xx-0002"), plain("xx-0003")], BO: [hard]}, {}, [])
    saved = save_pulled(corpus, pulled, names)
    expected = [
        corpus.pass_path("ann", "xx-0001"),
        corpus.pass_path("ann", "xx-0002"),
        corpus.pass_path("bo", "xx-0001"),
    ]
    assert (saved.written, saved.unchanged) == (expected, [])
    assert [(i.code, i.article) for i in saved.incidents] == [("article-unknown", "xx-0003")]
    assert corpus.annotated(expected[0]) == hard
    assert json.loads(expected[0].read_bytes())["text_sha256"]

    again = save_pulled(corpus, pulled, names)
    assert (again.written, again.unchanged) == ([], expected)

    changed = Pulled({ANN: [replace(hard, events=())]}, {}, [])
    kept = save_pulled(corpus, changed, names)
    assert [i.code for i in kept.incidents] == ["local-differs"]
    assert corpus.annotated(expected[0]) == hard
    assert save_pulled(corpus, changed, names, force=True).written == expected[:1]
    assert corpus.annotated(expected[0]).events == ()


def test_save_refuses_names_before_it_writes(tmp_path: Path, plain: Make) -> None:
    corpus = corpus_with(tmp_path, plain("xx-0001"))
    pulled = Pulled({ANN: [plain("xx-0001")], BO: [plain("xx-0001")]}, {}, [])
    for names, says in (
        ({ANN: "ann"}, "bo@example.org has annotations but no annotator name"),
        ({ANN: "ann", BO: "../bo"}, "is no annotator name"),
        ({ANN: "ann", BO: "ann"}, "the same annotator name"),
    ):
        with pytest.raises(InputError, match=says):
            save_pulled(corpus, pulled, names)
    assert corpus.annotators() == []


def test_codes_are_documented() -> None:
    assert all(text for text in CODES.values())
