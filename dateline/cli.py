"""The command line: four folders' sub-apps put together.

The only module that sees all four. It hands one folder's functions to another
as arguments: agreement is the scorer's, pre-annotation a baseline's.
"""

from __future__ import annotations

# The folders are mapped into the package at install time; pyright cannot see them from here.
# pyright: basic, reportMissingImports=false
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from .annotation.agreement import Figures
from .annotation.cli import annotate_app
from .baselines.cli import baseline_app
from .baselines.cli import register as register_extract
from .corpus.cli import CorpusOption, corpus_app, corpus_at
from .corpus.errors import DatelineError
from .corpus.schema import Article
from .scorer.cli import register as register_score


def _figures() -> Figures:
    """The scorer's agreement figures, imported when asked for."""
    from .scorer.agreement import figures

    return figures


def _predict(name: str, articles: Iterable[Article]) -> Iterator[Article]:
    """Predictions of a baseline, trained on this corpus at first use."""
    from .baselines import registered
    from .baselines.base import cached
    from .corpus.store import default

    registered[name]
    corpus = default()
    return cached(name, corpus.records("train"), corpus.records("validation")).predict(articles)


def _version(asked: bool) -> None:
    if asked:
        from . import __version__
        from .corpus.store import default

        info = default().info
        typer.echo(f"dateline {__version__} (corpus {info.name} {info.version})")
        raise typer.Exit


app = typer.Typer(
    name="dateline",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Who did what, where and when, and according to whom: an open benchmark.",
)


@app.callback()
def front(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print versions.")
    ] = False,
) -> None:
    """Who did what, where and when, and according to whom: an open benchmark."""


@app.command()
def benchmark(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Also write results here, as JSON."),
    ] = None,
    split: Annotated[str, typer.Option(help="Split to score: test or validation.")] = "test",
    corpus: CorpusOption = None,
) -> None:
    """Train every baseline, predict, score, and print the leaderboard.

    Example: dateline benchmark -o results/
    """
    from .benchmark import leaderboard, run

    board = run(corpus_at(corpus), split, output=output)
    typer.echo(leaderboard(board), nl=False)


register_score(app)
register_extract(app)
app.add_typer(corpus_app(), name="corpus")
app.add_typer(annotate_app(_figures, _predict), name="annotate")
app.add_typer(baseline_app(), name="baseline")


def main() -> None:
    """Entry point. A user's error is one line on stderr and exit code 2."""
    try:
        app()
    except DatelineError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
