"""Texts of stand-off gold: real articles whose words may not be shipped (section 2)."""

from __future__ import annotations

from pathlib import Path

from ..corpus.errors import CorpusError, InputError
from ..corpus.schema import Article
from ..corpus.text import normalise


def hydrate(article: Article, folder: Path | None) -> Article:
    """The article with its text, from `folder/<id>.txt` or a folder in it of that theatre.

    Whole records are returned as they are. Raises `CorpusError` naming the
    hydrate command if there is no folder or no such text, `InputError` if the
    text is not the one that was annotated.
    """
    if article.text:
        return article
    if folder is not None:
        source = article.id.partition("-")[0]
        for path in (folder / f"{article.id}.txt", folder / source / f"{article.id}.txt"):
            if path.is_file():
                try:
                    return article.with_text(normalise(path.read_bytes()))
                except ValueError:
                    raise InputError(
                        f"{path} is not the annotated text (SHA-256 differs); hydrate it again"
                    ) from None
    where = f"in {folder}" if folder else "here"
    raise CorpusError(
        f"the text of {article.id} is not {where}: restore it with `dateline corpus hydrate` "
        "and pass its folder as --hydrated DIR"
    )
