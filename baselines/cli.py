"""`dateline baseline ...` and `dateline extract`: thin commands over this folder's functions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

if TYPE_CHECKING:
    from ..corpus.schema import Article
    from ..corpus.store import Corpus
    from .base import Baseline

Name = Annotated[str, typer.Argument(help="Name of a baseline; `dateline baseline list`.")]
CorpusDir = Annotated[
    Path | None,
    typer.Option("--corpus", help="Corpus folder (default: the project's own).", metavar="DIR"),
]
TrainFile = Annotated[
    Path | None,
    typer.Option("--train", help="Records to train on instead of the train split.", metavar="FILE"),
]
DevFile = Annotated[
    Path | None,
    typer.Option("--dev", help="Records to tune on (with --train).", metavar="FILE"),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="File to write (default: stdout).", metavar="FILE"),
]


def baseline_app() -> typer.Typer:
    """The sub-app."""
    app = typer.Typer(no_args_is_help=True, help="Baseline extractors: train and predict.")
    app.command("list")(list_)
    app.command()(train)
    app.command()(predict)
    return app


def register(app: typer.Typer) -> None:
    """Add `extract` to the front door."""
    app.command()(extract)


def list_() -> None:
    """List the baselines and what they predict.

    Example: dateline baseline list
    """
    from . import registered

    for name in registered:
        made = registered[name]()
        summary = (type(made).__doc__ or "").partition("\n")[0]
        typer.echo(f"{name:12} {', '.join(made.layers)}\n{'':12} {summary}")


def train(
    name: Name, train: TrainFile = None, dev: DevFile = None, corpus: CorpusDir = None
) -> None:
    """Train a baseline, keep it in the cache folder and print where.

    `predict` and `extract` do this by themselves when it is needed.

    Example: dateline baseline train linear
    """
    from .base import model_folder

    _known(name)
    _trained(name, train, dev, corpus)
    typer.echo(str(model_folder(name, *_records(train, dev, corpus))))


def predict(
    name: Name,
    split: Annotated[
        str | None, typer.Option(help="Split to predict: train, validation, test.")
    ] = None,
    input: Annotated[
        Path | None, typer.Option("--input", help="Records with text to predict instead.")
    ] = None,
    train: TrainFile = None,
    dev: DevFile = None,
    corpus: CorpusDir = None,
    output: Output = None,
) -> None:
    """Predict all layers of a split or a file of records, as records without text.

    Gold layers of the input are taken away before the baseline sees it.

    Example: dateline baseline predict linear --split test -o preds.jsonl
    """
    from ..corpus.errors import InputError
    from ..corpus.schema import SPLITS, encode_lines
    from ..corpus.store import read_lines

    _known(name)
    if (split is None) == (input is None):
        raise InputError("give --split or --input, one of the two")
    if split is not None and split not in SPLITS:
        raise InputError(f"--split: '{split}' is not one of {', '.join(SPLITS)}")
    articles: Iterable[Article] = (
        read_lines(input) if input else _corpus(corpus).records(split or "")
    )
    baseline = _trained(name, train, dev, corpus)

    def write(out: BinaryIO) -> None:
        for line in encode_lines(a.without_text() for a in baseline.predict(_whole(articles))):
            out.write(line)

    _to(output, write)


def extract(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Raw articles: text, saved HTML, folders of them; `-` or none: stdin."),
    ] = None,
    baseline: Annotated[str, typer.Option(help="Which baseline reads.")] = "linear",
    to: Annotated[str, typer.Option("--to", help="jsonl, csv or html.")] = "jsonl",
    records: Annotated[
        bool, typer.Option("--records", help="Whole records (JSON lines) instead of claims.")
    ] = False,
    train: TrainFile = None,
    dev: DevFile = None,
    corpus: CorpusDir = None,
    output: Output = None,
) -> None:
    """Read raw articles and print who did what, where and when, according to whom.

    Example: dateline extract report.html --to csv -o claims.csv
    """
    from ..corpus.errors import InputError
    from . import extract as run

    _known(baseline)
    writer = run.form(to)
    if records:
        if to != "jsonl":
            raise InputError("--records writes JSON lines; leave out --to")
        writer = run.write_records
    stdin = not files or files == [Path("-")]
    found = [] if stdin else run.raw_files(files or [])
    refused: list[InputError] = []
    articles = (
        iter([run.stdin_article(sys.stdin.buffer.read())])
        if stdin
        else run.raw_articles(found, refused)
    )
    extractor = _trained(baseline, train, dev, corpus)
    _to(output, lambda out: writer(run.extract(extractor, articles), out))
    run.report(refused, len(found))


def _corpus(path: Path | None) -> Corpus:
    from ..corpus.store import Corpus, default

    return Corpus(path) if path else default()


def _records(
    train: Path | None, dev: Path | None, corpus: Path | None
) -> tuple[list[Article], list[Article]]:
    """Training and tuning records: two files, or the corpus' train and validation splits."""
    from ..corpus.errors import InputError
    from ..corpus.store import read_lines

    if train is None:
        if dev is not None:
            raise InputError("--dev needs --train: name the records to train on, too")
        store = _corpus(corpus)
        return store.records("train"), store.records("validation")
    return list(read_lines(train)), list(read_lines(dev)) if dev else []


def _known(name: str) -> None:
    """Refuse an unknown baseline before any file is read."""
    from . import registered

    _ = registered[name]


def _trained(name: str, train: Path | None, dev: Path | None, corpus: Path | None) -> Baseline:
    from .base import cached

    _known(name)
    return cached(name, *_records(train, dev, corpus))


def _whole(articles: Iterable[Article]) -> Iterable[Article]:
    """The records, refusing the first that has no text."""
    from ..corpus.errors import InputError

    for article in articles:
        if not article.text:
            raise InputError(f"{article.id}: no text; `dateline corpus hydrate` restores it")
        yield article


def _to(output: Path | None, write: Callable[[BinaryIO], None]) -> None:
    """Write to a file at once, or to stdout."""
    from ..corpus.files import atomic

    if output is None:
        write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        with atomic(output) as file:
            write(file)
