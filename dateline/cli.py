"""The command line: four folders' sub-apps put together.

The only module that sees all four. It hands one folder's functions to another
as arguments: agreement is the scorer's, pre-annotation a baseline's.
"""

from __future__ import annotations

import sys

import typer

from .annotation.cli import annotate_app
from .corpus.cli import corpus_app
from .corpus.errors import DatelineError

app = typer.Typer(
    name="dateline",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Who did what, where and when, and according to whom: an open benchmark.",
)
app.add_typer(corpus_app(), name="corpus")
app.add_typer(annotate_app(), name="annotate")


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
