from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sayso.reading.inside import inside
from sayso.reading.quotes import quotations

TEXT = "“The mayor told me,” she said, “that it rains.”\n\nHe left."


def test_enclosing_marks_are_left_out_and_parts_stand_in_lines() -> None:
    marks = {(q.start, q.end): q.inner for q in quotations(TEXT)}
    content = inside(TEXT, ((31, 47), (0, 20)), marks)
    assert content.text == "The mayor told me,\nthat it rains."


def test_marks_within_a_content_stay() -> None:
    text = "He said the plan was “mad” and costly."
    marks = {(q.start, q.end): q.inner for q in quotations(text)}
    assert inside(text, ((8, 37),), marks).text == "the plan was “mad” and costly"


@given(
    st.text("ab \n“”", min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 39), st.integers(1, 8)), min_size=1, max_size=4),
)
def test_spans_go_in_and_come_out_the_same(text: str, given_parts: list[tuple[int, int]]) -> None:
    parts, at = [], 0
    for start, length in sorted(given_parts):
        first, last = max(start, at), min(max(start, at) + length, len(text))
        if first < last:
            parts.append((first, last))
            at = last
    if not parts:
        return
    content = inside(text, tuple(parts), {})
    assert len(content.text) == sum(b - a for a, b in parts) + len(parts) - 1
    for start, end in parts:
        into = content.into((start, end))
        assert into is not None
        assert content.out(into) == (start, end)
        assert content.text[into[0] : into[1]] == text[start:end].replace("\n", " ")


def test_what_lies_outside_has_no_place_inside() -> None:
    content = inside(TEXT, ((0, 20),), {})
    assert content.into((20, 30)) is None
