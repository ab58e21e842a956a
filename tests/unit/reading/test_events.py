from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sayso.codebook.plover import EVENT_TYPES
from sayso.reading.decoding import LinkTables, Tables
from sayso.reading.encoder import EventScores, RoleScorer, Scores
from sayso.reading.events import found_events, triggers, type_scores
from sayso.reading.labels import (
    BETWEEN,
    DISTANCES,
    EVENT_LINK_ROLES,
    EVENT_OUTPUTS,
    FACTUALITY_SLICE,
    LINK_SIZE,
    ROLE_REACH,
    ROLES,
    TAG_LAYERS,
    TAGS,
    TYPE_SLICE,
)
from sayso.records import FACTUALITIES

TEXT = "Police beat monks in Ruvania on Monday"
RELATIONS = len(EVENT_LINK_ROLES) // 2


def words() -> SimpleNamespace:
    starts = [0, 7, 12, 18, 21, 29, 32]
    ends = [6, 11, 17, 20, 28, 31, 38]
    return SimpleNamespace(
        start=np.array(starts, np.int32),
        end=np.array(ends, np.int32),
        paragraph=np.zeros(7, np.int32),
        sentence=np.zeros(7, np.int32),
    )


def tables(none: float = 0.0) -> Tables:
    links = LinkTables(
        np.zeros((RELATIONS, LINK_SIZE), np.float32),
        np.full(RELATIONS, none, np.float32),
        np.zeros((RELATIONS, 2 * (len(DISTANCES) + 1)), np.float32),
        np.zeros((RELATIONS, 2 * BETWEEN), np.float32),
        np.zeros((RELATIONS, 2), np.float32),
    )
    zeros = np.zeros((TAG_LAYERS, len(TAGS)), np.float32)
    return Tables(zeros, np.zeros((TAG_LAYERS, len(TAGS), len(TAGS)), np.float32), links, links)


def scores(kind: str, factuality: str = "happened") -> Scores:
    """ "beat" triggers; actor, recipient and place are tagged; links fit role to role."""
    events = np.zeros((7, EVENT_OUTPUTS), np.float32)
    events[:, TYPE_SLICE.start] = 5
    events[1, TYPE_SLICE.start + 1 + EVENT_TYPES.index(kind)] = 9
    events[1, FACTUALITY_SLICE.start + FACTUALITIES.index(factuality)] = 4
    tags = np.zeros((7, len(TAGS)), np.float32)
    tags[:, 0] = 1
    for word, tag in ((0, "B-source"), (2, "B-cue"), (4, "B-content")):
        tags[word, TAGS.index(tag)] = 5
    half = len(EVENT_LINK_ROLES) * LINK_SIZE
    links = np.zeros((7, 2 * half), np.float32)

    def vector(word: int, role: int, value: float) -> None:
        links[word, role * LINK_SIZE] = value
        links[word, half + role * LINK_SIZE] = 0

    for relation, word in enumerate((0, 2, 4, 5)):
        vector(1, 2 * relation, 10)
        vector(word, 2 * relation + 1, 10)
        for other in (0, 2, 3, 4):
            if other != word:
                vector(other, 2 * relation + 1, -10)
    whole = np.zeros(EVENT_OUTPUTS, np.float32)
    none = np.zeros((7, 1), np.float32)
    return Scores(
        none, none, None, EventScores(tags, events, whole, links, again({0: [0], 2: [1]}))
    )


def again(parts: dict[int, list[int]]) -> RoleScorer:
    """Roles of the sentence's words, whatever the event."""

    def read_again(first: int, last: int, distances: Any, kinds: Any) -> Any:
        assert distances.shape == (len(kinds), last - first + 1)
        found = np.full((len(kinds), 7, len(ROLES)), -5, np.float32)
        for word, roles in parts.items():
            found[:, word, roles] = 5
        return found[:, first : last + 1]

    return read_again


def read(found: Scores) -> list:
    return list(found_events(words(), [(np.arange(7), found)], tables(), ([], [(29, 38)])))


def test_an_event_has_its_parts() -> None:
    (event,) = read(scores("ASSAULT"))
    assert event.type == "ASSAULT"
    shown = [TEXT[a:b] for a, b in (event.trigger, *event.actors, *event.recipients)]
    assert shown == ["beat", "Police", "monks"]
    assert event.place is not None
    assert TEXT[slice(*event.place)] == "Ruvania"
    assert event.date is not None
    assert TEXT[slice(*event.date)] == "on Monday"


@pytest.mark.parametrize(
    ("kind", "reduced"), [("AID", "AGREE"), ("RETREAT", "CONCEDE"), ("PROTEST", "PROTEST")]
)
def test_planned_cooperation_is_an_agreement(kind: str, reduced: str) -> None:
    assert read(scores(kind, "planned"))[0].type == reduced
    assert read(scores(kind, "happened"))[0].type == kind


def with_roles(parts: dict[int, list[int]]) -> Scores:
    found = scores("ASSAULT")
    assert found.events is not None
    return replace(found, events=replace(found.events, roles=again(parts)))


def test_no_roles_no_parties() -> None:
    (event,) = read(with_roles({}))
    assert event.actors == event.recipients == ()


