from __future__ import annotations

import pytest

from evaluation.attribution import Score
from evaluation.polnear import GoldAttribution, _attributions

TEXT = "Ann said “it rains”. Bob, who knows, denied that it snows."
GOLD = [
    GoldAttribution(((0, 3),), ((4, 8),), ((9, 19),)),
    GoldAttribution(((21, 36),), ((37, 43),), ((44, 57),)),
]


def test_the_gold_scored_against_itself_is_perfect() -> None:
    score = Score()
    score.add(TEXT, GOLD, GOLD)
    figures = score.to_dict()
    assert [figures[k] for k in ("source_exact", "cue_exact", "content_exact", "pair")] == [
        100.0
    ] * 4
    assert figures["gold_by_kind"] == {"direct": 1, "mixed": 0, "indirect": 1}


def test_a_span_counts_only_with_both_ends() -> None:
    score = Score()
    score.add(TEXT, GOLD, [GOLD[0], GoldAttribution(((21, 24),), ((37, 43),), ((49, 57),))])
    figures = score.to_dict()
    assert figures["source_exact"] == figures["content_exact"] == 50.0
    assert figures["cue_exact"] == 100.0
    # Bob is a part of the source and "it snows" two of three words: the pair stands.
    assert figures["pair"] == 100.0


@pytest.mark.parametrize(
    ("source", "content", "hits"),
    [
        (((0, 3),), ((9, 19),), 1),
        (((21, 24),), ((9, 19),), 0),
        ((), ((9, 19),), 0),
        (((0, 3),), ((0, 36),), 0),
    ],
)
def test_a_pair_needs_half_the_content_and_a_word_of_the_source(source, content, hits) -> None:
    score = Score()
    score.add(TEXT, GOLD[:1], [GoldAttribution(source, (), content)])
    assert score.pair.hit == hits


def test_blanks_and_composed_letters_may_differ_between_the_texts() -> None:
    score = Score()
    decomposed = TEXT.replace("Ann", "A\u0303nn")
    moved = [
        GoldAttribution(
            *(tuple((a + 1 - (a == 0), b + 1) for a, b in f) for f in (g.source, g.cue, g.content))
        )
        for g in GOLD
    ]
    score.add(decomposed, moved, GOLD, TEXT.replace("Ann", "Ãnn"))
    assert score.to_dict()["pair"] == 100.0


def test_brat_lines_in_any_order_and_with_parts() -> None:
    brat = (
        "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3\nT1\tSource 0 3\tAnn\n"
        "T2\tCue 4 8\tsaid\nT3\tContent 30 35;9 12\ta b\n"
    )
    assert _attributions(brat) == [GoldAttribution(((0, 3),), ((4, 8),), ((9, 12), (30, 35)))]
