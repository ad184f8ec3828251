"""Submissions in CoNLL columns, for the entity track: tokens of the `entities` config, tagged.

The file holds the sentences of the config in the config's order, a token a line with
its IOB2 tag last. What it says is turned into records and scored like any other
submission; seqeval reads the same file, and the two must agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import msgspec

from ..corpus.errors import InputError
from ..corpus.external.bio import Options, Sentence, names, sentences
from ..corpus.external.readers import Report
from ..corpus.external.tags import Chunk, chunks
from ..corpus.schema import Article, Mention
from .counts import Row
from .read import Submitted
from .result import Result
from .signature import Settings

Name: TypeAlias = tuple[int, int, str]
SUFFIXES: Final = (".conll", ".bio", ".iob", ".iob2")
_TOLERANCE: Final = 1e-12
_STRICT: Final = ("entities.strict.tp", "entities.gold", "entities.pred")


def is_bio(path: Path) -> bool:
    """Whether a submission is in columns, by its suffix."""
    return path.suffix.lower() in SUFFIXES


class Tagged(NamedTuple):
    """One sentence of a submission: gold tags beside the tags of the file."""

    gold: list[str]
    submitted: list[str]


class BioSubmission:
    """A converted file, asked for one article after the other as `read.Submission` is.

    `repaired`: tags at which a name was started though no B- stands there.
    """

    def __init__(self, path: Path, gold: Iterable[Article], *, repair: bool = False) -> None:
        """Reads and converts all of the file.

        `gold` are the records of the split, with text, in the order of the config
        (by id). Raises `InputError`, naming file and line, if sentences or tokens
        are not those of the config or a tag is not IOB2, and naming the article if
        its gold names cannot be written as tags.
        """
        self.repair = repair
        self.repaired = 0
        self.tagged: list[Tagged] = []
        self._found: dict[str, Submitted] = {}
        options = Options(repair=repair)
        read = sentences(path, options, Report())
        for article in gold:
            self._found[article.id] = self._article(path, article, read, options)
        extra = next(read, None)
        if extra is not None:
            message = f"sentence {len(self.tagged) + 1}, but the split has {len(self.tagged)}"
            raise InputError(f"{path}:{extra.lines[0]}: {message}")
        self.records = len(self._found)

    def _article(
        self, path: Path, article: Article, read: Iterator[Sentence], options: Options
    ) -> Submitted:
        from ..corpus.tables import entity_rows

        mentions: list[Mention] = []
        spelt: list[Name] = []
        line = 0
        for row in entity_rows(article):
            sentence = next(read, None)
            if sentence is None:
                what = f"ends before sentence {row['sentence']} of {article.id}"
                raise InputError(f"{path}: {what}; all sentences of the split must be there")
            line = line or sentence.lines[0]
            _same_tokens(path, row, sentence)
            found = names(path, sentence, options)
            self.repaired += found.broken
            for start, end, kind in _spans(row, found.names):
                mentions.append(
                    Mention(id=f"m{len(mentions) + 1}", start=start, end=end, type=kind)
                )
            spelt.extend(_spans(row, chunks(row["ner_tags"], policy="repair").names))
            self.tagged.append(Tagged(row["ner_tags"], sentence.tags))
        _same_names(article, spelt)
        return Submitted(line, Article(id=article.id, mentions=tuple(mentions)))

    def find(self, article_id: str) -> Submitted | None:
        """The record of an article, None if the gold given at the start had none."""
        return self._found.get(article_id)

    def rest(self) -> Iterable[tuple[str, int]]:
        """Articles that gold does not have: none, the file was read along gold."""
        return []

    def agree(self, row: Row) -> None:
        """Compare column sums with what seqeval makes of the same tags.

        Strict mode with IOB2; of a repaired file the default mode, which starts
        names where `--repair` does. Raises `RuntimeError` if precision, recall or
        F1 differ: then one of the two is wrong, and no number may be printed.
        """
        tp, gold, pred = (row.get(column, 0) for column in _STRICT)
        ours = (
            tp / pred if pred else 0.0,
            tp / gold if gold else 0.0,
            2 * tp / (gold + pred) if gold + pred else 0.0,
        )
        theirs = seqeval_scores(self.tagged, strict=not self.repair)
        if any(abs(a - b) > _TOLERANCE for a, b in zip(ours, theirs, strict=True)):
            raise RuntimeError(f"entities.strict is {ours}, seqeval's is {theirs}")


def _spans(row: dict[str, Any], found: Iterable[Chunk]) -> Iterator[Name]:
    for c in found:
        yield row["starts"][c.start], row["ends"][c.end - 1], c.type


def _same_names(article: Article, spelt: Iterable[Name]) -> None:
    """Raises `InputError` if the tags of gold do not spell its names."""
    names = Counter((m.start, m.end, m.type) for m in article.mentions if m.level == "name")
    for start, end, _ in sorted(names - Counter(spelt)):
        what = f"the gold name {article.text[start:end]!r} [{start},{end})"
        why = "it overlaps another or crosses a sentence"
        raise InputError(f"{article.id}: tags cannot say {what}: {why}; submit JSON lines")


def _same_tokens(path: Path, row: dict[str, Any], sentence: Sentence) -> None:
    """Raises `InputError` at the first token that is not the config's."""
    where = f"sentence {row['sentence']} of {row['article']}"
    for n, (ours, theirs) in enumerate(zip_longest(row["tokens"], sentence.tokens)):
        if ours == theirs:
            continue
        line = sentence.lines[min(n, len(sentence.lines) - 1)]
        if theirs is None:
            message = f"{where} ends here, but its next token is {ours!r}"
        elif ours is None:
            message = f"token {theirs!r}, but {where} has ended"
        else:
            message = f"token {theirs!r}, but {where} has {ours!r}"
        raise InputError(f"{path}:{line}: {message}")


