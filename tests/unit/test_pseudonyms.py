"""What is replaced, by what, and what stays."""

from __future__ import annotations

import json

import pytest

from sayso.intake import article_of
from sayso.pseudonyms import KEY_BYTES, Pseudonyms
from tests.planted import PUBLIC, leaks, readings

KEY = bytes(range(KEY_BYTES))


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    return Pseudonyms(KEY)


def shown(pseudonyms: Pseudonyms, text: str, **known: str) -> str:
    return pseudonyms.article(article_of({"text": text, "language": "en", **known})).text


def test_nothing_private_is_left_in_a_reading(pseudonyms: Pseudonyms) -> None:
    for reading in readings():
        told = json.dumps(pseudonyms.reading(reading).to_dict(), ensure_ascii=False)
        assert leaks(told) == []
    assert all(leaks(reading.article.text) for reading in readings())


def test_everything_public_stays(pseudonyms: Pseudonyms) -> None:
    told = "".join(pseudonyms.reading(reading).article.text for reading in readings())
    assert [name for name in PUBLIC if name not in told] == []


def test_ids_stay_and_the_input_is_left_alone(pseudonyms: Pseudonyms) -> None:
    for reading in readings():
        before = reading.to_dict()
        hidden = pseudonyms.reading(reading)
        assert reading.to_dict() == before
        assert (hidden.article.id, hidden.article.text_id) == (
            reading.article.id,
            reading.article.text_id,
        )
        assert [item.id for item in hidden.attributions] == [
            item.id for item in reading.attributions
        ]


def test_a_pseudonym_is_of_the_name_and_the_key() -> None:
    first, second = Pseudonyms(KEY), Pseudonyms(bytes(KEY_BYTES))
    assert first.of("Person", "ann lee") == Pseudonyms(KEY).of("Person", "ann lee")
    assert first.of("Person", "ann lee") != second.of("Person", "ann lee")
    assert first.of("Person", "ann lee") != first.of("Handle", "ann lee")[7:]
    assert first.version != second.version != Pseudonyms(KEY, ["Ann Lee"]).version
    with pytest.raises(ValueError, match="32 bytes"):
        Pseudonyms(b"short")


def test_one_person_has_one_pseudonym_in_all_articles(pseudonyms: Pseudonyms) -> None:
    one = shown(pseudonyms, "The baker, Ivo Sarn, saw it. Sarn’s dog barked.")
    other = shown(pseudonyms, "“No,” said IVO SARN, a baker.\n\nIvo laughed. Mr Sarn went home.")
    (name,) = {word.strip(".,’s") for word in one.split() if word.startswith("Person-")}
    assert one == f"The baker, {name}, saw it. {name}’s dog barked."
    assert other == f"“No,” said {name}, a baker.\n\n{name} laughed. Mr {name} went home."


def test_a_span_that_cuts_a_name_takes_all_of_it(pseudonyms: Pseudonyms) -> None:
    reading = readings()[0]
    hidden = pseudonyms.reading(reading)
    words = [hidden.article.text[slice(*item.span)] for item in hidden.signals]
    (name,) = {hidden.events[0].recipients[0].name}
    assert words == [f"{name},", name, f"{name}, 44, was found dead on Monday near the"]
    assert hidden.shown(hidden.events[0].trigger) == "found dead"
    assert hidden.shown(hidden.attributions[1].source) == "Prime Minister Alva Renquist"
    assert hidden.shown(hidden.attributions[0].content[:1]) == "“He was afraid of nobody,”"
    assert hidden.attributions[0].speaker.name == hidden.shown(hidden.attributions[0].source)


def test_the_text_of_another_language_is_withheld(pseudonyms: Pseudonyms) -> None:
    hidden = pseudonyms.reading(readings()[2])
    assert "Withheld" in hidden.article.text
    assert "'fr'" in hidden.article.text
    assert hidden.rejections == readings()[2].rejections


def test_a_codebook_can_make_a_name_public() -> None:
    text = "Ivo Sarn spoke in the square. “Go home,” Sarn said."
    assert "Sarn" not in shown(Pseudonyms(KEY), text)
    assert shown(Pseudonyms(KEY, ["Ivo Sarn"]), text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Trade rose 4.5 percent to 11,200,000 marks between 2019 and 2021, on 2023-08-11.",
        "The vote was 41-38 at 10:30-11:45; 10 000 000 people and 9,800 cups were counted.",
        "Flight A320 carried COVID19 kits along the E45 from Port Marr to Lake Orn at 22.40.",
        "The Ministry of Roads and the Harbour Board met at Stone Bridge on 14 March 2031.",
        "Reuters and the BBC said that France and Vietnam had agreed. Paris welcomed it.",
        "He works on the Cooper Street tram line. The users wrote; the account was closed.",
    ],
)
def test_what_looks_alike_stays(pseudonyms: Pseudonyms, text: str) -> None:
    assert shown(pseudonyms, text) == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write to ann (at) tide (dot) example now.", "Email"),
        ("Write to ann.lee+x@mail.tide.example.", "Email"),
        ("Ring 0170 5550142 at night.", "Phone"),
        ("Ring +98 21 5550 0142 at night.", "Phone"),
        ("Her number is 555-0142-77.", "Phone"),
        ("WhatsApp: 00447700900123.", "Phone"),
        ("He posts at https://t.me/quiet_owl every day.", "Handle"),
        ("It was put up by u/quietowl on Monday.", "Handle"),
        ("A user named “QuietOwl” wrote it.", "Handle"),
        ("Thanks go to @quietowl for it.", "Handle"),
        ("She was seen at Flat 4, 12 Elm Grove Road, at noon.", "Address"),
        ("She was seen at Calle Mayor 7 at noon.", "Address"),
        ("She was seen at 12 rue des Lilas at noon.", "Address"),
        ("She was seen at Lindenallee 7b at noon.", "Address"),
        ("Send it to P.O. Box 117 in the town.", "Address"),
        ("They wrote 王小明 on the wall.", "Words"),
    ],
)
def test_contacts_are_replaced(pseudonyms: Pseudonyms, text: str, kind: str) -> None:
    told = shown(pseudonyms, text)
    assert told.count(f"{kind}-") == 1
    assert told.partition(" ")[0] == text.partition(" ")[0]
    for word in ("ann", "5550", "7700", "owl", "Elm", "Mayor", "Lilas", "Linden", "117", "王"):
        assert word.lower() not in told.lower()


def test_unseen_characters_hide_no_name(pseudonyms: Pseudonyms) -> None:
    told = shown(pseudonyms, "The baker, Ivo Sa\u00adrn, left. S\u200barn’s dog stayed.")
    assert "rn" not in told
    assert told.count("Person-") == 2


def test_a_name_over_a_line_end(pseudonyms: Pseudonyms) -> None:
    told = shown(pseudonyms, f"{'word ' * 14}said a baker, Ivo\nSarn, on Monday. Sarn left.")
    assert "Ivo" not in told
    assert "Sarn" not in told
