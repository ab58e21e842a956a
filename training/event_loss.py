"""The loss of the event heads over what each corpus codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from sayso.reading.decoding import pair_buckets
from sayso.reading.labels import (
    ACTOR,
    CERTAINTY,
    CONTEXT_SLICE,
    DATE,
    EVENT_LAYER,
    FACTUALITY_SLICE,
    MODE_SLICE,
    PLACE,
    QUAD_SLICE,
    RECIPIENT,
    ROOT_SLICE,
    TAGS,
    TYPE_SLICE,
)
from training.role_loss import role_loss
from training.targets import UNKNOWN, Ends, EventTarget, Hidden, Targets

if TYPE_CHECKING:
    from training.batches import Batch
    from training.model import Links, Reader

#: How much it counts to make of each word what the teacher makes of it.
MIMIC_WEIGHT = 2.0
#: More triggers than this in a sentence are held to be too many.
FULL = 2.0


def event_loss(
    model: Reader, batch: Batch, outputs: tuple[Tensor, Tensor, Tensor, Tensor, Tensor]
) -> Tensor:
    """Of all event heads, for one batch.

    Args:
        model: whose CRF and links are used.
        batch: with the targets.
        outputs: event tags, events, event links and the states below them by word, and the
            events output of the windows' first rows.
    """
    tags, events, links, states, whole = outputs
    device = tags.device
    coded = [(b, e.events, e.sentence) for b, e in enumerate(batch.examples) if e.events]
    total = tags.sum() * 0
    if not coded:
        return total
    total = total + 10 * _tag_loss(model, coded, tags)
    types = torch.full(events.shape[:2], UNKNOWN, dtype=torch.long)
    for b, target, _ in coded:
        types[b, : len(target.types)] = torch.from_numpy(target.types)
    types = types.to(device)
    if bool((types >= 0).any()):
        losses = F.cross_entropy(
            events[..., TYPE_SLICE].transpose(1, 2), types, ignore_index=UNKNOWN, reduction="sum"
        )
        # As with the tags, a mean over words; a trigger is one word in ten.
        total = total + 10 * losses / (types >= 0).sum()
    taught = [(b, t.chances) for b, t, _ in coded if t.chances is not None]
    if taught:
        total = total + 10 * _distillation(events, taught)
    seen = [(b, t.states) for b, t, _ in coded if t.states is not None]
    if seen and hasattr(model, "event_mimic"):
        total = total + MIMIC_WEIGHT * _mimicry(model, states, seen)
    hidden = [
        [_hidden_chances(model.event_links, events[b], links[b], h, p) for h in t.hidden]
        for b, t, p in coded
    ]
    parts = [
        _window_loss(model, events[b], links[b], whole[b], t, p, chances)
        for (b, t, p), chances in zip(coded, hidden, strict=True)
    ]
    # By events, not by windows: an article's window holds ten times a sentence's.
    count = sum(max(1, len(t.events) + len(t.hidden)) for _, t, _ in coded)
    total = total + torch.stack(parts).sum() / count
    likeliest = [[int(chance.argmax()) for chance, _ in window] for window in hidden]
    return total + role_loss(model, coded, likeliest, states)


def _distillation(events: Tensor, taught: list[tuple[int, np.ndarray]]) -> Tensor:
    """How far the types are from a teacher's chances: cross-entropy, a mean over words."""
    losses = [
        F.cross_entropy(
            events[b, : len(chances), TYPE_SLICE],
            torch.from_numpy(chances).to(events),
            reduction="sum",
        )
        for b, chances in taught
    ]
    return torch.stack(losses).sum() / sum(len(chances) for _, chances in taught)


def _mimicry(model: Reader, states: Tensor, seen: list[tuple[int, np.ndarray]]) -> Tensor:
    """How far the states, brought to the teacher's form, are from its own: mean squares."""
    own = torch.cat([states[b, : len(theirs)] for b, theirs in seen])
    theirs = torch.from_numpy(np.concatenate([theirs for _, theirs in seen])).to(own)
    return F.mse_loss(model.event_mimic(own), theirs)


def _tag_loss(model: Reader, coded: list[tuple[int, Targets, np.ndarray]], tags: Tensor) -> Tensor:
    known = [(b, t.allowed) for b, t, _ in coded if t.allowed is not None]
    if not known:
        return tags.sum() * 0
    rows = torch.tensor([b for b, _ in known], device=tags.device)
    longest = max(len(a) for _, a in known)
    allowed = torch.ones(len(known), longest, len(TAGS), dtype=torch.bool)
    mask = torch.zeros(len(known), longest, dtype=torch.bool)
    for i, (_, a) in enumerate(known):
        allowed[i, : len(a)] = torch.from_numpy(a)
        mask[i, : len(a)] = True
    return model.crf[EVENT_LAYER].partial(
        tags[rows, :longest], allowed.to(tags.device), mask.to(tags.device)
    )


