from __future__ import annotations

import pytest

from sayso.intake.furniture import Found, find_furniture
from sayso.records import canonical_text, moment_text

STORY = (
    "The harbour council of Tessin met on Friday and put off the vote on the new mole.\n\n"
    "Nobody spoke against it, said the clerk, and nobody for it either. The next meeting is in May."
)


def kinds(text: str, kind: str) -> list[tuple[str, str]]:
    """What is shown and what it says, of one kind."""
    found = find_furniture(text)
    return [(text[slice(*f.span)], f.value) for f in found.furniture if f.kind == kind]


def day(found: Found) -> str | None:
    return moment_text(*found.published) if found.published else None


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("PORT MARR, 7 March (OPA) - ", "PORT MARR"),
        ("PORT MARR, March 7 (Olmar) – ", "PORT MARR"),
        ("PORT MARR, O.L., Sept. 26 (OPI) — ", "PORT MARR, O.L."),
        ("PORT MARR, Oland, Friday (OPA) -- ", "PORT MARR, Oland"),
        ("PORT MARR (OP) — ", "PORT MARR"),
        ("PORT MARR, Oland (OP) _ ", "PORT MARR, Oland"),
        ("PORT MARR — ", "PORT MARR"),
        ("PORT MARR, Oland — ", "PORT MARR, Oland"),
        ("PORT MARR: ", "PORT MARR"),
        ("PORT MARR/TESSIN, June 3 (Olmar) - ", "PORT MARR/TESSIN"),
        ("Port Marr, 3 May (opa) – ", "Port Marr"),
        ("Port Marr, Aug 11, OLNA – ", "Port Marr"),
        ("Sainte-Ode sur Mer, 3 mai 2023".replace("mai", "May") + " – ", "Sainte-Ode sur Mer"),
        ("ÅLMÖ – ", "ÅLMÖ"),
    ],
)
def test_datelines(line: str, place: str) -> None:
    assert kinds(line + STORY, "dateline") == [(line.rstrip(), place)]
    headed = f"Vote on mole put off\n\nBy Ilo Brandt\n\n{line}{STORY}"
    assert kinds(headed, "dateline") == [(line.rstrip(), place)]


def test_a_dateline_after_a_headline_that_ends_with_a_stop() -> None:
    text = f"Vote on mole put off.\n\nPORT MARR — {STORY}"
    assert kinds(text, "dateline") == [("PORT MARR —", "PORT MARR")]


def test_a_heading_is_no_dateline() -> None:
    assert kinds(f"TRAPPED: Mole put off!\n\n{STORY}", "dateline") == []


@pytest.mark.parametrize(
    "line",
    [
        "EXCLUSIVE: ", "WARNING - ", "BREAKING NEWS: ", "UPDATE 2 - ", "UN: ", "Renquist — ",
        "OLAND – a country without a mole. ", "Tessin 2 (Brandt 12) – ", "", "Q: ",
        "PRESENTER: Good evening. And now to the harbour.\n\nREPORTER: ", "ANALYSIS — ",
    ],
)  # fmt: skip
def test_no_datelines(line: str) -> None:
    assert kinds(line + STORY, "dateline") == []


def test_a_transcript_is_no_dateline() -> None:
    lead = "The vote on the new mole is put off, and that is all I can say of it this evening."
    text = f"ALVA RENQUIST: {lead}\n\nILO BRANDT: But why?"
    assert kinds(text, "dateline") == []
    assert kinds(text.replace("\n\nILO BRANDT: But", "\n\nBut"), "dateline") != []


def test_a_dateline_tells_the_date_only_with_a_year() -> None:
    found = find_furniture("PORT MARR, Aug. 11, 2023 (OPA) - " + STORY)
    assert day(found) == "2023-08-11"
    assert find_furniture("PORT MARR, Aug. 11 (OPA) - " + STORY).published is None
    assert found.outlet is None


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("date 2023-08-11 ", "2023-08-11"),
        ("2023-08-11 ", "2023-08-11"),
        ("11 August 2023 - ", "2023-08-11"),
        ("11 August 2023\n\n", "2023-08-11"),
        ("Port Marr, 11 August 2023\n\n", "2023-08-11"),
        ("Published: Fri, Aug 11, 2023 09:30 GMT\n\n", "2023-08-11T09:30Z"),
        ("Updated 12 August 2023\nPublished 11 August 2023\n\n", "2023-08-11"),
        ("By Ilo Brandt | 11 August 2023\n\n", "2023-08-11"),
        ("Vote on mole put off\n\nAugust 11, 2023\n\n", "2023-08-11"),
        ("11 August 2023 was a bad day for harbours. ", None),
        ("The date 2023-08-11 was chosen. ", None),
        ("Updated 12 August 2023\n\n", None),
        ("03/04/2023\n\n", None),
        ("August 2023\n\n", None),
    ],
)
def test_date_lines(line: str, published: str | None) -> None:
    assert day(find_furniture(line + STORY)) == published


