"""From canonical text to the encoder's input: word pieces, features, windows.

A window is one sequence for the encoder: whole paragraphs, as many as fit, each
followed by ``[SEP]``. A paragraph too long for one window is cut at sentence ends,
a sentence too long for one at words. What a window holds depends on the text
alone, so a text reads the same alone and among others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sayso.reading.labels import QUOTE_STATES, SHAPES
from sayso.reading.quotes import Quotation, character_states, plain_marks, quotations
from sayso.reading.sentences import sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

#: Word pieces in one window, [CLS] and [SEP] included.
WINDOW = 256


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text as the encoder's tokenizer cuts them.

    A word is a run of letters and digits, or one mark of punctuation; it has one or
    more word pieces.

    Attributes:
        start, end: code points, one entry a word.
        pieces: vocabulary ids of all word pieces of the text.
        features: feature id of each piece (shape and quotation state).
        first_piece: index of each word's first piece; one entry more than words.
        paragraph: number of each word's paragraph.
        breaks: word indices at which a sentence starts (paragraph starts included).
    """

    start: NDArray[np.int32]
    end: NDArray[np.int32]
    pieces: NDArray[np.int64]
    features: NDArray[np.int64]
    first_piece: NDArray[np.int32]
    paragraph: NDArray[np.int32]
    breaks: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.start)

    @property
    def sentence(self) -> NDArray[np.int32]:
        """Number of each word's sentence."""
        return np.searchsorted(self.breaks, np.arange(len(self)), "right").astype(np.int32)


@dataclass(frozen=True, slots=True)
class Window:
    """One sequence for the encoder.

    Attributes:
        pieces, features: the input, ``(length,)``.
        words: indices of the words in it, ascending.
        rows: the row of each such word's first piece in the encoder's output.
    """

    pieces: NDArray[np.int64]
    features: NDArray[np.int64]
    words: NDArray[np.int32]
    rows: NDArray[np.int32]


class Segmenter:
    """Cuts texts into words and windows.

    Args:
        tokenizer: a BERT word-piece tokenizer without truncation and padding.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._cls = tokenizer.token_to_id("[CLS]")
        self._sep = tokenizer.token_to_id("[SEP]")

    @classmethod
    def from_file(cls, path: Path) -> Segmenter:
        """Load a ``tokenizer.json``."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        # A text that holds "[SEP]" means those letters.
        tokenizer.encode_special_tokens = True
        return cls(tokenizer)

    def words(self, text: str, quoted: list[Quotation] | None = None) -> Words:
        """Cut a canonical text into words and word pieces."""
        states = character_states(text, quotations(text) if quoted is None else quoted)
        plain = plain_marks(text, states)
        starts: list[int] = []
        ends: list[int] = []
        pieces: list[int] = []
        first_piece: list[int] = []
        paragraph: list[int] = []
        offset = number = 0
        for line in plain.split("\n"):
            if line.strip():
                encoding = self._tokenizer.encode(line, add_special_tokens=False)
                before = len(starts)
                last_word = None
                for i, (word, (a, b)) in enumerate(
                    zip(encoding.word_ids, encoding.offsets, strict=True)
                ):
                    if word == last_word:
                        ends[-1] = offset + b
                    else:
                        starts.append(offset + a)
                        ends.append(offset + b)
                        first_piece.append(len(pieces) + i)
                        last_word = word
                pieces += encoding.ids
                paragraph += [number] * (len(starts) - before)
                number += 1
            offset += len(line) + 1
        first_piece.append(len(pieces))
        features = [_feature(text[a:b], states[a]) for a, b in zip(starts, ends, strict=True)]
        start_array = np.array(starts, np.int32)
        sentence_starts = np.array([start for start, _ in sentences(text)], np.int32)
        return Words(
            start=start_array,
            end=np.array(ends, np.int32),
            pieces=np.array(pieces, np.int64),
            features=np.repeat(np.array(features, np.int64), np.diff(first_piece)),
            first_piece=np.array(first_piece, np.int32),
            paragraph=np.array(paragraph, np.int32),
            breaks=np.unique(np.searchsorted(start_array, sentence_starts)).astype(np.int32),
        )

    def windows(self, words: Words, size: int = WINDOW, first: int = 0) -> Iterator[Window]:
        """Pack the words from index ``first`` on into windows of at most ``size`` pieces."""
        held: list[tuple[int, int]] = []
        room = size - 1
        for start, end in self._units(words, size - 2, first):
            need = int(words.first_piece[end] - words.first_piece[start]) + 1
            if held and need > room:
                yield self._window(words, held)
                held, room = [], size - 1
            held.append((start, end))
            room -= need
        if held:
            yield self._window(words, held)

    def _units(self, words: Words, size: int, first: int) -> Iterator[tuple[int, int]]:
        """Paragraphs as word ranges; those over ``size`` pieces in parts."""
        total = len(words)
        bounds = np.flatnonzero(np.diff(words.paragraph)) + 1
        edges = [0, *bounds.tolist(), total]
        for begin, end in pairwise(edges):
            start = max(begin, first)
            while start < end:
                stop = end
                if words.first_piece[end] - words.first_piece[start] > size:
                    stop = self._cut(words, start, end, size)
                yield start, stop
                start = stop

    @staticmethod
    def _cut(words: Words, start: int, end: int, size: int) -> int:
        limit = int(np.searchsorted(words.first_piece, words.first_piece[start] + size, "right"))
        limit = max(min(limit - 1, end), start + 1)
        inside = words.breaks[(words.breaks > start) & (words.breaks <= limit)]
        return int(inside[-1]) if len(inside) else limit

    def _window(self, words: Words, ranges: list[tuple[int, int]]) -> Window:
        pieces: list[NDArray[np.int64]] = [np.array([self._cls])]
        features: list[NDArray[np.int64]] = [np.zeros(1, np.int64)]
        indices, rows = [], []
        row = 1
        for start, end in ranges:
            a, b = int(words.first_piece[start]), int(words.first_piece[end])
            pieces += [words.pieces[a:b], np.array([self._sep])]
            features += [words.features[a:b], np.zeros(1, np.int64)]
            indices.append(np.arange(start, end, dtype=np.int32))
            rows.append(words.first_piece[start:end] - a + row)
            row += b - a + 1
        return Window(
            pieces=np.concatenate(pieces),
            features=np.concatenate(features),
            words=np.concatenate(indices),
            rows=np.concatenate(rows).astype(np.int32),
        )


def _feature(word: str, state: int) -> int:
    return SHAPES.index(_shape(word)) * len(QUOTE_STATES) + state


def _shape(word: str) -> str:
    if word.islower():
        return "lower"
    if word.isupper():
        return "upper" if len(word) > 1 else "title"
    if word.istitle():
        return "title"
    if word[:1].isalpha():
        return "mixed"
    return "digit" if word[:1].isdigit() else "other"
