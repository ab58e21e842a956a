"""Attributions of a text: the encoder's spans and links as records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sayso.reading.decoding import Linked, statements, viterbi
from sayso.reading.decoding import Span as WordSpan
from sayso.reading.decoding import spans as tagged_spans
from sayso.reading.encoder import FILES, SHIPPED, Encoder
from sayso.reading.lexicon import act_of, class_of
from sayso.reading.quotes import Quotation, quotations, quoted_parts
from sayso.reading.windows import Segmenter, Words
from sayso.records import Attribution, Spans

# By the design: of the content's words, this share inside quotation marks is direct.
DIRECT = 0.9


@dataclass(frozen=True)
class Text:
    """One text as all heads see it."""

    id: str
    text: str
    quoted: list[Quotation]
    words: Words


class AttributionReader:
    """Finds attributions with a fine-tuned encoder.

    Args:
        folder: of the weights.
    """

    def __init__(self, folder: Path = SHIPPED) -> None:
        self.encoder = Encoder(folder)
        self.segmenter = Segmenter.from_file(folder / FILES["tokenizer"])

    def text(self, article_id: str, text: str) -> Text:
        """Cut a text into quotations and words."""
        quoted = quotations(text)
        return Text(article_id, text, quoted, self.segmenter.words(text, quoted))

    def attributions(self, text: Text) -> tuple[Attribution, ...]:
        """All attributions of a text, in the order of their cues."""
        found: list[Attribution] = []
        for window in self.segmenter.windows(text.words):
            emissions, vectors = self.encoder(window)
            paragraph = text.words.paragraph[window.words]
            tables = self.encoder.tables
            tags = viterbi(emissions, tables.starts, tables.moves)
            tagged = tagged_spans(tags, emissions, paragraph)
            first = int(window.words[0])
            for item in statements(tagged, vectors, paragraph, tables):
                found.append(_record(text, item, first))
        return tuple(found)


def _record(text: Text, item: Linked, first: int) -> Attribution:
    source = _characters(text.words, item.source, first)
    cue = _characters(text.words, item.cue, first)
    content = _with_marks(_characters(text.words, item.content, first), text.quoted)
    verbatim = quoted_parts(content, text.quoted)
    source_class = class_of(_shown(text.text, source))
    return Attribution(
        id=Attribution.identify(text.id, source, cue, content),
        article_id=text.id,
        source=source,
        cue=cue,
        content=content,
        kind=kind_of(text, content, verbatim),
        act=act_of(_shown(text.text, cue)),
        source_class=source_class.name,
        role=source_class.role,
        collective=source_class.collective,
        verbatim=verbatim,
        speaker=None,
        parent=None,
        confidence=item.score,
    )


def kind_of(text: Text, content: Spans, verbatim: Spans) -> str:
    """direct, mixed or indirect, by the share of the content's words inside quotation marks."""
    words = _words_in(text, content)
    quoted = _words_in(text, verbatim)
    if not quoted:
        return "indirect"
    return "direct" if quoted >= DIRECT * words else "mixed"


def _words_in(text: Text, spans: Spans) -> int:
    count = 0
    for start, end in spans:
        first = int(np.searchsorted(text.words.start, start, "left"))
        last = int(np.searchsorted(text.words.end, end, "right"))
        count += sum(text.text[text.words.start[i]].isalnum() for i in range(first, last))
    return count


def _characters(words: Words, found: tuple[WordSpan, ...], first: int) -> Spans:
    return tuple(
        sorted((int(words.start[first + s.first]), int(words.end[first + s.last])) for s in found)
    )


def _with_marks(content: Spans, quoted: list[Quotation]) -> Spans:
    """Contents that lack only a quotation's marks, with them."""
    ends = {quotation.inner: (quotation.start, quotation.end) for quotation in quoted}
    return tuple(ends.get(span, span) for span in content)


def _shown(text: str, spans: Spans) -> str:
    return " ".join(text[start:end] for start, end in spans)