def seqeval_scores(tagged: Sequence[Tagged], *, strict: bool = True) -> tuple[float, float, float]:
    """Micro precision, recall and F1 by seqeval; 0 where it would divide by 0."""
    from seqeval.metrics.sequence_labeling import precision_recall_fscore_support as default
    from seqeval.metrics.v1 import precision_recall_fscore_support as in_scheme
    from seqeval.scheme import IOB2

    gold, submitted = [t.gold for t in tagged], [t.submitted for t in tagged]
    if all(tag == "O" for tags in (*gold, *submitted) for tag in tags):
        return 0.0, 0.0, 0.0
    score: Any = partial(in_scheme, scheme=IOB2) if strict else default
    p, r, f1, _ = score(gold, submitted, average="micro", zero_division=0)
    return float(p), float(r), float(f1)


def score_bio(
    path: Path,
    gold: Sequence[Article],
    *,
    repair: bool = False,
    settings: Settings | None = None,
) -> Result:
    """Scores of a file in columns against gold records, by us and by seqeval.

    Events and attributions are not submitted: their tracks are null. With `repair`
    every signature says so. Raises like `BioSubmission`, `api.score` and `agree`.
    """
    from .api import score

    submission = BioSubmission(path, sorted(gold, key=lambda a: a.id), repair=repair)
    records = [found.record for a in gold if (found := submission.find(a.id))]
    result = score(gold, records, settings=settings)
    strict = result.scores["entities.strict"]
    submission.agree({c: strict[k] for c, k in zip(_STRICT, ("tp", "gold", "pred"), strict=True)})
    if not repair:
        return result
    scores = {
        name: {**entry, "signature": signed(entry["signature"])}
        for name, entry in result.scores.items()
    }
    return msgspec.structs.replace(result, scores=scores)


def signed(signature: str) -> str:
    """The signature of a repaired submission: `repair=iob2` before the code version."""
    fields, _, version = signature.rpartition("|")
    return f"{fields}|repair=iob2|{version}"
