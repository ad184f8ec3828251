"""Word forms: lemmas, shapes, closed classes, and what the ontology says of a word.

Nothing here names anything: the lists are closed classes of English (pronouns,
prepositions, months, auxiliaries, irregular verbs) and the ontology's own words.
Every function is cached per word form, so that a corpus pays once per word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from ..corpus.ontology import ontology

SUBJECT_PRONOUNS: Final = frozenset("i we you he she they it who".split())
PERSONAL: Final = SUBJECT_PRONOUNS - {"who"} | frozenset("me us him her them".split())
POSSESSIVE: Final = frozenset("my our your his her their its".split())
PRONOUNS: Final = (
    PERSONAL | POSSESSIVE | frozenset("this that these those mine ours theirs".split())
)
ARTICLES: Final = frozenset("the a an".split())
DETERMINERS: Final = (
    ARTICLES
    | POSSESSIVE
    | frozenset("this that these those another each every any no either neither such".split())
)
QUANTIFIERS: Final = frozenset(
    "all both some many several most few more less fewer least dozens dozen hundreds hundred "
    "thousands thousand scores tens group groups number part parts members member rest about "
    "around nearly almost over up one two three four five six seven eight nine ten eleven twelve "
    "half".split()
)
MONTHS: Final = frozenset(
    "january february march april may june july august september october november december "
    "jan jan. feb feb. mar mar. apr apr. jun jun. jul jul. aug aug. sept sept. sep sep. "
    "oct oct. nov nov. dec dec.".split()
)
WEEKDAYS: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays "
    "thursdays fridays saturdays sundays".split()
)
TIME_WORDS: Final = frozenset(
    "today yesterday tomorrow tonight morning afternoon evening night midnight noon dawn dusk day "
    "days week weeks weekend month months year years hour hours minute minutes decade ago early "
    "late mid last next past earlier later local time am pm a.m. p.m. gmt utc".split()
)
PREPOSITIONS: Final = frozenset(
    "of in on at by for from to with without near against between among around into across inside "
    "outside under over after before during since until toward towards through throughout along "
    "behind beyond off onto out upon within about as despite amid like via above below".split()
)
SUBORDINATORS: Final = frozenset(
    "that which who whom whose when where while because although though if unless until after "
    "before since as whether despite so than".split()
)
CONJUNCTIONS: Final = frozenset("and or but nor yet & plus".split())
NEGATIONS: Final = frozenset(
    "no not never none neither nor without nobody nothing n't refuse refuses refused refusing "
    "cannot can't didn't don't doesn't won't wouldn't hasn't haven't hadn't isn't aren't wasn't "
    "weren't couldn't shouldn't".split()
)
MODALS: Final = frozenset(
    "will would shall should may might can could must ought won't wouldn't can't couldn't "
    "'ll 'd".split()
)
AUXILIARIES: Final = frozenset(
    "be is are was were been being am have has had having do does did get gets got "
    "'re 've 'm".split()
)
WH: Final = frozenset("what who whom whose which when where why how".split())
# Beside an event noun these carry no event of their own (annotation scheme, 4.1).
LIGHT_VERBS: Final = frozenset(
    "make take give carry conduct launch begin press continue resume hold reach sign issue impose "
    "set suffer face file schedule reinstate have stage mount".split()
)

_IRREGULAR: Final = {
    form: forms.split()[0]
    for forms in (
        "be is are was were been being am|have has had having|do does did done|say said|"
        "tell told|think thought|write wrote written|speak spoke spoken|know knew known|"
        "see saw seen|hear heard|take took taken|give gave given|get got gotten|go went gone|"
        "come came|become became|begin began begun|bring brought|build built|buy bought|"
        "catch caught|choose chose chosen|deal dealt|draw drew drawn|drive drove driven|"
        "fall fell fallen|feel felt|fight fought|find found|flee fled|fly flew flown|"
        "forget forgot|grow grew grown|hang hung|hide hid hidden|hold held|keep kept|lay laid|"
        "lead led|leave left|lose lost|make made making|mean meant|meet met|pay paid|"
        "ride rode ridden|ring rang rung|rise rose risen|run ran|seek sought|sell sold|send sent|"
        "shake shook shaken|shoot shot|sink sank sunk|sit sat|sleep slept|spend spent|stand stood|"
        "steal stole stolen|strike struck stricken|swear swore sworn|sweep swept|teach taught|"
        "tear tore torn|throw threw thrown|understand understood|wage waged|win won|"
        "withdraw withdrew withdrawn|retake retook retaken|overthrow overthrew overthrown|"
        "overrun overran|undergo underwent|bear bore born borne|break broke broken|blow blew blown|"
        "burn burnt|bind bound|bleed bled|breed bred|freeze froze frozen|forbid forbade forbidden|"
        "man men|woman women|child children|person people|die dying dies died|lie lying lies"
    ).split("|")
    for form in forms.split()
}
_VOWEL: Final = re.compile("[aeiouy]")
_DOUBLED: Final = re.compile(r"([b-df-hj-np-tv-z])\1\Z")


@lru_cache(maxsize=1 << 16)
def lemma(word: str) -> str:
    """A rough lemma, lower case: inflection is cut by suffix rules, not by a dictionary.

    It need not be a word ("seizing" and "seized" both give "seiz"): it only has
    to be the same for the forms of one word.
    """
    low = word.lower().replace("’", "'")
    base = _IRREGULAR.get(low)
    if base is None:
        base = _cut(low)
        base = _IRREGULAR.get(base, base)
    if len(base) > 3 and (base[-1] == "e" or _DOUBLED.search(base)):
        base = base[:-1]
    return base[:-1] + "i" if len(base) > 3 and base[-1] == "y" else base


def _cut(low: str) -> str:
    if not low.isalpha():
        return low
    if len(low) > 4 and low.endswith(("ies", "ied")):
        return low[:-3] + "y"
    if len(low) > 4 and low.endswith(("ses", "xes", "zes", "ches", "shes")):
        return low[:-2]
    if len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is")):
        return low[:-1]
    for suffix in ("ing", "ed"):
        stem = low.removesuffix(suffix)
        if stem != low and len(stem) > 2 and _VOWEL.search(stem):
            return stem
    return low


@lru_cache(maxsize=1 << 16)
def shape(word: str) -> str:
    """Character classes, runs longer than two shortened: "Tolm-3" gives "Xxx-d"."""
    classes = "".join(
        "X" if c.isupper() else "x" if c.islower() else "d" if c.isdigit() else c for c in word
    )
    return re.sub(r"(.)\1{2,}", r"\1\1", classes)


@lru_cache(maxsize=1 << 16)
def closed_class(word: str) -> str:
    """The closed class of a word, "cap", "num", "punct" or "" for open ones."""
    low = word.lower().replace("’", "'")
    for name, members in _CLASSES:
        if low in members:
            return name
    if low in {"'s", "'"}:
        return "poss"
    if word[:1].isdigit():
        return "num"
    if not any(c.isalnum() for c in word):
        return "punct"
    return "cap" if word[:1].isupper() else ""


_CLASSES: Final = (
    ("neg", NEGATIONS),
    ("modal", MODALS),
    ("aux", AUXILIARIES),
    ("month", MONTHS - {"may"}),
    ("day", WEEKDAYS),
    ("art", ARTICLES),
    ("poss-pron", POSSESSIVE),
    ("pron", PERSONAL),
    ("det", DETERMINERS),
    ("conj", CONJUNCTIONS),
    ("wh", WH),
    ("prep", PREPOSITIONS),
    ("sub", SUBORDINATORS),
    ("quant", QUANTIFIERS),
    ("time", TIME_WORDS),
)


@lru_cache(maxsize=1 << 16)
def ending(word: str) -> str:
    """What the ending says of a lower-case word: ed, ing, ly, s, a noun suffix, or ""."""
    low = word.lower()
    if low in _PARTICIPLES:
        return "ed"
    for suffix in ("ing", "ed", "ly", "tion", "sion", "ment", "ance", "ence", "ity", "ers", "er"):
        if low.endswith(suffix) and len(low) > len(suffix) + 2:
            return suffix
    return "s" if low.endswith("s") and not low.endswith("ss") and len(low) > 3 else ""


_PARTICIPLES: Final = frozenset(
    form for form, base in _IRREGULAR.items() if form != base and not form.endswith(("s", "ing"))
)


def phrase(words: Iterable[str]) -> str:
    """The lemmas of a phrase, joined by spaces."""
    return " ".join(lemma(word) for word in words)


@cache
def trigger_seeds() -> dict[str, tuple[str, ...]]:
    """Lemma phrase -> event types, from the ontology's typical triggers."""
    found: dict[str, list[str]] = {}
    for kind, row in ontology().events.items():
        for trigger in row.triggers:
            key = phrase(re.sub(r"\s*\(.*\)", "", trigger).replace("-", " - ").split())
            found.setdefault(key, []).append(kind)
    return {key: tuple(kinds) for key, kinds in found.items()}


