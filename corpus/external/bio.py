"""Reader of CoNLL columns: one token a line with its tag, a blank line after a sentence.

Columns are separated by tabs, in a line without tabs by spaces. `-DOCSTART-` lines
begin a document. A line `# ...` before a sentence's first token whose last column is
no tag is a comment. Everything else that does not fit is an error naming file and line.

The text is made from the tokens: one space between tokens, one sentence a line.
Source: the data format of the CoNLL-2003 shared task (Tjong Kim Sang and De Meulder).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

import msgspec

from ..errors import InputError
from ..schema import Article, Mention, Meta, Zone
from ..text import normalise
from .readers import Report, files_at, reader, source_of
from .tags import Chunks, TagError, chunks, split

DOCSTART: Final = "-DOCSTART-"
_SPACES: Final = re.compile(" +")
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.-]")
_WAY_OUT: Final = {
    "orphan": "--repair starts a name there, --tagging iob1 if the file is IOB1",
    "unclosed": "E- or S- is missing, --repair closes the name",
    "foreign": "--tagging bioes if the file is BIOES",
    "no-tag": "--tag-column if the tags are in another column",
}


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the file is laid out.

    Columns count from 0, from the right if negative. `sentences`: cut a document
    into articles of that many sentences. `repair`: start a name at an I- tag that
    continues none (and, in BIOES, close one that is not closed) instead of refusing.
    """

    token_column: int = 0
    tag_column: int = -1
    tagging: Literal["iob1", "iob2", "bioes"] = "iob2"
    sentences: Annotated[int, msgspec.Meta(ge=1)] | None = None
    repair: bool = False


class Sentence(NamedTuple):
    """Tokens with their tags and line numbers (from 1); `document` counts from 0."""

    tokens: list[str]
    tags: list[str]
    lines: list[int]
    document: int


def sentences(path: Path, options: Options, report: Report) -> Iterator[Sentence]:
    """Every sentence of a file, tags as they stand. Raises `InputError` naming the line."""
    try:
        text = normalise(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    document = 0
    sentence = Sentence([], [], [], document)
    started = False
    for number, line in enumerate(text.split("\n"), start=1):
        fields = _fields(line)
        begins = line.lstrip().startswith(DOCSTART)
        if not fields or begins:
            if sentence.tokens:
                yield sentence
                started = True
            if begins and started:
                document, started = document + 1, False
            sentence = Sentence([], [], [], document)
        elif not sentence.tokens and line.startswith("# ") and not _is_tag(fields[-1]):
            report.note("comment lines skipped", f"{path}:{number}")
        else:
            token, tag = _token(fields, options, f"{path}:{number}")
            sentence.tokens.append(token)
            sentence.tags.append(tag)
            sentence.lines.append(number)
    if sentence.tokens:
        yield sentence


def _fields(line: str) -> list[str]:
    """Columns of a line; none if it is blank."""
    if not line.strip():
        return []
    return line.rstrip("\t ").split("\t") if "\t" in line else _SPACES.split(line.strip(" "))


def _is_tag(field: str) -> bool:
    try:
        split(field, "bioes")
    except TagError:
        return False
    return True


def _token(fields: Sequence[str], options: Options, where: str) -> tuple[str, str]:
    columns = range(len(fields))
    try:
        token, tag = columns[options.token_column], columns[options.tag_column]
    except IndexError:
        wanted = f"{options.token_column} (token) and {options.tag_column} (tag)"
        raise InputError(f"{where}: {_columns(fields)}, but columns {wanted} are read") from None
    if token == tag:
        raise InputError(f"{where}: {_columns(fields)}: expected a token and a tag")
    if not fields[token].strip(" "):
        raise InputError(f"{where}: the token is empty")
    return fields[token], fields[tag]


def _columns(fields: Sequence[str]) -> str:
    return f"{len(fields)} column{'s' * (len(fields) != 1)}"


def names(path: Path, sentence: Sentence, options: Options) -> Chunks:
    """The names of a sentence. Raises `InputError` with file, line and what to do."""
    policy = "repair" if options.repair else "refuse"
    try:
        return chunks(sentence.tags, options.tagging, policy)
    except TagError as error:
        where = f"{path}:{sentence.lines[error.index]}"
        raise InputError(f"{where}: {error}; {_WAY_OUT[error.code]}") from None


@reader("bio", about="CoNLL columns, a token a line: IOB1, IOB2 or BIOES", options=Options)
def read(path: Path, split: str, options: Options, report: Report) -> Iterator[Article]:
    """Articles of a file, or of all files of a folder.

    A document of the file is an article; a file without `-DOCSTART-` is one document.
    Ids count from 1: `<file>-0001`, of a folder `<folder>-<file>-0001`.
    """
    source = source_of(path)
    for file in files_at(path, split):
        prefix = f"{source}-{_UNSAFE.sub('_', file.stem)}" if path.is_dir() else source
        found = list(sentences(file, options, report))
        if not found:
            raise InputError(f"{file}: no sentence; expected lines with a token and a tag")
        for number, part in enumerate(_articles(found, options.sentences), start=1):
            yield _article(f"{prefix}-{number:04d}", file, part, options, report)


def _articles(found: Iterable[Sentence], most: int | None) -> Iterator[list[Sentence]]:
    part: list[Sentence] = []
    for sentence in found:
        if part and (sentence.document != part[0].document or len(part) == most):
            yield part
            part = []
        part.append(sentence)
    if part:
        yield part


def _article(
    article_id: str, file: Path, part: Sequence[Sentence], options: Options, report: Report
) -> Article:
    text = "".join(f"{' '.join(sentence.tokens)}\n" for sentence in part)
    mentions: list[Mention] = []
    at = 0
    for sentence in part:
        starts: list[int] = []
        ends: list[int] = []
        for token in sentence.tokens:
            starts.append(at)
            ends.append(at + len(token))
            assert text[at : ends[-1]] == token, f"{file}:{sentence.lines[0]}: offsets moved"
            at = ends[-1] + 1
        found = names(file, sentence, options)
        report.note("tags repaired", f"{file}:{sentence.lines[0]}", found.broken)
        mentions += [
            Mention(id=f"m{n}", start=starts[c.start], end=ends[c.end - 1], type=c.type)
            for n, c in enumerate(found.names, start=len(mentions) + 1)
        ]
    return Article(
        id=article_id,
        text=text,
        meta=Meta(part="real", language="", scheme="bio"),
        zones=(Zone(start=0, end=len(text), kind="body"),),
        mentions=tuple(mentions),
    )
