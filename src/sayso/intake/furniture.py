"""Datelines, bylines, date lines and sign-offs, found in the text itself.

The rules are of form only, no names: they must hold for any country's press. They would
rather miss than mistake, since what they find may stand in for missing metadata.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sayso.intake.dates import MONTH, WEEKDAY, Moment, match_date
from sayso.records import Furniture, Span, moment_text

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Found:
    """What a text tells of itself.

    Attributes:
        furniture: in the order of the text; spans count in the canonical text.
        published: of the first date line that is not that of an update.
        outlet: a sign-off that is the name of an outlet rather than of a person.
        headline: the first line, where it stands alone and is no sentence.
        unread: a date line whose date is impossible.
    """

    furniture: list[Furniture] = field(default_factory=list)
    published: Moment | None = None
    outlet: str | None = None
    headline: str | None = None
    unread: str | None = None


_HEAD_LINES = 8
_HEAD_CHARACTERS = 5_000
_LONG_LINE = 150
_DATELINE_CHARACTERS = 150

# --- date lines -------------------------------------------------------------------------

_DATE_LABEL = re.compile(
    r"(?P<label>(?:(?:first|last|date)\s+)?(?:dated?|published|posted|issued|released|printed|"
    r"created|updated|modified|edited)(?:\s+(?:on|at|date))?)\s*[:\-–—|]?\s*",
    re.IGNORECASE,
)
_NOT_FIRST = re.compile(r"updat|modif|edit|last", re.IGNORECASE)
# What may follow a date that begins a text: a break, or the story with a capital letter.
_AFTER_DATE = re.compile(
    r"\s*(?:[-–—|:·,.]\s*|\s)(?=[\"“”«„‘'(\[]*[A-Z0-9\u0400-\U0010ffff])|\s*\Z"
)

# --- datelines --------------------------------------------------------------------------

_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_CAPS = rf"{_UPPER}(?:{_UPPER}|['’.\-](?={_UPPER}))+\.?"
_NAME = rf"{_UPPER}[\w'’.\-]*"
_PLACE_CAPS = rf"{_CAPS}(?:[ /]{_CAPS}){{0,4}}"
_PLACE_NAME = (
    rf"{_NAME}(?:[ /](?:(?:de|del|da|do|al|el|la|le|les|sur|am|upon|of|and)\s)?{_NAME}){{0,3}}"
)
_REGION = rf",\s(?!(?i:{MONTH}|{WEEKDAY})\b){_NAME}(?:\s{_NAME}){{0,2}}"
_DAY = (
    rf"(?i:(?:{WEEKDAY},?\s*)?(?:(?:{MONTH})\b\.?\s+\d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{MONTH})\b\.?)"
    rf"(?:,?\s+\d{{4}})?|{WEEKDAY})"
)
_AGENCY = r"\((?!\d)[\w.&’'][\w.&’'/ \-]{1,40}\)"
_BARE_AGENCY = rf",\s{_UPPER}[\w.\-]{{1,20}}"
_DASH = r"\s*(?P<mark>[–—―]-?|--?(?=\s)|_(?=\s)|:(?=\s))"
_STORY = r"(?=\s*[\"“”«„‘'(\[]*[^\W_a-zß-öø-ÿ])"
_DATELINES = (
    # PORT MARR, 7 March (Agency) - The ...; a date or an agency makes it sure.
    re.compile(
        rf"(?P<place>(?:{_PLACE_CAPS}|{_PLACE_NAME})(?:{_REGION}){{0,2}})[.,]?\s+"
        rf"(?:(?P<date>{_DAY})[.,]?(?:\s*{_AGENCY}|{_BARE_AGENCY})?|{_AGENCY}){_DASH}{_STORY}"
    ),
    # PORT MARR (Agency) The ...; without a dash only in capitals.
    re.compile(rf"(?P<place>{_PLACE_CAPS}(?:{_REGION}){{0,2}})\s+{_AGENCY}:?{_STORY}"),
    # PORT MARR, Oland — The ...; without date and agency only in capitals, too.
    re.compile(rf"(?P<place>{_PLACE_CAPS}(?:{_REGION}){{0,2}}){_DASH}{_STORY}"),
)
_CAPTION = re.compile(rf"^(?:{_CAPS})(?: {_CAPS}){{0,3}}:", re.MULTILINE)
_LABELS = frozenset({
    "advertisement", "alert", "also", "analysis", "anchor", "and", "announcement", "answer",
    "article", "audio", "background", "blog", "breaking", "brief", "briefing", "bulletin",
    "business", "byline", "caption", "column", "comment", "commentary", "correction", "developing",
    "document", "editorial", "essay", "exclusive", "explainer", "explained", "fact", "factbox",
    "feature", "focus", "gallery", "graphic", "guest", "headlines", "host", "important",
    "insight", "interview", "investigation", "just", "key", "letter", "live", "local", "more",
    "news", "newsletter", "note", "obituary", "opinion", "photo", "photos", "picture",
    "pictures", "podcast", "points", "poll", "politics", "presenter", "press", "profile", "q",
    "question", "questions", "read", "recap", "release", "report", "reporter", "review",
    "speaker", "special", "sport", "sports", "statement", "story", "summary", "survey", "text",
    "timeline", "top", "transcript", "translation", "update", "updated", "urgent", "video",
    "views", "warning", "watch", "weather", "who", "why", "world",
})  # fmt: skip

# --- bylines ----------------------------------------------------------------------------

_ROLE = (
    r"(?:staff|senior|chief|special|foreign|political|diplomatic|security|defen[cs]e|world|"
    r"national|city|crime|our|own|associate|deputy|bureau|managing|guest|contributing)"
)
_JOB = (
    r"(?:writers?|reporters?|correspondents?|editors?|chief|journalists?|columnists?|contributors?)"
)
_BY = re.compile(
    r"(?:(?:story|text|words|report|reporting|written|compiled|article|analysis)\s+)?by\s*:?\s+"
    r"(?P<rest>\S.*)|(?P<ours>from\s+our\s+.*\S)",
    re.IGNORECASE,
)
_PERSON_ROLE = re.compile(
    rf"(?P<name>{_NAME}(?: {_NAME}){{1,3}})(?:,| \||\s+-)\s*(?i:(?:{_ROLE}\s+)*{_JOB})\b.*"
)
_NAME_END = re.compile(
    r"\s*(?:[|·•;(/@]|\s[-–—]\s|,(?!\s*(?:Jr|Sr)\b)|\b(?:for|in|at|updated|published)\b).*",
    re.DOTALL,
)
_LINKS = frozenset({
    "and", "&", "de", "del", "della", "di", "da", "dos", "du", "van", "von", "der", "den", "la",
    "le", "el", "al", "bin", "ibn", "ben", "the", "of",
})  # fmt: skip
_STAFF = re.compile(rf"(?i)^(?:our|a|an)\s+(?:{_ROLE}\s+|{_JOB}\s+)*")
_NO_NAME = re.compile(
    rf"(?i)(?:the (?:time|end|way|numbers)\b|(?:{MONTH}|{WEEKDAY})\W*(?:\d|$)|\d)"
)

# --- sign-offs --------------------------------------------------------------------------

_END_MARK = re.compile(
    r"[\s(\[*#■▪◼•·-]*(?:ends?|30|endit|more to follow)?[\s)\]*#■▪◼•·-]*", re.IGNORECASE
)
_CREDIT = re.compile(
    r"[(\[—–-]*\s*(?:(?:additional|further|with|other)\s+)?(?:(?:reporting|writing|editing|"
    r"translat(?:ed|ion)|edited|written|compiled|inputs?|agency|agencies)\b.*\b(?:by|from)\b"
    r"|source\s*:|©|copyright\b|\(c\)).*",
    re.IGNORECASE | re.DOTALL,
)
_AGENCY_CREDIT = re.compile(rf"(?:[–—-]{{1,2}}\s*|[(\[]){_UPPER}[\w.&/ -]{{1,30}}[)\]]?")
_OUTLET_WORD = re.compile(
    r"(?i)\b(?:news(?:room|paper|wire|desk)?|times|post|press|herald|journal|gazette|courier|"
    r"tribune|examiner|observer|monitor|chronicle|daily|weekly|review|bulletin|mail|telegraph|"
    r"guardian|star|sun|mirror|standard|independent|voice|radio|television|tv|fm|channel|"
    r"broadcasting|media|agency|wire|online|today|report|reports|reporter|watch|focus|insider|"
    r"network|bureau|correspondent|association|committee|council|organi[sz]ation|front|"
    r"movement|group|cent(?:re|er)|institute|foundation|union|free|new|national)\b|\w\.\w{2,}$"
)
_NO_SIGN_OFF = frozenset({
    "advertisement", "comment", "comments", "conclusion", "share", "subscribe", "newsletter",
    "related", "references", "sources", "notes", "tags", "topics", "continue", "more", "read",
    "contact", "about", "appendix", "timeline", "background", "by", "from", "and", "summary",
    "photo", "photos", "video", "correction", "corrections", "update", "analysis", "end",
    "ends", "loading",
})  # fmt: skip


def find_furniture(text: str, title: str | None = None) -> Found:
    """What the form of a canonical text tells; ``title`` is skipped where it is the first line."""
    found = Found()
    lines = list(_head_lines(text))
    if lines:
        _read_head(text, lines, title, found)
        _read_tail(text, found)
    found.furniture.sort(key=lambda item: item.span)
    return found


def _head_lines(text: str) -> Iterator[Span]:
    """Spans of the first lines that are not empty, without their outer blanks."""
    lines = re.finditer(r"\S[^\n]*", text[:_HEAD_CHARACTERS])
    for _, line in zip(range(_HEAD_LINES), lines, strict=False):
        yield line.start(), line.start() + len(line[0].rstrip())


def _read_head(text: str, lines: list[Span], title: str | None, found: Found) -> None:
    known = " ".join((title or "").split())
    for number, (first, end) in enumerate(lines):
        line = text[first:end]
        if number == 0 and " ".join(line.split()) == known:
            continue
        if _date_line(text, first, end, found) or _byline(text, first, end, found):
            continue
        start = _leading_date(text, first, end, found)
        if number == 0 and start == first and not known and _is_headline(text, lines):
            found.headline = line
            continue
        if _dateline(text, start, end, found):
            return
        # Some headlines end with a full stop: after a short first line the lead may follow.
        if len(line) > _LONG_LINE or (number and line[-1] in ".!?…"):
            return


def _is_headline(text: str, lines: list[Span]) -> bool:
    """A line of up to 25 words, no sentence, with an empty line and a longer one after it."""
    if len(lines) < 2:
        return False
    line, after = (text[start:end] for start, end in lines[:2])
    apart = text.count("\n", lines[0][1], lines[1][0]) > 1
    if not apart or len(line.split()) > 25 or re.search(r"[.,;:…!][\"”»’']?$", line):
        return False
    return len(after) > len(line) / 2 and not (
        _DATELINES[0].match(line) or re.match(r".{0,12}\d{4}-\d\d-\d\d", line)
    )


# --- date lines


def _date_span(text: str, start: int, end: int) -> tuple[int, int, Moment] | None:
    """Where a date lies that begins at ``start``, and its moment; exact to the day at least."""
    date = match_date(text[:end], start)
    if date is None or date[1][1] in {"year", "month"}:
        return None
    return start, date[0], date[1]


def _labelled_date(text: str, start: int, end: int) -> tuple[str, int, Moment] | None:
    label = _DATE_LABEL.match(text, start, end)
    date = _date_span(text, label.end() if label else start, end)
    return (label["label"] if label else "", date[1], date[2]) if date else None


def _add_date(start: int, end: int, label: str, moment: Moment, found: Found) -> None:
    found.furniture.append(Furniture("date", (start, end), moment_text(*moment) or ""))
    if found.published is None and not _NOT_FIRST.search(label):
        found.published = moment


def _date_line(text: str, start: int, end: int, found: Found) -> bool:
    """A line that is a date and nothing else; a place may stand before it."""
    place = re.match(rf"{_PLACE_NAME},\s+", text[start:end])
    for at in (start, start + place.end() if place else start):
        date = _labelled_date(text, at, end)
        if date and not text[date[1] : end].strip(" .)|"):
            _add_date(at, date[1], date[0], date[2], found)
            return True
    return False


def _leading_date(text: str, start: int, end: int, found: Found) -> int:
    """A date before the first sentence on the same line; returns where the story begins."""
    date = _labelled_date(text, start, end)
    if date is None:
        label_end = match.end() if (match := _DATE_LABEL.match(text, start, end)) else start
        wrong = re.match(r"\d{4}-\d\d-\d\d\b", text[label_end:end])
        found.unread = wrong[0] if wrong else found.unread
        return start
    label, stop, moment = date
    after = _AFTER_DATE.match(text, stop, end)
    # Bare dates in words begin sentences: "11 August 2023 Was a Day". Those in digits do not.
    machine = re.match(r"\d{4}-\d\d-\d\d", text[start:end])
    if after is None or not (label or machine or after[0].strip()):
        return start
    _add_date(start, stop, label, moment, found)
    return after.end()


# --- datelines


def _dateline(text: str, start: int, end: int, found: Found) -> bool:
    for pattern in _DATELINES:
        match = pattern.match(text, start, min(end, start + _DATELINE_CHARACTERS))
        if match and _is_place(text, match):
            found.furniture.append(Furniture("dateline", match.span(), match["place"]))
            date = match.groupdict().get("date") and _date_span(text, match.start("date"), end)
            if date:
                _add_date(date[0], min(date[1], match.end("date")), "", date[2], found)
            return True
    return False


def _is_place(text: str, match: re.Match[str]) -> bool:
    words = re.findall(r"\w+", match["place"].lower())
    if any(word in _LABELS for word in words) or max(map(len, words)) < 3:
        return False
    # Without date and agency, a short word in capitals may be an abbreviation ("NATO: The"),
    # and one with a colon a heading; a lead is longer than a heading.
    if match.re is _DATELINES[-1] and match["mark"] in ":-":
        lead = text.find("\n", match.end()) % (len(text) + 1) - match.start()
        if len("".join(words)) < 5 or (match["mark"] == ":" and lead < 80):
            return False
    # "MAYOR: Good evening" is a transcript if other lines begin so, too.
    return not (match[0].endswith(":") and len(_CAPTION.findall(text, 0, 20_000)) > 1)


# --- bylines


def _byline_value(line: str) -> str | None:
    """The name or names of a line that is a byline."""
    match = _BY.fullmatch(line) if len(line) < 160 else None
    if match is None:
        role = _PERSON_ROLE.fullmatch(line) if len(line) < 100 else None
        return role["name"] if role else None
    if match["ours"]:
        return str(match["ours"]).rstrip(" .")
    name = _NAME_END.sub("", _STAFF.sub("", match["rest"])).rstrip(" .")
    words = name.split()
    if not words or len(words) > 10 or words[0] in _LINKS or _NO_NAME.match(name):
        return None
    return name if all(word[0].isupper() or word in _LINKS for word in words) else None


def _byline(text: str, start: int, end: int, found: Found) -> bool:
    line = text[start:end]
    name = _byline_value(line)
    if name is None:
        return False
    found.furniture.append(Furniture("byline", (start, end), name))
    for separator in re.finditer(r"[|·•,;–—-]\s*", line):
        date = _labelled_date(text, start + separator.end(), end)
        if date:
            _add_date(start + separator.end(), date[1], date[0], date[2], found)
            break
    return True


# --- sign-offs


def _read_tail(text: str, found: Found) -> None:
    """The last one or two paragraphs, if they are no part of the story."""
    stop = len(text)
    for _ in range(3):
        start = text.rfind("\n\n", 0, stop) + 2
        if start < 2 or stop - start > 400:
            return
        span = start + len(text[start:stop]) - len(text[start:stop].lstrip()), stop
        line = text[span[0] : span[1]]
        name = _bare_name(line)
        if name and _after_sentence(text, start) and not _is_byline_name(name, found):
            found.furniture.append(Furniture("sign-off", span, name))
            if _is_outlet(name, text[:start][:100_000]):
                found.outlet = name
            return
        if not (
            _END_MARK.fullmatch(line) or _CREDIT.fullmatch(line) or _AGENCY_CREDIT.fullmatch(line)
        ):
            return
        found.furniture.append(
            Furniture("sign-off", span, " ".join(line.strip("()[]—– \n").split()))
        )
        stop = start + len(text[:start].rstrip()) - start


def _bare_name(line: str) -> str | None:
    """A line of up to six words, each with a capital letter but for small ones, and no stop."""
    words = line.split()
    if not 1 <= len(words) <= 6 or len(line) > 60 or "\n" in line:
        return None
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", line):
        return line  # the address of a site
    if not re.fullmatch(r"[\w.&'’ \-/]+[\w]", line) or words[0].lower() in _NO_SIGN_OFF:
        return None
    if any(not (word[0].isupper() or word.lower() in _LINKS | {"for", "."}) for word in words):
        return None
    return line


def _after_sentence(text: str, start: int) -> bool:
    return bool(re.search(r"[.!?…][\"“”»’')\]]*\s*$", text[max(0, start - 20) : start]))


def _is_byline_name(name: str, found: Found) -> bool:
    return any(
        item.kind == "byline" and name.lower() in item.value.lower() for item in found.furniture
    )


def _is_outlet(name: str, story: str) -> bool:
    """Whether a bare name at the end is an outlet's, not the writer's as in British papers.

    An outlet has an abbreviation, a word of the trade, an article, a single word, or a word
    of its name is a place of the story ("in Oland", "Olandish"); a person has none of these.
    """
    words = name.split()
    if len(words) == 1 or words[0] == "The" or _OUTLET_WORD.search(name):
        return True
    if any(len(word) > 1 and word.isupper() and "." not in word for word in words):
        return True
    return any(
        re.search(
            rf"\b(?i:in|across|inside|throughout) {word}\b|\b{word}(?:n|an|ian|ese|i|ish)\b", story
        )
        for word in map(re.escape, words)
        if len(word) > 3
    )
