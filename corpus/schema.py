"""The record: one `Article` from raw text to score.

Gold, one annotator's pass, a prediction, a row of the dataset and an imported
foreign corpus are all `Article`s. The definition is section 1 of the annotation
scheme (`annotation/guidelines.md`).

Offset convention, stated once: `text` is Unicode NFC with LF newlines; offsets
count Unicode code points and are half-open, so `text[start:end]` is the span.

Types, roles, acts and realis are plain strings here. The ontology closes them
in the validator only, so that foreign label sets travel in the same record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

import msgspec

SCHEMA_VERSION: Final = 1
SCHEME: Final = "dateline-1"
LAYERS: Final = ("mentions", "events", "attributions")
SPLITS: Final = ("train", "validation", "test")
PARTS: Final = ("original", "real")


class Absent(tuple[Any, ...]):
    """The empty value of a layer that a record does not have.

    An absent layer is not an empty one: a submission without `events` takes no
    part in the event track, one with `"events": []` says that there are none.
    There is one instance, `ABSENT`; test for it by identity.
    """

    __slots__ = ()


ABSENT: Final = Absent()


class _Struct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    pass


class Span(_Struct, frozen=True, kw_only=True):
    """Half-open range of code points, `0 <= start < end <= len(text)`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


class Zone(_Struct, frozen=True, kw_only=True):
    """A stretch of the article that is headline, body, caption, credit, ..."""

    start: int
    end: int
    kind: str


class Mention(_Struct, frozen=True, kw_only=True):
    """A name, nominal or pronoun (`level`) that refers to `entity`."""

    id: str
    start: int
    end: int
    type: str
    level: str = "name"
    entity: str | None = None


class Argument(_Struct, frozen=True, kw_only=True):
    """A participant: `target` is a mention id or, for role Issue, an event id."""

    role: str
    target: str


class Event(_Struct, frozen=True, kw_only=True):
    """An event; `[start, end)` is its trigger. Same `incident`, same occurrence."""

    id: str
    start: int
    end: int
    type: str
    realis: str = "actual"
    incident: str | None = None
    arguments: tuple[Argument, ...] = ()


class Attribution(_Struct, frozen=True, kw_only=True):
    """Somebody (`sources`, mention ids) said, wrote or believed `content`.

    `content`, `cue` and `quoted` are lists of spans because they may be
    discontinuous. `parent` is the attribution whose content holds this one's.
    """

    id: str
    sources: tuple[str, ...] = ()
    cue: tuple[Span, ...] = ()
    content: tuple[Span, ...]
    quoted: tuple[Span, ...] = ()
    recipients: tuple[str, ...] = ()
    act: str = "say"
    parent: str | None = None


class IncidentRef(_Struct, frozen=True, kw_only=True):
    """Link from an incident of the theatre's bible to one of this record.

    `incident` is null where the article was assigned the incident but its text
    has no event of it.
    """

    id: str
    incident: str | None = None


class Meta(_Struct, frozen=True, kw_only=True):
    """Where an article comes from. Dates are ISO 8601 strings."""

    part: str = "original"
    theatre: str = ""
    genre: str = ""
    outlet: str = ""
    outlet_kind: str = ""
    published: str = ""
    dateline: str = ""
    language: str = "en"
    incidents: tuple[IncidentRef, ...] = ()
    license: str = ""
    scheme: str = SCHEME


class Article(_Struct, frozen=True, kw_only=True):
    """One article with its annotation layers.

    `text` is empty in a stand-off record; then `text_sha256` (of the normalised
    text's UTF-8 bytes) names it. `unaligned` counts, per layer, outputs of an
    extractor that could not be anchored in the text (scoring protocol, section 2).
    """

    id: str
    text: str = ""
    text_sha256: str = ""
    meta: Meta = Meta()
    zones: tuple[Zone, ...] = ()
    mentions: tuple[Mention, ...] = ABSENT
    events: tuple[Event, ...] = ABSENT
    attributions: tuple[Attribution, ...] = ABSENT
    unaligned: dict[str, int] = {}

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers that this record has, empty ones included."""
        return tuple(name for name in LAYERS if getattr(self, name) is not ABSENT)

    def without_text(self) -> Article:
        """The stand-off form: no text, the text's hash in its place."""
        return msgspec.structs.replace(self, text="", text_sha256=sha256(self.text))

    def with_text(self, text: str) -> Article:
        """The whole record. Raises `ValueError` if the hash names another text."""
        if self.text_sha256 and self.text_sha256 != sha256(text):
            raise ValueError(f"{self.id}: text_sha256 is not that of the given text")
        return msgspec.structs.replace(self, text=text, text_sha256="")


Spanned = TypeVar("Spanned", Span, Zone, Mention, Event)


def sha256(text: str) -> str:
    """Hex digest of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def cover(spans: Iterable[Span | Mention | Event | Zone]) -> set[int]:
    """The set of code points that the spans cover."""
    return {i for s in spans for i in range(s.start, s.end)}


_decoder: Final = msgspec.json.Decoder(Article)


def decode(line: bytes | str) -> Article:
    """One record from its JSON. Raises `msgspec.DecodeError` or `ValidationError`."""
    return _decoder.decode(line)


def builtins(article: Article) -> dict[str, Any]:
    """The record as plain dicts and lists, without absent layers and empty extras."""
    out: dict[str, Any] = msgspec.to_builtins(article)
    for name in LAYERS:
        if getattr(article, name) is ABSENT:
            del out[name]
    for name in ("text", "text_sha256", "unaligned"):
        if not out[name]:
            del out[name]
    return out


def encode(article: Article) -> bytes:
    """Canonical JSON: schema field order, UTF-8, no spaces, no newline at the end."""
    return msgspec.json.encode(builtins(article))


def encode_pretty(article: Article) -> bytes:
    """The same object indented, one newline at the end: the form of files in git."""
    return msgspec.json.format(encode(article), indent=1) + b"\n"


def encode_lines(articles: Iterable[Article]) -> Iterator[bytes]:
    """JSON lines, each with its newline."""
    for article in articles:
        yield encode(article) + b"\n"
