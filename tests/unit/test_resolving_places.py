"""Places: what is a place's name, which of its places is meant, where the gazetteer is silent."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.records import Place
from sayso.resolving.gazetteer import Gazetteer, fold
from sayso.resolving.places import in_office, locate, place_mentions, shared


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return shared()


def mentions(text: str, gazetteer: Gazetteer) -> list[str]:
    return [text[a:b] for a, b in place_mentions(text, 0, len(text), gazetteer)]


def where(text: str, name: str, gazetteer: Gazetteer, **given: str) -> Place:
    start = text.index(name)
    country = given.get("country")
    hints = [given["hint"]] if "hint" in given else []
    return locate(text, (start, start + len(name)), gazetteer, hints=hints, country=country)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ḩimş", "hims"),
        ("Sana’a", "sanaa"),
        ("Deir ez-Zor", "deir ez zor"),
        ("U.S.", "us"),
        ("St. Louis", "saint louis"),
        ("São Paulo", "sao paulo"),
        ("ŁÓDŹ", "lodz"),
        ("Tromsø", "tromso"),
        ("Москва", ""),
        ("", ""),
    ],
)
def test_names_fold_to_plain_letters(name: str, key: str) -> None:
    assert fold(name) == key


@pytest.mark.parametrize(
    ("name", "country", "precision"),
    [
        ("Tehran", "IRN", "place"),
        ("Mashhad", "IRN", "place"),
        ("Karachi", "PAK", "place"),
        ("Kiev", "UKR", "place"),
        ("Kyiv", "UKR", "place"),
        ("Bombay", "IND", "place"),
        ("Sao Paulo", "BRA", "place"),
        ("Lima", "PER", "place"),
        ("Nairobi", "KEN", "place"),
        ("Ouagadougou", "BFA", "place"),
        ("Sana'a", "YEM", "place"),
        ("Deir ez-Zor", "SYR", "place"),
        ("London", "GBR", "place"),
        ("Paris", "FRA", "place"),
        ("Jakarta", "IDN", "place"),
        ("Osaka", "JPN", "place"),
        ("Geneva", "CHE", "place"),
        ("Auckland", "NZL", "place"),
        ("New York", "USA", "place"),
        ("Helmand", "AFG", "admin1"),
        ("Bavaria", "DEU", "admin1"),
        ("Chiapas", "MEX", "admin1"),
        ("Gujarat", "IND", "admin1"),
        ("West Bank", "PSE", "admin1"),
        ("Pulwama district", "IND", "admin2"),
        ("Ivory Coast", "CIV", "country"),
        ("South Korea", "KOR", "country"),
        ("Democratic Republic of the Congo", "COD", "country"),
        ("Syria", "SYR", "country"),
        ("US", "USA", "country"),
        ("Burma", "MMR", "country"),
        ("Türkiye", "TUR", "country"),
    ],
)
def test_places_of_many_countries(
    name: str, country: str, precision: str, gazetteer: Gazetteer
) -> None:
    place = where(f"Crowds gathered in {name}.", name, gazetteer)
    assert (place.country, place.precision, place.reason) == (country, precision, None)
    assert place.geonameid
    assert place.lat is not None
    assert place.lon is not None
    assert -90 <= place.lat <= 90
    assert -180 <= place.lon <= 180


@pytest.mark.parametrize(
    ("text", "name", "given", "expected"),
    [
        ("Clashes in Hyderabad.", "Hyderabad", {}, ("IND", "Telangāna")),
        ("Clashes in Hyderabad, Sindh.", "Hyderabad", {}, ("PAK", "Sindh")),
        ("Clashes in Hyderabad in Pakistan.", "Hyderabad", {}, ("PAK", "Sindh")),
        ("Clashes in Hyderabad.", "Hyderabad", {"country": "PAK"}, ("PAK", "Sindh")),
        ("Clashes in Hyderabad.", "Hyderabad", {"hint": "Karachi"}, ("PAK", "Sindh")),
        ("He lives in Paris, Texas.", "Paris", {}, ("USA", "Texas")),
        ("a house in Salem, Ore., burnt", "Salem", {}, ("USA", "Oregon")),
        ("a school in Richmond, Va.", "Richmond", {}, ("USA", "Virginia")),
        ("Riots in Tripoli, Lebanon, spread.", "Tripoli", {}, ("LBN", "Ash Shimāl")),
        ("Lebanon's Tripoli saw riots.", "Tripoli", {}, ("LBN", "Ash Shimāl")),
        ("Atlanta, Georgia", "Georgia", {}, ("USA", "Georgia")),
        ("Tbilisi, Georgia", "Georgia", {}, ("GEO", None)),
        ("Georgia and Armenia signed.", "Georgia", {"hint": "ARM"}, ("GEO", None)),
        ("A march in Birmingham.", "Birmingham", {"country": "USA"}, ("USA", "Alabama")),
        ("A march in Cordoba, Spain.", "Cordoba", {}, ("ESP", "Andalucía")),
        ("Floods hit Niger State of Nigeria.", "Niger State", {}, ("NGA", "Niger")),
        ("The army entered Niger.", "Niger", {}, ("NER", None)),
    ],
)
def test_what_stands_around_decides_among_namesakes(
    text: str, name: str, given: dict[str, str], expected: tuple[str, str], gazetteer: Gazetteer
) -> None:
    place = where(text, name, gazetteer, **given)
    assert (place.country, place.admin1) == expected


def test_where_nothing_decides_no_place_is_guessed(gazetteer: Gazetteer) -> None:
    place = where("A march in Valencia.", "Valencia", gazetteer)
    assert place.geonameid is None
    assert place.country is None
    assert place.reason is not None
    assert place.reason.startswith("ambiguous: ")
    assert "VEN" in place.reason
    assert "ESP" in place.reason


def test_rivals_in_one_country_still_tell_the_country(gazetteer: Gazetteer) -> None:
    place = where("A march in Springfield.", "Springfield", gazetteer)
    assert (place.geonameid, place.country, place.precision) == (None, "USA", "country")


def test_a_name_that_no_place_has_is_said_to_be_missing(gazetteer: Gazetteer) -> None:
    place = where("A march in Qarthoum-sur-Nulle.", "Qarthoum-sur-Nulle", gazetteer)
    assert place == Place((11, 29), "Qarthoum-sur-Nulle", reason="not in the gazetteer")


def test_a_village_far_away_is_not_taken_for_one_that_is_missing(gazetteer: Gazetteer) -> None:
    place = where("Two died in Dothan.", "Dothan", gazetteer, country="PAK")
    assert place.geonameid is None
    assert place.reason == "not in the gazetteer there, only in USA"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Jack London met Paris Hilton in London.", ["London"]),
        ("President Jordan met Mr Lincoln.", []),
        ("The Bank of England and Karachi Police spoke.", []),
        ("Iranian and French troops, Turkish jets", []),
        ("Shells fell near Deir ez-Zor in Syria.", ["Deir ez-Zor", "Syria"]),
        ("US forces left Iraq and Kuwait", ["US", "Iraq", "Kuwait"]),
        ("Give us a call, he told Us Weekly", []),
        ("the siege of Sarajevo", ["Sarajevo"]),
        ("In Most cases Police said so on Monday in March.", []),
        ("He was in Jordan; Jordan said he was well.", ["Jordan", "Jordan"]),
        ("Victoria said so", []),
        ("northern Mali, Niger and Burkina Faso", ["Mali", "Niger", "Burkina Faso"]),
        ("towns of Anadan, Huraytan and Sarmin", ["Anadan", "Huraytan", "Sarmin"]),
        ("in Jammu and Kashmir", ["Jammu and Kashmir"]),
        ("the village of Zubblethorpe was hit", ["Zubblethorpe"]),
        ("Baghdad Monday was calm", ["Baghdad"]),
        ("the White House said", []),
        ("She read The New York Times in New York", ["New York"]),
        ("On Nov. 3 Barack Obama left; Obama flew to Lima", ["Lima"]),
        ("from South America to Chile", ["South America", "Chile"]),
        ("ISLAMABAD: Police in Lahore", ["ISLAMABAD", "Lahore"]),
    ],
)
def test_names_of_places_are_told_from_other_names(
    text: str, names: list[str], gazetteer: Gazetteer
) -> None:
    assert mentions(text, gazetteer) == names


def test_unknown_names_can_be_left_out(gazetteer: Gazetteer) -> None:
    text = "the village of Zubblethorpe near Lahore"
    spans = place_mentions(text, 0, len(text), gazetteer, known_only=True)
    assert [text[a:b] for a, b in spans] == ["Lahore"]


def test_only_the_stretch_is_read(gazetteer: Gazetteer) -> None:
    text = "in Cairo and in Lagos"
    assert place_mentions(text, 9, len(text), gazetteer) == [(16, 21)]


@pytest.mark.parametrize(
    ("text", "name", "office"),
    [
        ("the Friday prayer leader in Mashhad", "Mashhad", True),
        ("Friday prayers leader of Qom", "Qom", True),
        ("the mayor of Karachi", "Karachi", True),
        ("governor of the southern province of Helmand", "Helmand", True),
        ("the ambassador to Iraq and Syria", "Syria", True),
        ("our correspondent in Nairobi", "Nairobi", True),
        ("a court in Cairo", "Cairo", True),
        ("the Supreme Court of Kenya", "Kenya", True),
        ("Kabul's governor", "Kabul", True),
        ("Tehran mayor Ada Holm", "Tehran", True),
        ("the mayor was shot in Kabul", "Kabul", False),
        ("a protest leader was held near Minsk", "Minsk", False),
        ("clashes in Mosul", "Mosul", False),
        ("They left Lima. Governor Holm", "Lima", False),
    ],
)
def test_offices_are_no_places_of_events(text: str, name: str, office: bool) -> None:
    start = text.rindex(name)
    assert in_office(text, (start, start + len(name))) is office


def test_find_is_blind_to_case_and_accents(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("TEHRĀN") == gazetteer.find("tehran") != ()
    assert gazetteer.find("Qqqq") == ()
    assert gazetteer.find("") == ()


def test_the_index_is_sorted_and_every_name_leads_to_its_place(gazetteer: Gazetteer) -> None:
    for number in range(0, len(gazetteer), 9973):
        entry = gazetteer.entry(number)
        found = gazetteer.find(entry.name)
        assert not fold(entry.name) or entry in found


_WORDS = st.sampled_from(
    "in of the and Paris Lagos Hyderabad , . London's U.S. al-Bab Ḩimş St. Mr Ada Sindh (Peru) "
    "city district 東京 Bank 🙂 —".split()
)


@given(st.lists(_WORDS, max_size=12).map(" ".join) | st.text(max_size=80))
def test_spans_ground_and_nothing_raises(text: str) -> None:
    gazetteer = shared()
    spans = place_mentions(text, 0, len(text), gazetteer)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    for span in spans:
        place = locate(text, span, gazetteer, country="PAK")
        assert place.span == span
        assert (place.geonameid is None) == (place.reason is not None)
        in_office(text, span)


@given(st.text(max_size=40), st.integers(-3, 50), st.integers(-3, 50), st.text(max_size=5))
def test_any_span_and_hint_is_borne(text: str, start: int, end: int, hint: str) -> None:
    place = locate(text, (start, end), shared(), hints=[hint], country=hint or None)
    assert (place.geonameid is None) == (place.reason is not None)
    in_office(text, (start, end))
    place_mentions(text, start, end, shared())
