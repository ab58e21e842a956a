"""Quotation marks of many typographies, told apart from apostrophes.

Newspapers use “…”, "…", ‘…’, '…', „…“, »…«, «…», and mix them; a closing single
mark looks like an apostrophe, and a quotation that runs over several paragraphs
opens each of them and closes only the last. The model never sees these
differences: marks that quote are shown to it as ``"``, apostrophes as ``'``, and
each character's place (outside, inside, opening, closing) is a feature.

Spans are ``[start, end)`` in code points.
"""

from __future__ import annotations

from dataclasses import dataclass

OUTSIDE, INSIDE, OPENING, CLOSING = range(4)

# A family's marks close each other, whatever their direction: German „…“ and
# Swedish ”…” close with what opens in English, Danish »…« is French reversed.
_DOUBLE = frozenset('"“”„‟″＂〝〞')
_GUILLEMETS = frozenset("«»")
_SINGLE = frozenset("'‘’‚‛`´")
_SINGLE_GUILLEMETS = frozenset("‹›")
_CORNERS = {"「": "」", "『": "』"}
_CORNER_CLOSERS = frozenset(_CORNERS.values())
_FAMILY = {
    mark: name
    for name, marks in (
        ("double", _DOUBLE),
        ("guillemets", _GUILLEMETS),
        ("single", _SINGLE),
        ("single-guillemets", _SINGLE_GUILLEMETS),
        ("corners", frozenset(_CORNERS) | _CORNER_CLOSERS),
    )
    for mark in marks
}
MARKS = frozenset(_FAMILY)
# Bounds that keep hostile text linear: real news nests no deeper and quotes no longer.
_DEEPEST = 8
_LOOK_AHEAD = 3000
# Marks that only ever open, or only ever close, in the typography they belong to
# when no quotation of their family is open.
_NEVER_OPENS = frozenset("´") | _CORNER_CLOSERS
_OPENING_CONTEXT = frozenset("([{<—–-/¡¿…:") | MARKS
# Elisions that begin with an apostrophe; without them "'Twas" would open a quotation.
_ELISIONS = ("em", "til", "tis", "twas", "cause", "bout", "round", "n", "ere", "neath", "cos")


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation within one paragraph.

    Attributes:
        start: of the opening mark, code points.
        end: after the closing mark, or the paragraph's end where none closes it.
        closed: whether a closing mark stands at ``end - 1``.
        depth: 0 for an outermost quotation, 1 for one inside another, and so on.
    """

    start: int
    end: int
    closed: bool
    depth: int

    @property
    def inner(self) -> tuple[int, int]:
        """The quoted words without their marks."""
        return self.start + 1, self.end - 1 if self.closed else self.end


def quotations(text: str) -> list[Quotation]:
    """All quotations of a text, by start; paragraphs are separated by line ends."""
    found: list[Quotation] = []
    paragraphs = _paragraphs(text)
    for index, (start, end) in enumerate(paragraphs):
        opens_next = index + 1 < len(paragraphs) and _opens_with_mark(text, *paragraphs[index + 1])
        found += _of_paragraph(text, start, end, continues=opens_next)
    found.sort(key=lambda quotation: (quotation.start, -quotation.end))
    return found


def character_states(text: str, found: list[Quotation] | None = None) -> bytearray:
    """One of OUTSIDE, INSIDE, OPENING, CLOSING for each code point of ``text``."""
    states = bytearray(len(text))
    for quotation in quotations(text) if found is None else found:
        first, last = quotation.inner
        states[first:last] = bytes([INSIDE]) * (last - first)
    for quotation in quotations(text) if found is None else found:
        states[quotation.start] = OPENING
        if quotation.closed:
            states[quotation.end - 1] = CLOSING
    return states


def plain_marks(text: str, states: bytearray) -> str:
    """The text with quoting marks as ``"`` and other marks as ``'``; same length."""
    if not any(mark in text for mark in MARKS):
        return text
    return "".join(
        ('"' if states[i] in (OPENING, CLOSING) or _FAMILY[c] in ("double", "guillemets") else "'")
        if c in MARKS
        else c
        for i, c in enumerate(text)
    )


def quoted_parts(
    spans: tuple[tuple[int, int], ...],
    found: list[Quotation],
    told: tuple[tuple[int, int], ...] = (),
) -> tuple[tuple[int, int], ...]:
    """Where outermost quotations, marks included, lie within ``spans``.

    Marks that enclose ``told``, the source or cue of a statement, quote whoever tells it,
    not the statement itself: “She said he would go” quotes her, not him.
    """
    parts: list[tuple[int, int]] = []
    for start, end in spans:
        reached = start
        for quotation in found:
            if any(quotation.start <= a and b <= quotation.end for a, b in told):
                continue
            first, last = max(start, quotation.start), min(end, quotation.end)
            if max(first, reached) < last:
                parts.append((first, last))
                reached = last
    return tuple(sorted(parts))