def _window_loss(
    model: Reader,
    events: Tensor,
    links: Tensor,
    whole: Tensor,
    target: Targets,
    sentence: np.ndarray,
    hidden: list[tuple[Tensor, Tensor]],
) -> Tensor:
    losses = [events.sum() * 0]
    for event in target.events:
        losses += _labels(events, event)
    for word, value in target.certainty:
        losses.append(
            0.3 * F.smooth_l1_loss(events[word, CERTAINTY], events.new_tensor(value), beta=0.2)
        )
    if target.quad >= 0:
        losses.append(_cross(whole[QUAD_SLICE], target.quad))
    if target.root:
        chances = whole[ROOT_SLICE].log_softmax(0)
        losses.append(-torch.logsumexp(chances[[t - 1 for t in target.root]], 0))
    for relation, name, spans in (
        (ACTOR, "actors", target.parties),
        (RECIPIENT, "recipients", target.parties),
        (PLACE, "places", target.places),
        (DATE, "dates", target.dates),
    ):
        known = [e for e in target.events if getattr(e, name) is not None]
        if known and spans:
            gold = [set(getattr(e, name)) for e in known]
            triggers = [e.trigger for e in known]
            losses.append(
                0.5 * _links(model.event_links, links, relation, triggers, spans, gold, sentence)
            )
    losses += (2 * _hidden(chance, odds) for chance, odds in hidden)
    return torch.stack(losses).sum()


def _labels(events: Tensor, event: EventTarget) -> list[Tensor]:
    """Mode, factuality and contexts, averaged over the trigger's words."""
    scores = events[event.trigger[0] : event.trigger[1] + 1].mean(0)
    losses = []
    if event.mode >= 0:
        losses.append(0.5 * _cross(scores[MODE_SLICE], event.mode))
    if event.factuality >= 0:
        losses.append(0.7 * _cross(scores[FACTUALITY_SLICE], event.factuality))
    if event.contexts is not None:
        gold = torch.zeros_like(scores[CONTEXT_SLICE])
        gold[list(event.contexts)] = 1
        losses.append(
            0.1 * F.binary_cross_entropy_with_logits(scores[CONTEXT_SLICE], gold, reduction="sum")
        )
    return losses


def _cross(scores: Tensor, target: int) -> Tensor:
    return F.cross_entropy(scores, torch.tensor(target, device=scores.device))


def _scores(
    links: Links,
    vectors: Tensor,
    relation: int,
    triggers: list[Ends],
    spans: list[Ends],
    sentence: np.ndarray,
) -> Tensor:
    buckets = tuple(
        torch.from_numpy(b).to(vectors.device) for b in pair_buckets(triggers, spans, sentence)
    )
    first, second = (
        torch.tensor(s, dtype=torch.long, device=vectors.device) for s in (triggers, spans)
    )
    return links.scores(relation, vectors, first, second, buckets)


def _links(
    links: Links,
    vectors: Tensor,
    relation: int,
    triggers: list[Ends],
    spans: list[Ends],
    gold: list[set[int]],
    sentence: np.ndarray,
) -> Tensor:
    """Each part by itself against "none": an event may have several actors, or no place."""
    scores = _scores(links, vectors, relation, triggers, spans, sentence)
    logits = scores[:, :-1] - scores[:, -1:]
    wanted = torch.tensor(
        [[float(j in g) for j in range(len(spans))] for g in gold], device=vectors.device
    )
    return F.binary_cross_entropy_with_logits(logits, wanted, reduction="sum")


def _hidden(chance: Tensor, odds: Tensor) -> Tensor:
    """That the trigger, wherever it is, is of this type and between these two.

    One word is the trigger, with the chances that the type head gives it; a noisy-or over
    all words instead taught the head to call every second word a trigger. Sentences of news
    hold one to three events: fewer and more cost something.
    """
    count = odds.sigmoid().sum()
    spread = F.relu(0.9 - count) + 0.3 * F.relu(count - FULL)
    return spread - torch.logsumexp(chance, 0)


def _hidden_chances(
    links: Links, events: Tensor, vectors: Tensor, hidden: Hidden, sentence: np.ndarray
) -> tuple[Tensor, Tensor]:
    """How likely each word is the trigger (log), and each word's odds of being any event's."""
    scores = events[: len(sentence), TYPE_SLICE]
    some = torch.logsumexp(scores[:, 1:], 1)
    odds = some - scores[:, 0]
    chance = scores[:, list(hidden.types)].logsumexp(1) - some + odds.log_softmax(0)
    words = [(i, i) for i in range(len(sentence))]
    for relation, span in ((ACTOR, hidden.actor), (RECIPIENT, hidden.recipient)):
        if span is not None:
            link = _scores(links, vectors, relation, words, [span], sentence)
            chance = chance + F.logsigmoid(link[:, 0] - link[:, 1])
    return chance, odds
