from __future__ import annotations

import pytest

from sayso.reading.quotes import character_states as states
from sayso.reading.quotes import plain_marks, quotations, quoted_parts


def shown(text: str, depth: int | None = None) -> list[str]:
    return [text[q.start : q.end] for q in quotations(text) if depth is None or q.depth == depth]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("“Go,” he said.", ["“Go,”"]),
        ('"Go," he said, "now."', ['"Go,"', '"now."']),
        ("„Geh“, sagte er. »Nie«, sagte sie.", ["„Geh“", "»Nie«"]),
        ("Il a dit « jamais » et «non».", ["« jamais »", "«non»"]),
        ("‘It’s late,’ she said.", ["‘It’s late,’"]),
        ("'It's late,' she said.", ["'It's late,'"]),
        ("”Nej,” sade hon.", ["”Nej,”"]),
        ("``Never,'' he said.", ["``Never,''"]),
        ("the so-called “court” of the ‘people’", ["“court”", "‘people’"]),
        ("‘We keep the farmers’ grain,’ he said.", ["‘We keep the farmers’ grain,’"]),
        ("“mismatched\" marks", ["“mismatched\""]),
        ("（他说）「好」", ["「好」"]),
    ],
)  # fmt: skip
def test_marks_of_many_typographies(text: str, quotes: list[str]) -> None:
    assert shown(text, 0) == quotes


@pytest.mark.parametrize(
    "text",
    ["The soldiers’ homes and the minister's car", "'Tis the season of the '90s", "rock 'n' roll",
     "He’s 6' 2\" tall", "O’Brien didn’t"],
)  # fmt: skip
def test_apostrophes_are_not_quotations(text: str) -> None:
    assert shown(text) == []


def test_a_quotation_inside_another() -> None:
    text = "“She told me ‘wait here’ and left,” he said."
    assert shown(text, 0) == ["“She told me ‘wait here’ and left,”"]
    assert shown(text, 1) == ["‘wait here’"]


def test_a_quotation_over_paragraphs_opens_each_and_closes_the_last() -> None:
    text = "“One thing first.\n\n“And another.\n\n“And the last,” he said."
    assert shown(text) == ["“One thing first.", "“And another.", "“And the last,”"]
    assert [q.closed for q in quotations(text)] == [False, False, True]


def test_a_stray_mark_quotes_nothing() -> None:
    assert shown('He paid 5" for it and went home.') == []


def test_plain_marks_tell_quotations_from_apostrophes() -> None:
    text = "‘It’s late,’ she said. «Bon»"
    assert plain_marks(text, states(text)) == '"It\'s late," she said. "Bon"'


def test_quoted_parts_are_cut_to_the_spans() -> None:
    text = 'called it "a good day" for all'
    assert quoted_parts(((7, 16),), quotations(text)) == ((10, 16),)
