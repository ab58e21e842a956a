from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sayso.reading.decoding import (
    LinkTables,
    Span,
    Tables,
    pair_buckets,
    role_distances,
    spans,
    statements,
    viterbi,
)
from sayso.reading.labels import (
    BETWEEN,
    DISTANCES,
    LINK_ROLES,
    LINK_SIZE,
    ROLE_REACH,
    TAGS,
    allowed,
)

COUNT = len(TAGS)
FORBIDDEN = np.array([[0 if allowed(a, b) else -1e4 for b in range(COUNT)] for a in range(COUNT)])
START = np.array([0 if allowed(None, b) else -1e4 for b in range(COUNT)])


def links(**other: np.ndarray) -> LinkTables:
    zeros = {
        "none": np.zeros((2, LINK_SIZE)),
        "none_bias": np.zeros(2),
        "distance": np.zeros((2, 2 * (len(DISTANCES) + 1))),
        "between": np.zeros((2, 2 * BETWEEN)),
        "paragraph": np.zeros((2, 2)),
    }
    return LinkTables(**{k: v.astype(np.float32) for k, v in {**zeros, **other}.items()})


@given(hnp.arrays(np.float32, (4, COUNT), elements=st.floats(-5, 5, width=16)))
def test_viterbi_finds_what_trying_all_finds(emissions: np.ndarray) -> None:
    def total(tags: tuple[int, ...]) -> float:
        moves = sum(FORBIDDEN[a, b] for a, b in pairwise(tags))
        return START[tags[0]] + moves + sum(emissions[i, t] for i, t in enumerate(tags))

    best = max(total(tags) for tags in product(range(COUNT), repeat=4))
    (found,) = viterbi([emissions], START.astype(np.float32), FORBIDDEN.astype(np.float32))
    assert abs(total(tuple(found)) - best) < 1e-3


@given(st.lists(st.integers(1, 9), max_size=5), st.integers(0, 99))
def test_several_sequences_are_tagged_as_each_alone(lengths: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = [rng.normal(size=(length, COUNT)).astype(np.float32) for length in lengths]
    tables = START.astype(np.float32), FORBIDDEN.astype(np.float32)
    together = viterbi(found, *tables)
    alone = [viterbi([emissions], *tables)[0] for emissions in found]
    assert [tags.tolist() for tags in together] == [tags.tolist() for tags in alone]


@given(hnp.arrays(np.float32, (12, COUNT), elements=st.floats(-5, 5, width=16)))
def test_no_span_is_broken_or_leaves_its_paragraph(emissions: np.ndarray) -> None:
    (tags,) = viterbi([emissions], START.astype(np.float32), FORBIDDEN.astype(np.float32))
    paragraph = np.repeat([0, 1, 2], 4).astype(np.int32)
    found = spans(tags, emissions, paragraph)
    assert sum(s.last - s.first + 1 for s in found) == int((tags != 0).sum())
    for item in found:
        assert paragraph[item.first] == paragraph[item.last]
        assert 0 < item.score <= 1


def test_buckets_tell_distance_direction_and_what_stands_between() -> None:
    paragraph = np.array([0] * 10 + [1] * 10, np.int32)
    distance, between, same = pair_buckets([(5, 6)], [(0, 0), (3, 4), (7, 7), (19, 19)], paragraph)
    after = len(DISTANCES) + 1
    assert distance.tolist() == [[3, 0, after, after + 5]]
    assert between.tolist() == [[1, 0, BETWEEN, BETWEEN + 1]]
    assert same.tolist() == [[1, 1, 1, 0]]


def test_what_stands_between_does_not_depend_on_the_order_in_which_spans_are_given() -> None:
    """Training gives the right spans first: the order must tell nothing."""
    spans_ = [(0, 0), (3, 4), (7, 7), (9, 9), (19, 19)]
    paragraph = np.zeros(20, np.int32)
    order = [3, 0, 4, 2, 1]
    sorted_ = pair_buckets([(5, 6)], spans_, paragraph)
    mixed = pair_buckets([(5, 6)], [spans_[i] for i in order], paragraph)
    for one, other in zip(sorted_, mixed, strict=True):
        assert one[:, order].tolist() == other.tolist()


def test_distances_of_roles_count_from_the_triggers_ends() -> None:
    found = role_distances([(1, 2), (0, 0)], 4) - ROLE_REACH
    assert found.tolist() == [[-1, 0, 0, 1], [0, 1, 2, 3]]
    assert role_distances([(99, 99)], 1)[0, 0] == 0


def test_near_spans_are_linked_where_distance_alone_speaks() -> None:
    found = [
        Span("source", 0, 0, 1.0), Span("cue", 1, 1, 1.0), Span("content", 2, 4, 1.0),
        Span("content", 8, 9, 1.0), Span("cue", 11, 11, 1.0), Span("source", 12, 12, 1.0),
    ]  # fmt: skip
    near = -np.tile(np.arange(len(DISTANCES) + 1), 2)[None].repeat(2, 0)
    vectors = np.zeros((13, 2 * len(LINK_ROLES) * LINK_SIZE), np.float32)
    linked = statements(
        found, vectors, np.zeros(13, np.int32), links(distance=near, none_bias=np.full(2, -50))
    )
    assert [(s.source[0].first, s.cue[0].first, s.content[0].first) for s in linked] == [
        (0, 1, 2), (12, 11, 8),
    ]  # fmt: skip


def test_a_cue_without_content_is_no_statement() -> None:
    found = [Span("cue", 1, 1, 1.0), Span("source", 0, 0, 1.0)]
    vectors = np.zeros((3, 2 * len(LINK_ROLES) * LINK_SIZE), np.float32)
    assert statements(found, vectors, np.zeros(3, np.int32), links()) == []


def test_tables_are_stored_under_flat_names_and_come_back() -> None:
    both = Tables(START[None], FORBIDDEN[None], links(), links(none_bias=np.array([1.0, 2.0])))
    found = Tables.from_arrays(both.to_arrays())
    assert found.event_links is not None
    assert found.event_links.none_bias.tolist() == [1, 2]
    assert found.links.none_bias.tolist() == [0, 0]
    without = Tables(START[None], FORBIDDEN[None], links())
    assert Tables.from_arrays(without.to_arrays()).event_links is None


def test_a_content_without_a_cue_has_the_source_that_introduces_it() -> None:
    found = [
        Span("source", 0, 1, 1.0), Span("cue", 2, 2, 1.0), Span("content", 3, 4, 1.0),
        Span("source", 6, 7, 1.0), Span("content", 10, 14, 1.0), Span("content", 60, 64, 1.0),
    ]  # fmt: skip
    alone = np.zeros((2, 2 * (len(DISTANCES) + 1)))
    alone[0, 4:] = -9  # only what touches is linked
    vectors = np.zeros((65, 2 * len(LINK_ROLES) * LINK_SIZE), np.float32)
    paragraph = np.array([0] * 50 + [1] * 15, np.int32)
    linked = statements(
        found, vectors, paragraph, links(distance=alone, none_bias=np.array([-3, 0]))
    )
    assert [(s.content[0].first, [p.first for p in s.source]) for s in linked] == [
        (3, [0]), (10, [6]), (60, []),
    ]  # fmt: skip
