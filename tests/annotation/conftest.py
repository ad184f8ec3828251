"""One Label Studio server for the whole run, and a record with every hard case."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dateline.annotation import server
from dateline.annotation.client import Client, connect
from dateline.corpus.schema import (
    Argument,
    Article,
    Attribution,
    Event,
    IncidentRef,
    Mention,
    Meta,
    Span,
    Zone,
)

ANNOTATORS = ("ann@example.org", "bo@example.org")

TEXT = (
    "Kelm and Dressa fell 🕊️👩‍🚀\n\n"
    "“We fell back,” the army’s «القوات المسلحة» spokesman said, citing officers who said:"
    " “not a step.”\n"
    "Rebels accused Sarn of arming rebels. “Enough!”\n"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of the running server, with an account for each annotator.

    The server is the one that `serve` installs by itself, unless the variable
    DATELINE_LABEL_STUDIO_ENV names another; without one the tests fail.
    """
    folder = tmp_path_factory.mktemp("label-studio")
    server.serve(folder, free_port())
    try:
        for email in ANNOTATORS:
            server.add_user(folder, email)
        yield folder
    finally:
        server.stop(folder)


@pytest.fixture
def admin(data_dir: Path) -> Iterator[Client]:
    with connect(data_dir) as client:
        yield client


@pytest.fixture
def ann(data_dir: Path) -> Iterator[Client]:
    with connect(data_dir, ANNOTATORS[0]) as client:
        yield client


@pytest.fixture
def bo(data_dir: Path) -> Iterator[Client]:
    with connect(data_dir, ANNOTATORS[1]) as client:
        yield client


def at(surface: str, n: int = 1, text: str = TEXT) -> dict[str, int]:
    start = -1
    for _ in range(n):
        start = text.index(surface, start + 1)
    return {"start": start, "end": start + len(surface)}


def span(surface: str, n: int = 1) -> Span:
    return Span(**at(surface, n))


@pytest.fixture
def hard() -> Article:
    """Two events on one trigger, a mention on it too, overlaps, nesting, scripts, no cue."""

    def mention(key: str, surface: str, n: int = 1, **rest: Any) -> Mention:
        return Mention(id=key, **at(surface, n), **rest)

    def event(key: str, n: int, place: str, realis: str, incident: str | None) -> Event:
        return Event(
            id=key,
            **at("fell", n),
            type="TerritoryChange",
            realis=realis,
            incident=incident,
            arguments=(Argument(role="Place", target=place), Argument(role="Agent", target="m5")),
        )

    both = (span("not a step"),)
    return Article(
        id="xx-0001",
        text=TEXT,
        meta=Meta(
            theatre="xx",
            genre="report",
            published="2024-05-01",
            incidents=(IncidentRef(id="b1", incident="i1"), IncidentRef(id="b2")),
        ),
        zones=(
            Zone(**at("Kelm and Dressa fell 🕊️👩‍🚀"), kind="headline"),
            Zone(start=TEXT.index("“We"), end=len(TEXT) - 1, kind="body"),
        ),
        mentions=(
            mention("m1", "Kelm", type="GPE", entity="e1"),
            mention("m2", "Dressa", type="GPE", entity="e2"),
            mention("m3", "fell", type="OBJ", level="nominal", entity="e3"),
            mention("m4", "army", type="ORG.mil", level="nominal", entity="e4"),
            mention("m5", "القوات المسلحة", type="ORG.mil", entity="e4"),
            mention("m6", "army’s «القوات المسلحة» spokesman", type="PER", level="nominal"),
            mention("m#7%", "officers", type="PER", level="nominal", entity="e7"),
            mention("m8", "Rebels", type="ORG.armed", level="nominal", entity="e8"),
            mention("m9", "We", type="ORG.mil", level="pronoun", entity="e4"),
        ),
        events=(
            event("v1", 1, "m1", "actual", "i1"),
            event("v2", 1, "m2", "planned", "i2"),
            Event(
                id="v3",
                **at("arming"),
                type="Aid",
                realis="possible",
                arguments=(
                    Argument(role="Issue", target="v1"),
                    Argument(role="Agent", target="m8"),
                ),
            ),
        ),
        attributions=(
            Attribution(
                id="a1",
                sources=("m6",),
                cue=(span("said"),),
                content=(span("We fell back,”"), *both),
                quoted=(span("We fell back"), *both),
            ),
            Attribution(
                id="a2",
                sources=("m#7%", "m4"),
                cue=(span("citing"), span("said", 2)),
                content=both,
                quoted=both,
                recipients=("m8",),
                act="warn",
                parent="a1",
            ),
            Attribution(
                id="a3",
                sources=("m8",),
                cue=(span("accused"), span("of", 2)),
                content=(span("Sarn"), span("arming rebels")),
                act="accuse",
            ),
            Attribution(id="a4", content=(span("Enough!"),), quoted=(span("Enough"),)),
            Attribution(
                id="a5",
                content=(span("fell back"), span("Enough")),
                quoted=(span("fell back"),),
                act="deny",
                parent="a4",
            ),
        ),
    )


@pytest.fixture
def plain() -> Callable[[str], Article]:
    """A small article with one mention, under the given id."""

    def make(article_id: str) -> Article:
        text = f"Rebels left Kelm. ({article_id})"
        return Article(
            id=article_id,
            text=text,
            meta=Meta(theatre="xx"),
            zones=(Zone(start=0, end=len(text), kind="body"),),
            mentions=(Mention(id="m1", start=0, end=6, type="ORG.armed", level="nominal"),),
            events=(),
            attributions=(),
        )

    return make


@pytest.fixture
def unused_port() -> int:
    return free_port()
