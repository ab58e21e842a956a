"""Who is private: the rule, role by role."""

from __future__ import annotations

import pytest

from sayso.intake import article_of
from sayso.resolving.private import private_of

AFTER = " Sarn was asked about the mole. The crews went home."


def is_private(text: str, after: str = AFTER) -> bool:
    findings = private_of(article_of({"text": text + after, "language": "en"}))
    return any("sarn" in person.alone for person in findings.people)


@pytest.mark.parametrize(
    "text",
    [
        "Ivo Sarn crossed the bridge on Monday.",
        "“I saw it,” said Ivo Sarn, 44, a baker.",
        "A farmer, Ivo Sarn, lost his cows.",
        "The shop belongs to Ivo Sarn, who sells lamp oil.",
        "Sergeant Ivo Sarn left his post.",
        "Mr Sarn had no comment.",
        "We call him Sarn, which is not his name.",
        # Always, whatever else they are.
        "The editor Ivo Sarn was arrested on Monday.",
        "Agents detained the reporter Ivo Sarn on Monday.",
        "The union wants the release of Ivo Sarn, its chairman.",
        "Its chairman, Ivo Sarn, remains in custody.",
        "Thirty were set free, among them the reporter Ivo Sarn.",
        "Professor Ivo Sarn and Mirl Asketh were killed in the blast.",
        "Ivo Sarn’s murder shook the port; he had been its mayor.",
        "The minister’s brother, Ivo Sarn, is a director of the bank.",
        "Ivo Sarn, son of the president, heads the port authority.",
        "Ivo Sarn, 16, is the captain of the team.",
        "The 15-year-old singer Ivo Sarn won.",
        "A victim, Ivo Sarn, is a doctor at the hospital.",
    ],
)
def test_private(text: str) -> None:
    assert is_private(text)


@pytest.mark.parametrize(
    "text",
    [
        "The Minister of Roads, Ivo Sarn, denied it.",
        "Minister of Roads Ivo Sarn denied it.",
        "Ivo Sarn, the minister for roads, denied it.",
        "Ivo Sarn, 61, who leads the party, denied it.",
        "Colonel Ivo Sarn denied it.",
        "Sen. Ivo Sarn denied it.",
        "“No,” said the ministry’s spokeswoman, Ivo Sarn.",
        "Harbour master Ivo Sarn denied it.",
        "Ivo Sarn of the Shippers’ Exchange denied it.",
        "Ivo Sarn, a member of parliament for Gorrun, denied it.",
        "Ivo Sarn is the director of the museum.",
        "Ivo Sarn, who studies armies at the university, denied it.",
        "Dr Ivo Sarn denied it.",
        "The historian Ivo Sarn denied it.",
        "A surgeon, Ivo Sarn, denied it.",
        "The regime of Ivo Sarn denied it.",
        "Ivo Sarn’s government denied it.",
        "The striker Ivo Sarn scored twice.",
        "Our correspondent, Ivo Sarn, was there.",
        "The colonel who swore that nobody had left is Ivo Sarn.",
    ],
)
def test_public(text: str) -> None:
    assert not is_private(text)


def test_bylines_and_sign_offs_are_public() -> None:
    assert not is_private("By Ivo Sarn\n\nThe bridge was shut on Monday.")
    assert not is_private("The bridge was shut on Monday.\n\n(Reporting by Ivo Sarn)", after="")


def test_a_mayor_is_not_the_baker_of_the_same_name() -> None:
    findings = private_of(
        article_of({"text": "Mayor Lind Sarn met a baker, Hobb Sarn. Hobb Sarn wept."})
    )
    assert [person.name for person in findings.people] == [("hobb", "sarn")]
    assert ("lind", "sarn") in findings.public


@pytest.mark.parametrize(
    "name", ["Sella Ford", "Stannet Bridge", "Upper Orn", "Lake Orn", "Orn Rovers", "Port Marr"]
)
def test_places_and_teams_are_no_persons(name: str) -> None:
    text = f"Talks at {name} failed. The road to {name} is shut. People in {name} wait."
    assert not private_of(article_of({"text": text})).people
