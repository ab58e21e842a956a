"""What people feed to a program: each a clear reason, and the rest goes on."""

from __future__ import annotations

import gzip
import hashlib
import json
import time
from pathlib import Path

import pytest

from sayso.intake import IntakeOptions, read_inputs
from sayso.records import Article, Rejection

GOOD = "The harbour council of Tessin met on Friday and put off the vote on the new mole."


def noise(seed: int, size: int) -> bytes:
    """Bytes of any value that do not compress, the same in every run."""
    return hashlib.shake_128(seed.to_bytes(4)).digest(size)


def taken(folder: Path, name: str, data: bytes) -> list[Article | Rejection]:
    """What becomes of the file, checked to stand before an article that always passes."""
    (folder / name).write_bytes(data)
    (folder / "~good.txt").write_text(GOOD)
    *items, last = read_inputs([folder / name, folder / "~good.txt"])
    assert isinstance(last, Article)
    assert last.text == GOOD
    return items


def reason(folder: Path, name: str, data: bytes) -> str:
    (item,) = taken(folder, name, data)
    assert isinstance(item, Rejection)
    assert item.stage == "intake"
    assert item.input_id == str(folder / name)
    return item.reason


def article(folder: Path, name: str, data: bytes) -> Article:
    (item,) = taken(folder, name, data)
    assert isinstance(item, Article)
    return item


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl", "a.csv", "a.txt.gz", "a.jsonl.gz"])
def test_empty_file(tmp_path: Path, name: str) -> None:
    assert reason(tmp_path, name, gzip.compress(b"") if name.endswith("gz") else b"") == "is empty"


def test_empty_gzip_file(tmp_path: Path) -> None:
    assert reason(tmp_path, "a.txt.gz", b"") == "is empty"


def test_blank_file(tmp_path: Path) -> None:
    assert reason(tmp_path, "a.txt", b" \n\t\r\n") == "holds only blanks"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <</Length 9>> stream\n" + bytes(range(256)) * 20,
        b"\x7fELF\x02\x01\x01" + bytes(500),
        b"\xff\xfe\x00\x01" + noise(1, 5_000),
        noise(2, 5_000),
        noise(3, 60),
    ],
    ids=["png", "pdf", "elf", "marked", "random", "short"],
)
def test_binary_file_named_txt(tmp_path: Path, data: bytes) -> None:
    told = reason(tmp_path, "a.txt", data)
    assert "binary" in told or "no known encoding" in told


def test_text_of_control_characters(tmp_path: Path) -> None:
    assert reason(tmp_path, "a.txt", b"\x01\x02\x03\x04" * 50) == "holds only control characters"
    assert "binary" in reason(tmp_path, "a.txt", b"\x1b[2J\x07" * 50)
    record = json.dumps({"text": "\x00\x01" * 50}).encode()
    (item,) = taken(tmp_path, "a.jsonl", record)
    assert isinstance(item, Rejection)
    assert item.reason == "holds only control characters"


def test_page_of_50_megabytes(tmp_path: Path) -> None:
    page = b"<html><body>" + b"<p>The council met.</p>\n" * 2_100_000
    started = time.process_time()
    assert "the limit is 20,000,000 bytes" in reason(tmp_path, "a.html", page)
    assert "the limit is 20,000,000 bytes" in reason(
        tmp_path, "a.html.gz", gzip.compress(page, compresslevel=1)
    )
    # Parsing it would take minutes.
    assert time.process_time() - started < 10


