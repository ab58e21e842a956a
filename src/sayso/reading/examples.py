"""A codebook's own examples, tried: what it says must be found, and what must not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sayso.reading.signals import Coded, find_signals, tags

if TYPE_CHECKING:
    from sayso.codebook.indicators import CodedExample, Indicator, Indicators


def failures(codebook: Indicators) -> Iterator[tuple[str, str, str]]:
    """Every example that does not come out as its entry says: (entry, text, what is wrong)."""
    for entry in codebook.entries:
        yield from _signals(entry, codebook)
        for example in entry.tagged:
            if entry.name not in tags(as_coded(example), codebook):
                yield entry.name, example.text, "the event does not bear the tag"
        for example in entry.untagged:
            if entry.name in tags(as_coded(example), codebook):
                yield entry.name, example.text, "the event bears the tag"


def _signals(entry: Indicator, codebook: Indicators) -> Iterator[tuple[str, str, str]]:
    for example in entry.positive:
        found = [s for s in find_signals(example.text, codebook) if s.indicator == entry.name]
        wanted = (example.direction, example.factuality, example.span)
        if [(s.direction, s.factuality, s.span) for s in found] != [wanted]:
            shown = [f"{s.direction} {s.factuality}: {example.text[slice(*s.span)]}" for s in found]
            yield entry.name, example.text, f"found {'; '.join(shown) or 'nothing'}"
    for text in entry.negative:
        for signal in find_signals(text, codebook):
            if signal.indicator == entry.name:
                yield entry.name, text, f"found {signal.direction}: {text[slice(*signal.span)]}"


def as_coded(example: CodedExample) -> Coded:
    """An example's event as tags are given to it."""
    return Coded(
        example.type,
        example.mode,
        example.trigger,
        example.actor,
        example.recipient,
        frozenset(example.sectors),
        frozenset(example.recipient_sectors),
    )
