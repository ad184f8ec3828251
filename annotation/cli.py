"""`dateline annotate ...`: thin commands over the functions of this folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from ..corpus.cli import CorpusOption, corpus_at
from ..corpus.errors import Incident, IncidentsError, InputError, errors_in
from ..corpus.schema import Article
from .agreement import Figures

Predict = Callable[[str, Iterable[Article]], Iterator[Article]]

ServerOption = Annotated[
    Path | None,
    typer.Option(
        "--server",
        metavar="DIR",
        help="Data folder of the Label Studio server (default: the user's data folder).",
    ),
]
ProjectOption = Annotated[str, typer.Option("--project", help="Title of the project.")]


def server_at(path: Path | None) -> Path:
    """The server's data folder that `--server` names, or the user's own."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return path or home / "dateline" / "label-studio"


def annotate_app(figures: Callable[[], Figures], predict: Predict) -> typer.Typer:
    """The sub-app.

    `figures` gives the scorer's agreement function, `predict` runs a baseline by
    name: both belong to other folders and are handed in by the front door.
    """
    app = typer.Typer(no_args_is_help=True, help="How text becomes records.")

    @app.command()
    def agreement(  # pyright: ignore[reportUnusedFunction] registered by the decorator
        annotators: Annotated[
            list[str] | None,
            typer.Argument(help="The two annotators to compare (none: print what is recorded)."),
        ] = None,
        round_: Annotated[int, typer.Option("--round", help="Round of annotation.")] = 1,
        corpus: CorpusOption = None,
    ) -> None:
        """Compare two annotators' passes, print the figures and record them for the build.

        Example: dateline annotate agreement a1 b1
        """
        from ..corpus.agreement import read_batches
        from .agreement import agreement as compare
        from .agreement import table

        store = corpus_at(corpus)
        match annotators or []:
            case []:
                batches = read_batches(store)
            case [first, second]:
                batches = compare(store, (first, second), figures(), round_=round_)
            case _:
                raise InputError("agreement is between two annotators: give two names")
        typer.echo(table(batches), nl=False)

    @app.command()
    def push(  # pyright: ignore[reportUnusedFunction] registered by the decorator
        ids: Annotated[list[str] | None, typer.Argument(help="Article ids (default: all).")] = None,
        project: ProjectOption = "dateline",
        annotator: Annotated[
            list[str] | None, typer.Option(help="Address of an annotator; may be repeated.")
        ] = None,
        baseline: Annotated[
            str | None, typer.Option(help="Show this baseline's predictions as a proposal.")
        ] = None,
        server: ServerOption = None,
        corpus: CorpusOption = None,
    ) -> None:
        """Make or complete a Label Studio project with articles of the corpus.

        Example: dateline annotate push lv-0001 --baseline linear --annotator ann@example.org
        """
        from .client import connect
        from .push import push as push_articles

        store = corpus_at(corpus)
        articles = [store.article(i) for i in ids or store.ids()]
        with connect(server_at(server)) as client:
            done = push_articles(
                client,
                project,
                articles,
                annotators=annotator,
                predictions=predict(baseline, articles) if baseline else None,
                model_version=baseline or "",
            )
        _warn(done.incidents)
        typer.echo(
            f"{project}: {len(done.created)} created, {len(done.updated)} updated, "
            f"{len(done.unchanged)} unchanged, {len(done.predicted)} with predictions"
        )

    for command in (anchored, serve, submit, pull, adjudicate):
        app.command()(command)
    return app


def anchored(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Text-anchored files to check or convert.")
    ] = None,
    new: Annotated[
        list[str] | None, typer.Option(help="Write an empty file for this article id.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder to write to (default: check only)."),
    ] = None,
    corpus: CorpusOption = None,
) -> None:
    """Check text-anchored files, convert them to records, or start new ones.

    Example: dateline annotate anchored --new lv-0001 -o work/ && dateline annotate
    anchored work/lv-0001.yaml
    """
    from ..corpus.files import write
    from ..corpus.schema import encode_pretty
    from .anchored_files import check, new_file

    store = corpus_at(corpus)
    for article_id in new or []:
        path = (output or Path()) / f"{article_id}.yaml"
        if path.exists():
            raise InputError(f"{path} exists; remove it first")
        write(path, new_file(store, article_id))
        typer.echo(str(path))
    incidents: list[Incident] = []
    for file in files or []:
        article, found = check(store, file)
        incidents += found
        if article and not errors_in(found):
            counts = f"{len(article.mentions)} mentions, {len(article.events)} events"
            typer.echo(f"{file}: {counts}, {len(article.attributions)} attributions")
            if output:
                write(output / f"{article.id}.json", encode_pretty(article.without_text()))
    _warn(incidents)


