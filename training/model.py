"""The encoder with its heads, in PyTorch. Only training and export import this.

A plain BERT (MiniLM-L6's shape, Wang et al. 2020) with one addition: a learned
embedding of word shape and quotation state, which the lower-cased vocabulary and
mixed typography hide. It starts at zero, so the pretrained encoder is unchanged
at the first step.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sayso.codebook.plover import EVENT_TYPES
from sayso.reading.labels import (
    BETWEEN,
    BRANCH,
    DISTANCES,
    EVENT_LAYER,
    EVENT_LINK_ROLES,
    EVENT_OUTPUTS,
    FEATURES,
    LABELS,
    LAYERS,
    LINK_ROLES,
    LINK_SIZE,
    ROLE_INNER,
    ROLE_LAYERS,
    ROLE_REACH,
    ROLE_SIZE,
    ROLES,
    TAG_LAYERS,
    TAGS,
    TRUNK,
    allowed,
)

FORBIDDEN = -1e4
#: How many numbers are kept of a teacher's states (``training.taught``).
MIMIC = 128


def is_of_reading(name: str) -> bool:
    """Whether a parameter is of what reads, not of what only training needs."""
    return not name.startswith("event_mimic.")


def is_of_events(name: str) -> bool:
    """Whether a parameter is of the events' branch and heads alone."""
    return name.startswith(("event", "roles.", f"crf.{EVENT_LAYER}."))


