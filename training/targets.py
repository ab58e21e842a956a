"""What is known of a text's events, as the event heads are trained on it.

Corpora code different things: some all events, some one event a sentence without its
trigger, some only where a verb took place or how sure it is. What a corpus does not code
is left open, and the loss sums over all that may be true.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

Ends = tuple[int, int]  # first and last word, both inclusive
UNKNOWN = -1


@dataclass(frozen=True)
class EventTarget:
    """One event; indices count in ``Targets.parties``, ``places`` and ``dates``."""

    trigger: Ends
    type: int = UNKNOWN  # 1.. in the order of EVENT_TYPES
    mode: int = UNKNOWN  # 0 none, then MODE_NAMES
    factuality: int = UNKNOWN
    contexts: frozenset[int] | None = None
    actors: tuple[int, ...] | None = None  # None: not coded
    recipients: tuple[int, ...] | None = None
    places: tuple[int, ...] | None = None
    dates: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Hidden:
    """An event of which type, actor and recipient are known, but not the trigger."""

    types: tuple[int, ...]
    actor: Ends | None
    recipient: Ends | None


@dataclass(frozen=True)
class Targets:
    """All that one text's corpus tells of its events, by words.

    Attributes:
        allowed: ``(words, tags)``, which tags of the event layer may stand; None: not coded.
        types: a word, 0 no trigger, 1.. a type, -1 not coded.
        certainty: ``(word, value)``, -3 to 3.
        quad: 0 no event, 1 to 4; -1 not coded.
        root: types that the text's one event may have; empty if not coded.
        chances: ``(words, 1 + types)``, how likely a teacher holds "no trigger" and each type;
            None: no teacher.
        states: ``(words, MIMIC)``, what the teacher makes of each word; None: no teacher.
    """

    types: np.ndarray
    allowed: np.ndarray | None = None
    events: list[EventTarget] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    parties: list[Ends] = field(default_factory=list)
    places: list[Ends] = field(default_factory=list)
    dates: list[Ends] = field(default_factory=list)
    certainty: list[tuple[int, float]] = field(default_factory=list)
    quad: int = UNKNOWN
    root: tuple[int, ...] = ()
    chances: np.ndarray | None = None
    states: np.ndarray | None = None

    def cut(self, low: int, high: int) -> Targets:
        """What lies within the words from ``low`` to ``high``, counted from ``low``."""

        def kept(spans: list[Ends]) -> tuple[list[Ends], dict[int, int]]:
            ids = [i for i, (a, b) in enumerate(spans) if low <= a and b <= high]
            moved = [(spans[i][0] - low, spans[i][1] - low) for i in ids]
            return moved, {old: new for new, old in enumerate(ids)}

        parties, party = kept(self.parties)
        places, place = kept(self.places)
        dates, date = kept(self.dates)

        def mapped(indices: tuple[int, ...] | None, ids: dict[int, int]) -> tuple[int, ...] | None:
            return None if indices is None else tuple(ids[i] for i in indices if i in ids)

        events = [
            replace(
                e,
                trigger=(e.trigger[0] - low, e.trigger[1] - low),
                actors=mapped(e.actors, party),
                recipients=mapped(e.recipients, party),
                places=mapped(e.places, place),
                dates=mapped(e.dates, date),
            )
            for e in self.events
            if low <= e.trigger[0] and e.trigger[1] <= high
        ]
        whole = low == 0 and high == len(self.types) - 1
        return Targets(
            self.types[low : high + 1],
            None if self.allowed is None else self.allowed[low : high + 1],
            events,
            self.hidden if whole else [],
            parties,
            places,
            dates,
            [(w - low, value) for w, value in self.certainty if low <= w <= high],
            self.quad if whole else UNKNOWN,
            self.root if whole else (),
            None if self.chances is None else self.chances[low : high + 1],
            None if self.states is None else self.states[low : high + 1],
        )
