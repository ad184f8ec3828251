"""gold + splits -> gold files, dataset folder, manifest. Refuses on any incident.

Steps, in order; nothing is written before the third is passed:

    1  read every gold record and its article
    2  validate each (errors refuse), check splits, near-duplicates, agreement gates
    3  make all files in memory
    4  write those that differ, each by temporary file and rename

The same gold gives the same bytes: rows are sorted by id, JSON is canonical,
parquet is written by the pinned version with fixed settings. Under another
version of pyarrow `check` compares the content of the tables instead.
"""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from .agreement import gate
from .card import card
from .errors import CorpusError, Incident, IncidentsError, errors_in
from .files import write
from .schema import SCHEMA_VERSION, SPLITS, Article, encode_lines
from .splits import assign, freeze, near_duplicates
from .store import Corpus
from .tables import ROWS, features
from .validate import validate

MANIFEST: Final = "MANIFEST.json"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a build wrote: per file its SHA-256, and of tables the content's, too.

    `content` is over the rows as canonical JSON, so it does not depend on the
    version of pyarrow; `pyarrow` is the version that wrote the bytes.
    """

    corpus_version: str
    schema_version: int
    pyarrow: str
    articles: dict[str, int]
    files: dict[str, str]
    content: dict[str, str]


def gold_records(corpus: Corpus) -> list[Article]:
    """The gold records of this version with their texts, by id. Raises `InputError`."""
    return [corpus.gold(article_id) for article_id in corpus.released_ids()]


def problems(corpus: Corpus, gold: Iterable[Article]) -> list[Incident]:
    """Everything that is wrong with the records themselves, warnings included."""
    return [
        msgspec.structs.replace(incident, file=str(corpus.gold_path(article.id)))
        for article in gold
        for incident in validate(article)
    ]


def build(corpus: Corpus) -> Manifest:
    """Build the corpus folder and return its manifest.

    Raises `IncidentsError` for invalid records, `CorpusError` for a gate.
    """
    gold, assigned = _checked(corpus)
    files, manifest = _make(corpus, gold, assigned)
    freeze(corpus, assigned)
    for name, data in files.items():
        path = corpus.root / name
        if not path.is_file() or path.read_bytes() != data:
            write(path, data)
    _remove_strangers(corpus, files)
    write(corpus.root / MANIFEST, _json(manifest))
    return manifest


def check(corpus: Corpus) -> list[str]:
    """What differs between the corpus folder and a fresh build; empty if nothing does.

    Byte by byte under the pyarrow version of the manifest, else by content.
    Raises like `build`.
    """
    gold, assigned = _checked(corpus)
    files, fresh = _make(corpus, gold, assigned)
    path = corpus.root / MANIFEST
    if not path.is_file():
        return [f"{path} is missing; run `dateline corpus build`"]
    old = msgspec.json.decode(path.read_bytes(), type=Manifest)
    out = [f"{i} is in no split file" for i in sorted(set(assigned) - set(corpus.splits()))]
    same_writer = old.pyarrow == fresh.pyarrow
    for name, data in files.items():
        on_disk = corpus.root / name
        if not on_disk.is_file():
            out.append(f"{name} is missing")
        elif name in fresh.content and not same_writer:
            if old.content.get(name) != fresh.content[name]:
                out.append(f"{name} has other rows than a fresh build")
        elif on_disk.read_bytes() != data:
            out.append(f"{name} differs from a fresh build")
    if old.articles != fresh.articles or old.content != fresh.content:
        out.append(f"{MANIFEST} does not describe a fresh build")
    return out


def _checked(corpus: Corpus) -> tuple[list[Article], dict[str, str]]:
    gold = gold_records(corpus)
    if not gold:
        raise CorpusError(f"{corpus.root}: no gold records; annotate and adjudicate first")
    if found := errors_in(problems(corpus, gold)):
        raise IncidentsError(found)
    assigned = assign(corpus, gold)
    for a, b, jaccard in near_duplicates(gold, assigned):
        raise CorpusError(f"{a} and {b} are near-duplicates (Jaccard {jaccard:.2f}) across splits")
    doubly = frozenset(i for i, split in assigned.items() if split != "train")
    if refusals := list(gate(corpus, gold, doubly)):
        raise CorpusError("\n".join(refusals))
    return gold, assigned


def _make(
    corpus: Corpus, gold: list[Article], assigned: dict[str, str]
) -> tuple[dict[str, bytes], Manifest]:
    by_split: defaultdict[str, list[Article]] = defaultdict(list)
    for article in gold:
        by_split[assigned[article.id]].append(article)
    splits = {s: by_split[s] for s in SPLITS if by_split[s]}
    files: dict[str, bytes] = {}
    content: dict[str, str] = {}
    for split, articles in splits.items():
        name = corpus.records_path(split).relative_to(corpus.root).as_posix()
        files[name] = b"".join(encode_lines(articles))
        for config in ROWS:
            rows = [row for article in articles for row in ROWS[config](article)]
            name = (corpus.hub / config / f"{split}.parquet").relative_to(corpus.root).as_posix()
            files[name] = parquet(rows, config)
            content[name] = _hash(msgspec.json.encode(rows))
    files["hub/README.md"] = card(corpus.info, splits).encode("utf-8")
    manifest = Manifest(
        corpus_version=corpus.info.version,
        schema_version=SCHEMA_VERSION,
        pyarrow=version("pyarrow"),
        articles={split: len(articles) for split, articles in splits.items()},
        files={name: _hash(data) for name, data in sorted(files.items())},
        content=dict(sorted(content.items())),
    )
    return files, manifest


def parquet(rows: list[dict[str, Any]], config: str) -> bytes:
    """The rows of a config as a parquet file whose schema carries the `Features`."""
    encoded = [features()[config].encode_example(row) for row in rows]
    table = pa.Table.from_pylist(encoded, schema=features()[config].arrow_schema)
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", write_statistics=False, store_schema=True)
    return sink.getvalue()


def _remove_strangers(corpus: Corpus, files: dict[str, bytes]) -> None:
    """A dataset folder must hold nothing that this build did not make."""
    for path in sorted(corpus.hub.rglob("*")):
        if path.is_file() and path.relative_to(corpus.root).as_posix() not in files:
            path.unlink()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _json(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def gold_hash(path: Path) -> str:
    """The corpus hash of signatures: first 8 hex digits of the gold file's SHA-256."""
    return _hash(path.read_bytes())[:8]
