"""Voice: who vouches for this word? (section 5)

For each word outside names-only zones, by its first code point: the source set
of the innermost attribution that covers it (most ancestors, then smallest
content, then canonical order), UNSPECIFIED if that is empty, OUTLET if none
covers it. Most words are the outlet's, so the three ways to be wrong stand beside
the accuracy. An unspecified source is a source: outlet -> UNSPECIFIED is counted
as outlet-to-source.
"""

from __future__ import annotations

from ..counts import Row
from ..registry import counter, metric
from ..said import OUTLET, Source
from ..scores import Rate
from ..view import Pair, Side

_OUTLET: frozenset[Source] = frozenset((OUTLET,))


@counter
def count(pair: Pair, row: Row) -> None:
    """Columns of words by voice."""
    words = pair.words.starts & ~pair.barred
    golds, preds = voices(pair.gold, words), voices(pair.submitted, words)
    total = words.bit_count()
    equal = sum((mask & preds.get(voice, 0)).bit_count() for voice, mask in golds.items())
    outlet = golds[_OUTLET]
    same = (outlet & preds[_OUTLET]).bit_count()
    lost = (preds[_OUTLET] & ~outlet).bit_count()
    row["voice.words"] = total
    row["voice.equal"] = equal
    row["voice.outlet"] = outlet.bit_count()
    row["voice.outlet.source"] = outlet.bit_count() - same
    row["voice.source"] = total - outlet.bit_count()
    row["voice.source.outlet"] = lost
    row["voice.source.other"] = total - outlet.bit_count() - lost - (equal - same)


def voices(side: Side, words: int) -> dict[frozenset[Source], int]:
    """Source set -> the words (first code points, a bit set) that it vouches for."""
    out: dict[frozenset[Source], int] = {}
    left = words
    for i in side.nesting.order:
        said = side.said[i]
        if mine := left & said.content:
            out[said.voice] = out.get(said.voice, 0) | mine
            left &= ~mine
    out[_OUTLET] = left
    return out


metric(
    Rate(
        id="voice.accuracy",
        track="attributions",
        doc="words given to the right voice",
        num="voice.equal",
        den="voice.words",
    )
)
for _id, _doc, _num, _den in (
    ("outlet-to-source", "words of the outlet put in a source's mouth", "outlet.source", "outlet"),
    ("source-to-outlet", "words of a source told as the outlet's own", "source.outlet", "source"),
    ("source-to-other", "words of a source put in another's mouth", "source.other", "source"),
):
    metric(
        Rate(
            id=f"voice.{_id}",
            track="attributions",
            harm=True,
            doc=_doc,
            num=f"voice.{_num}",
            den=f"voice.{_den}",
        )
    )
