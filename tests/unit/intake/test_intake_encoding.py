from __future__ import annotations

import io

import pytest

from sayso.errors import IntakeError
from sayso.intake.encoding import Lines, check_text, decode

ENGLISH = "“We have pilots enough,” said the minister – and the café’s owner agreed. " * 3
RUSSIAN = "Портовый совет в понедельник снова отложил голосование о новом моле. " * 3
POLISH = "Rada portu w poniedziałek znów odłożyła głosowanie nad nowym molem w Łodzi, źle. " * 3
GERMAN = "Der Hafenrat vertagte am Montag die Abstimmung über die neue größere Mole. " * 3


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
def test_english(encoding: str) -> None:
    assert decode(ENGLISH.encode(encoding)) == ENGLISH


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (RUSSIAN, "utf-16-le"), (RUSSIAN, "utf-16-be"),
        (POLISH, "cp1250"), (GERMAN, "cp1252"), (GERMAN, "latin-1"),
    ],
)  # fmt: skip
def test_other_languages(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_what_is_declared_wins_over_what_it_looks_like() -> None:
    assert decode(POLISH.encode("iso8859-2"), "ISO-8859-2") == POLISH
    assert decode(ENGLISH.encode("cp1252"), "iso-8859-1") == ENGLISH
    assert decode("港の議会は月曜日".encode("iso-2022-jp"), "iso-2022-jp") == "港の議会は月曜日"


def test_a_wrong_declaration_is_overruled() -> None:
    assert decode(ENGLISH.encode("utf-8"), "iso-8859-1") == ENGLISH
    assert decode(ENGLISH.encode("cp1252"), "no-such-encoding") == ENGLISH
    assert decode(ENGLISH.encode("cp1252"), "utf-8") == ENGLISH


def test_a_few_broken_characters_do_not_change_the_encoding() -> None:
    data = RUSSIAN.encode("utf-8")
    assert decode(data[:301] + b"\xff" + data[302:]).count("\ufffd") < 4


@pytest.mark.parametrize(
    "text", ["\x00" * 50, "a\x00b", "\x01\x02\x03 abc", "abc\x9b\x85 \x07", "", "\u202e \u200b"]
)
def test_what_is_no_text(text: str) -> None:
    with pytest.raises(IntakeError):
        check_text(text)


@pytest.mark.parametrize("text", ["a", "\ttab\r\n\f", "🔥", "שלום", "x" * 200 + "\x1b"])
def test_what_is_text(text: str) -> None:
    check_text(text)


def lines(data: bytes, limit: int = 100) -> list[tuple[int, str | None]]:
    return list(Lines(io.BytesIO(data), limit))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_lines(encoding: str) -> None:
    text = "one é\ntwo\r\n\nthree\rfour"
    assert lines(text.encode(encoding)) == [
        (1, "one é\n"), (2, "two\r\n"), (3, "\n"), (4, "three\r"), (5, "four"),
    ]  # fmt: skip


def test_lines_over_the_limit_are_skipped() -> None:
    data = b"x" * 100 + b"\r\n" + b"y" * 101 + b"\n" + b"z" * 1_000_000 + b"\nend"
    assert lines(data) == [(1, "x" * 100 + "\r\n"), (2, None), (3, None), (4, "end")]
    assert lines("é".encode() * 51, 100) == [(1, None)]
    assert lines(b"x" * 100) == [(1, "x" * 100)]


def test_lines_in_a_legacy_encoding() -> None:
    data = b"plain\n" + ENGLISH.encode("cp1252") + b"\nplain"
    assert [line for _, line in lines(data, 1000)] == ["plain\n", ENGLISH + "\n", "plain"]


class Breaking(io.BytesIO):
    """Gives ten bytes a read, and ends with an error."""

    def read1(self, size: int | None = -1, /) -> bytes:
        if data := super().read1(min(size or 10, 10)):
            return data
        raise EOFError


def test_lines_before_a_break_come_first() -> None:
    found = iter(Lines(Breaking(b"one\ntwo\nthree\nhalf a li"), 100))
    assert [next(found)[1] for _ in range(3)] == ["one\n", "two\n", "three\n"]
    with pytest.raises(EOFError):
        next(found)