def test_the_span_of_a_leading_date_is_label_and_date() -> None:
    text = canonical_text(" date 2023-08-11 In the harbour of Tessin nothing moves. " + STORY)
    assert kinds(text, "date") == [("date 2023-08-11", "2023-08-11")]


def test_an_impossible_date_line_is_told() -> None:
    found = find_furniture("date 2023-02-31 " + STORY)
    assert (found.published, found.unread) == (None, "2023-02-31")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Alva Renquist", "Alva Renquist"),
        ("BY ALVA RENQUIST AND ILO BRANDT", "ALVA RENQUIST AND ILO BRANDT"),
        ("By Alva Renquist, Staff Writer", "Alva Renquist"),
        ("By our own Dorrit Hass", "Dorrit Hass"),
        ("by Maria van der Berg in Port Marr", "Maria van der Berg"),
        ("By Alva Renquist · 2024-03-06", "Alva Renquist"),
        ("By Monday Okoro", "Monday Okoro"),
        ("By OPA", "OPA"),
        ("Alva Renquist, Political Correspondent", "Alva Renquist"),
        ("From our correspondent in Tessin", "From our correspondent in Tessin"),
    ],
)
def test_bylines(line: str, name: str) -> None:
    assert kinds(f"{line}\n\n{STORY}", "byline") == [(line, name)]
    assert kinds(f"Vote on mole put off\n{line}\n\n{STORY}", "byline") == [(line, name)]


@pytest.mark.parametrize(
    "line",
    [
        "By the time the vote came", "By Friday", "By May 2023", "By Barge to Tessin",
        "By and large", "Bystanders Hurt", "Alva Renquist, minister",
    ],
)  # fmt: skip
def test_no_bylines(line: str) -> None:
    assert kinds(f"{line}\n\n{STORY}", "byline") == []


@pytest.mark.parametrize(
    ("end", "outlet"),
    [
        ("OLF Tessin", "OLF Tessin"),
        ("Free Oland", "Free Oland"),
        ("Mole Valley Courier", "Mole Valley Courier"),
        ("The Tessin Lantern", "The Tessin Lantern"),
        ("Olandia", "Olandia"),
        ("Tessin Aktuell", "Tessin Aktuell"),  # a place of the story
        ("lantern.example", "lantern.example"),
        ("Oland Voice\n\nENDS", "Oland Voice"),
        ("Alva Renquist", None),
        ("ENDS", None),
        ("###", None),
        ("(Reporting by Alva Renquist; editing by Ilo Brandt)", None),
        ("— OPA", None),
        ("With inputs from OPA", None),
        ("© 2024 Mole Valley Press", None),
    ],
)
def test_sign_offs(end: str, outlet: str | None) -> None:
    text = f"In Tessin it rained.\n\n{STORY}\n\n{end}"
    assert "\n\n".join(shown for shown, _ in kinds(text, "sign-off")) == end
    assert find_furniture(text).outlet == outlet


@pytest.mark.parametrize(
    "end",
    ["Advertisement", "Only time will tell", "Read More", "“Nobody came,” he said.", "It Ends."],
)
def test_no_sign_offs(end: str) -> None:
    assert kinds(f"{STORY}\n\n{end}", "sign-off") == []


def test_no_sign_off_after_a_line_that_is_no_sentence() -> None:
    assert kinds(f"{STORY}\n\nThose present were:\n\nOland Voice", "sign-off") == []


def test_the_writer_at_both_ends_is_no_outlet() -> None:
    assert find_furniture(f"By Daily Brandt\n\n{STORY}\n\nDaily Brandt").outlet is None


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("Vote on mole put off", True),
        ("Why is there no mole?", True),
        ("The council met.", False),
        ("By Ilo Brandt", False),
        ("11 August 2023", False),
    ],
)
def test_headlines(line: str, headline: bool) -> None:
    assert (find_furniture(f"{line}\n\n{STORY}").headline == line) is headline
    assert find_furniture(f"{line}\n{STORY}").headline is None


def test_a_known_title_is_skipped() -> None:
    found = find_furniture(f"2023-08-11 Was a Day\n\n{STORY}", "2023-08-11 Was a Day")
    assert (found.furniture, found.published) == ([], None)