def serve(
    stop: Annotated[bool, typer.Option("--stop", help="Stop the server.")] = False,
    status: Annotated[bool, typer.Option("--status", help="Say whether it runs.")] = False,
    add_user: Annotated[
        list[str] | None, typer.Option(help="Make an account; prints its password once.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port on the loopback interface.")] = 8080,
    foreground: Annotated[
        bool, typer.Option("--foreground", help="Stay; Ctrl-C stops the server.")
    ] = False,
    server: ServerOption = None,
) -> None:
    """Start a private Label Studio server on this machine (installs it at first use).

    Example: dateline annotate serve --port 8090 && dateline annotate serve --add-user a@b.org
    """
    from . import server as ls

    folder = server_at(server)
    if stop:
        typer.echo("stopped" if ls.stop(folder) else "no server runs")
    elif status:
        running = ls.status(folder)
        typer.echo(f"running at {running.url}" if running else "no server runs")
        raise typer.Exit(0 if running else 1)
    elif add_user:
        for email in add_user:
            account = ls.add_user(folder, email)
            typer.echo(f"{account.email} {account.password}")
    else:
        running = ls.serve(folder, port, foreground=foreground)
        account = ls.admin(folder)
        typer.echo(f"{running.url}  user {account.email}  password in {folder / 'account.json'}")


def submit(
    files: Annotated[
        list[Path], typer.Argument(help="Text-anchored files <article id>.yaml, or records .jsonl.")
    ],
    by: Annotated[str, typer.Option("--as", help="Address of the annotator's account.")],
    project: ProjectOption = "dateline",
    server: ServerOption = None,
    corpus: CorpusOption = None,
) -> None:
    """Submit text-anchored files or records as annotations, under the annotator's own account.

    Example: dateline annotate submit work/*.yaml --as ann@example.org
    """
    from .anchored_files import check, records_of
    from .client import connect
    from .push import push_annotations

    store = corpus_at(corpus)
    records: list[Article] = []
    incidents: list[Incident] = []
    for file in files:
        if file.suffix == ".jsonl":
            records += records_of(store, file)
            continue
        article, found = check(store, file)
        incidents += found
        if article:
            records.append(article)
    _warn(incidents)
    with connect(server_at(server), by) as client:
        done = push_annotations(client, project, records)
    _warn(done.incidents)
    typer.echo(
        f"{project}: {len(done.created)} created, {len(done.updated)} updated, "
        f"{len(done.unchanged)} unchanged"
    )


def pull(
    annotator: Annotated[
        list[str], typer.Option(help="ADDRESS=NAME: the folder name of an account's passes.")
    ],
    project: ProjectOption = "dateline",
    force: Annotated[bool, typer.Option("--force", help="Overwrite differing files.")] = False,
    server: ServerOption = None,
    corpus: CorpusOption = None,
) -> None:
    """Pull all submitted annotations into `annotations/<name>/<id>.json`.

    Example: dateline annotate pull --annotator ann@example.org=ann
    """
    from .client import connect
    from .pull import pull as pull_records
    from .pull import save_pulled

    names = {email: name for email, _, name in (pair.partition("=") for pair in annotator)}
    with connect(server_at(server)) as client:
        pulled = pull_records(client, project)
    saved = save_pulled(corpus_at(corpus), pulled, names, force=force)
    typer.echo(f"{project}: {len(saved.written)} written, {len(saved.unchanged)} unchanged")
    _warn([*pulled.incidents, *saved.incidents])


def adjudicate(
    ids: Annotated[list[str], typer.Argument(help="Article ids.")],
    annotators: Annotated[str, typer.Option(help="The two annotators: NAME,NAME.")],
    work: Annotated[
        Path | None,
        typer.Option(help="Folder of <id>.yaml and <id>.reasons.yaml; written if not there."),
    ] = None,
    record_by: Annotated[
        str | None,
        typer.Option("--record", help="Adjudicator whose pulled passes become gold."),
    ] = None,
    corpus: CorpusOption = None,
) -> None:
    """Prepare the differences of two passes for adjudication, or record what was decided.

    Example: dateline annotate adjudicate lv-0001 --annotators a1,b1 --work adjudication/
    """
    from .adjudication_files import prepare_files, record_files

    store = corpus_at(corpus)
    first, _, second = annotators.partition(",")
    if not first or not second:
        raise InputError("--annotators: give two names, as in a1,b1")
    folder = work or Path()
    for article_id in ids:
        if record_by:
            typer.echo(record_files(store, article_id, (first, second), record_by, folder))
        else:
            typer.echo(prepare_files(store, article_id, (first, second), folder))


def _warn(incidents: Sequence[Incident]) -> None:
    """Print warnings; raise if there are errors among the incidents."""
    for incident in incidents:
        if incident.level != "error":
            typer.echo(f"warning: {incident}", err=True)
    if refused := errors_in(incidents):
        raise IncidentsError(refused)
