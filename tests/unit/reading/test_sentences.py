from __future__ import annotations

import pytest

from sayso.reading.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Ada Mint met Gen. Orlo on Jan. 3 in the U.S. Senate.",
        "He paid $3.5 million to J. R. Smith of Acme Inc. in Utah.",
        "“Go!” he said.",
        "She waited … and waited.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("“He left.” She stayed.", ["“He left.”", "She stayed."]),
        ("He lives in the U.S. The law differs.", ["He lives in the U.S.", "The law differs."]),
        ("Why? “Because,” he said.", ["Why?", "“Because,” he said."]),
        ("A title\n\nA text. ", ["A title", "A text."]),
    ],
)
def test_ends_are_found(text: str, expected: list[str]) -> None:
    assert cut(text) == expected
