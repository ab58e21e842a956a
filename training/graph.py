"""The trained modules as ONNX graphs, written operator by operator for onnxruntime on a CPU.

A graph that PyTorch exports leaves the runtime to find what can be fused, and it finds little: its
fused layer norm takes a fifth of a pass, three times what the same norm takes written out, and
attention and GELU stay in pieces. So the graphs are written here, with the runtime's own operators
(domain ``com.microsoft``) where they are faster, and checked against PyTorch by ``export``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

from sayso.reading.labels import TRUNK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from torch import Tensor, nn

    from training.model import Layer, Reader

RUNTIME = "com.microsoft"
OPSET = 18


@dataclass(frozen=True)
class Rounding:
    """What is kept in int8, and by what its inputs are divided before.

    Int8 gives all of a sequence's activations one scale. Of a layer's 384 or 1,536 inputs a few are
    ten times the others, and take the others' precision away; divided by that, and the weights
    multiplied by it, they cost nothing (Xiao et al. 2023, SmoothQuant, for outliers alone).

    Attributes:
        matrices: the linear layers in int8, by name.
        divisors: of the inputs of some of them, ``(inputs,)``.
        words: whether the table of word pieces is in int8.
    """

    matrices: frozenset[str] = frozenset()
    divisors: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    words: bool = False


class Graph:
    """A graph being written; what adds to it returns the name of the result."""

    def __init__(self, rounding: Rounding) -> None:
        self.rounding = rounding
        self._nodes: list = []
        self._constants: list = []

    def constant(self, value: NDArray, name: str | None = None) -> str:
        """A constant; what was trained has its name, so that it can be read back (``thaw``)."""
        name = name or f"constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, *inputs: str, domain: str = "", outputs: int = 1, **settings: object):
        names = [f"{kind}{len(self._nodes)}_{i}" for i in range(outputs)]
        self._nodes.append(helper.make_node(kind, inputs, names, domain=domain, **settings))
        return names[0] if outputs == 1 else names

    def linear(self, x: str, module: nn.Linear, name: str) -> str:
        """A linear layer, in floating point, or in int8 with a scale a channel."""
        weight = array(module.weight).T
        bias = self.constant(array(module.bias), f"{name}.bias")
        if name not in self.rounding.matrices:
            product = self.add("MatMul", x, self.constant(weight, f"{name}.weight"))
            return self.add("Add", product, bias)
        if name in self.rounding.divisors:
            divisors = self.rounding.divisors[name]
            x = self.add("Mul", x, self.constant(1 / divisors, f"{name}.factors"))
            weight = weight * divisors[:, None]
        columns, scales = row_int8(weight.T)
        zero = self.constant(np.zeros(len(scales), np.int8))
        scale = self.constant(scales[:, 0], f"{name}.scales")
        given = (x, self.constant(columns.T, f"{name}.weight"), scale, zero, bias)
        return self.add("DynamicQuantizeMatMul", *given, domain=RUNTIME)

    def norm(self, x: str, module: nn.LayerNorm, name: str) -> str:
        """Layer norm written out (see above)."""
        axis = self.constant(np.array([-1], np.int64))
        centred = self.add("Sub", x, self.add("ReduceMean", x, axis, keepdims=1))
        squares = self.add("ReduceSumSquare", centred, axis, keepdims=1)
        size = np.float32(module.normalized_shape[0])
        # The mean's division goes into the gain: sqrt(n) / sqrt(sum + n * eps).
        small = self.constant(np.float32(module.eps * size))
        spread = self.add("Reciprocal", self.add("Sqrt", self.add("Add", squares, small)))
        unit = self.add("Mul", centred, spread)
        gain = self.constant(array(module.weight) * np.sqrt(size), f"{name}.gain")
        bias = self.constant(array(module.bias), f"{name}.bias")
        return self.add("Add", self.add("Mul", unit, gain), bias)

    def layer(self, x: str, module: Layer, name: str) -> str:
        """One of the encoder's layers."""
        qkv = self.linear(x, module.qkv, f"{name}.qkv")
        q, k, v = self.add("Split", qkv, outputs=3, axis=-1, num_outputs=3)
        seen = self.add("MultiHeadAttention", q, k, v, domain=RUNTIME, num_heads=module.heads)
        out = self.linear(seen, module.out, f"{name}.out")
        x = self.norm(self.add("Add", x, out), module.norm1, f"{name}.norm1")
        up = self.linear(x, module.up, f"{name}.up")
        down = self.linear(self.add("Gelu", up, domain=RUNTIME), module.down, f"{name}.down")
        return self.norm(self.add("Add", x, down), module.norm2, f"{name}.norm2")

    def embedded(self, pieces: str, features: str, reader: Reader) -> str:
        """Word pieces (int8, a scale a row), positions and features."""
        encoder = reader.encoder
        words = self._words(array(encoder.words.weight), pieces)
        length = self.add("Shape", pieces, start=1, end=2)
        zero, axis = self.constant(np.array([0], np.int64)), self.constant(np.array([0], np.int64))
        table = self.constant(array(encoder.positions.weight), "places.positions")
        places = self.add("Slice", table, zero, length, axis)
        learned = self.constant(array(encoder.features.weight), "shapes.features")
        shapes = self.add("Gather", learned, features)
        x = self.add("Add", self.add("Add", words, places), shapes)
        return self.norm(x, encoder.norm, "norm")

    def _words(self, table: NDArray[np.float32], pieces: str) -> str:
        if not self.rounding.words:
            return self.add("Gather", self.constant(table), pieces)
        rows, scales = (self.constant(part) for part in row_int8(table))
        words = self.add("Cast", self.add("Gather", rows, pieces), to=TensorProto.FLOAT)
        return self.add("Mul", words, self.add("Gather", scales, pieces))

    def model(
        self,
        inputs: dict[str, tuple],
        outputs: dict[str, tuple[str, int]],
        count: int | str = 1,
    ) -> ModelProto:
        """The finished graph; outputs are given as what is named and its width."""
        for name, (value, _) in outputs.items():
            self._nodes.append(helper.make_node("Identity", [value], [name]))
        graph = helper.make_graph(
            self._nodes,
            "sayso",
            [helper.make_tensor_value_info(n, kind, shape) for n, (kind, shape) in inputs.items()],
            [
                helper.make_tensor_value_info(n, TensorProto.FLOAT, [count, "length", width])
                for n, (_, width) in outputs.items()
            ],
            self._constants,
        )
        imports = [helper.make_opsetid("", OPSET), helper.make_opsetid(RUNTIME, 1)]
        return helper.make_model(graph, opset_imports=imports, ir_version=9)


