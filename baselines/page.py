"""The claims of articles as one self-contained HTML page. Everything is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from ..corpus.claims import Claim
from ..corpus.schema import Article

_HEAD: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Claims</title>
<style>
body { font: 16px/1.5 Georgia, serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
h2 { font-size: 1.1rem; margin-top: 3rem; border-bottom: 1px solid #ccc; }
.text { white-space: pre-wrap; }
mark { background: #ffe48a; color: inherit; padding: 0 .1em; border-radius: .2em; }
mark.said { background: #b9dcff; }
mark a { color: inherit; text-decoration: none; }
sup { font: .65rem sans-serif; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font: .85rem/1.35 sans-serif; margin-top: 1rem; }
th, td { border-bottom: 1px solid #ddd; padding: .3rem .5rem; text-align: left;
  vertical-align: top; }
th { background: #f4f4f4; }
tr:target { background: #fff6d6; }
.key { font: .85rem sans-serif; color: #444; }
</style></head><body>
<h1>Claims</h1>
<p class="key">Who did what, where and when, and according to whom, as an extractor read it:
<mark>in the outlet's own voice</mark>, <mark class="said">according to a source</mark>.
The numbers lead to the rows below each article.</p>
"""
_TAIL: Final = "</body></html>\n"
_COLUMNS: Final = {
    "event": "Event",
    "realis": "Realis",
    "who": "Who",
    "whom": "Whom, what",
    "where": "Where",
    "when": "When",
    "source": "According to",
    "stance": "Stance",
}


def page(articles: Iterable[tuple[Article, Sequence[Claim]]]) -> Iterator[str]:
    """The page in pieces, one article at a time."""
    yield _HEAD
    for number, (article, rows) in enumerate(articles, start=1):
        yield f'<h2 id="a{number}">{escape(article.id)}</h2>\n'
        yield f'<div class="text">{"".join(_marked(article.text, rows, number))}</div>\n'
        yield from _table(rows, number)
    yield _TAIL


def _marked(text: str, rows: Sequence[Claim], number: int) -> Iterator[str]:
    """The text with every trigger marked and linked to its rows."""
    of_span: dict[tuple[int, int], list[int]] = {}
    for n, row in enumerate(rows, start=1):
        of_span.setdefault((row.start, row.end), []).append(n)
    at = 0
    for (start, end), numbers in sorted(of_span.items()):
        if start < at:
            continue
        said = any(rows[n - 1].source_kind != "outlet" for n in numbers)
        links = ",".join(f'<a href="#a{number}r{n}">{n}</a>' for n in numbers)
        yield escape(text[at:start])
        kind = ' class="said"' if said else ""
        yield f"<mark{kind}>{escape(text[start:end])}<sup>{links}</sup></mark>"
        at = end
    yield escape(text[at:])


def _table(rows: Sequence[Claim], number: int) -> Iterator[str]:
    if not rows:
        yield '<p class="key">No event found.</p>\n'
        return
    head = "".join(f"<th>{title}</th>" for title in ("#", *_COLUMNS.values()))
    yield f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n'
    for n, row in enumerate(rows, start=1):
        cells = [str(n), f"{row.type}: {row.trigger}", row.realis]
        cells += [row.who, row.whom, row.where, row.when, _source(row), row.stance]
        inner = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        yield f'<tr id="a{number}r{n}">{inner}</tr>\n'
    yield "</tbody></table></div>\n"


def _source(row: Claim) -> str:
    if row.source_kind == "outlet":
        return "the outlet"
    name = row.source or "somebody unnamed"
    return f"{name} ({row.cue})" if row.cue else name
