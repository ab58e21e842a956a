from __future__ import annotations

import pytest

from sayso.intake import detect_language, normalise_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The harbour council met on Monday and put off the vote on the new mole again.", "en"),
        # Foreign names, of which English news are full.
        (
            (
                "Thokozani Khuzwayo and Sibongile Ndlovu of Abahlali marched in eThekwini, "
                "the movement said."
            ),
            "en",
        ),
        (
            (
                "Daw Khin Htwe and U Myo Naing were taken from Taungdwin to Hpa-lin, Ko Ko Lwin of "
                "Khit Lwin Media told the hearing, which was put off."
            ),
            "en",
        ),
        (
            (
                "Gholam-Reza Mosharraf and Mohammad-Taqi Qalibzadeh were received by Ayatollah "
                "Seyyed Hashemi-Shirvani, who said nothing about the strike."
            ),
            "en",
        ),
        (
            (
                "Włodzimierz Szczęsny, Grzegorz Brzęczyszczykiewicz and Żaneta Dąbrowska have been "
                "released in Łódź, said their lawyer."
            ),
            "en",
        ),
        ("POLICE HOLD FORTY AFTER NIGHT OF RIOTS IN THE OLD TOWN, WITNESSES SAID ON FRIDAY", "en"),
        ("President Oudin said: «Les élections auront lieu en mars.» He did not say when.", "en"),
        ("Der Hafenrat vertagte am Montag die Abstimmung über die neue Mole noch einmal.", "de"),
        ("Le conseil du port a reporté lundi le vote sur le nouveau môle, selon le maire.", "fr"),
        ("De havenraad heeft maandag de stemming over de nieuwe pier opnieuw uitgesteld.", "nl"),
        ("شورای بندر روز دوشنبه رای‌گیری درباره اسکله جدید را دوباره به تعویق انداخت.", "fa"),
        ("Портовый совет в понедельник снова отложил голосование о новом моле.", "ru"),
        ("港务委员会周一再次推迟了对新码头的表决。", "zh"),
    ],
)
def test_said_when_clear(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "Harbour vote put off", "Abstimmung vertagt", "12 34 56 " * 40, "🔥🎉😀 " * 40,
        "xkcd qwz plm nbv trk wqp zzx vbn mkj ffg hjk", "\x00\x01" * 100,
    ],
)  # fmt: skip
def test_unsaid_when_not(text: str) -> None:
    assert detect_language(text) is None


def test_an_english_text_with_a_foreign_headline_and_the_other_way_round() -> None:
    english = "The council said that the mole will be built by the end of the year. " * 5
    german = "Der Rat teilte mit, dass die Mole bis zum Ende des Jahres gebaut werden soll. " * 5
    assert detect_language("Mole wird endlich gebaut\n\n" + english) == "en"
    assert detect_language("The mole will be built at last\n\n" + german) == "de"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"), ("EN", "en"), ("en-GB", "en"), ("en_US", "en"), ("eng", "en"),
        ("English", "en"), (" fa-IR ", "fa"), ("zh-Hans-CN", "zh"), ("ger", "de"), ("xx", None),
        ("", None), ("klingon", None), ("?", None),
    ],
)  # fmt: skip
def test_tags(tag: str, code: str | None) -> None:
    assert normalise_language(tag) == code