def test_no_links_no_place() -> None:
    found = scores("ASSAULT")
    assert found.events is not None
    found.events.links[:] = 0
    (event,) = found_events(words(), [(np.arange(7), found)], tables(none=9))
    assert event.place is None


def test_weights_without_event_heads_give_no_events() -> None:
    found = scores("ASSAULT")
    bare = Scores(found.tags, found.links, None)
    assert read(bare) == []


def test_neighbouring_words_of_one_type_are_one_trigger() -> None:
    types = np.zeros((4, 1 + len(EVENT_TYPES)), np.float32)
    types[:, 0] = 1
    types[[1, 2, 3], [3, 3, 4]] = 5
    found = triggers(types, np.zeros(4, np.int32))
    assert [(s.kind, s.first, s.last) for s in found] == [
        (EVENT_TYPES[2], 1, 2),
        (EVENT_TYPES[3], 3, 3),
    ]


def test_words_beside_a_trigger_are_of_it_from_a_small_chance_on() -> None:
    arrest, other = (1 + EVENT_TYPES.index(kind) for kind in ("COERCE", "AID"))
    chances = np.full((6, 1 + len(EVENT_TYPES)), 1e-6, np.float32)
    # unlikely, a fringe, the trigger, a fringe in the next paragraph; another type's, unlikely
    for row, (kind, chance) in enumerate(
        [(arrest, 0.02), (arrest, 0.2), (arrest, 0.9), (arrest, 0.2), (other, 0.8), (arrest, 0.3)]
    ):
        chances[row, kind], chances[row, 0] = chance, 1 - chance
    paragraph = np.array([0, 0, 0, 1, 1, 1], np.int32)
    found = triggers(np.log(chances), paragraph)
    assert [(s.kind, s.first, s.last) for s in found] == [("COERCE", 1, 2), ("AID", 4, 4)]
    assert abs(found[0].score - 0.9) < 0.01  # of the likeliest word


def test_the_type_between_two_given_parties() -> None:
    found = type_scores(words(), np.arange(7), scores("ASSAULT"), tables(), ((0, 6), (12, 17)))
    assert EVENT_TYPES[int(found.argmax())] == "ASSAULT"


def test_a_named_place_may_be_the_events_though_no_tag_says_so() -> None:
    found = scores("ASSAULT")
    assert found.events is not None
    found.events.tags[4] = 0
    window = [(np.arange(7), found)]
    assert next(found_events(words(), window, tables())).place is None
    (event,) = found_events(words(), window, tables(), ([(21, 28)], []))
    assert event.place == (21, 28)


def test_a_party_needs_no_tag_and_a_tagged_phrase_is_taken_whole() -> None:
    found = with_roles({0: [0], 3: [1]})
    assert found.events is not None
    found.events.tags[0] = found.events.tags[2:5] = 0
    found.events.tags[[0, 2, 3, 4], 0] = 1
    (event,) = read(found)
    assert (event.actors, event.recipients) == (((0, 6),), ((18, 20),))
    found.events.tags[2, TAGS.index("B-cue")] = found.events.tags[3, TAGS.index("I-cue")] = 5
    (event,) = read(found)
    assert event.recipients == ((12, 20),)


def test_no_word_is_actor_and_recipient_at_once() -> None:
    (event,) = read(with_roles({0: [0, 1], 2: [0], 3: [0]}))
    assert event.actors == ((0, 6), (12, 17))
    assert event.recipients == ()


def test_each_sentence_is_read_with_its_own_triggers() -> None:
    found = scores("ASSAULT")
    assert found.events is not None
    found.events.words[5, TYPE_SLICE.start + 1 + EVENT_TYPES.index("PROTEST")] = 9
    seen = []

    def read_again(first: int, last: int, distances: Any, kinds: Any) -> Any:
        seen.append((first, last, distances[0].tolist(), kinds.tolist()))
        return np.full((len(kinds), last - first + 1, len(ROLES)), -5, np.float32)

    found = replace(found, events=replace(found.events, roles=read_again))
    text = words()
    text.sentence[4:] = 1
    assert len(list(found_events(text, [(np.arange(7), found)], tables()))) == 2
    away = ROLE_REACH
    assert seen == [
        (0, 3, [away - 1, away, away + 1, away + 2], [1 + EVENT_TYPES.index("ASSAULT")]),
        (4, 6, [away - 1, away, away + 1], [1 + EVENT_TYPES.index("PROTEST")]),
    ]


def test_a_statement_is_an_event_unless_its_cue_is_surely_none() -> None:
    found = scores("ASSAULT")
    assert found.events is not None
    told = [("ACCUSE", (18, 20))]
    window = [(np.arange(7), found)]
    accuse = TYPE_SLICE.start + 1 + EVENT_TYPES.index("ACCUSE")

    def kinds() -> list[str]:
        return [e.type for e in found_events(words(), window, tables(), ([], []), told)]

    found.events.words[3, accuse] = 4
    assert kinds() == ["ASSAULT", "ACCUSE"]
    found.events.words[3, accuse] = -4
    assert kinds() == ["ASSAULT"]
