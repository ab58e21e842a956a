from __future__ import annotations

import numpy as np

from sayso.reading.attribution import LEAST_SOURCE, _before
from sayso.reading.decoding import Span
from sayso.reading.labels import TAGS

# Three sentences of three words; the last is the quotation.
SENTENCE = np.repeat([0, 1, 2], 3).astype(np.int32)
QUOTATION = Span("content", 6, 8, 0.9)


def emissions(*begins: int, inside: tuple[int, ...] = ()) -> np.ndarray:
    scores = np.zeros((9, len(TAGS)), np.float32)
    scores[:, 0] = 4
    scores[list(begins), TAGS.index("B-source")] = 3
    scores[list(inside), TAGS.index("I-source")] = 5
    return scores


def test_the_source_of_a_bare_quotation_stands_in_the_sentence_before() -> None:
    one = np.zeros(9, np.int32)
    (found,) = _before(QUOTATION, emissions(0, 3, inside=(4,)), SENTENCE, one)
    assert (found.kind, found.first, found.last) == ("source", 3, 4)


def test_no_source_from_another_paragraph_or_where_nothing_is_likely() -> None:
    apart = np.repeat([0, 1], [6, 3]).astype(np.int32)
    assert _before(QUOTATION, emissions(3), SENTENCE, apart) == ()
    scores = emissions()
    scores[:, 0] = 4 - np.log(LEAST_SOURCE) * 2
    assert _before(QUOTATION, scores, SENTENCE, np.zeros(9, np.int32)) == ()
