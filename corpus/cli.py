"""`dateline corpus ...`: thin commands over the functions of this folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from .store import Corpus

CorpusOption = Annotated[
    Path | None,
    typer.Option("--corpus", help="Corpus folder (default: the project's own).", metavar="DIR"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def corpus_at(path: Path | None) -> Corpus:
    """The corpus folder that `--corpus` names, or the project's own."""
    from .store import Corpus, default

    return Corpus(path) if path else default()


def corpus_app() -> typer.Typer:
    """The sub-app."""
    app = typer.Typer(no_args_is_help=True, help="What the data is.")
    for command in (add, validate, build, stats):
        app.command()(command)
    app.command("import")(import_)
    return app


def add(
    files: Annotated[list[Path], typer.Argument(help="Raw articles: plain text or saved HTML.")],
    outlet: Annotated[str, typer.Option(help="Who published it.")],
    published: Annotated[str, typer.Option(help="When: ISO 8601 date or date and time.")],
    theatre: Annotated[str, typer.Option(help="Theatre code, the first part of the id.")] = "own",
    article_id: Annotated[str | None, typer.Option("--id", help="Id (one file only).")] = None,
    outlet_kind: Annotated[str, typer.Option(help="wire, state, local, broadcaster, ...")] = "",
    genre: Annotated[str, typer.Option(help="wire, analysis, feature, ...")] = "",
    place: Annotated[str, typer.Option(help="Place of the dateline.")] = "",
    language: Annotated[str, typer.Option(help="Language code.")] = "en",
    licence: Annotated[str, typer.Option("--license", help="Licence of the text.")] = "",
    part: Annotated[str, typer.Option(help="original, or real for published news.")] = "original",
    corpus: CorpusOption = None,
) -> None:
    """Add raw articles to a corpus folder and print their new ids.

    Example: dateline corpus add report.html --outlet "Meridel News" --published 2028-05-04
    """
    from datetime import datetime

    from .errors import InputError
    from .ingest import add as add_articles
    from .schema import PARTS, Meta

    try:
        datetime.fromisoformat(published)
    except ValueError:
        raise InputError(
            f"--published: {published!r} is not an ISO date, such as 2028-05-04"
        ) from None
    if part not in PARTS:
        raise InputError(f"--part: {part!r} is not one of {', '.join(PARTS)}")
    meta = Meta(
        part=part,
        genre=genre,
        outlet=outlet,
        outlet_kind=outlet_kind,
        published=published,
        dateline=place,
        language=language,
        license=licence,
    )
    for new in add_articles(corpus_at(corpus), files, theatre, meta, article_id=article_id):
        typer.echo(new)


def validate(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Record files, .json or .jsonl (default: all gold of the corpus)."),
    ] = None,
    json: JsonOption = False,
    open_labels: Annotated[
        bool, typer.Option("--open-labels", help="Records in a foreign label set.")
    ] = False,
    corpus: CorpusOption = None,
) -> None:
    """Check records against the scheme: structure, references, guideline rules.

    Example: dateline corpus validate corpus/gold/lv-0001.json
    """
    import msgspec

    from .errors import Incident, IncidentsError, errors_in
    from .store import read_lines
    from .validate import CODES
    from .validate import validate as validate_record

    store = corpus_at(corpus)
    found: list[Incident] = []
    count = 0
    for path in paths or [store.gold_path(i) for i in store.gold_ids()]:
        records = read_lines(path) if path.suffix == ".jsonl" else [store.annotated(path)]
        for record in records:
            count += 1
            for incident in validate_record(record, closed=not open_labels):
                found.append(msgspec.structs.replace(incident, file=str(path)))
    if json:
        sys.stdout.buffer.write(msgspec.json.encode(found) + b"\n")
        if errors_in(found):
            raise typer.Exit(2)
        return
    warnings = [i for i in found if i.level == "warning"]
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    if errors_in(found):
        for code in dict.fromkeys(i.code for i in errors_in(found)):
            typer.echo(f"# {code}: {CODES[code]}", err=True)
        raise IncidentsError(errors_in(found))
    typer.echo(f"{count} records, no error, {len(warnings)} warnings")


def build(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if a fresh build would differ.")
    ] = False,
    corpus: CorpusOption = None,
) -> None:
    """Build records, dataset folder and manifest from gold and splits.

    Example: dateline corpus build --check
    """
    from .build import build as build_corpus
    from .build import check as check_corpus
    from .errors import CorpusError

    store = corpus_at(corpus)
    if check:
        if differing := check_corpus(store):
            raise CorpusError("\n".join(differing))
        typer.echo("the build is up to date")
        return
    manifest = build_corpus(store)
    parts = ", ".join(f"{split} {n}" for split, n in manifest.articles.items())
    typer.echo(f"{store.hub}: corpus {manifest.corpus_version}, {parts}")


def stats(json: JsonOption = False, corpus: CorpusOption = None) -> None:
    """Print the corpus in numbers, as DATASHEET.md quotes them.

    Example: dateline corpus stats --json
    """
    import msgspec

    from .stats import markdown
    from .stats import stats as numbers

    found = numbers(corpus_at(corpus))
    if json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    else:
        typer.echo(markdown(found), nl=False)


def import_(
    name: Annotated[str, typer.Argument(metavar="FORMAT", help="Format, such as bio.")],
    path: Annotated[Path, typer.Argument(help="A file, or a folder of files.")],
    labels: Annotated[
        str, typer.Option("--labels", help="keep the corpus's own, or map them to the scheme.")
    ] = "keep",
    split: Annotated[
        str, typer.Option("--split", help="Only train, validation or test (of a folder).")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write records here.")
    ] = None,
    token_column: Annotated[
        int | None, typer.Option("--token-column", help="bio: column of the token (default 0).")
    ] = None,
    tag_column: Annotated[
        int | None, typer.Option("--tag-column", help="bio: column of the tag (default -1, last).")
    ] = None,
    tagging: Annotated[
        str | None, typer.Option("--tagging", help="bio: iob1, iob2 (default) or bioes.")
    ] = None,
    sentences: Annotated[
        int | None, typer.Option("--sentences", help="bio: this many sentences an article.")
    ] = None,
    repair: Annotated[
        bool | None, typer.Option("--repair", help="bio: start a name at an I- without B-.")
    ] = None,
) -> None:
    """Read a foreign corpus: one record a line, offsets and names as they stand there.

    Example: dateline corpus import bio train.conll --labels map -o train.jsonl
    """
    from .errors import InputError
    from .external.labels import mapped
    from .external.readers import Report, read
    from .files import write
    from .schema import encode_lines

    if labels not in ("keep", "map"):
        raise InputError(f"--labels: '{labels}' is not keep or map")
    options = {
        "token_column": token_column,
        "tag_column": tag_column,
        "tagging": tagging,
        "sentences": sentences,
        "repair": repair,
    }
    report = Report()
    given = {key: value for key, value in options.items() if value is not None}
    records = read(name, path, split, given, report)
    if labels == "map":
        records = mapped(records, report)
    for line in report.lines():
        typer.echo(line, err=True)
    data = b"".join(encode_lines(records))
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        write(output, data)
