from __future__ import annotations

import numpy as np
import pytest

from sayso.reading.encoder import FILES, SHIPPED
from sayso.reading.windows import Segmenter
from tests.texts import REPORT


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter.from_file(SHIPPED / FILES["tokenizer"])


@pytest.mark.parametrize("size", [16, 64, 256])
@pytest.mark.parametrize("text", [REPORT, REPORT.replace("\n", " ") * 9, "word " * 900, "x" * 5000])
def test_windows_hold_every_word_once_and_fit(segmenter: Segmenter, text: str, size: int) -> None:
    words = segmenter.words(text)
    windows = list(segmenter.windows(words, size))
    assert np.concatenate([w.words for w in windows]).tolist() == list(range(len(words)))
    for window in windows:
        assert len(window.pieces) == len(window.features) <= size
        assert (window.pieces[window.rows] == words.pieces[words.first_piece[window.words]]).all()


def test_long_paragraphs_are_cut_at_sentence_ends(segmenter: Segmenter) -> None:
    text = "The harbour was closed for a day. " * 30
    words = segmenter.words(text)
    starts = {int(w.words[0]) for w in segmenter.windows(words, 64)}
    assert starts <= set(words.breaks.tolist())


def test_typography_is_hidden_from_the_encoder(segmenter: Segmenter) -> None:
    plain = segmenter.words('"It\'s late," she said.')
    for other in ("“It’s late,” she said.", "‘It’s late,’ she said.", "«It’s late,» she said."):
        words = segmenter.words(other)
        assert words.pieces.tolist() == plain.pieces.tolist()
        assert words.features.tolist() == plain.features.tolist()


def test_special_tokens_in_a_text_are_mere_text(segmenter: Segmenter) -> None:
    words = segmenter.words("He wrote [SEP] and [CLS] twice.")
    assert not {101, 102} & set(words.pieces.tolist())
