"""An article through every reading stage, to a Reading."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from sayso.codebook.indicators import Indicators, default_indicators, load_indicators
from sayso.records import (
    Article,
    Attribution,
    Reading,
    Rejection,
    Signal,
    Stage,
    content_id,
)
from sayso.resolving import Speakers

READ_LANGUAGES = ("en",)


class Reader:
    """Reads articles: who said what, on whose word.

    The weights are loaded at the first use. A reader may be shared by threads; what it
    finds in an article depends on that article alone.

    Args:
        weights: folder of other weights than the shipped ones.
        codebook: file of other indicators and tags than the shipped ones.

    Raises:
        CodebookError: the codebook does not check.
        WeightsError: at the first use, if the weights are missing or damaged.
    """

    def __init__(
        self, weights: str | Path | None = None, codebook: str | Path | None = None
    ) -> None:
        self._folder = None if weights is None else Path(weights)
        self._file = None if codebook is None else Path(codebook)
        self.codebook = load_indicators(self._file) if self._file else default_indicators()
        self._loading = threading.Lock()
        self._loaded: Any = None

    @property
    def version(self) -> str:
        """The weights' version: a hash of their files."""
        return str(self.stage().encoder.version)

    def read(self, article: Article | Mapping[str, Any]) -> Reading:
        """Read one article, given as a record or as a mapping of the input JSONL.

        An article in a language that is not read comes back with a rejection that says so.

        Raises:
            IntakeError: the mapping holds no text, or too much.
        """
        record = _article(article)
        if record.language is not None and record.language not in READ_LANGUAGES:
            reason = f"not read: its language is {record.language!r}, only English is read"
            return Reading(record, rejections=(Rejection(record.id, Stage.LANGUAGE, reason),))
        stage = self.stage()
        text = stage.text(record.id, record.text)
        scored = stage.scored(text)
        speakers = Speakers(record, stage.attributions(text, scored), text.quoted)
        attributions = speakers.attributions
        from sayso.reading.events import found_events
        from sayso.reading.signals import event_tags
        from sayso.resolving.events import (
            named_places,
            resolve_events,
            told_dates,
            told_events,
        )

        dates = told_dates(record)
        named = (named_places(record.text), [*dates])
        told = told_events(attributions)
        found = list(found_events(text.words, scored, stage.encoder.tables, named, told))
        events = tuple(
            replace(event, tags=event_tags(event, record.text, self.codebook))
            for event in resolve_events(record, found, speakers, dates)
        )
        signals = _signals(record, attributions, self.codebook)
        return Reading(record, attributions=attributions, events=events, signals=signals)

    def read_many(self, articles: Iterable[Article | Mapping[str, Any]]) -> Iterator[Reading]:
        """Read articles one by one, in their order."""
        return map(self.read, articles)

    def stage(self) -> Any:
        """The encoder with its heads (a ``reading.attribution.AttributionReader``)."""
        with self._loading:
            if self._loaded is None:
                from sayso.reading.attribution import AttributionReader

                folder = self._folder
                self._loaded = AttributionReader(folder) if folder else AttributionReader()
        return self._loaded

    def __getstate__(self) -> dict[str, Any]:
        """A session with the runtime cannot travel: another process loads its own."""
        return {"_folder": self._folder, "_file": self._file}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["_folder"], state["_file"])  # type: ignore[misc]


def read_text(text: str, **known: Any) -> Reading:
    """Read one text.

    Args:
        text: of one article, in any typography.
        **known: ``title``, ``outlet``, ``url``, ``published`` (ISO 8601), ``language``, ``id``.

    Returns:
        its Reading: ``.attributions``, ``.events``; a notebook shows it.
    """
    return _shared().read({"text": text, **known})


def _signals(
    article: Article, attributions: tuple[Attribution, ...], codebook: Indicators
) -> tuple[Signal, ...]:
    """The states of indicators that an article tells of, each on its innermost teller's word."""
    from sayso.reading.signals import find_signals
    from sayso.resolving.events import on_whose_word

    signals = []
    for found in find_signals(article.text, codebook):
        word = on_whose_word(found.span, attributions)
        signals.append(
            Signal(
                id=content_id("signal", article.id, found.indicator, found.direction, found.span),
                article_id=article.id,
                indicator=found.indicator,
                direction=found.direction,
                span=found.span,
                attribution=word.id if word else None,
                factuality=found.factuality,
                confidence=found.confidence,
            )
        )
    return tuple(signals)


@cache
def _shared() -> Reader:
    # Loading takes a second: texts read one by one in a notebook share one reader.
    return Reader()


def _article(article: Article | Mapping[str, Any]) -> Article:
    if isinstance(article, Article):
        return article
    from sayso.intake import article_of

    return article_of(article)