def _paragraphs(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


def _opens_with_mark(text: str, start: int, end: int) -> bool:
    while start < end and text[start].isspace():
        start += 1
    return start < end and text[start] in MARKS and text[start] not in _NEVER_OPENS


def _of_paragraph(text: str, start: int, end: int, *, continues: bool) -> list[Quotation]:
    found: list[Quotation] = []
    stack: list[int] = []  # of opening marks that nothing has closed yet
    for i in range(start, end):
        if text[i] not in MARKS:
            continue
        family = _FAMILY[text[i]]
        opener = next((j for j in reversed(stack) if _FAMILY[text[j]] == family), None)
        if opener is not None and _closes(text, opener, i, end):
            # What was opened inside and never closed was no quotation, or a mark misread.
            stack = [j for j in stack if j < opener]
            if i - opener > 1:
                found.append(Quotation(opener, i + 1, closed=True, depth=len(stack)))
        elif _opens(text, i, start, end):
            if opener is not None and family in ("double", "guillemets"):
                stack = [j for j in stack if j < opener]
            stack = [*stack[-_DEEPEST:], i]
    if stack:
        found += _unclosed(text, start, stack[0], end, continues=continues)
    return _with_depths(found)


def _unclosed(text: str, start: int, opener: int, end: int, *, continues: bool) -> list[Quotation]:
    """A mark that nothing closes quotes to the paragraph's end, or is a stray mark.

    It quotes where the quotation goes on in the next paragraph, or where it opened this
    one; of a single mark, which may be an apostrophe, both are asked for.
    """
    opens_paragraph = not text[start:opener].strip()
    single = _FAMILY[text[opener]] == "single"
    if not (opens_paragraph and continues if single else opens_paragraph or continues):
        return []
    last = start + len(text[start:end].rstrip())
    return [Quotation(opener, last, closed=False, depth=0)] if last - opener > 1 else []


def _with_depths(found: list[Quotation]) -> list[Quotation]:
    found.sort(key=lambda quotation: (quotation.start, -quotation.end))
    result: list[Quotation] = []
    ends: list[int] = []
    for quotation in found:
        while ends and ends[-1] <= quotation.start:
            ends.pop()
        result.append(
            Quotation(quotation.start, quotation.end, closed=quotation.closed, depth=len(ends))
        )
        ends.append(quotation.end)
    return result


def _opens(text: str, i: int, start: int, end: int) -> bool:
    mark, family = text[i], _FAMILY[text[i]]
    before = text[i - 1] if i > start else " "
    after = text[i + 1] if i + 1 < end else " "
    opening_place = before.isspace() or before in _OPENING_CONTEXT
    if mark in _NEVER_OPENS:
        return False
    if family in ("guillemets", "single-guillemets", "corners"):
        return opening_place or not after.isspace()
    if after.isspace() or not opening_place:
        return False
    return family == "double" or _single_opens(text, i, end)


def _single_opens(text: str, i: int, end: int) -> bool:
    """Whether a single mark before a word quotes: elisions and decades ('90s) do not.

    ’ would open only in pairs such as ’…’, which cannot be told from apostrophes.
    """
    if text[i] == "’" or text[i + 1].isdigit():
        return False
    if _word_at(text, i + 1, end).lower() in _ELISIONS:
        return False
    return text[i] in "‘‚‛" or _single_closer(text, i + 1, end) is not None


def _closes(text: str, opener: int, i: int, end: int) -> bool:
    mark, family = text[i], _FAMILY[text[i]]
    before = text[i - 1]
    after = text[i + 1] if i + 1 < end else " "
    if family == "corners":
        return _CORNERS.get(text[opener]) == mark
    if family in ("guillemets", "single-guillemets"):
        return mark != text[opener]
    if family == "double":
        opening_place = (before.isspace() or before in "([{") and not after.isspace()
        return not opening_place or (mark == "”" and text[opener] != "”")
    return _single_closes(text, i, end)


def _single_closes(text: str, i: int, end: int) -> bool:
    if text[i] in "‘‚‛`":
        return False
    before = text[i - 1]
    after = text[i + 1] if i + 1 < end else " "
    if before.isspace() or after.isalnum():
        return False
    # "the soldiers’ homes": a plural possessive, if a later mark can close instead.
    possessive = before in "sS" and after == " " and i + 2 < end and text[i + 2].islower()
    return not (possessive and _single_closer(text, i + 1, end) is not None)


def _single_closer(text: str, start: int, end: int) -> int | None:
    """The next single mark that can close, before another one opens."""
    for i in range(start, min(end, start + _LOOK_AHEAD)):
        if text[i] not in _SINGLE:
            continue
        if text[i] in "‘‚‛" or (text[i - 1].isspace() and i + 1 < end and text[i + 1].isalpha()):
            return None
        after = text[i + 1] if i + 1 < end else " "
        if not text[i - 1].isspace() and not after.isalnum():
            return i
    return None


def _word_at(text: str, start: int, end: int) -> str:
    stop = start
    while stop < end and text[stop].isalnum():
        stop += 1
    return text[start:stop]
