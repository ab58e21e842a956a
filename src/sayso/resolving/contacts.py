"""Handles, phone numbers, e-mail and street addresses in a text: what leads to a person.

All of them are taken for private, since a text seldom tells whose they are.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.resolving.people import is_common

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sayso.records import Span


@dataclass(frozen=True, slots=True)
class Contact:
    """Where one stands.

    Attributes:
        kind: ``Handle``, ``Email``, ``Phone``, ``Address`` or ``Words`` (in a script without
            capitals, in which names cannot be told).
        value: by which two are the same.
    """

    kind: str
    span: Span
    value: str


_PLATFORMS = (
    r"(?:(?:www\.|m\.|mobile\.)?(?:twitter|x|facebook|fb|instagram|tiktok|youtube|threads|vk|ok|"
    r"linkedin|snapchat|reddit|mastodon|bsky|weibo|telegram|pinterest|medium|tumblr|truthsocial)"
    r"\.(?:com|net|org|me|ru|social|app)|t\.me|wa\.me|youtu\.be|signal\.me|bit\.ly)"
)
_IN_PLATFORM = re.compile(
    rf"\b{_PLATFORMS}/(?:(?:s|in|u|user|users|channel|c|profile|people|@)/)?@?"
    r"(?P<name>[\w.+%-]*[\w+%-])",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{0,64}[\w+-]\s?(?:@|＠|[\[({]\s?at\s?[\])}])\s?"
    r"[\w-]{1,63}(?:\s?(?:\.|[\[({]\s?dot\s?[\])}])\s?[\w-]{1,63})+",
    re.IGNORECASE,
)
_SPOKEN_EMAIL = re.compile(r"\b[\w.+-]{1,64} at [\w-]{1,63}(?: dot [\w-]{1,63})+\b", re.IGNORECASE)
_AT_NAME = re.compile(r"(?<![\w@＠])[@＠](?P<name>[^\W_]?[\w.·-]*\w)")
# A user name by its form: "stannet_eye", "owl1987".
_USER_NAME = re.compile(
    r"(?<![\w@/.])(?P<name>[^\W_]+(?:_+[^\W_]+)+_*|[a-z]{3,}\d{2,}[a-z]?|u/\w[\w-]+)(?![\w@])"
)
_NO_USER = re.compile(r"(?i)(?:covid|sars|cop|win|mp|h|iso|utf|sha|pm|co)\d+|https?|\d+(?:_\d+)*")
# Or by what stands before it.
_NAMED_USER = re.compile(
    r"\b(?:users?|usernames?|user names?|handles?|screen names?|nicknames?|alias(?:es)?|"
    r"account|profile|commenter|poster|blogger|redditor|tiktoker|netizen)"
    r"(?:\s+(?:named|called|known as|calling (?:him|her|them)sel(?:f|ves)|by the name(?: of)?|"
    r"under the name|going by|with the (?:handle|name)|is|was))?,?\s+"
    r"(?P<open>[“\"‘'«„]?)(?P<name>[\w.-]*\w(?:\s[A-Z][\w-]*)?)(?=[”\"’'»“]|\b)",
)
_URL = re.compile(r"(?:https?|ftp)://\S+|\bwww\.\S+", re.IGNORECASE)

_PHONE = re.compile(
    r"(?<![\w.,:/-])(?:tel:)?(?P<number>(?:\+|＋|00)?\(?\d[\d\s().\-‐‑–/\u00a0\u2009]{4,24}\d)"
    r"(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?![\w,]\d|\d|%|[-/]\d)",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"\b(?:tel|phones?|telephones?|mobile|cell|cellphone|call(?:ed|s|ing)?|dial(?:led|ed)?|ring|rang|"
    r"text|texted|sms|fax|whatsapp|signal|viber|hotline|helpline|line|number|no|contact|reach(?:ed)?)"
    r"\b[^.!?\n]{0,25}$",
    re.IGNORECASE,
)
_MONTH = r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE_LIKE = re.compile(
    r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|"
    r"(?:1[5-9]|20)\d\d\s?[-–/]\s?(?:(?:1[5-9]|20)?\d\d)|\d{1,2}[.:]\d\d\s?[-–]\s?\d{1,2}[.:]\d\d)"
    r"(?:[\sT]+\d{1,2}[:.]\d\d.*)?$"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[\s.\u00a0\u2009]\d{3})+$")

_NUMBER = r"(?:(?:no\.?|nº|№|#)\s?)?\d{1,5}(?:\s?[-–/]\s?\d{1,5})?\s?[A-Za-z]?\b"
_CAP = r"[^\W\d_a-zß-öø-ÿ][\w’'.-]{0,40}"
_KIND = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Boulevard|Blvd|Drive|Dr|Way|Row|Alley|Terrace|"
    r"Crescent|Close|Court|Ct|Square|Sq|Place|Pl|Quay|Wharf|Parade|Grove|Gardens?|Mews|Hill|Walk|"
    r"Highway|Hwy|Parkway|Pkwy|Circle|Cir|Embankment|Esplanade|Turnpike|Circus|Yard|Rise|View|"
    r"Street|street|road|avenue|lane|boulevard|drive|square|quay|embankment)"
)
_BEFORE_KIND = (
    r"(?i:rue|avenue|boulevard|place|quai|allée|chemin|calle|avenida|paseo|plaza|carrera|carrer|"
    r"via|viale|corso|piazza|rua|travessa|largo|praça|ulica|ulitsa|ul\.|ulice|prospekt|prospect|"
    r"jalan|jl\.|đường|sharia|shari'|sokak|cadde|cd\.|strada|str\.|vulytsia|vul\.|straat|laan|"
    r"leof\.|odos)"
)
_STREET_END = (
    r"(?i:straße|strasse|gasse|weg|platz|allee|ufer|damm|straat|laan|gracht|gatan|gata|gate|veien|"
    r"vej|sokağı|caddesi|utca|tér|katu)"
)
_ROOM = r"(?:flat|apt\.?|apartment|suite|unit|room|floor|house|villa|block|building)"
_TAIL = (
    rf"(?:,?\s(?i:{_ROOM})\s?\d+\w?)?"
    r"(?:,?\s[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|,?\s\d{5}(?:-\d{4})?\b)?"
)
_FLAT = rf"(?i:{_ROOM}\s?(?:no\.?\s?)?\d+\w?,?\s(?:at\s)?)?"
_OF = r"(?:(?:de|du|des|la|le|el|del|di|da|d')\s?)*"
_NO_UNIT = r"(?!\s?(?:people|percent|per|%|years))"
_NO_COUNT = r"(?!\s?(?:people|percent|per|%|years|,\d|[a-z]))"
_SHORT_KIND = r"(?:Street|Road|Avenue|Lane|Boulevard|Drive)"
_ADDRESSES = tuple(
    re.compile(pattern)
    for pattern in (
        (
            rf"\b{_FLAT}{_NUMBER},?\s(?:{_CAP}\s){{1,4}}"
            rf"(?:{_KIND}\b|(?:St|Rd|Ave|Blvd|Ln|Dr|Sq)\.){_TAIL}"
        ),
        rf"\b{_FLAT}{_NUMBER},?\s{_BEFORE_KIND}\s{_OF}{_CAP}(?:[\s-]{_CAP}){{0,3}}{_TAIL}",
        rf"\b{_BEFORE_KIND}\s{_OF}{_CAP}(?:[\s-]{_CAP}){{0,3}},?\s{_NUMBER}{_NO_UNIT}{_TAIL}",
        rf"\b(?:{_CAP}[\s-]){{0,3}}[^\W\d_]{{0,30}}{_STREET_END}\s{_NUMBER}{_TAIL}",
        (
            rf"\b(?:{_CAP}\s){{1,3}}{_SHORT_KIND},?\s(?:(?i:no|number|nr|house)\.?\s?)?"
            rf"\d{{1,4}}[a-zA-Z]?\b{_NO_COUNT}"
        ),
        r"\b(?i:p\.?\s?o\.?\s?box|postfach|apartado|private bag)\s?(?:no\.?\s?)?\d+",
    )
)
_DAYS = re.compile(rf"(?i)^\d{{1,2}}\s(?:{_MONTH})")

# Letters of scripts that have no capitals, with their marks.
_CASED = (
    r"A-Za-z\u00aa-\u058f\u13a0-\u13ff\u1d00-\u1fff\u2071-\u209c\u2100-\u218f\u2c00-\u2cff"
    r"\u2de0-\u2dff"
    r"\ua640-\ua7ff\uab30-\uabbf\ufb00-\ufb17\uff21-\uff5a\U00010400-\U000104ff\U0001d400-\U0001d7ff"
)
_CASELESS = re.compile(
    rf"[^\W\d_{_CASED}][^\s\x00-\u058f]*(?:[ \u00a0-](?=[^\W\d_{_CASED}])[^\s\x00-\u058f]+)*"
)


def contacts(text: str) -> list[Contact]:
    """All in their order; of those that overlap, the first found and the widest."""
    found = [*_addressed(text), *_named(text), *_phones(text), *_streets(text), *_caseless(text)]
    kept: list[Contact] = []
    for one in sorted(found, key=lambda one: (one.span[0], -one.span[1])):
        if not kept or one.span[0] >= kept[-1].span[1]:
            kept.append(one)
    return kept


def is_within(at: int, spans: Sequence[Span]) -> bool:
    """Whether a place lies in one of several spans that are in order and apart."""
    index = bisect_right(spans, (at, sys.maxsize)) - 1
    return index >= 0 and at < spans[index][1]


def _addressed(text: str) -> Iterator[Contact]:
    for pattern in (_EMAIL, _SPOKEN_EMAIL):
        for match in pattern.finditer(text):
            yield Contact("Email", match.span(), "".join(match[0].split()).lower())
    for match in _IN_PLATFORM.finditer(text):
        name = match["name"]
        yield Contact(
            "Phone" if name.lstrip("+").isdigit() else "Handle", match.span("name"), _same(name)
        )
    for match in _AT_NAME.finditer(text):
        yield Contact("Handle", match.span(), _same(match["name"]))


def _same(name: str) -> str:
    return name.strip(".-").casefold()


def _named(text: str) -> Iterator[Contact]:
    addresses = [match.span() for match in _URL.finditer(text)]
    for match in _USER_NAME.finditer(text):
        if not _NO_USER.fullmatch(match["name"]) and not is_within(match.start(), addresses):
            yield Contact("Handle", match.span("name"), _same(match["name"]))
    for match in _NAMED_USER.finditer(text):
        if _is_user(match["name"], quoted=bool(match["open"])):
            yield Contact("Handle", match.span("name"), _same(match["name"]))


def _is_user(name: str, *, quoted: bool) -> bool:
    """Whether what follows "user" is its name: "the user wrote" has none."""
    odd = any(sign.isdigit() or sign in "_." for sign in name) or not name[1:].islower()
    words = name.split()
    if len(name) < 2 or name.isdigit():
        return False
    return odd or quoted or not is_common(words[0]) or (name[0].isupper() and len(words) > 1)


def _phones(text: str) -> Iterator[Contact]:
    for match in _PHONE.finditer(text):
        number = match["number"]
        digits = re.sub(r"\D", "", number)
        if _is_phone(number.strip(), digits, text[max(0, match.start() - 40) : match.start()]):
            yield Contact("Phone", match.span(), digits)


def _is_phone(number: str, digits: str, before: str) -> bool:
    if not 7 <= len(digits) <= 15 or _DATE_LIKE.match(number) or "\n" in number:
        return False
    if number[0] in "+＋(" or number.startswith("00") or _CALL.search(before):
        return True
    if _THOUSANDS.fullmatch(number) or re.search(r"[$€£¥₹]\s?$", before):
        return False
    groups = re.split(r"\D+", number)
    if len(groups) == 1:
        return digits[0] == "0" or len(digits) >= 9
    return digits[0] == "0" or (len(groups) > 2 and min(map(len, groups)) > 1) or len(digits) > 8


def _streets(text: str) -> Iterator[Contact]:
    for pattern in _ADDRESSES:
        for match in pattern.finditer(text):
            if not _DAYS.match(match[0]) and "\n" not in match[0]:
                yield Contact("Address", match.span(), " ".join(match[0].casefold().split()))


def _caseless(text: str) -> Iterator[Contact]:
    for match in _CASELESS.finditer(text):
        value = match[0].rstrip()
        if any(sign.isalpha() for sign in value):
            yield Contact("Words", (match.start(), match.start() + len(value)), value)