@cache
def trigger_hints() -> dict[str, tuple[str, ...]]:
    """Lemma -> event types whose definition, example or foreign codes use the word.

    Weaker than `trigger_seeds`; words that more than two types share say nothing.
    """
    found: dict[str, set[str]] = {}
    for kind, row in ontology().events.items():
        for text in (row.description, row.example, *row.acled, *row.plover, *row.triggers):
            for word in re.findall(r"[a-z]{3,}", text.lower()):
                if not closed_class(word):
                    found.setdefault(lemma(word), set()).add(kind)
    return {key: tuple(sorted(kinds)) for key, kinds in found.items() if len(kinds) < 3}


@cache
def cue_seeds() -> dict[str, str]:
    """Lemma phrase -> act, from the ontology's cues; the first act listed wins."""
    found: dict[str, str] = {}
    for act, row in ontology().acts.items():
        for cue in row.cues:
            found.setdefault(phrase(cue.split()), act)
    return found


@cache
def type_seeds() -> dict[str, str]:
    """Lemma -> entity type, from the words of the ontology's definitions."""
    found: dict[str, list[str]] = {}
    for kind, row in ontology().entities.items():
        for word in set(re.findall(r"[a-z]{4,}", row.description)):
            found.setdefault(lemma(word), []).append(kind)
    return {key: kinds[0] for key, kinds in found.items() if len(kinds) == 1}
