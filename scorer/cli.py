"""The commands `score` and `compare`: thin layers over `api` and `compare`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ..corpus.store import Corpus
    from .codes import Log

SplitOption = Annotated[str, typer.Option("--split", help="Split: test, validation or train.")]
PartOption = Annotated[str, typer.Option("--part", help="Part of the corpus: original or real.")]
GoldOption = Annotated[
    Path | None, typer.Option("--gold", metavar="FILE", help="Score against this gold file.")
]
HydratedOption = Annotated[
    Path | None, typer.Option("--hydrated", metavar="DIR", help="Texts of the real part.")
]
CorpusOption = Annotated[
    Path | None,
    typer.Option("--corpus", metavar="DIR", help="Corpus folder (default: the project's own)."),
]
SeedOption = Annotated[int, typer.Option("--seed", help="Seed of all resampling.", min=0)]
UnitOption = Annotated[str, typer.Option("--unit", help="What to resample: article or story.")]
TracksOption = Annotated[
    str,
    typer.Option("--tracks", help="Only these, comma-separated: entities,events,..."),
]
_SEED = 20240607


def register(app: typer.Typer) -> None:
    """Add `score` and `compare` to the front door's app."""
    app.command()(score)
    app.command()(compare)


def score(
    predictions: Annotated[
        Path, typer.Argument(metavar="PRED", help="Predictions: JSON lines, one per article.")
    ],
    split: SplitOption = "test",
    part: PartOption = "original",
    gold: GoldOption = None,
    hydrated: HydratedOption = None,
    check_only: Annotated[
        bool, typer.Option("--check-only", help="Report what is wrong with the file; no score.")
    ] = False,
    json_to: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write the result as JSON; - prints it."),
    ] = None,
    per_article: Annotated[
        Path | None,
        typer.Option("--per-article", metavar="FILE", help="Write count rows, one per article."),
    ] = None,
    pointers: Annotated[
        bool, typer.Option("--pointers", help="Add a pointer to every error to the JSON.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Print every metric, slices and error classes.")
    ] = False,
    strict_schema: Annotated[
        bool, typer.Option("--strict-schema", help="Refuse what would be a false positive.")
    ] = False,
    tracks: TracksOption = "",
    unit: UnitOption = "article",
    ci: Annotated[str, typer.Option("--ci", help="Interval: pct or bca.")] = "pct",
    seed: SeedOption = _SEED,
    corpus: CorpusOption = None,
) -> None:
    """Score predictions against gold: headline numbers with intervals, tracks, harms.

    Example: dateline score predictions.jsonl --split test --json result.json
    """
    from ..corpus.errors import InputError
    from ..corpus.files import write
    from .api import count_files, write_rows
    from .api import score_files as run
    from .report import text
    from .signature import Settings

    intervals = {"pct": "pct95", "bca": "bca95"}
    if ci not in intervals:
        raise InputError(f"unknown interval '{ci}' (intervals: {', '.join(intervals)})")
    settings = Settings(
        seed=seed,
        unit=unit,
        ci=intervals[ci],
        tracks=tuple(t.strip() for t in tracks.split(",") if t.strip()),
        strict_schema=strict_schema,
        pointers=pointers,
    )
    store = _corpus(corpus)
    if check_only:
        scored = count_files(
            predictions,
            corpus=store,
            split=split,
            part=part,
            gold=gold,
            hydrated=hydrated,
            settings=settings,
            check_only=True,
        )
        _warn(scored.log)
        typer.echo(f"{predictions}: {scored.counted.articles} articles, nothing to refuse")
        return
    result, scored = run(
        predictions,
        corpus=store,
        split=split,
        part=part,
        gold=gold,
        hydrated=hydrated,
        settings=settings,
    )
    _warn(scored.log)
    if per_article is not None:
        write_rows(scored.counted.table, per_article)
    if json_to == Path("-"):
        sys.stdout.write(result.to_json().decode("utf-8"))
        return
    if json_to is not None:
        write(json_to, result.to_json())
    typer.echo(text(result, full=full), nl=False)


def compare(
    predictions: Annotated[
        list[Path], typer.Argument(metavar="A B...", help="Two or more prediction files.")
    ],
    metric: Annotated[
        list[str] | None,
        typer.Option("--metric", help="Metric id; may be repeated (default: the headlines)."),
    ] = None,
    split: SplitOption = "test",
    part: PartOption = "original",
    gold: GoldOption = None,
    hydrated: HydratedOption = None,
    json_to: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write the comparison as JSON; - prints it."),
    ] = None,
    tracks: TracksOption = "",
    unit: UnitOption = "article",
    seed: SeedOption = _SEED,
    corpus: CorpusOption = None,
) -> None:
    """Test whether systems differ: paired bootstrap, randomisation, Holm's correction.

    Example: dateline compare linear.jsonl rules.jsonl --split test
    """
    from ..corpus.errors import InputError
    from ..corpus.files import write
    from .api import count_files
    from .compare import compare as run
    from .report import comparison_text
    from .signature import Settings

    settings = Settings(
        seed=seed, unit=unit, tracks=tuple(t.strip() for t in tracks.split(",") if t.strip())
    )
    names = _names(predictions)
    if len(names) < 2:
        raise InputError("a comparison needs two prediction files or more")
    store = _corpus(corpus)
    systems = {
        name: count_files(
            path,
            corpus=store,
            split=split,
            part=part,
            gold=gold,
            hydrated=hydrated,
            settings=settings,
        )
        for name, path in names.items()
    }
    for scored in systems.values():
        _warn(scored.log)
    found = run(systems, settings, metric or ())
    if json_to == Path("-"):
        sys.stdout.write(found.to_json().decode("utf-8"))
        return
    if json_to is not None:
        write(json_to, found.to_json())
    typer.echo(comparison_text(found), nl=False)


def _corpus(path: Path | None) -> Corpus:
    from ..corpus.store import Corpus, default

    return Corpus(path) if path else default()


def _names(paths: list[Path]) -> dict[str, Path]:
    """A short name for each file: its stem, or the path where stems are not unique."""
    stems = [path.stem for path in paths]
    return {p.stem if stems.count(p.stem) == 1 else str(p): p for p in paths}


def _warn(log: Log) -> None:
    """Warnings on stderr; the explanation of a code that occurs often is not repeated."""
    shown: dict[str, int] = {}
    for incident in log:
        shown[incident.code] = shown.get(incident.code, 0) + 1
        if shown[incident.code] <= 3:
            typer.echo(str(incident), err=True)
    for code, n in shown.items():
        if n > 3:
            typer.echo(f"{n - 3} more [{code}]", err=True)
