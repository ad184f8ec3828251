"""Foreign entity labels in the scheme's: the one table for all formats.

A label set is a table from its labels to the scheme's entity types, None for what
the scheme has no type for. Which table a corpus is read with follows from its own
labels, so that `LOC` can be a place of unshown kind in CoNLL-2003, which has no
other label for places, and a region in OntoNotes, which has `GPE`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from ..ontology import ontology
from ..schema import SCHEME, Article
from .readers import Report

# Labels are compared without regard to case. Sources: the annotation guidelines of
# CoNLL-2003, WNUT-17 (Derczynski et al. 2017) and OntoNotes 5.0, and the scheme's
# order of decision: a place name of unshown kind is GPE, a body of unshown kind
# ORG.other.
TABLES: Final[Mapping[str, Mapping[str, str | None]]] = {
    "conll2003": {"PER": "PER", "ORG": "ORG.other", "LOC": "GPE", "MISC": None},
    "wnut17": {
        "person": "PER",
        "location": "GPE",
        "corporation": "ORG.other",
        "group": "ORG.other",
        "product": None,
        "creative-work": None,
    },
    "ontonotes": {
        "PERSON": "PER",
        "NORP": "NORP",
        "FAC": "FAC",
        "ORG": "ORG.other",
        "GPE": "GPE",
        "LOC": "LOC",
        "DATE": "DATE",
        "TIME": "DATE",
        "PRODUCT": None,
        "EVENT": None,
        "WORK_OF_ART": None,
        "LAW": None,
        "LANGUAGE": None,
        "PERCENT": None,
        "MONEY": None,
        "QUANTITY": None,
        "ORDINAL": None,
        "CARDINAL": None,
    },
    SCHEME: {label: label for label in ontology().entities},
}


def table_for(labels: Iterable[str]) -> str:
    """Name of the table that knows most of these labels, the first of equals."""
    found = {label.casefold() for label in labels}
    known = {name: {x.casefold() for x in table} for name, table in TABLES.items()}
    return max(TABLES, key=lambda name: len(found & known[name]))


def mapped(records: Iterable[Article], report: Report) -> list[Article]:
    """The records with the scheme's entity types.

    Mentions whose label has no counterpart are left out; the report counts them by
    label. Only mentions are mapped: for records without events and attributions.
    """
    records = list(records)
    counts = Counter(m.type for record in records for m in record.mentions)
    name = table_for(counts)
    table = {label.casefold(): ours for label, ours in TABLES[name].items()}
    for label, n in sorted(counts.items()):
        if label.casefold() not in table:
            report.note(f"'{label}' left out: not in the label table '{name}'", n=n)
        elif table[label.casefold()] is None:
            report.note(f"'{label}' left out: the scheme has no such type (table '{name}')", n=n)
    out: list[Article] = []
    for record in records:
        types = ((m, table.get(m.type.casefold())) for m in record.mentions)
        kept = [msgspec.structs.replace(m, type=ours) for m, ours in types if ours]
        meta = msgspec.structs.replace(record.meta, scheme=SCHEME)
        out.append(msgspec.structs.replace(record, meta=meta, mentions=tuple(kept)))
    return out
