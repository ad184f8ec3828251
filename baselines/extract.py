"""Raw articles in, claims out: the files, the records, the rows, the output forms.

Everything streams: one article is read, extracted and written before the next.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from ..corpus.claims import Claim, claims
from ..corpus.errors import InputError
from ..corpus.ingest import from_raw, read_raw
from ..corpus.schema import Article, encode_lines
from .base import Baseline
from .page import page

RAW: Final = frozenset({".txt", ".text", ".md", ".html", ".htm", ".xhtml"})
COLUMNS: Final = Claim.__struct_fields__
Writer = Callable[[Iterable[Article], BinaryIO], None]


def raw_files(paths: Sequence[Path]) -> list[Path]:
    """The files named, and those below the folders named that hold text or HTML.

    Folders are walked in order of name; hidden files are left out. Raises
    `InputError` for a path that does not exist or a folder without such a file.
    """
    out: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                p
                for p in path.rglob("*")
                if p.suffix.lower() in RAW
                and p.is_file()
                and not any(part.startswith(".") for part in p.relative_to(path).parts)
            )
            if not inside:
                raise InputError(f"{path}: no text or HTML file in this folder")
            out += inside
        elif path.exists():
            out.append(path)
        else:
            raise InputError(f"{path} does not exist")
    return out


def raw_articles(files: Iterable[Path], refused: list[InputError]) -> Iterator[Article]:
    """One article per file, its id made from the file's name.

    A file that cannot be read is added to `refused` and skipped, so that one bad
    file among thousands does not stop the rest.
    """
    taken: set[str] = set()
    for path in files:
        try:
            text = read_raw(path)
        except InputError as error:
            refused.append(error)
            continue
        yield Article(id=_unique(path.stem, taken), text=text)


def stdin_article(data: bytes) -> Article:
    """The article that standard input holds. Raises `InputError`."""
    try:
        return Article(id="stdin", text=from_raw(data))
    except InputError as error:
        raise InputError(f"standard input: {error}") from None


def _unique(stem: str, taken: set[str]) -> str:
    name = re.sub(r"[^\w.-]+", "-", stem).strip("-") or "article"
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    taken.add(found)
    return found


def extract(baseline: Baseline, articles: Iterable[Article]) -> Iterator[Article]:
    """Whole records, text and zones included, of raw articles; streams."""
    return baseline.predict(articles)


def write_records(records: Iterable[Article], out: BinaryIO) -> None:
    """Whole records as JSON lines."""
    for line in encode_lines(records):
        out.write(line)


def write_jsonl(records: Iterable[Article], out: BinaryIO) -> None:
    """Claims as JSON lines, keys in the order of the table."""
    for record in records:
        for claim in claims(record):
            out.write(msgspec.json.encode(claim) + b"\n")


def write_csv(records: Iterable[Article], out: BinaryIO) -> None:
    """Claims as RFC 4180 CSV in UTF-8, with a header.

    A cell that a spreadsheet would run as a formula gets a leading apostrophe.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for record in records:
        for claim in claims(record):
            writer.writerow([_cell(getattr(claim, name)) for name in COLUMNS])
        out.write(buffer.getvalue().encode("utf-8"))
        buffer.seek(0)
        buffer.truncate()
    out.write(buffer.getvalue().encode("utf-8"))


def _cell(value: str | int) -> str | int:
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def write_html(records: Iterable[Article], out: BinaryIO) -> None:
    """One self-contained page: each article with its claims marked, a table below it."""
    for piece in page((record, claims(record)) for record in records):
        out.write(piece.encode("utf-8"))


FORMS: Final[dict[str, Writer]] = {"jsonl": write_jsonl, "csv": write_csv, "html": write_html}


def form(name: str) -> Writer:
    """The writer of an output form. Raises `InputError` for an unknown one."""
    if name not in FORMS:
        raise InputError(f"--to: unknown form '{name}'. Available: {', '.join(FORMS)}")
    return FORMS[name]


def report(refused: Sequence[InputError], total: int) -> None:
    """Name every refused file on stderr, then raise `InputError` if there was one."""
    for error in refused:
        sys.stderr.write(f"{error}\n")
    if refused:
        raise InputError(f"{len(refused)} of {total} files could not be read; the rest is done")
