"""A larger encoder for the events alone, which teaches the shipped one.

MPNet-base (Song et al. 2020) has eight times MiniLM-L6's weights in its layers and so does eight
times the arithmetic a word: it is never shipped. What it finds in texts that nobody has
coded, and how sure it is of it, the small one learns (Hinton et al. 2015; ``training.taught``).
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from sayso.reading.labels import (
    EVENT_LINK_ROLES,
    EVENT_OUTPUTS,
    TAG_LAYERS,
    TAGS,
)
from training.model import FORBIDDEN, Crf, Encoder, Layer, Links, Roles, Shape, SharedDropout

SHAPE = Shape(vocabulary=30527, positions=514, hidden=768, inner=3072, layers=12, heads=12)
#: The lowest layers, which stay as they are.
FROZEN = 3
#: MPNet's vocabulary is BERT's behind four words of its own, and has its own marks.
SHIFT, START, PADDING, END = 4, 0, 1, 2
BERT_START, BERT_END = 101, 102
#: Distances between words share these buckets, half of them a side, half of those exact.
BUCKETS, FARTHEST = 32, 128


class Trunk(Encoder):
    """Embeddings, the layers that stay, and the scores of distances that all layers add."""

    def __init__(self) -> None:
        super().__init__(replace(SHAPE, layers=FROZEN))
        self.norm.eps = 1e-5
        self.distances = nn.Embedding(BUCKETS, SHAPE.heads)
        self.layers = _layers(FROZEN)

    def bias(self, length: int, mask: Tensor | None) -> Tensor:
        """What is added to attention's scores: ``(1 or batch, heads, length, length)``."""
        places = torch.arange(length, device=self.distances.weight.device)
        ahead = places[None] - places[:, None]
        half = BUCKETS // 2
        exact = half // 2
        far = ahead.abs()
        logs = torch.log(far.clamp(min=1).float() / exact) / math.log(FARTHEST / exact)
        large = (exact + (logs * (half - exact)).long()).clamp(max=half - 1)
        buckets = (ahead > 0).long() * half + torch.where(far < exact, far, large)
        found: Tensor = self.distances(buckets).permute(2, 0, 1)[None]
        return found if mask is None else found + torch.where(mask, 0.0, FORBIDDEN)

    def trunk(self, pieces: Tensor, features: Tensor, mask: Tensor | None = None) -> Tensor:
        """The states on which the trained layers stand; pieces are BERT's."""
        own = pieces + SHIFT
        own = torch.where(pieces == BERT_START, START, own)
        own = torch.where(pieces == BERT_END, END, own)
        if mask is not None:
            own = torch.where(mask[:, 0, 0], own, PADDING)
        places = torch.arange(pieces.shape[1], device=pieces.device) + PADDING + 1
        x = self.words(own) + self.positions(places) + self.features(features)
        x = self.dropout(self.norm(x))
        bias = self.bias(pieces.shape[1], mask)
        for layer in self.layers:
            x = layer(x, None, bias)
        return x


class Teacher(nn.Module):
    """The events' part of a ``Reader`` on MPNet: what trains or runs that takes this too."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Trunk()
        self.event_layers = _layers(SHAPE.layers - FROZEN)
        self.dropout = SharedDropout(0.1)
        self.event_tags = nn.Linear(SHAPE.hidden, len(TAGS))
        self.events = nn.Linear(SHAPE.hidden, EVENT_OUTPUTS)
        self.event_links = Links(SHAPE.hidden, EVENT_LINK_ROLES)
        self.roles = Roles(SHAPE.hidden)
        self.crf = nn.ModuleList(Crf() for _ in range(TAG_LAYERS))

    def branch(self, middle: Tensor, mask: Tensor | None = None) -> tuple[Tensor, ...]:
        """Event tags, events, event links, and the states that they and the roles are read from."""
        bias = self.encoder.bias(middle.shape[1], mask)
        x = middle
        for layer in self.event_layers:
            x = layer(x, None, bias)
        x = self.dropout(x)
        return self.event_tags(x), self.events(x), self.event_links(x), x

    def forward(
        self, pieces: Tensor, features: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        return self.branch(self.encoder.trunk(pieces, features, mask), mask)

    def start_from(self, state: dict[str, Tensor]) -> None:
        """Take an earlier run's weights; what it lacks begins anew."""
        self.load_state_dict({**self.state_dict(), **state})

    def load_mpnet(self, path: Path) -> None:
        """Take the weights of an MPNet checkpoint in safetensors."""
        from safetensors.torch import load_file

        w = load_file(path)
        state = self.state_dict()
        state["encoder.words.weight"] = w["embeddings.word_embeddings.weight"]
        state["encoder.positions.weight"] = w["embeddings.position_embeddings.weight"]
        state["encoder.distances.weight"] = w["encoder.relative_attention_bias.weight"]
        for end in ("weight", "bias"):
            state[f"encoder.norm.{end}"] = w[f"embeddings.LayerNorm.{end}"]
            for i in range(SHAPE.layers):
                theirs = f"encoder.layer.{i}"
                ours = f"encoder.layers.{i}" if i < FROZEN else f"event_layers.{i - FROZEN}"
                state[f"{ours}.qkv.{end}"] = torch.cat(
                    [w[f"{theirs}.attention.attn.{name}.{end}"] for name in "qkv"]
                )
                for name, mine in (
                    ("attention.attn.o", "out"),
                    ("attention.LayerNorm", "norm1"),
                    ("intermediate.dense", "up"),
                    ("output.dense", "down"),
                    ("output.LayerNorm", "norm2"),
                ):
                    state[f"{ours}.{mine}.{end}"] = w[f"{theirs}.{name}.{end}"]
        self.load_state_dict(state)


def _layers(count: int) -> nn.ModuleList:
    layers = nn.ModuleList(Layer(SHAPE, 0.1) for _ in range(count))
    for layer in layers:
        layer.norm1.eps = layer.norm2.eps = 1e-5
    return layers
