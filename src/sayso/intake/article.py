"""From a mapping of the input JSONL to an article."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sayso.errors import IntakeError
from sayso.intake.dates import MONTH, WEEKDAY, Moment, parse_published
from sayso.intake.encoding import check_text
from sayso.intake.furniture import Found, find_furniture
from sayso.intake.language import detect_language, normalise_language
from sayso.intake.options import IntakeOptions
from sayso.records import Article, Rejection, Stage, canonical_text

Taken = Iterator[Article | Rejection]

FIELDS = ("text", "id", "title", "outlet", "url", "published", "language")
_LOG = logging.getLogger(__name__)


def article_of(
    mapping: Mapping[str, Any],
    options: IntakeOptions | None = None,
    *,
    source_id: str | None = None,
) -> Article:
    """The article of a mapping as in the input JSONL: ``text``, and what else is known.

    What the mapping says wins over the options, these over what the text itself tells
    (date line, sign-off). A date that is impossible stays unknown, and is logged.

    Args:
        mapping: ``{"text", "id"?, "title"?, "outlet"?, "url"?, "published"?, "language"?}``;
            other keys are left alone.
        options: what to take where the mapping is silent, and limits.
        source_id: names the input where the mapping has no ``id``, e.g. ``news.jsonl:12``.

    Raises:
        IntakeError: there is no text, it is binary or too long, or a field has a wrong type.
    """
    article, notices = take_in(mapping, options or IntakeOptions(), source_id)
    for notice in notices:
        # The input's own id may be an address that names somebody.
        _LOG.warning("%s: %s", article.id, notice)
    return article


def taken(
    mapping: Mapping[str, Any], name: str, options: IntakeOptions, *, signed: bool = True
) -> Taken:
    """The article of a mapping, and rejections for what of it could not be taken in."""
    try:
        article, notices = take_in(mapping, options, name, signed=signed)
    except IntakeError as error:
        yield rejection(name, str(error))
        return
    yield article
    for notice in notices:
        yield rejection(name, notice)


def rejection(name: str, reason: str) -> Rejection:
    """What the intake did not understand of the input with this name."""
    return Rejection(name, Stage.INTAKE, reason)


def take_in(
    mapping: Mapping[str, Any],
    options: IntakeOptions,
    source_id: str | None,
    *,
    signed: bool = True,
) -> tuple[Article, tuple[str, ...]]:
    """The article, and what of its metadata was not understood and left unknown.

    ``signed`` says whether a sign-off may name the outlet, and a first line the title: in
    plain text and records, not in pages, which have places for both.
    """
    given = {name: _scalar(mapping, name) for name in FIELDS if name != "published"}
    text = canonical_text(_text_of(mapping, options))
    language = given["language"] or options.language
    draft = _Draft(find_furniture(text, given["title"] or options.title), [])
    published = draft.published(mapping.get("published"), options)
    code = draft.language(language, text)
    told = draft.found if signed else Found()
    article = Article.create(
        text,
        title=given["title"] or options.title or told.headline,
        outlet=given["outlet"] or options.outlet or told.outlet,
        url=draft.url(given["url"]) or options.url,
        published=published[0] if published else None,
        precision=published[1] if published else None,
        language=code,
        source_id=source_id,
        input_id=given["id"],
        furniture=draft.found.furniture,
    )
    return article, tuple(draft.notices)


@dataclass(slots=True)
class _Draft:
    found: Found
    notices: list[str]

    def published(self, value: object, options: IntakeOptions) -> Moment | None:
        """Record, then options, then date line. What is stated but wrong is not replaced."""
        if value not in (None, ""):
            moment = parse_published(value)
            if moment is None:
                self._unknown("date", value)
            return moment
        if options.published:
            return parse_published(options.published)
        if self.found.published is None and self.found.unread:
            self._unknown("date", self.found.unread)
        return self.found.published

    def language(self, tag: str | None, text: str) -> str | None:
        """What is stated; else what the text looks like."""
        code = normalise_language(tag) if tag else None
        if tag and code is None:
            self._unknown("language", tag)
        return code or detect_language(text)

    def url(self, address: str | None) -> str | None:
        """Only addresses that may become links: no ``javascript:``, nothing broken."""
        if not address:
            return None
        try:
            scheme = urlsplit(address).scheme
        except ValueError:
            scheme = "broken"
        if scheme in {"http", "https", ""}:
            return address
        self._unknown("url", address)
        return None

    def _unknown(self, what: str, value: object) -> None:
        kept = "detected" if what == "language" else "kept as unknown"
        self.notices.append(f"{what} not understood: {_form(what, value)}; {kept}")


def _form(what: str, value: object) -> str:
    """A value as a log may show it: nothing that could be of an article or name somebody."""
    text = str(value)
    if what == "url":
        scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]{0,15}:", text)
        return f"'{scheme[0]}…'" if scheme else "a broken address"
    words = re.findall(r"[^\W\d_]+", text) if what == "date" else re.findall(r"\w+", text)
    known = rf"(?:{MONTH}|{WEEKDAY}|[TZ]|[ap]m|GMT|UTC|st|nd|rd|th)"
    if len(text) <= 40 and all(re.fullmatch(known, word, re.IGNORECASE) for word in words):
        return repr(value)
    return f"a text of {len(text):,} characters" if isinstance(value, str) else _kind(value)


def _text_of(mapping: Mapping[str, Any], options: IntakeOptions) -> str:
    text = mapping.get("text")
    if text is None:
        raise IntakeError('has no "text"')
    if not isinstance(text, str):
        raise IntakeError(f'"text" is {_kind(text)}, where a string is needed')
    if len(text) > options.max_characters:
        raise IntakeError(
            f"has {len(text):,} characters, over the limit of {options.max_characters:,}; "
            "split it, or raise max_characters"
        )
    check_text(text)
    return text


def _scalar(mapping: Mapping[str, Any], name: str) -> str | None:
    """A field as one line without control characters; None if missing or blank."""
    value = mapping.get(name)
    if value is None or name == "text":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise IntakeError(f'"{name}" is {_kind(value)}, where a string is needed')
    clean = re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]", "", str(value))
    return " ".join(canonical_text(clean).split()) or None


def _kind(value: object) -> str:
    names = {bool: "true or false", dict: "an object", list: "a list", int: "a number"}
    return names.get(type(value), "a number" if isinstance(value, float) else "something else")