def test_truncated_gzip(tmp_path: Path) -> None:
    text = noise(4, 30_000).hex().encode()
    whole = gzip.compress(text)
    assert "truncated" in reason(tmp_path, "a.txt.gz", whole[: len(whole) // 2])
    assert "truncated" in reason(tmp_path, "a.txt.gz", whole[:-4])
    assert "no gzip file" in reason(tmp_path, "a.txt.gz", b"plain text")
    assert reason(tmp_path, "a.txt.gz", whole[:500] + b"xxxx" + whole[504:])


def test_truncated_gzip_of_records(tmp_path: Path) -> None:
    records = [
        json.dumps({"text": f"{GOOD} {noise(number, 200).hex()}", "id": number})
        for number in range(500)
    ]
    whole = gzip.compress("\n".join(records).encode())
    *items, last = taken(tmp_path, "a.jsonl.gz", whole[: len(whole) // 2])
    assert isinstance(last, Rejection)
    assert "truncated" in last.reason
    assert 100 < len(items) < 400
    assert [item.source_id for item in items if isinstance(item, Article)] == [
        str(number) for number in range(len(items))
    ]


@pytest.mark.parametrize("name", ["a.txt.gz", "a.html.gz", "a.jsonl.gz", "a.csv.gz"])
def test_gzip_bomb(tmp_path: Path, name: str) -> None:
    bomb = gzip.compress(b"a" * 100_000_000, compresslevel=1)
    head = gzip.compress(b"text\n")
    told = [item.reason for item in taken(tmp_path, name, head + bomb)]  # type: ignore[union-attr]
    assert "gzip bomb" in told[-1] or "the limit is" in told[-1]


def test_json_lines_with_broken_lines(tmp_path: Path) -> None:
    lines = [
        json.dumps({"text": GOOD, "id": "first"}),
        '{"text": "half',
        "",
        "[1, 2]",
        '"text"',
        '{"text": 5}',
        '{"title": "no text"}',
        "{'text': 'single quotes'}",
        "[" * 100_000,
        '{"text": ' + "9" * 5_000 + "}",
        "\x00\x01",
        json.dumps({"text": GOOD, "id": "last"}),
    ]
    items = taken(tmp_path, "a.jsonl", "\n".join(lines).encode())
    kept = [item.source_id for item in items if isinstance(item, Article)]
    assert kept == ["first", "last"]
    wrong = {
        item.input_id.rpartition(":")[2]: item.reason
        for item in items
        if isinstance(item, Rejection)
    }
    assert list(wrong) == ["2", "4", "5", "6", "7", "8", "9", "10", "11"]
    assert all(wrong.values())
    assert wrong["6"] == '"text" is a number, where a string is needed'
    assert wrong["7"] == 'has no "text"'


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-8-sig", "utf-32"])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
def test_wrong_encodings(tmp_path: Path, encoding: str, name: str) -> None:
    text = f"“We have pilots enough,” said the café’s owner. {GOOD}"
    whole = {
        "a.txt": text,
        "a.jsonl": json.dumps({"text": text}, ensure_ascii=False),
        "a.csv": f'text\n"{text}"\n',
    }[name]
    assert article(tmp_path, name, whole.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("مجلس الميناء أجل يوم الإثنين التصويت على الرصيف الجديد مرة أخرى، قال الناطق.", "ar"),
        ("מועצת הנמל דחתה ביום שני את ההצבעה על המזח החדש פעם נוספת, אמר הדובר.", "he"),
        ("🔥🔥 الميناء مغلق اليوم 🚢🚢 قال الناطق باسم مجلس الميناء 👩‍👩‍👧 أمس", "ar"),
        ("🔥🎉🚢👩‍👩‍👧🇫🇷", None),
    ],
)
def test_right_to_left_and_emoji(tmp_path: Path, text: str, language: str | None) -> None:
    found = article(tmp_path, "a.txt", text.encode())
    assert (found.text, found.language) == (text, language)


def test_one_million_words(tmp_path: Path) -> None:
    words = "the harbour council met and put off its vote on the mole".split()
    text = ". ".join(" ".join(words) for _ in range(1_000_000 // len(words) + 1))
    started = time.process_time()
    found = article(tmp_path, "a.txt", text.encode())
    assert len(found.text.split()) >= 1_000_000
    assert found.language == "en"
    assert time.process_time() - started < 10


def test_more_than_the_limit_of_characters(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD)
    (item,) = read_inputs(tmp_path, IntakeOptions(max_characters=50))
    assert isinstance(item, Rejection)
    assert "over the limit of 50" in item.reason


@pytest.mark.parametrize(
    "date", ["2023-02-31", "2023-13-01", "0000-00-00", "31 June 2023", "25:61"]
)
def test_impossible_dates(tmp_path: Path, date: str) -> None:
    record = json.dumps({"text": GOOD, "published": date}).encode()
    kept, told = taken(tmp_path, "a.jsonl", record)
    assert isinstance(kept, Article)
    assert (kept.published, kept.precision) == (None, None)
    assert isinstance(told, Rejection)
    assert told.reason == f"date not understood: {date!r}; kept as unknown"


def test_an_impossible_date_line(tmp_path: Path) -> None:
    kept, told = taken(tmp_path, "a.txt", f"date 2023-02-31 {GOOD}".encode())
    assert isinstance(kept, Article)
    assert kept.published is None
    assert isinstance(told, Rejection)
    assert "2023-02-31" in told.reason


def test_missing_path_and_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "gone.txt"
    (item,) = read_inputs(path)
    assert isinstance(item, Rejection)
    assert item.reason.startswith("nothing found")
    path.symlink_to(tmp_path / "nowhere.txt")
    (item,) = read_inputs(path)
    assert isinstance(item, Rejection)
    assert item.reason.startswith("nothing found")


def test_page_without_text(tmp_path: Path) -> None:
    page = b"<html><head><title>Mole</title></head><body><script>x()</script></body></html>"
    assert "no text was found" in reason(tmp_path, "a.html", page)


def test_a_parser_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes) -> None:
        raise ZeroDivisionError("odd page")

    monkeypatch.setattr("sayso.intake.page.page_of", broken)
    assert reason(tmp_path, "a.html", b"<p>x") == "could not be parsed: ZeroDivisionError: odd page"
