"""Sentence ends by rule.

No parser runs at reading time. The rules follow the usual cases of newspaper
English: abbreviations, initials, numbers, ellipses, closing quotation marks and
brackets. Spans are ``[start, end)`` in code points, without outer blanks.
"""

from __future__ import annotations

import re

# After these a full stop ends no sentence, whatever follows.
_TITLES = frozenset(
    """mr mrs ms messrs mme dr prof rev hon gov gen lt col maj capt cmdr sgt cpl pvt adm brig sen
    rep pres sec amb supt insp det fr sr st ste mt ft no nos vs v cf eg ie viz al op art sec fig
    vol pp ed eds trans approx est dept univ assn bros""".split()
)
# After these it ends one only where the next word does not go on with the name or date.
_ABBREVIATIONS = frozenset(
    """jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun jr
    inc ltd co corp llc plc etc am pm ave blvd rd hwy calif fla ariz ala ark colo conn del ga ill
    ind kan ky la mass md mich minn miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo
    km kg lb oz ft min max tel""".split()
)
_END = re.compile(r"[.!?…。！？]+[\"'”’»›)\]」』]*(?=\s|$)")
_WORD_BEFORE = re.compile(r"([^\W\d_][\w.'’-]*|\d+)$")
_OPENERS = "\"'“‘«‹([„‚—–- "


def sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of a text, in order; a line end always ends one."""
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        spans += _of_line(text, start, start + len(line))
        start += len(line) + 1
    return spans


def _of_line(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    first = start
    for match in _END.finditer(text, start, end):
        if match.end() < end and _ends_sentence(text, first, match, end):
            spans.append((first, match.end()))
            first = match.end()
    spans.append((first, end))
    return [span for span in (_trimmed(text, *span) for span in spans) if span]


def _ends_sentence(text: str, first: int, match: re.Match[str], end: int) -> bool:
    after = match.end()
    while after < end and (text[after].isspace() or text[after] in _OPENERS):
        after += 1
    # "“Go!” he said" and "… and then" go on.
    if after >= end or text[after].islower():
        return False
    if match.group() != ".":
        return True
    # Abbreviations are short: looking further back would cost time on endless words.
    before = _WORD_BEFORE.search(text, max(first, match.start() - 24), match.start())
    return before is None or _may_end(before.group().lower(), _word(text, after))


def _may_end(word: str, following: str) -> bool:
    """Whether a full stop after a word can end a sentence before the following word."""
    if len(word) == 1 and word.isalpha() and word != "i":
        # An initial: "J. Smith"; "plan B. The" is rarer.
        return False
    if "." in word or word in _ABBREVIATIONS:
        # "U.S. Senate", "Sept. 3": a new sentence only before a usual first word.
        return following in _STARTERS
    return word not in _TITLES


_STARTERS = frozenset(
    """The A An In On At But And He She It They We I You This That These Those His Her Their Its If
    When While After Before As For From With By There However Meanwhile Since Although According
    Earlier Later Last Still Yet So What Who Why How Some Many Most Several Asked""".split()
)


def _word(text: str, start: int) -> str:
    stop = start
    while stop < len(text) and text[stop].isalpha():
        stop += 1
    return text[start:stop]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
