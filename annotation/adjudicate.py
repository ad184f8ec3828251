"""Adjudication: two passes in, one record and a reason for every decision out.

`prepare` gives the adjudicator a text-anchored file that begins as the first
pass, and a list of the differences. The adjudicator makes the file the gold and
writes one reason (the guideline's rule) per difference. `record` then derives
from the three records which answer was taken; nothing is decided by code.
"""

from __future__ import annotations

from typing import Any

import msgspec
import yaml

from ..corpus.errors import Incident, IncidentsError, InputError
from ..corpus.schema import Article
from ..corpus.text import sentences
from .anchored_dump import dump
from .differences import differences, facts


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One difference and what became of it.

    `taken` is "a", "b" or "other" (the gold gives a third answer, or none where
    neither pass was right); `gold` is the gold's answer.
    """

    layer: str
    unit: int
    surface: str
    detail: str
    a: str | None
    b: str | None
    gold: str | None
    taken: str
    reason: str


class Adjudication(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one article's adjudication.

    `corrected` lists what both passes agreed on and the gold changed.
    """

    article: str
    annotators: tuple[str, str]
    adjudicator: str
    decisions: list[Decision]
    corrected: list[str]


def prepare(a: Article, b: Article) -> tuple[str, str]:
    """(text-anchored file to edit, YAML list of differences with empty reasons)."""
    lines = [f"# {a.id}: one reason (rule, few words) for each difference"]
    for number, difference in enumerate(differences(a, b), start=1):
        lines += [f"# {difference}", f'd{number}: ""']
    return dump(a), "\n".join(lines) + "\n"


def record(
    a: Article, b: Article, gold: Article, reasons: bytes, *, names: tuple[str, str], by: str
) -> Adjudication:
    """What was decided. Raises `IncidentsError` for differences without a reason."""
    given: Any = yaml.safe_load(reasons) or {}
    if not isinstance(given, dict):
        raise InputError(f"{gold.id}: reasons must be a mapping d1: ..., d2: ...")
    units = sentences(a.text, a.zones)
    taken = facts(gold, units)
    decisions: list[Decision] = []
    missing: list[Incident] = []
    found = differences(a, b)
    for number, d in enumerate(found, start=1):
        reason = str(given.get(f"d{number}") or "").strip()
        if not reason:
            message = f"no reason given for {d}"
            missing.append(
                Incident(
                    article=gold.id, pointer=f"d{number}", code="reason-missing", message=message
                )
            )
        answer = taken.get(d.key)
        decisions.append(
            Decision(
                layer=d.key.layer,
                unit=d.unit,
                surface=d.surface,
                detail=d.key.detail,
                a=d.a,
                b=d.b,
                gold=answer,
                taken="a" if answer == d.a else "b" if answer == d.b else "other",
                reason=reason,
            )
        )
    if missing:
        raise IncidentsError(missing)
    decided = {d.key for d in found}
    corrected = [str(d) for d in differences(a, gold) if d.key not in decided]
    return Adjudication(
        article=gold.id, annotators=names, adjudicator=by, decisions=decisions, corrected=corrected
    )
