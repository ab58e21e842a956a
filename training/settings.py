"""What a training run can be told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What a run depends on, data and pretrained encoder aside.

    Rates are peak learning rates, decayed linearly to zero after ``warmup`` (a share of
    all steps); ``layer_decay`` lowers the rate a layer from the top down; ``average`` is
    the decay of the weights' exponential moving average; ``link_drop`` the share of
    link targets left out so that "none" is learned; ``repeat_own`` and ``repeat_press`` how
    often the project's own gold and the example press are seen a pass; ``polnear_share``
    how much of PolNeAR; ``weak_labels`` how far the lexicon's labels of it count;
    ``freeze_trunk`` leaves the layers that both branches share as they are;
    ``events_only`` trains the events' branch alone, on what the shared layers are;
    ``repeat_events`` how often PLV, CAMEO and the project's own event sentences are seen,
    ``dispatches`` how much of the short texts, ``repeat_voices`` how often those in the voices of
    one country's press;
    ``location_share``, ``certainty_share``, ``satp_texts`` how much of the other event sets;
    ``taught`` is the file of texts that a teacher has read (none if empty), ``taught_share`` how
    many of them are seen a pass;
    ``fold`` keeps that one of five parts of the event sets out instead of the seventh that
    always measures.
    """

    passes: int = 8
    pieces: int = 2048
    rate: float = 3e-4
    head_rate: float = 1.5e-3
    layer_decay: float = 0.9
    warmup: float = 0.06
    weight_decay: float = 0.01
    average: float = 0.998
    link_weight: float = 0.25
    link_drop: float = 0.1
    nested_weight: float = 0.3
    label_weight: float = 0.5
    event_weight: float = 1.0
    events_only: int = 0
    freeze_trunk: int = 0
    repeat_events: int = 2
    dispatches: float = 1.0
    repeat_voices: int = 1
    location_share: float = 0.5
    certainty_share: float = 0.15
    satp_texts: int = 250
    taught: str = ""
    taught_share: float = 1.0
    fold: int = -1
    repeat_own: int = 4
    repeat_press: int = 0
    repeat_inner: int = 0
    polnear_share: float = 1.0
    weak_labels: float = 0.0
    seed: int = 1
