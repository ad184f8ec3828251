"""The text report: one table to show, rendered from the result object alone."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .compare import Comparison
from .registry import METRICS, TRACKS
from .result import Result

DASH: Final = "–"
_WIDTH: Final = 100


def percent(value: float | None) -> str:
    """A ratio in per cent with one decimal; an en dash for null."""
    return DASH if value is None else f"{100 * value:.1f}"


def interval(ci: Iterable[float | None] | None) -> str:
    """`61.2 to 70.8`, or an en dash."""
    if ci is None:
        return DASH
    low, high = (value or 0.0 for value in ci)
    return f"{100 * low:.1f} to {100 * high:.1f}"


def text(result: Result, *, full: bool = False) -> str:
    """The report as plain text. `full` adds every metric, slices and error classes."""
    out = StringIO()
    show(result, Console(file=out, width=_WIDTH, no_color=True, highlight=False), full=full)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def show(result: Result, console: Console, *, full: bool = False) -> None:
    """Print the report: headlines with intervals, then the tracks, then the harms."""
    console.print(_headlines(result))
    if result.degenerate:
        console.print(_degenerate(result))
    for track in TRACKS:
        shown = [m for m in result.scores if METRICS[m].track == track and not METRICS[m].harm]
        if not full:
            shown = [m for m in shown if m in _SHORT]
        if shown:
            console.print(_prf(track, shown, result))
    console.print(_harms(result))
    if full:
        console.print(_slices(result))
        console.print(_errors(result))
    for incident in result.incidents:
        first = f", first in {incident['first']}" if incident["first"] else ""
        console.print(Text(f"{incident['code']}: {incident['count']}{first}"))
    console.print(Text(_provenance(result)), soft_wrap=True)


_SHORT: Final = frozenset(
    "entities.strict entities.boundary entities.coarse semeval.partial events.ti events.tc "
    "events.tcr events.ac+.exact events.ac+.head events.ac+.entity realis.accuracy "
    "attributions.f1 attributions.content attributions.soft attributions.triple "
    "attributions.source.entity|pairs attributions.cue attributions.act|pairs attributions.parent "
    "voice.accuracy claims.attributed claims.outlet claims.f1 statements.attributed "
    "statements.outlet".split()
)
_TITLES: Final = {
    "dateline": "dateline score",
    "entities": "entities (strict)",
    "events": "events (AC+, entity level)",
    "attributions": "attributions (content and source)",
    "claims": "claims (balanced)",
}


def comparison_text(comparison: Comparison) -> str:
    """Scores with ranks, then every test, as plain text."""
    out = StringIO()
    console = Console(file=out, width=_WIDTH, no_color=True, highlight=False)
    scores = _table("scores", "", "rank", *comparison.metrics)
    for name in sorted(comparison.systems, key=lambda s: (comparison.ranks[s], s)):
        values = comparison.scores[name]
        scores.add_row(
            name, str(comparison.ranks[name]), *(percent(values[m]) for m in comparison.metrics)
        )
    console.print(scores)
    tests = _table("paired tests", "", "difference", "95% interval", "p", "p (Holm)", "detectable")
    for test in comparison.tests:
        tests.add_row(
            f"{test.metric}  {test.a} - {test.b}",
            percent(test.delta),
            interval(test.ci),
            *(DASH if p is None else f"{p:.4f}" for p in (test.p, test.p_holm)),
            percent(test.mdd),
        )
    console.print(tests)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for n, column in enumerate(columns):
        table.add_column(column, justify="left" if n == 0 else "right", no_wrap=n == 0)
    return table


def _headlines(result: Result) -> Table:
    source = result.submission
    title = f"{source['name'] or 'predictions'}: {source['articles']} articles"
    columns = ["", "score", "95% interval", "detectable"]
    ceiling = result.ceiling or {}
    table = _table(title, *columns, *(["annotators"] if ceiling else []))
    for name in ("dateline", "entities", "events", "attributions", "claims"):
        if name in result.headline:
            entry = result.headline[name]
            row = [_TITLES[name], percent(entry["value"]), interval(entry["ci"])]
            row.append(percent(result.mdd.get(name)))
            table.add_row(*row, *([percent(ceiling.get(name))] if ceiling else []))
    return table


def _degenerate(result: Result) -> Table:
    names = list(result.headline)
    table = _table("without understanding", "", *names)
    for system, values in (result.degenerate or {}).items():
        table.add_row(system, *(percent(values.get(name)) for name in names))
    return table


def _prf(track: str, shown: list[str], result: Result) -> Table:
    table = _table(track, "", "P", "R", "F1", "95% interval", "hits", "gold", "submitted")
    for name in shown:
        entry = result.scores[name]
        if "f1" in entry:
            hits = entry["tp"] / entry.get("scale", 1)
            counts = [f"{hits:.10g}" if hits == int(hits) else f"{hits:.2f}"]
            counts += [str(entry["gold"]), str(entry["pred"])]
            values = [percent(entry[k]) for k in ("p", "r", "f1")]
        else:
            counts = [str(entry.get("num", "")), str(entry.get("den", "")), ""]
            values = ["", "", percent(entry["value"])]
        table.add_row(name, *values, interval(entry["ci"]), *counts)
    return table


def _harms(result: Result) -> Table:
    table = _table("harms (less is better)", "", "rate", "95% interval", "of")
    for name, entry in result.scores.items():
        if METRICS[name].harm:
            table.add_row(name, percent(entry["value"]), interval(entry["ci"]), str(entry["den"]))
    return table


def _slices(result: Result) -> Table:
    table = _table("slices (grey ones in brackets)", "", "P", "R", "F1", "95% interval", "gold")
    for s in result.slices:
        name = f"{s['metric']}  {s['slice']}={s['value']}"
        values = [percent(s[k]) for k in ("p", "r", "f1")]
        table.add_row(
            f"({name})" if s["grey"] else name, *values, interval(s["ci"]), str(s["n_gold"])
        )
    return table


def _errors(result: Result) -> Table:
    table = _table("error classes", "", "gold", "submitted")
    for layer, classes in result.errors.items():
        for cls, n in classes.items():
            row: dict[str, Any] = n
            gold = row.get("gold", row.get("pairs", 0))
            table.add_row(f"{layer}  {cls}", str(gold), str(row.get("pred", "")))
    return table


def _provenance(result: Result) -> str:
    """Signature of the first headline, its metric left open."""
    entry = next(iter(result.headline.values()), None)
    if entry is None:
        return ""
    fields = result.scores[entry["metric"]]["signature"].split("|")
    return "|".join(field for field in fields if not field.startswith("metric="))
