"""A corpus folder: where texts, passes, gold, splits and built records lie.

Every command that reads or writes a corpus takes such a folder (`--corpus DIR`);
no other module builds a path below it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from .errors import InputError
from .files import write
from .schema import SPLITS, Article, IncidentRef, Meta, decode, encode_pretty

ID: Final = re.compile(r"[a-z][a-z0-9]*-[A-Za-z0-9_.-]+")


class Info(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`corpus.toml`: what the corpus is called, and its version (not the code's).

    `theatres` are those that this version releases (empty: all). Gold of others
    may already stand in the folder; the build leaves it alone.
    """

    name: str
    title: str
    version: str
    license: str
    theatres: tuple[str, ...] = ()


class Corpus:
    """The corpus below `root`. Holds no state: every call reads the disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def info(self) -> Info:
        """Name and version of the corpus. Raises `InputError`."""
        path = self.root / "corpus.toml"
        try:
            return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Info)
        except FileNotFoundError:
            raise InputError(f"{path} is missing: {self.root} is no corpus folder") from None
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise InputError(f"{path}: {error}") from None

    # texts

    def text_path(self, article_id: str) -> Path:
        return self.root / "articles" / theatre_of(article_id) / f"{article_id}.txt"

    def ids(self) -> list[str]:
        """Ids of all articles that have a text, sorted."""
        return sorted(path.stem for path in (self.root / "articles").glob("*/*.txt"))

    def article(self, article_id: str) -> Article:
        """Text and metadata of an article, no zones, no layers.

        Raises `InputError` if the article is unknown or its metadata malformed.
        """
        path = self.text_path(article_id)
        try:
            text = path.read_bytes().decode("utf-8")
            raw = tomllib.loads(path.with_suffix(".toml").read_text("utf-8"))
        except FileNotFoundError as error:
            raise InputError(
                f"{self.root}: no article '{article_id}' ({Path(error.filename).name} is missing); "
                "`dateline corpus add` makes one"
            ) from None
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise InputError(f"{path.with_suffix('.toml')}: {error}") from None
        return Article(id=article_id, text=text, meta=meta_from(raw, path.with_suffix(".toml")))

    # annotation

    def pass_path(self, annotator: str, article_id: str) -> Path:
        return self.root / "annotations" / annotator / f"{article_id}.json"

    def gold_path(self, article_id: str) -> Path:
        return self.root / "gold" / f"{article_id}.json"

    def decisions_path(self, article_id: str) -> Path:
        """The record of an adjudication."""
        return self.root / "gold" / "decisions" / f"{article_id}.json"

    def annotators(self) -> list[str]:
        folder = self.root / "annotations"
        return sorted(p.name for p in folder.glob("*") if p.is_dir()) if folder.is_dir() else []

    def passes(self, annotator: str) -> list[str]:
        """Ids of the articles that `annotator` has done, sorted."""
        return sorted(p.stem for p in (self.root / "annotations" / annotator).glob("*.json"))

    def annotated(self, path: Path) -> Article:
        """A pass or gold file, joined with its text. Raises `InputError`."""
        record = read_record(path)
        try:
            return record.with_text(self.article(record.id).text)
        except ValueError as error:
            raise InputError(f"{path}: {error}; the article changed after annotation") from None

    def gold(self, article_id: str) -> Article:
        return self.annotated(self.gold_path(article_id))

    def gold_ids(self) -> list[str]:
        """Ids of all articles that have gold, sorted."""
        return sorted(p.stem for p in (self.root / "gold").glob("*.json"))

    def released_ids(self) -> list[str]:
        """Those of them that belong to a theatre of this version."""
        theatres = self.info.theatres
        return [i for i in self.gold_ids() if not theatres or theatre_of(i) in theatres]

    def save(self, path: Path, article: Article) -> None:
        """Write a pass or gold file: the record without its text."""
        write(path, encode_pretty(article.without_text() if article.text else article))

    # splits and built records

    def split_path(self, split: str) -> Path:
        return self.root / "splits" / f"{split}.txt"

    def split(self, split: str) -> list[str]:
        """Article ids of a split, sorted; empty if the split has no file."""
        path = self.split_path(split)
        return path.read_text("utf-8").split() if path.is_file() else []

    def splits(self) -> dict[str, str]:
        """Article id -> split, for all frozen splits."""
        return {i: split for split in SPLITS for i in self.split(split)}

    def records_path(self, split: str, part: str = "original") -> Path:
        """The gold file: what signatures hash, and what score and benchmark read."""
        return self.root / "records" / part / f"{split}.jsonl"

    def records(self, split: str, part: str = "original") -> list[Article]:
        """The built gold records of a split. Raises `InputError` if not built."""
        path = self.records_path(split, part)
        if not path.is_file():
            raise InputError(f"{path} is missing; `dateline corpus build` writes it")
        return list(read_lines(path))

    @property
    def hub(self) -> Path:
        """The Hugging Face dataset folder."""
        return self.root / "hub"


def default() -> Corpus:
    """The project's own corpus, in a checkout and in an installed wheel alike."""
    return Corpus(Path(__file__).parent)


def theatre_of(article_id: str) -> str:
    """`lv-0042` -> `lv`. Raises `InputError` for anything that is not an id."""
    if not ID.fullmatch(article_id):
        raise InputError(f"'{article_id}' is not an article id (<theatre code>-<number>)")
    return article_id.partition("-")[0]


def meta_from(raw: dict[str, Any], path: Path) -> Meta:
    """The record's metadata from an article's toml. Raises `InputError`."""
    known = {k: v for k, v in raw.items() if k not in {"id", "canary", "source_sha256", "notes"}}
    known["incidents"] = tuple(
        IncidentRef(id=i) if isinstance(i, str) else i for i in known.get("incidents", ())
    )
    try:
        return msgspec.convert(known, Meta)
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: {error}") from None


def read_record(path: Path) -> Article:
    """One record from a JSON file. Raises `InputError` naming the file."""
    try:
        return decode(path.read_bytes())
    except FileNotFoundError:
        raise InputError(f"{path} does not exist") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}") from None


def read_lines(path: Path) -> Iterator[Article]:
    """Records of a JSON lines file, streamed. Raises `InputError` naming the line."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    try:
                        yield decode(line)
                    except (msgspec.DecodeError, UnicodeDecodeError) as error:
                        raise InputError(f"{path}:{number}: {error}") from None
    except FileNotFoundError:
        raise InputError(f"{path} does not exist") from None
