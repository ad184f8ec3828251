"""From a raw article to a text and its metadata in a corpus folder."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from .errors import InputError, MissingExtraError
from .files import write
from .schema import Meta, sha256
from .store import ID, Corpus
from .text import normalise

_HTML: Final = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|div|p)\b", re.I
)


def read_raw(path: Path) -> str:
    """The normalised text of a raw article: plain text, or saved HTML.

    HTML is told by its beginning, not by its name, and goes through trafilatura
    (extra `html`), which keeps title, paragraphs and captions. Raises `InputError`
    for a missing, binary or empty file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    try:
        return from_raw(data)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def from_raw(data: bytes) -> str:
    """The same for bytes that are already read. Raises `InputError`."""
    text = normalise(data)
    if _HTML.match(text):
        text = normalise(_from_html(text))
    if not text.strip():
        raise InputError("no text in it")
    return text.strip("\n") + "\n"


def _from_html(html: str) -> str:
    """Title, author line and paragraphs, captions included.

    Captions are made paragraphs first: trafilatura drops figures. Of a page too
    short for it, which it flattens into one line, all paragraphs are taken.
    """
    try:
        import trafilatura  # pyright: ignore[reportMissingImports] an extra
        from lxml.html import fromstring  # pyright: ignore[reportMissingImports] an extra
    except ImportError:
        raise MissingExtraError("trafilatura", "html") from None
    captioned = re.sub(r"</?figure\b[^>]*>", "", html, flags=re.I)
    captioned = re.sub(r"(</?)figcaption\b", r"\1p", captioned, flags=re.I)
    body: str = trafilatura.extract(captioned, include_comments=False, favor_recall=True) or ""
    if "\n" not in body.strip():
        blocks: Any = fromstring(captioned).iter("h1", "h2", "h3", "p", "li")
        body = "\n".join(" ".join(block.text_content().split()) for block in blocks)
    if not body.strip():
        raise InputError("no article text found in the HTML; save the article as plain text")
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    found: Any = trafilatura.extract_metadata(html)
    title, author = (found.title or "", found.author or "") if found else ("", "")
    if title and title not in lines[:2]:
        lines.insert(0, title)
    if author and not any(author in line for line in lines[:4]):
        lines.insert(1, f"By {author}")
    return "\n".join(lines)


def add(
    corpus: Corpus,
    files: Sequence[Path],
    theatre: str,
    meta: Meta,
    *,
    article_id: str | None = None,
) -> list[str]:
    """Add raw articles to the corpus; returns their new ids, in the order of `files`.

    Ids are `<theatre>-<four digits>`, counted on from the highest ever used, or
    `article_id` for a single file. All files are read before the first is
    written. Raises `InputError` for a bad file, and for a text that is already there.
    """
    if article_id and len(files) != 1:
        raise InputError("--id names one article, so give one file")
    texts = [read_raw(path) for path in files]
    known = {sha256(corpus.article(i).text): i for i in corpus.ids()}
    ids: list[str] = []
    number = _highest(corpus, theatre)
    for path, text in zip(files, texts, strict=True):
        digest = sha256(text)
        if digest in known:
            raise InputError(f"{path}: this text is already there as '{known[digest]}'")
        number += 1
        known[digest] = new = article_id or f"{theatre}-{number:04d}"
        if not ID.fullmatch(new):
            raise InputError(f"'{new}' is not an article id (<theatre code>-<number>)")
        if corpus.text_path(new).exists():
            raise InputError(f"'{new}' exists; an id is never reused")
        ids.append(new)
    for new, text in zip(ids, texts, strict=True):
        named = msgspec.structs.replace(meta, theatre=theatre)
        write(corpus.text_path(new).with_suffix(".toml"), toml(new, named))
        write(corpus.text_path(new), text)
    return ids


def _highest(corpus: Corpus, theatre: str) -> int:
    ids = [*corpus.ids(), *corpus.splits(), *corpus.gold_ids()]
    numbers = [int(m[1]) for i in ids if (m := re.fullmatch(rf"{re.escape(theatre)}-(\d+)", i))]
    return max(numbers, default=0)


def toml(article_id: str, meta: Meta) -> str:
    """The metadata file of an article."""
    fields = {"id": article_id, **msgspec.to_builtins(meta)}
    fields["incidents"] = [incident.id for incident in meta.incidents]
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    text = "\n".join(lines) + "\n"
    tomllib.loads(text)
    return text
