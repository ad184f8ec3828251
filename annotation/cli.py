"""`dateline annotate ...`: thin commands over the functions of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..corpus.cli import CorpusOption, corpus_at


def annotate_app() -> typer.Typer:
    """The sub-app."""
    app = typer.Typer(no_args_is_help=True, help="How text becomes records.")
    app.command()(anchored)
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
    from ..corpus.errors import Incident, IncidentsError, InputError, errors_in
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
    if errors_in(incidents):
        raise IncidentsError(incidents)
    for warning in incidents:
        typer.echo(f"warning: {warning}", err=True)
