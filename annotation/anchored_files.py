"""Text-anchored files on disk: start one for an article, check one."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from ..corpus.errors import Incident, IncidentsError, InputError
from ..corpus.schema import Article, sha256
from ..corpus.store import Corpus, read_lines
from ..corpus.validate import validate
from ..corpus.zones import zones
from .anchored import parse
from .anchored_dump import dump


def new_file(corpus: Corpus, article_id: str) -> str:
    """An empty file: numbered units, and the zones that `corpus.zones` proposes."""
    article = corpus.article(article_id)
    return dump(replace(article, zones=zones(article.text)))


def check(corpus: Corpus, file: Path) -> tuple[Article | None, list[Incident]]:
    """The record of a file named `<article id>.yaml`, and all that is wrong with it.

    The record is None if anchors do not resolve; then the incidents say which.
    Raises `InputError` for a file that is missing or no YAML at all.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from None
    try:
        article = parse(data, corpus.article(file.stem), file=str(file))
    except IncidentsError as error:
        return None, error.incidents
    return article, [replace(i, file=str(file)) for i in validate(article)]


def records_of(corpus: Corpus, file: Path) -> list[Article]:
    """Records of a JSON lines file over articles of the corpus.

    They bring their layers and zones; text and metadata are the corpus's. Raises
    `InputError` for an unknown article or a record over another text.
    """
    out: list[Article] = []
    for record in read_lines(file):
        known = corpus.article(record.id)
        if record.text not in {"", known.text} or record.text_sha256 not in {
            "",
            sha256(known.text),
        }:
            raise InputError(
                f"{file}: {record.id} is annotated over another text than the corpus's"
            )
        out.append(replace(record, text=known.text, text_sha256="", meta=known.meta))
    return out
