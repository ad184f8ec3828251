"""What a baseline is, which there are, and the one door through which input comes.

Every baseline gets its articles through `blind`, so that gold, and zones drawn by
an annotator, cannot reach it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import msgspec

from ..corpus.errors import InputError
from ..corpus.registry import Registry
from ..corpus.schema import ABSENT, Article, encode_lines
from ..corpus.zones import zones


class Baseline(Protocol):
    """An extractor that is trained on records and predicts records."""

    name: str
    layers: tuple[str, ...]

    def train(self, train: Sequence[Article], dev: Sequence[Article]) -> None:
        """Fit to gold records with text; `dev` is for thresholds only and may be empty."""
        ...

    def predict(self, articles: Iterable[Article]) -> Iterator[Article]:
        """One record per article, in order, with all of `layers`; streams."""
        ...

    def save(self, folder: Path) -> None:
        """Write the trained state as files into an existing folder."""
        ...

    def load(self, folder: Path) -> None:
        """Read what `save` wrote. Unpickles nothing."""
        ...


baselines: Registry[Callable[[], Baseline]] = Registry("baseline")


def blind(article: Article) -> Article:
    """What a baseline may see: id, text, metadata, and zones computed from the text."""
    return Article(
        id=article.id,
        text=article.text,
        meta=msgspec.structs.replace(article.meta, incidents=()),
        zones=zones(article.text),
    )


def trainable(articles: Iterable[Article]) -> list[Article]:
    """Records sorted by id. Raises `InputError` if one has no text or no layer."""
    out = sorted(articles, key=lambda a: a.id)
    for article in out:
        if not article.text:
            raise InputError(f"{article.id}: no text; training needs whole records")
        if all(
            layer is ABSENT for layer in (article.mentions, article.events, article.attributions)
        ):
            raise InputError(f"{article.id}: no annotation layer to train on")
    if not out:
        raise InputError("no training records")
    return out


def cache_folder() -> Path:
    """`dateline` below the user's cache folder (`XDG_CACHE_HOME`, else `~/.cache`)."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(home) if home else Path.home() / ".cache") / "dateline"


@cache
def code_version() -> str:
    """Digest of what a model depends on besides its records.

    The source of this folder and of `corpus`' text, zones and ontology, and the
    releases of the learners.
    """
    digest = hashlib.sha256()
    here = Path(__file__).parent
    corpus = Path(sys.modules[Article.__module__].__file__ or "").parent
    for path in [*sorted(here.glob("*.py")), *(corpus / n for n in _DEPENDS_ON)]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for package in ("scikit-learn", "python-crfsuite", "skops", "numpy"):
        digest.update(f"{package} {version(package)}\n".encode())
    return digest.hexdigest()


_DEPENDS_ON = ("ontology.toml", "ontology.py", "schema.py", "text.py", "zones.py")


def model_key(name: str, train: Sequence[Article], dev: Sequence[Article]) -> str:
    """Digest of the baseline's name, its training records and the code version."""
    digest = hashlib.sha256(f"{name}\n{code_version()}\n".encode())
    for part in (train, dev):
        for line in encode_lines(sorted(part, key=lambda a: a.id)):
            digest.update(line)
        digest.update(b"--\n")
    return digest.hexdigest()[:24]


def model_folder(name: str, train: Sequence[Article], dev: Sequence[Article]) -> Path:
    """Where `cached` keeps the baseline that is trained on these records."""
    return cache_folder() / f"{name}-{model_key(name, train, dev)}"


def cached(name: str, train: Sequence[Article], dev: Sequence[Article]) -> Baseline:
    """The named baseline, trained; from the user's cache folder if it was before.

    The key is a digest of records and code, so a changed record or line of code
    trains anew. Raises `InputError` for an unknown name or records without text.
    """
    from . import registered  # imports the modules that register themselves

    baseline = registered[name]()
    folder = model_folder(name, train, dev)
    if folder.is_dir():
        baseline.load(folder)
        return baseline
    records = trainable(train)
    print(f"training {name} on {len(records)} articles (once; kept in {folder})", file=sys.stderr)
    baseline.train(records, sorted(dev, key=lambda a: a.id))
    keep(baseline, folder)
    return baseline


def keep(baseline: Baseline, folder: Path) -> None:
    """Save into `folder` at once: a half-written model is never found there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".training-"))
    try:
        baseline.save(made)
        if folder.is_dir():
            shutil.rmtree(folder)
        made.replace(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
