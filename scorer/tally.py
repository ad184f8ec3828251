"""From two streams of articles to count rows: the scoring loop."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from ..corpus.errors import CorpusError
from ..corpus.schema import LAYERS, Article
from ..corpus.words import Words
from . import classes, metrics, slices
from .check import check
from .codes import Log
from .context import Context, Train
from .counts import Row, Table, Tags
from .pointers import pointers
from .read import Submitted
from .registry import COUNTERS
from .suspect import Suspicion
from .view import Pair

__all__ = ["Tally", "count_article", "tags_of"]
_REGISTERED = (metrics, slices, classes)  # importing them registers their counters


def count_article(pair: Pair) -> Row:
    """The count row of one article, all columns."""
    row: Row = {}
    for name in COUNTERS:
        COUNTERS[name](pair, row)
    return row


def tags_of(gold: Article, words: Words, train: Train | None = None) -> Tags:
    """What slices and resampling need to know of an article."""
    meta = gold.meta
    return Tags(
        id=gold.id,
        part=meta.part,
        theatre=meta.theatre,
        seen=None if train is None else meta.theatre in train.theatres,
        genre=meta.genre,
        words=words.starts.bit_count(),
        stories=tuple(sorted({f"{meta.theatre} {i.id}" for i in meta.incidents})),
        events=bool(gold.events),
        attributions=bool(gold.attributions),
    )


class Counted(NamedTuple):
    """What a tally found out: rows, and facts about the submission."""

    table: Table
    layers: tuple[str, ...]
    gold_layers: tuple[str, ...]
    articles: int
    missing: int
    ignored: int
    unaligned: dict[str, int]
    pointers: list[dict[str, Any]]
    seconds: float


class Tally:
    """Scores article by article. Nothing of an article is kept but its row.

    `check_gold`: hold gold, too, against the structure rules (its own `Log`).
    """

    def __init__(
        self,
        log: Log,
        context: Context | None = None,
        *,
        gold_log: Log | None = None,
        keep_pointers: bool = False,
        check_only: bool = False,
    ) -> None:
        self.log = log
        self.table = Table()
        self._context = context or Context.default()
        self._gold_log = gold_log
        self._keep_pointers = keep_pointers
        self._check_only = check_only
        self._suspicion = Suspicion()
        self._present: Counter[str] = Counter()
        self._gold_present: Counter[str] = Counter()
        self._gold_articles = 0
        self._missing: list[str] = []
        self._pointers: list[dict[str, Any]] = []
        self._unaligned: Counter[str] = Counter()
        self._ignored = 0
        self._seconds = 0.0

    def add(self, gold: Article, submitted: Submitted | None) -> None:
        """Count one article; a submission that is None misses all of its gold."""
        begun = time.perf_counter()
        self._gold_articles += 1
        self._gold_present.update(gold.layers)
        if not gold.text:
            raise CorpusError(
                f"{gold.id} has no text: restore it with `dateline corpus hydrate` "
                "and pass the folder as --hydrated DIR"
            )
        words = Words(gold.text)
        sound = self._gold_is_sound(gold, words)
        if submitted is None:
            self._missing.append(gold.id)
            record = Article(id=gold.id)
        else:
            record = submitted.record
            self._present.update(record.layers)
            sound = self._is_sound(submitted, gold, words) and sound
        if sound and not self._check_only:
            pair = Pair(gold, record, words, self._context)
            self.table.add(tags_of(gold, words, self._context.train), count_article(pair))
            self._ignored += pair.submitted.ignored
            self._unaligned.update(record.unaligned)
            if self._keep_pointers:
                self._pointers.extend(pointers(pair))
        self._seconds += time.perf_counter() - begun

    def _is_sound(self, submitted: Submitted, gold: Article, words: Words) -> bool:
        problems = check(submitted.record, gold, words, self._context.labels)
        for code, pointer, message in problems:
            self.log.add(code, message, line=submitted.line, article=gold.id, pointer=pointer)
        if problems and self.log.refused:
            return False
        self._suspicion.add(submitted.record, words)
        return True

    def _gold_is_sound(self, gold: Article, words: Words) -> bool:
        if self._gold_log is None:
            return True
        for code, pointer, message in check(gold, gold, words, self._context.labels):
            self._gold_log.add(code, message, article=gold.id, pointer=pointer)
        return not self._gold_log.refused

    def finish(self, records: int) -> Counted:
        """Incidents of the submission as a whole, refusal, and the result of the counting.

        `records` is the number of records in the submission. Raises
        `IncidentsError` with all refusals.
        """
        layers = self._layers(records)
        if self._gold_log is not None:
            for layer, n in self._gold_present.items():
                if n < self._gold_articles:
                    message = f"'{layer}' absent in {self._gold_articles - n} records of gold"
                    self._gold_log.add("layer-absent", message)
            self._gold_log.refuse()
        if self._missing:
            message = (
                f"{len(self._missing)} of {self._gold_articles} articles missing "
                f"(first: '{min(self._missing)}')"
            )
            self.log.add("missing-article", message, article=min(self._missing))
        if suspicion := self._suspicion.message():
            self.log.add("offset-suspect", suspicion)
        self.log.refuse()
        order = sorted(self._pointers, key=lambda p: p["article"])
        return Counted(
            table=self.table,
            layers=layers,
            gold_layers=tuple(n for n in LAYERS if self._gold_present[n]),
            articles=self._gold_articles,
            missing=len(self._missing),
            ignored=self._ignored,
            unaligned=dict(sorted(self._unaligned.items())),
            pointers=order,
            seconds=self._seconds,
        )

    def _layers(self, records: int) -> tuple[str, ...]:
        """Layers that count as submitted: present in some record, or all if there is none."""
        if not self._present:
            self.log.add("empty-submission", "no record has a layer; every track scores 0")
            return LAYERS
        for layer in LAYERS:
            n = self._present[layer]
            if 0 < n < records:
                message = f"'{layer}' absent in {records - n} of {records} records"
                self.log.add("layer-absent", message)
        return tuple(layer for layer in LAYERS if self._present[layer])


def run(
    tally: Tally, golds: Iterable[Article], find: Callable[[str], Submitted | None]
) -> Iterator[str]:
    """Count every gold article; yields its id, so that a caller can show progress."""
    for gold in golds:
        tally.add(gold, find(gold.id))
        yield gold.id
