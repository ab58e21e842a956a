"""Speakers: short names, offices, bodies and pronouns, each in a few invented lines."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.reading.lexicon import class_of
from sayso.reading.quotes import quotations, quoted_parts
from sayso.records import SOURCE_CLASSES, Article, Attribution, Spans, canonical_text
from sayso.resolving import resolve_speakers

HEADLINE = "News of the day\n\n"


def attribution(
    article: Article, source: Spans, cue: Spans, content: Spans, **known: object
) -> Attribution:
    given_class = class_of(" ".join(article.text[s:e] for s, e in source))
    fields = {
        "source_class": given_class.name,
        "role": given_class.role,
        "collective": given_class.collective,
        "parent": None,
    } | known
    return Attribution(
        id=Attribution.identify(article.id, source, cue, content),
        article_id=article.id,
        source=source,
        cue=cue,
        content=content,
        kind="indirect",
        act="say",
        verbatim=quoted_parts(content, quotations(article.text)),
        speaker=None,
        confidence=1.0,
        **fields,  # type: ignore[arg-type]
    )


def read(text: str, *sources: tuple[str, str], headline: str = HEADLINE) -> list[Attribution]:
    """Attributions of (source, class) in the order of the text; a class "" is guessed.

    "told me |he" is the "he" that follows "told me".
    """
    article = Article.create(headline + text, language="en")
    items, at = [], 0
    for shown, source_class in sources:
        before, _, source = shown.rpartition("|")
        at = article.text.index(before, at) + len(before)
        at = article.text.index(source, at)
        known = {"source_class": source_class} if source_class else {}
        items.append(attribution(article, ((at, at + len(source)),), (), (), **known))
        at += len(source)
    return list(resolve_speakers(article, tuple(items), quotations(article.text)))


def names(text: str, *sources: tuple[str, str], headline: str = HEADLINE) -> list[str | None]:
    found = read(text, *sources, headline=headline)
    return [item.speaker.name if item.speaker else None for item in found]


@pytest.mark.parametrize(
    ("text", "source", "name", "office", "organisation"),
    [
        ("Mayor Ada Lund opened it.", "Mayor Ada Lund", "Ada Lund", "Mayor", None),
        ("Forest engineer Bo Rask said so.", "Forest engineer Bo Rask", "Bo Rask", None, None),
        (
            "The River Board's head, Ivo Karr, agreed.",
            "The River Board's head, Ivo Karr,",
            "Ivo Karr",
            "head",
            "River Board",
        ),
        (
            "Ivo Karr, spokesman of the Union of Weavers, agreed.",
            "Ivo Karr, spokesman of the Union of Weavers,",
            "Ivo Karr",
            "spokesman",
            "Union of Weavers",
        ),
        (
            "Suleiman al-Tarr, who lost his boat, wept.",
            "Suleiman al-Tarr, who lost his boat,",
            "Suleiman al-Tarr",
            None,
            None,
        ),
        ("The Lund Gazette wrote it.", "The Lund Gazette", "Lund Gazette", None, "Lund Gazette"),
        ("The user @quay_cat wrote it.", "The user @quay_cat", "@quay_cat", None, "@quay_cat"),
        (
            "The Rock Workers' Union said no.",
            "The Rock Workers' Union",
            "Rock Workers' Union",
            None,
            "Rock Workers' Union",
        ),
        (
            "The Ombudsman's Office said no.",
            "The Ombudsman's Office",
            "Ombudsman's Office",
            None,
            "Ombudsman's Office",
        ),
        (
            "Yesterday Superintendent of Police Orva Tesk said no.",
            "Superintendent of Police Orva Tesk",
            "Orva Tesk",
            None,
            None,
        ),
        (
            "The bishop of the diocese, Most Rev. Anselm Okar, said no.",
            "The bishop of the diocese, Most Rev. Anselm Okar,",
            "Anselm Okar",
            "bishop",
            "diocese",
        ),
    ],
)
def test_a_named_source_has_its_name_office_and_organisation(
    text: str, source: str, name: str, office: str | None, organisation: str | None
) -> None:
    (item,) = read(text, (source, ""))
    assert item.speaker is not None
    assert item.speaker.name == name
    assert item.speaker.organisation == organisation
    if office:
        assert item.speaker.office == office


@pytest.mark.parametrize(
    ("text", "sources", "expected"),
    [
        (
            "Minister Ada Lund signed it. Later Lund regretted it.",
            [("Later |Lund", "")],
            ["Ada Lund"],
        ),
        (
            "Minister Ada Lund signed it. Later the minister regretted it.",
            [("the minister", "")],
            ["Ada Lund"],
        ),
        (
            "The Board of Fisheries met. The Board was silent, its rules say.",
            [("met. |The Board", "")],
            ["Board of Fisheries"],
        ),
        (
            "The Free Weavers League met. FWL is against it.",
            [("FWL", "organisation")],
            ["Free Weavers League"],
        ),
        (
            "The daily Oglinda has it. The paper stands by it.",
            [("The paper", "media")],
            ["Oglinda"],
        ),
        (
            "The county transport bureau paid. The bureau denies it.",
            [("The bureau", "official")],
            ["county transport bureau"],
        ),
        (
            "Senator Ada Lund took the floor.\n\nLUND: Nothing was signed.",
            [("LUND", "official")],
            ["Ada Lund"],
        ),
        (
            "The Brell Harbour Board met in Brell. Then Brell itself objected.",
            [("Then |Brell", "official")],
            ["Brell"],
        ),
    ],
)
def test_short_names_and_descriptions_mean_the_full_name(
    text: str, sources: list[tuple[str, str]], expected: list[str | None]
) -> None:
    assert names(text, *sources) == expected


def test_a_pronoun_means_who_spoke_last_and_takes_the_class() -> None:
    text = "Minister Ada Lund praised Bo Rask. She said he had worked hard."
    first, she = read(text, ("Minister Ada Lund", ""), ("She", ""))
    assert first.speaker == she.speaker
    assert she.source_class == "official"


def test_gender_decides_between_two() -> None:
    text = "Mr Holm met Ms Varga. She was glad. He was not."
    assert names(text, ("She", ""), ("He", "")) == ["Varga", "Holm"]


def test_it_means_a_body_and_not_a_person() -> None:
    text = "The Weather Office warned Ada Lund. It expects snow."
    assert names(text, ("The Weather Office", ""), ("It", "")) == ["Weather Office"] * 2


def test_an_unnamed_source_never_gets_a_speaker_nor_does_its_pronoun() -> None:
    text = "Ada Lund was away. A guard at the gate spoke. He said the gate was shut."
    guard, he = read(text, ("A guard at the gate", "unnamed"), ("He", ""))
    assert guard.speaker is None
    assert he.speaker is None
    assert (he.source_class, he.role) == ("unnamed", "official")


def test_who_means_the_noun_right_before_it() -> None:
    text = "They met Ada Lund, who objected, and a clerk who did not."
    assert names(text, ("who", ""), ("a clerk |who", "")) == ["Ada Lund", None]


def test_i_is_the_speaker_of_the_quotation_around_it() -> None:
    article = Article.create(f"{HEADLINE}“In May I said that it leaks,” Ada Lund recalled.")
    quote, name = article.text.index("“"), article.text.index("Ada Lund")
    pronoun = article.text.index("I said")
    outer = attribution(
        article, ((name, name + 8),), ((name + 9, name + 17),), ((quote, name - 1),)
    )
    inner = attribution(article, ((pronoun, pronoun + 1),), (), (), parent=outer.id)
    found = resolve_speakers(article, (inner, outer), quotations(article.text))
    assert found[0].speaker is not None
    assert found[0].speaker.name == "Ada Lund"


def test_a_quoted_pronoun_is_not_the_one_who_is_quoted() -> None:
    article = Article.create(
        f"{HEADLINE}Minister Bo Rask resigned. “He promised us a bridge,” said Ivo Karr."
    )
    quote, name = article.text.index("“"), article.text.index("Ivo Karr")
    pronoun = article.text.index("He promised")
    outer = attribution(article, ((name, name + 8),), (), ((quote, name - 6),))
    inner = attribution(article, ((pronoun, pronoun + 2),), (), (), parent=outer.id)
    found = resolve_speakers(article, (outer, inner), quotations(article.text))
    assert [item.speaker and item.speaker.name for item in found] == ["Ivo Karr", "Bo Rask"]


def test_a_headline_is_resolved_by_the_body() -> None:
    found = names("Minister Ada Lund said no.", ("Lund", "official"), headline="Lund: no\n\n")
    assert found == ["Ada Lund"]


def test_an_office_without_a_name_stays_an_office() -> None:
    (item,) = read("The governor was silent.", ("The governor", "official"))
    assert item.speaker is not None
    assert (item.speaker.name, item.speaker.office) == (None, "governor")


def test_documents_have_no_speaker() -> None:
    (item,) = read("The decree of Ada Lund forbids it.", ("The decree of Ada Lund", "document"))
    assert item.speaker is None


WORDS = """Ada Lund the minister , . “ ” ' ’s he she They it who I we @cat of The River Board
    al-Tarr 李明 مرحبا é 😀 Mr. Dr U.S. NATO — ( ) said told a clerk board's its General president
    Ministry women's 44 Weavers' Union's in for chief TEMIR (Leader 's’""".split()
ALPHABET = st.sampled_from([*WORDS, "\n", "\n\n"])
TEXTS = st.one_of(st.text(max_size=80), st.lists(ALPHABET, max_size=60).map(" ".join))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Article, tuple[Attribution, ...]]:
    article = Article.create(canonical_text(draw(TEXTS)))
    length = len(article.text)
    if not length:
        return article, ()
    span = st.tuples(st.integers(0, length - 1), st.integers(1, 30)).map(
        lambda pair: (pair[0], min(pair[0] + pair[1], length))
    )
    spans = st.lists(span, max_size=2).map(lambda found: tuple(sorted(found)))
    items: list[Attribution] = []
    for _ in range(draw(st.integers(0, 5))):
        known = {
            "source_class": draw(st.sampled_from(SOURCE_CLASSES)),
            "role": None,
            "collective": draw(st.booleans()),
            "parent": draw(st.sampled_from([None, "lost", *[item.id for item in items]])),
        }
        items.append(attribution(article, draw(spans), draw(spans), draw(spans), **known))
    return article, tuple({item.id: item for item in items}.values())


@settings(max_examples=500, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_any_text_and_any_spans(
    case: tuple[Article, tuple[Attribution, ...]], order: random.Random
) -> None:
    article, items = case
    quoted = quotations(article.text)
    found = resolve_speakers(article, items, quoted)
    assert [item.id for item in found] == [item.id for item in items]
    for item in found:
        assert item.speaker is None or item.source_class != "unnamed"
        assert item.speaker is None or item.speaker.name or item.speaker.office
    shuffled = list(items)
    order.shuffle(shuffled)
    again = {item.id: item for item in resolve_speakers(article, tuple(shuffled), quoted)}
    assert [again[item.id] for item in items] == list(found)


def test_parents_in_a_circle_do_not_hang() -> None:
    article = Article.create("He said she said.")
    one = attribution(article, ((0, 2),), (), ())
    other = attribution(article, ((8, 11),), (), (), parent=one.id)
    items = (replace(one, parent=other.id), other)
    assert len(resolve_speakers(article, items, [])) == 2
