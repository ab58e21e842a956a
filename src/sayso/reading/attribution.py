"""Attributions of a text: the encoder's spans, links and labels as records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sayso.reading.decoding import Linked, softmax, statements, viterbi
from sayso.reading.decoding import Span as WordSpan
from sayso.reading.decoding import spans as tagged_spans
from sayso.reading.encoder import FILES, SHIPPED, Encoder, Scores
from sayso.reading.inside import Inside, inside
from sayso.reading.labels import (
    ACT_SLICE,
    CLASS_SLICE,
    COLLECTIVE,
    CONTENT_ACT_SLICE,
    TAGS,
)
from sayso.reading.lexicon import SourceClass, act_of, class_of, role_of
from sayso.reading.quotes import Quotation, quotations, quoted_parts
from sayso.reading.windows import Segmenter, Words
from sayso.records import ACTS, SOURCE_CLASSES, Attribution, Spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

# By the design: of the content's words, this share inside quotation marks is direct.
DIRECT = 0.9

#: Contents shorter than this hold no statement; those in which the nested layer sees no word
#: that is at least so likely to begin a cue are not read again. (Where a cue goes on says less:
#: asking for that too took twice the readings for the same statements.)
INNER_WORDS = 4
INNER_HINT = 0.08
#: Added to the score of every tag that begins a cue in there: without it a third is missed.
INNER_BONUS = 0.4
#: How deep statements are followed into one another.
MAX_DEPTH = 4
_BEGIN = TAGS.index("B-cue")
_SOURCE = [TAGS.index("B-source"), TAGS.index("I-source")]
#: How likely a word must be to begin the source of a quotation that nothing introduces.
LEAST_SOURCE = 0.0005


@dataclass(frozen=True)
class Text:
    """One text as all heads see it."""

    id: str
    text: str
    quoted: list[Quotation]
    words: Words


@dataclass(frozen=True)
class _Found:
    """A statement with its parts in code points and what the label head says of it."""

    source: Spans
    cue: Spans
    content: Spans
    score: float
    act: NDArray[np.float32] | None
    source_class: NDArray[np.float32] | None

    def moved(self, content: Inside) -> _Found:
        """The same, with its spans in the article instead of in a content."""

        def out(spans: Spans) -> Spans:
            return tuple(map(content.out, spans))

        return replace(self, source=out(self.source), cue=out(self.cue), content=out(self.content))


Scored = tuple["NDArray[np.int32]", Scores]
_Passage = tuple[Text, "NDArray[np.int32]", Scores]


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

    def scored(self, text: Text) -> list[Scored]:
        """The words of each window of a text, and what all heads say of them."""
        windows = self.segmenter.windows(text.words)
        return [(w.words, self.encoder(w, events=True)) for w in windows]

    def attributions(
        self, text: Text, scored: list[Scored] | None = None
    ) -> tuple[Attribution, ...]:
        """All attributions of a text by their cues' places; nested ones name their parent.

        Args:
            text: of ``text``.
            scored: of ``scored``, if the text went through the encoder already.
        """
        told: list[Attribution] = []
        windows = self.scored(text) if scored is None else scored
        for items in self._found([(text, *window) for window in windows]):
            told += (_record(text, item, None) for item in items)
        hints = self._hints(text.words, windows)
        level = [item for item in told if _is_worth_reading(text.words, item.content, hints)]
        for _ in range(MAX_DEPTH):
            inner = list(self._inside(text, level))
            told += (item for item, _ in inner)
            level = [item for item, worth in inner if worth]
        return tuple(sorted(told, key=_place))

    def _hints(self, words: Words, windows: Iterable[Scored]) -> NDArray[np.float32]:
        """How likely each word is to begin the cue of a nested statement."""
        hints = np.zeros(len(words), np.float32)
        for indices, scores in windows:
            chances = softmax(scores.tags[:, len(TAGS) : 2 * len(TAGS)])
            hints[indices] = chances[:, _BEGIN]
        return hints

    def _inside(
        self, text: Text, parents: Sequence[Attribution]
    ) -> Iterator[tuple[Attribution, bool]]:
        """The statements told inside contents, each read as a text of its own.

        With each comes whether its own content is to be read so in turn.
        """
        marks = {(q.start, q.end): q.inner for q in text.quoted}
        contents = [inside(text.text, parent.content, marks) for parent in parents]
        passages = []
        for parent, content in zip(parents, contents, strict=True):
            inner = self.text(text.id, content.text)
            windows = [(w.words, self.encoder(w)) for w in self.segmenter.windows(inner.words)]
            hints = self._hints(inner.words, windows)
            passages += [(parent, content, hints, (inner, *window)) for window in windows]
        found = self._found([passage for *_, passage in passages], INNER_BONUS)
        for (parent, content, hints, (inner, *_)), items in zip(passages, found, strict=True):
            for item in items:
                record = _record(text, item.moved(content), parent.id)
                if record.cue:
                    yield record, _is_worth_reading(inner.words, item.content, hints)

    def _found(self, passages: Sequence[_Passage], bonus: float = 0.0) -> list[list[_Found]]:
        """The outlet's statements of each of several windows."""
        tables = self.encoder.tables
        emissions = [scores.tags[:, : len(TAGS)].copy() for _, _, scores in passages]
        for scores in emissions:
            scores[:, _BEGIN] += bonus
        tags = viterbi(emissions, tables.starts[0], tables.moves[0])
        return [list(self._linked(*each)) for each in zip(passages, emissions, tags, strict=True)]

    def _linked(
        self, passage: _Passage, emissions: NDArray[np.float32], tags: NDArray[np.int64]
    ) -> Iterator[_Found]:
        text, indices, scores = passage
        words = text.words
        paragraph = words.paragraph[indices]
        tagged = tagged_spans(tags, emissions, paragraph)
        first = int(indices[0])
        for item in statements(tagged, scores.links, paragraph, self.encoder.tables.links):
            content = _near(text, _characters(words, item.content, first), item, paragraph)
            if not content:
                continue
            source = item.source
            if not source and not item.cue and quoted_parts(content, text.quoted):
                source = _before(item.content[0], emissions, words.sentence[indices], paragraph)
            yield _Found(
                _characters(words, source, first),
                _characters(words, item.cue, first),
                content,
                item.score,
                _act_scores(scores.labels, item),
                _mean(scores.labels, source),
            )