def statements(reader: Reader, rounding: Rounding) -> ModelProto:
    """Encoder and statements' heads for one sequence: no mask, since nothing is padded."""
    graph = Graph(rounding)
    x = graph.embedded("pieces", "features", reader)
    for i, layer in enumerate(reader.encoder.layers):
        x = graph.layer(x, layer, f"layers.{i}")
        if i == TRUNK - 1:
            middle = x
    heads = {"tags": reader.tags, "links": reader.links.project, "labels": reader.labels}
    outputs = {n: (graph.linear(x, m, f"heads.{n}"), m.out_features) for n, m in heads.items()}
    width = reader.tags.in_features
    whole = (TensorProto.INT64, [1, "length"])
    return graph.model({"pieces": whole, "features": whole}, {**outputs, "middle": (middle, width)})


def events(reader: Reader, rounding: Rounding) -> ModelProto:
    """The events' branch, on the states where it begins."""
    graph = Graph(rounding)
    x = "middle"
    for i, layer in enumerate(reader.event_layers):
        x = graph.layer(x, layer, f"event_layers.{i}")
    heads = {
        "event_tags": reader.event_tags,
        "events": reader.events,
        "event_links": reader.event_links.project,
    }
    outputs = {n: (graph.linear(x, m, f"heads.{n}"), m.out_features) for n, m in heads.items()}
    width = reader.event_tags.in_features
    outputs["event_states"] = (x, width)
    return graph.model({"middle": (TensorProto.FLOAT, [1, "length", width])}, outputs)


def roles(reader: Reader, rounding: Rounding) -> ModelProto:
    """One sentence read once more for each of its events."""
    graph = Graph(rounding)
    module = reader.roles
    tables = (("distance", module.distance, "distances"), ("kind", module.kind, "kinds"))
    distances, kinds = (
        graph.add("Gather", graph.constant(array(t.weight), f"roles.{name}.table"), given)
        for name, t, given in tables
    )
    axis = graph.constant(np.array([1], np.int64))
    told = graph.add("Add", distances, graph.add("Unsqueeze", kinds, axis))
    x = graph.add("Add", graph.linear("states", module.down, "roles.down"), told)
    x = graph.norm(x, module.norm, "roles.norm")
    for i, layer in enumerate(module.layers):
        x = graph.layer(x, layer, f"roles.layers.{i}")
    scores = graph.linear(x, module.out, "roles.out")
    whole = TensorProto.INT64
    inputs = {
        "states": (TensorProto.FLOAT, ["length", module.down.in_features]),
        "distances": (whole, ["events", "length"]),
        "kinds": (whole, ["events"]),
    }
    return graph.model(inputs, {"scores": (scores, module.out.out_features)}, count="events")


def array(tensor: Tensor) -> NDArray[np.float32]:
    """A parameter as an array."""
    return tensor.detach().float().numpy()


def row_int8(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A table in int8 with a scale a row, ``(rows, 1)``.

    The runtime's own quantisation gives the whole table one scale, which cost two points
    of F1; a scale a row costs nothing.
    """
    scale = np.maximum(np.abs(table).max(1, keepdims=True) / 127, 1e-12).astype(np.float32)
    return np.round(table / scale).astype(np.int8), scale
