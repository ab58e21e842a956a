"""Words and names as the rules cut them."""

from __future__ import annotations

import pytest

from sayso.reading.quotes import quotations
from sayso.resolving.names import find_names, name_text
from sayso.resolving.words import cut, person_noun


def found(text: str) -> list[tuple[str, str]]:
    words = cut(text, quotations(text))
    return [(name_text(words, name), name.kind) for name in find_names(words)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("When Ada de la Cruz came", [("Ada de la Cruz", "person")]),
        ("he saw Dr. W. G. Holm there", [("W. G. Holm", "person")]),
        ("at the Union of Weavers on Tuesday", [("Union of Weavers", "body")]),
        ("the Garment Makers' Union met", [("Garment Makers' Union", "body")]),
        ("she told Tarr shipyard and NLC", [("Tarr shipyard", "body"), ("NLC", "body")]),
        ("ask @quay_cat now", [("@quay_cat", "account")]),
        ("said La Voix de l'Orne", [("La Voix de l'Orne", "unknown")]),
        ("Farmers wept. Nobody came.", []),
        ("TAMSEL, 19 March - It rained", []),
        ("said the Transport Minister", []),
    ],
)
def test_names_are_cut_from_titles_and_from_what_stands_around(
    text: str, names: list[tuple[str, str]]
) -> None:
    assert found(text) == names


def test_an_abbreviation_ends_no_sentence() -> None:
    words = cut("Mr. Holm left. Ada stayed.", []).words
    assert [word.sentence for word in words if word.is_word] == [0, 0, 0, 1, 1]


def test_words_lie_where_they_say() -> None:
    text = "“É bom,” said O'Neil’s 李明\n\n@x_1 left."
    for word in cut(text, []).words:
        assert text[word.start : word.end] == word.text


@pytest.mark.parametrize(
    ("plural", "singular"),
    [("farmers", "farmer"), ("deputies", "deputy"), ("policemen", "policeman"), ("mice", None)],
)
def test_plurals_are_known_by_their_singulars(plural: str, singular: str | None) -> None:
    assert person_noun(plural) == singular