def _is_worth_reading(words: Words, content: Spans, hints: NDArray[np.float32]) -> bool:
    """Most contents hold no statement: reading all of them again would double the time."""
    for start, end in content:
        first = int(np.searchsorted(words.start, start, "left"))
        last = int(np.searchsorted(words.end, end, "right"))
        if last - first >= INNER_WORDS and hints[first:last].max(initial=0) >= INNER_HINT:
            return True
    return False


def _before(
    content: WordSpan,
    emissions: NDArray[np.float32],
    sentence: NDArray[np.int32],
    paragraph: NDArray[np.int32],
) -> tuple[WordSpan, ...]:
    """The likeliest source in the sentence before a quotation that nothing introduces.

    "The baker got to her feet. “We are out.”": somebody said it, so less is asked of the tagger.
    """
    same = paragraph == paragraph[content.first]
    found = np.flatnonzero(same & (sentence == sentence[content.first] - 1))
    if not len(found):
        return ()
    chances = softmax(emissions[found])
    first = int(chances[:, _SOURCE[0]].argmax())
    if chances[first, _SOURCE[0]] < LEAST_SOURCE:
        return ()
    last = first
    while last + 1 < len(found) and chances[last + 1, _SOURCE[1]] > chances[last + 1, 0]:
        last += 1
    score = float(chances[first, _SOURCE[0]])
    return (WordSpan("source", int(found[first]), int(found[last]), score),)


def _near(text: Text, content: Spans, item: Linked, paragraph: NDArray[np.int32]) -> Spans:
    """The contents that stand: in the cue's own paragraph, or quoted.

    Quotations go on over paragraphs and may have no cue at all; unquoted words far from
    any cue are the outlet's own.
    """
    home = paragraph[item.cue[0].first] if item.cue else None
    places = [int(paragraph[part.first]) for part in item.content]
    return tuple(
        span
        for span, place in zip(content, places, strict=True)
        if place == home or quoted_parts((span,), text.quoted)
    )


def _act_scores(labels: NDArray[np.float32] | None, item: Linked) -> NDArray[np.float32] | None:
    """What cue and content together say of the act; weights may know of the cue alone."""
    if labels is None or labels.shape[1] < CONTENT_ACT_SLICE.stop:
        cue = _mean(labels, item.cue)
        return None if cue is None else cue[ACT_SLICE]
    parts = [labels[part.first : part.last + 1, CONTENT_ACT_SLICE] for part in item.content]
    told: NDArray[np.float32] = np.concatenate(parts).mean(0)
    cue = _mean(labels, item.cue)
    return told if cue is None else told + cue[ACT_SLICE]


def _mean(
    labels: NDArray[np.float32] | None, found: tuple[WordSpan, ...]
) -> NDArray[np.float32] | None:
    """The label scores averaged over a span's words; None where there is no span or no head."""
    if labels is None or not found:
        return None
    mean: NDArray[np.float32] = labels[found[0].first : found[0].last + 1].mean(0)
    return mean


def _place(item: Attribution) -> tuple[int, int]:
    return (item.cue or item.content)[0]


def _record(text: Text, item: _Found, parent: str | None) -> Attribution:
    content = _with_marks(item.content, text.quoted)
    verbatim = quoted_parts(content, text.quoted, item.cue or item.source)
    source_class = _class(text.text, item)
    return Attribution(
        id=Attribution.identify(text.id, item.source, item.cue, content),
        article_id=text.id,
        source=item.source,
        cue=item.cue,
        content=content,
        kind=kind_of(text, content, verbatim),
        act=_act(text.text, item),
        source_class=source_class.name,
        role=source_class.role,
        collective=source_class.collective,
        verbatim=verbatim,
        speaker=None,
        parent=parent,
        confidence=item.score,
    )


def _act(text: str, item: _Found) -> str:
    if item.act is None:
        return act_of(_shown(text, item.cue))
    return ACTS[int(item.act.argmax())]


def _class(text: str, item: _Found) -> SourceClass:
    if item.source_class is None:
        return class_of(_shown(text, item.source))
    name = SOURCE_CLASSES[int(item.source_class[CLASS_SLICE].argmax())]
    many = bool(item.source_class[COLLECTIVE] > 0)
    role = role_of(_shown(text, item.source)) if name == "unnamed" else None
    return SourceClass(name, role, many)


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
