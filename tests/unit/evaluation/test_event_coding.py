from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluation.event_coding import EventCodingError, in_article, parse, whole
from evaluation.event_data import FOLDS, is_dev, records

CODING = """% a remark
S: Guards shot at the crowd in Brell, and the crowd fled.
E1 | ASSAULT/firearms happened | T: shot | A: Guards | R: the crowd | P: Brell | X: military
I1 | attendance down | T: fled

S: Nothing here.
"""


def test_blocks_have_their_spans() -> None:
    first, second = parse(CODING)
    (event,) = first.events
    assert first.text[slice(*event.trigger)] == "shot"
    assert event.recipients == ((15, 24),)  # the nearer of two
    assert event.mode == "firearms"
    assert event.contexts == {"military"}
    assert first.signals[0].direction == "down"
    assert second.events == []


def test_in_an_article_spans_move_along() -> None:
    article = f"Headline\n\n{parse(CODING)[0].text} Nothing here."
    events, signals = in_article(article, parse(CODING))
    assert article[slice(*events[0].trigger)] == "shot"
    assert article[slice(*signals[0].span)] == "fled"


@pytest.mark.parametrize(
    "line",
    [
        "E1 | ASSAULT happened | T: stabbed",
        "E1 | ATTACK happened | T: shot",
        "E1 | ASSAULT/phone happened | T: shot",
        "E1 | ASSAULT surely | T: shot",
        "E1 | ASSAULT happened | A: Guards",
        "E1 | ASSAULT happened | T: shot | Q: Guards",
        "I1 | attendance sideways | T: shot",
        "E1 | ASSAULT happened | T: shot | R: the crowd #3",
    ],
)
def test_what_does_not_resolve_is_said(line: str) -> None:
    with pytest.raises(EventCodingError, match="line 2"):
        parse(f"S: Guards shot at the crowd, and the crowd fled.\n{line}")


def test_a_sentence_that_is_not_in_the_article_is_said() -> None:
    with pytest.raises(EventCodingError, match="not in the article"):
        in_article("Quite another text.", parse(CODING))


def test_copies_fall_on_one_side() -> None:
    assert is_dev("Police fired, twice.") == is_dev("police  fired twice")


def test_a_text_is_made_from_its_sentences() -> None:
    text, events = whole(f"% country: RVN\nS: Shots in Brell\n%\n{CODING}%\nS: All slept.")
    blocks = [block.text for block in parse(CODING)]
    assert text == f"Shots in Brell\n\n{' '.join(blocks)}\n\nAll slept."
    assert [text[slice(*event.trigger)] for event in events] == ["shot"]


def test_every_record_is_held_out_in_one_fold(tmp_path: Path) -> None:
    texts = [f"Guards shot at crowd {i}." for i in range(60)]
    (tmp_path / "events").mkdir()
    lines = "\n".join(json.dumps({"text": text}) for text in texts)
    (tmp_path / "events/some_train.jsonl").write_text(lines)

    def part(split: str) -> list[str]:
        return [row["text"] for row in records(tmp_path, "some", split, "text")]

    held = [text for k in range(FOLDS) for text in part(f"fold:{k}")]
    assert sorted(held) == sorted(texts)
    assert all(sorted(part(f"fold:{k}") + part(f"without:{k}")) == sorted(texts) for k in range(5))
    assert sorted(part("train") + part("dev")) == sorted(texts)