def lengthened(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same weights with a branch of ``BRANCH`` layers, from a run whose branch had fewer.

    A shorter branch began later: what it shared with the statements until then become its first
    layers, so that it reads as it did.
    """
    numbers = {int(n.split(".")[1]) for n in state if n.startswith("event_layers.")}
    missing = BRANCH - len(numbers)
    if not numbers or missing <= 0:  # none at all, or a teacher's
        return state
    found = {}
    for name, value in state.items():
        if name.startswith("event_layers."):
            _, i, rest = name.split(".", 2)
            found[f"event_layers.{int(i) + missing}.{rest}"] = value
        else:
            found[name] = value
    for i in range(missing):
        shared = f"encoder.layers.{TRUNK + i}."
        for name, value in state.items():
            if name.startswith(shared):
                found[f"event_layers.{i}.{name.removeprefix(shared)}"] = value
    return found


@dataclass(frozen=True)
class Shape:
    """The encoder's dimensions; MiniLM-L6 unless told otherwise."""

    vocabulary: int = 30522
    positions: int = 512
    hidden: int = 384
    inner: int = 1536
    layers: int = 6
    heads: int = 12


class SharedDropout(nn.Module):
    """Dropout with one mask for all places of a sequence (Gal and Ghahramani 2016).

    A tenth of a step's time on a CPU goes into drawing ordinary dropout's masks.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        keep = torch.rand(x.shape[0], 1, x.shape[2], device=x.device) >= self.rate
        return x * (keep / (1 - self.rate)).to(x.dtype)


class Layer(nn.Module):
    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.out = nn.Linear(shape.hidden, shape.hidden)
        self.norm1 = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.up = nn.Linear(shape.hidden, shape.inner)
        self.down = nn.Linear(shape.inner, shape.hidden)
        self.norm2 = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.dropout = SharedDropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None, bias: Tensor | None = None) -> Tensor:
        batch, length, hidden = x.shape
        qkv = self.qkv(x).view(batch, length, 3, self.heads, hidden // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        # Written out: on CPUs in bfloat16 faster, forward and backward, than torch's
        # scaled_dot_product_attention; and without autocast, which would make the softmax's
        # input and output twice as wide.
        with torch.autocast(x.device.type, enabled=False):
            scores = (q * (hidden // self.heads) ** -0.5) @ k.transpose(-1, -2)
            if mask is not None:
                scores = scores.masked_fill(~mask, FORBIDDEN)
            if bias is not None:
                scores = scores + bias.to(scores.dtype)
            attended = scores.softmax(-1) @ v
        attended = attended.transpose(1, 2).reshape(batch, length, hidden)
        x = self.norm1(x + self.dropout(self.out(attended)))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(shape.vocabulary, shape.hidden)
        self.positions = nn.Embedding(shape.positions, shape.hidden)
        self.features = nn.Embedding(FEATURES, shape.hidden)
        nn.init.zeros_(self.features.weight)
        self.norm = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.dropout = SharedDropout(dropout)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))

    def forward(
        self, pieces: Tensor, features: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """The last layer's states, and those where the events' branch begins."""
        middle = self.trunk(pieces, features, mask)
        x = middle
        for layer in self.layers[TRUNK:]:
            x = layer(x, mask)
        return x, middle

    def trunk(self, pieces: Tensor, features: Tensor, mask: Tensor | None = None) -> Tensor:
        """The states that both branches share."""
        places = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.words(pieces) + self.positions(places) + self.features(features)
        x = self.dropout(self.norm(x))
        for layer in self.layers[:TRUNK]:
            x = layer(x, mask)
        return x

    def load_bert(self, path: Path) -> None:
        """Take the weights of a BERT checkpoint in safetensors."""
        from safetensors.torch import load_file

        w = {k.removeprefix("bert."): v for k, v in load_file(path).items()}
        state = self.state_dict()
        # BERT's token type 0 is added to every position: it can live in the positions.
        types = w["embeddings.token_type_embeddings.weight"][0]
        state["words.weight"] = w["embeddings.word_embeddings.weight"]
        state["positions.weight"] = w["embeddings.position_embeddings.weight"] + types
        for end in ("weight", "bias"):
            state[f"norm.{end}"] = w[f"embeddings.LayerNorm.{end}"]
            for i in range(len(self.layers)):
                theirs, ours = f"encoder.layer.{i}", f"layers.{i}"
                state[f"{ours}.qkv.{end}"] = torch.cat(
                    [w[f"{theirs}.attention.self.{n}.{end}"] for n in ("query", "key", "value")]
                )
                for name, mine in (
                    ("attention.output.dense", "out"),
                    ("attention.output.LayerNorm", "norm1"),
                    ("intermediate.dense", "up"),
                    ("output.dense", "down"),
                    ("output.LayerNorm", "norm2"),
                ):
                    state[f"{ours}.{mine}.{end}"] = w[f"{theirs}.{name}.{end}"]
        self.load_state_dict(state)


class Crf(nn.Module):
    """Linear-chain CRF (Lafferty et al. 2001) over tags, with the invalid moves forbidden."""

    def __init__(self) -> None:
        super().__init__()
        count = len(TAGS)
        self.moves = nn.Parameter(torch.zeros(count, count))
        self.starts = nn.Parameter(torch.zeros(count))
        forbidden = [
            [0.0 if allowed(a, b) else FORBIDDEN for b in range(count)] for a in range(count)
        ]
        self.register_buffer("forbidden", torch.tensor(forbidden), persistent=False)
        first = [0.0 if allowed(None, b) else FORBIDDEN for b in range(count)]
        self.register_buffer("forbidden_start", torch.tensor(first), persistent=False)

    def transitions(self) -> tuple[Tensor, Tensor]:
        """Scores of a first tag ``(tags,)`` and of each move ``(from, to)``."""
        return self.starts + self.forbidden_start, self.moves + self.forbidden

    def forward(self, emissions: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        """Negative log-likelihood a word, over ``(batch, words)`` with a mask of real ones."""
        starts, moves = self.transitions()
        score = starts[tags[:, 0]] + emissions[:, 0].gather(1, tags[:, :1]).squeeze(1)
        for t in range(1, emissions.shape[1]):
            step = emissions[:, t].gather(1, tags[:, t : t + 1]).squeeze(1)
            score = score + (step + moves[tags[:, t - 1], tags[:, t]]) * mask[:, t]
        return (self._total(emissions, mask) - score).sum() / mask.sum()

    def partial(self, emissions: Tensor, allowed: Tensor, mask: Tensor) -> Tensor:
        """The same where of some words only is known which tags they may have.

        Args:
            emissions: ``(batch, words, tags)``.
            mask: ``(batch, words)``, true where a word is.
            allowed: ``(batch, words, tags)``, true where a tag may stand.
        """
        kept = emissions.masked_fill(~allowed, FORBIDDEN)
        lost = self._total(emissions, mask) - self._total(kept, mask)
        return lost.sum() / mask.sum()

    def _total(self, emissions: Tensor, mask: Tensor) -> Tensor:
        """Log of the summed scores of all tag sequences."""
        starts, moves = self.transitions()
        alpha = starts + emissions[:, 0]
        for t in range(1, emissions.shape[1]):
            after = torch.logsumexp(alpha.unsqueeze(2) + moves, 1) + emissions[:, t]
            alpha = torch.where(mask[:, t].unsqueeze(1), after, alpha)
        return torch.logsumexp(alpha, 1)


class Links(nn.Module):
    """Scores of links between spans, each relation with "none" as a choice."""

    def __init__(self, hidden: int, roles: tuple[str, ...]) -> None:
        super().__init__()
        self.project = nn.Linear(hidden, 2 * len(roles) * LINK_SIZE)
        # One key for "none" and one table of biases a relation, which is a pair of roles.
        count = len(roles) // 2
        self.none = nn.Parameter(torch.zeros(count, LINK_SIZE))
        self.none_bias = nn.Parameter(torch.zeros(count))
        self.distance = nn.Parameter(torch.zeros(count, 2 * (len(DISTANCES) + 1)))
        self.between = nn.Parameter(torch.zeros(count, 2 * BETWEEN))
        self.paragraph = nn.Parameter(torch.zeros(count, 2))

    def forward(self, x: Tensor) -> Tensor:
        """Link vectors ``(…, 2 * roles * size)``: first-word part, then last-word part."""
        return self.project(x)

    def scores(
        self,
        relation: int,
        vectors: Tensor,
        first: Tensor,
        second: Tensor,
        buckets: tuple[Tensor, Tensor, Tensor],
    ) -> Tensor:
        """``(first, second + 1)`` for spans as word pairs; the last column is "none"."""
        half = vectors.shape[1] // 2

        def ends(index: Tensor, role: int) -> Tensor:
            a = role * LINK_SIZE
            return (
                vectors[index[:, 0], a : a + LINK_SIZE]
                + vectors[index[:, 1], half + a : half + a + LINK_SIZE]
            )

        distance, between, same = buckets
        queries = ends(first, 2 * relation)
        scale = LINK_SIZE**0.5
        scores = queries @ ends(second, 2 * relation + 1).T / scale
        scores = scores + self.distance[relation][distance] + self.between[relation][between]
        scores = scores + self.paragraph[relation][same]
        none = queries @ self.none[relation] / scale + self.none_bias[relation]
        return torch.cat([scores, none[:, None]], 1)


class Roles(nn.Module):
    """A small encoder that reads a sentence once more for each of its events.

    Links compare a trigger with each phrase by itself; here all words of the sentence see the
    trigger, its type and one another (as readers of arguments with marked triggers do, e.g.
    Ma et al. 2022, PAIE).
    """

    def __init__(self, hidden: int) -> None:
        super().__init__()
        shape = Shape(hidden=ROLE_SIZE, inner=ROLE_INNER, heads=ROLE_SIZE // 32)
        self.down = nn.Linear(hidden, ROLE_SIZE)
        self.distance = nn.Embedding(2 * ROLE_REACH + 1, ROLE_SIZE)
        self.kind = nn.Embedding(1 + len(EVENT_TYPES), ROLE_SIZE)
        nn.init.normal_(self.distance.weight, std=0.02)
        nn.init.zeros_(self.kind.weight)
        self.norm = nn.LayerNorm(ROLE_SIZE)
        self.layers = nn.ModuleList(Layer(shape, 0.1) for _ in range(ROLE_LAYERS))
        self.out = nn.Linear(ROLE_SIZE, len(ROLES))

    def forward(
        self, states: Tensor, distances: Tensor, kinds: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """Scores ``(events, words, roles)``; above zero a word is likelier than not in such a part.

        Args:
            states: of the sentences' words after the events' branch,
                ``(events or 1, words, hidden)``.
            distances: see ``decoding.role_distances``, ``(events, words)``.
            kinds: the types, from 1; 0 is unknown, ``(events,)``.
            mask: true where a word is, ``(events, 1, 1, words)``.
        """
        return self.read(self.down(states), distances, kinds, mask)

    def read(
        self, low: Tensor, distances: Tensor, kinds: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """The same from states that are brought to the roles' width already."""
        told = self.distance(distances) + self.kind(kinds)[:, None]
        x = self.norm(low + told)
        for layer in self.layers:
            x = layer(x, mask)
        return self.out(x)


class Reader(nn.Module):
    """Encoder and heads; what it returns is what the exported graph returns."""

    def __init__(self, shape: Shape | None = None) -> None:
        super().__init__()
        shape = shape or Shape()
        self.encoder = Encoder(shape)
        self.dropout = SharedDropout(0.1)
        self.tags = nn.Linear(shape.hidden, LAYERS * len(TAGS))
        self.links = Links(shape.hidden, LINK_ROLES)
        self.labels = nn.Linear(shape.hidden, LABELS)
        self.event_layers = nn.ModuleList(Layer(shape, 0.1) for _ in range(BRANCH))
        self.event_tags = nn.Linear(shape.hidden, len(TAGS))
        self.events = nn.Linear(shape.hidden, EVENT_OUTPUTS)
        self.event_links = Links(shape.hidden, EVENT_LINK_ROLES)
        self.roles = Roles(shape.hidden)
        self.crf = nn.ModuleList(Crf() for _ in range(TAG_LAYERS))

    def forward(
        self, pieces: Tensor, features: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        x, middle = self.encoder(pieces, features, mask)
        x = self.dropout(x)
        return self.tags(x), self.links(x), self.labels(x), *self.branch(middle, mask)

    def branch(self, middle: Tensor, mask: Tensor | None = None) -> tuple[Tensor, ...]:
        """Event tags, events, event links, and the states that they and the roles are read from."""
        x = middle
        for layer in self.event_layers:
            x = layer(x, mask)
        x = self.dropout(x)
        return self.event_tags(x), self.events(x), self.event_links(x), x

    def begin_mimicry(self) -> None:
        """Add what brings the branch's states to a teacher's form: for training alone."""
        self.event_mimic = nn.Linear(self.roles.down.in_features, MIMIC)

    def start_from(self, state: dict[str, Tensor]) -> None:
        """Take an earlier run's weights as far as it had the same heads (see ``lengthened``).

        A second layer of statements that it lacks begins as a copy of its first: nested ones
        look like others, and from a copy the layer is learned in a pass, from nothing not in
        four. An events' branch that it lacks begins as the encoder's last layers. Other rows
        that it lacks keep their first random values.
        """
        own = self.state_dict()
        for name, value in lengthened(state).items():
            if name.startswith("tags."):
                self._take_tags(own, name, value)
            elif name in own:
                own[name][: value.shape[0]] = value
        self.load_state_dict(own)
        if not any(name.startswith("event_layers.") for name in state):
            self.begin_branch()

    def begin_branch(self) -> None:
        """Begin the events' branch as the encoder's last layers."""
        for mine, theirs in zip(self.event_layers, self.encoder.layers[TRUNK:], strict=False):
            mine.load_state_dict(theirs.state_dict())

    def _take_tags(self, own: dict[str, Tensor], name: str, value: Tensor) -> None:
        count = len(TAGS)
        statements = value[: LAYERS * count]
        if len(statements) == count:
            statements = statements.repeat(LAYERS, *[1] * (value.dim() - 1))
        own[name] = statements
        if len(value) > LAYERS * count:
            # Before the events had a branch their tags stood behind the statements'.
            own[f"event_{name}"] = value[LAYERS * count :]
