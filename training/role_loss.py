"""The loss of the roles: whose words are whose part, read once more for each event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from sayso.reading.decoding import role_distances
from sayso.reading.labels import NO_TYPE, ROLES
from training.targets import EventTarget, Targets

if TYPE_CHECKING:
    from training.model import Reader

#: How much a word's part in an event counts.
ROLE_WEIGHT = 0.5
#: Events whose sentences are padded to one another.
TOGETHER = 32


def role_loss(
    model: Reader,
    coded: list[tuple[int, Targets, np.ndarray]],
    hidden: list[list[int]],
    states: Tensor,
) -> Tensor:
    """Of the words of each event's parts, over the events' sentences, an event.

    Args:
        model: whose roles are used.
        coded: windows with their targets and their words' sentences.
        hidden: the likeliest trigger of each window's hidden events.
        states: by word.
    """
    device = states.device
    rows: list[_Again] = []
    for (b, target, sentence), triggers in zip(coded, hidden, strict=True):
        rows += (_again(b, e, target, sentence) for e in target.events)
        for event, word in zip(target.hidden, triggers, strict=True):
            spans = [part for part in (event.actor, event.recipient) if part]
            found = EventTarget(
                (word, word),
                event.types[0] if len(event.types) == 1 else NO_TYPE,
                actors=(0,) if event.actor else None,
                recipients=(len(spans) - 1,) if event.recipient else None,
            )
            rows.append(_again(b, found, Targets(target.types, parties=spans), sentence))
    rows = [row for row in rows if row.known.any()]
    if not rows:
        return states.sum() * 0
    with torch.autocast(device.type, torch.bfloat16):
        low = model.roles.down(states)
    # Sentences of like length together: most are half as long as the longest.
    rows.sort(key=lambda row: len(row.wanted))
    losses = [_together(model, low, rows[i : i + TOGETHER]) for i in range(0, len(rows), TOGETHER)]
    return ROLE_WEIGHT * torch.stack(losses).sum() / len(rows)


def _together(model: Reader, low: Tensor, rows: list[_Again]) -> Tensor:
    """The summed loss of some events, padded to one another."""
    longest = len(rows[-1].wanted)
    index = torch.zeros(len(rows), longest, dtype=torch.long)
    distances = torch.zeros_like(index)
    mask = torch.zeros(len(rows), longest, dtype=torch.bool)
    wanted = torch.zeros(len(rows), longest, len(ROLES))
    known = torch.zeros(len(rows), 1, len(ROLES))
    for i, row in enumerate(rows):
        count = len(row.wanted)
        index[i, :count] = torch.arange(row.first, row.first + count)
        distances[i, :count] = torch.from_numpy(row.distances)
        mask[i, :count] = True
        wanted[i, :count] = torch.from_numpy(row.wanted)
        known[i, 0] = torch.from_numpy(row.known)
    device = low.device
    window = torch.tensor([row.window for row in rows])[:, None].to(device)
    kinds = torch.tensor([row.kind for row in rows]).to(device)
    seen = mask[:, None, None, :].to(device)
    with torch.autocast(device.type, torch.bfloat16):
        read = low[window, index.to(device)]
        scores = model.roles.read(read, distances.to(device), kinds, seen).float()
    losses = F.binary_cross_entropy_with_logits(scores, wanted.to(device), reduction="none")
    return (losses * (known * mask[..., None]).to(device)).sum()


@dataclass(frozen=True)
class _Again:
    """An event's sentence as its parts are read in it: arrays ``(words, roles)``, ``(roles,)``."""

    window: int
    first: int
    kind: int
    distances: np.ndarray
    wanted: np.ndarray
    known: np.ndarray


def _again(b: int, event: EventTarget, target: Targets, sentence: np.ndarray) -> _Again:
    own = np.flatnonzero(sentence == sentence[event.trigger[0]])
    first, last = int(own[0]), int(own[-1])
    wanted = np.zeros((last - first + 1, len(ROLES)), np.float32)
    known = np.zeros(len(ROLES), np.float32)
    parts = (event.actors, event.recipients, event.places, event.dates)
    spans = (target.parties, target.parties, target.places, target.dates)
    for role, (numbers, of) in enumerate(zip(parts, spans, strict=True)):
        known[role] = numbers is not None
        for number in numbers or ():
            a, b_ = of[number]
            wanted[max(a - first, 0) : max(b_ - first + 1, 0), role] = 1
    low, high = event.trigger
    distances = role_distances([(low - first, high - first)], len(wanted))[0]
    return _Again(b, first, max(event.type, NO_TYPE), distances, wanted, known)
