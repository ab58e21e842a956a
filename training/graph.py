"""The trained modules as ONNX graphs, written operator by operator for onnxruntime on a CPU.

A graph that PyTorch exports leaves the runtime to find what can be fused, and it finds little: its
fused layer norm takes a fifth of a pass, three times what the same norm takes written out, and
attention and GELU stay in pieces. So the graphs are written here, with the runtime's own operators
(domain ``com.microsoft``) where they are faster, and checked against PyTorch by ``export``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

from sayso.reading.labels import TRUNK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray
    from torch import Tensor, nn

    from training.model import Layer, Reader

RUNTIME = "com.microsoft"
OPSET = 18

#: The precision of a matrix: ``Precision(path, layer)`` is "float" or "int8".
Precision = "Callable[[str], str]"


class Graph:
    """A graph being written; every method returns the name of what it adds."""

    def __init__(
        self, precision: Callable[[str], str], smooth: Mapping[str, NDArray] | None = None
    ) -> None:
        self.precision = precision
        self.smooth = smooth or {}
        self._nodes: list = []
        self._constants: list = []

    def constant(self, value: NDArray) -> str:
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, *inputs: str, domain: str = "", outputs: int = 1, **settings: object):
        names = [f"{kind}{len(self._nodes)}_{i}" for i in range(outputs)]
        self._nodes.append(helper.make_node(kind, inputs, names, domain=domain, **settings))
        return names[0] if outputs == 1 else names

    def linear(self, x: str, module: nn.Linear, name: str) -> str:
        """A linear layer, in floating point or in int8.

        Int8 has a scale a channel for the weights, and one for the sequence's activations, which
        is found at run time.
        """
        weight, bias = array(module.weight).T, array(module.bias)
        how = self.precision(name)
        if how == "float":
            return self.add(
                "Add", self.add("MatMul", x, self.constant(weight)), self.constant(bias)
            )
        if name in self.smooth:
            x = self.add("Mul", x, self.constant(1 / self.smooth[name]))
            weight = weight * self.smooth[name][:, None]
        scale = np.maximum(np.abs(weight).max(0) / 127, 1e-12).astype(np.float32)
        rows = np.round(weight / scale).astype(np.int8)
        if how == "int8":
            return self.add(
                "DynamicQuantizeMatMul",
                x,
                self.constant(rows),
                self.constant(scale),
                self.constant(np.zeros(len(scale), np.int8)),
                self.constant(bias),
                domain=RUNTIME,
            )
        raise ValueError(how)

    def norm(self, x: str, module: nn.LayerNorm) -> str:
        """Layer norm written out (see above)."""
        axis = self.constant(np.array([-1], np.int64))
        centred = self.add("Sub", x, self.add("ReduceMean", x, axis, keepdims=1))
        squares = self.add("ReduceSumSquare", centred, axis, keepdims=1)
        size = np.float32(module.normalized_shape[0])
        # The mean's division goes into the gain: sqrt(n) / sqrt(sum + n * eps).
        small = self.constant(np.float32(module.eps * size) + np.float32(1e-12))
        spread = self.add("Reciprocal", self.add("Sqrt", self.add("Add", squares, small)))
        unit = self.add("Mul", centred, spread)
        gain = self.constant(array(module.weight) * np.sqrt(size))
        return self.add("Add", self.add("Mul", unit, gain), self.constant(array(module.bias)))

    def layer(self, x: str, module: Layer, name: str) -> str:
        """One of the encoder's layers."""
        qkv = self.linear(x, module.qkv, f"{name}.qkv")
        q, k, v = self.add("Split", qkv, outputs=3, axis=-1, num_outputs=3)
        seen = self.add("MultiHeadAttention", q, k, v, domain=RUNTIME, num_heads=module.heads)
        out = self.linear(seen, module.out, f"{name}.out")
        x = self.norm(self.add("Add", x, out), module.norm1)
        up = self.linear(x, module.up, f"{name}.up")
        down = self.linear(self.add("Gelu", up, domain=RUNTIME), module.down, f"{name}.down")
        return self.norm(self.add("Add", x, down), module.norm2)

    def embedded(self, pieces: str, features: str, reader: Reader) -> str:
        """Word pieces (int8, a scale a row), positions and features."""
        encoder = reader.encoder
        rows, scales = row_int8(array(encoder.words.weight))
        words = self.add("Gather", self.constant(rows), pieces)
        words = self.add("Cast", words, to=TensorProto.FLOAT)
        words = self.add("Mul", words, self.add("Gather", self.constant(scales), pieces))
        length = self.add("Shape", pieces, start=1, end=2)
        zero, axis = self.constant(np.array([0], np.int64)), self.constant(np.array([0], np.int64))
        table = self.constant(array(encoder.positions.weight))
        places = self.add("Slice", table, zero, length, axis)
        shapes = self.add("Gather", self.constant(array(encoder.features.weight)), features)
        x = self.add("Add", self.add("Add", words, places), shapes)
        return self.norm(x, encoder.norm)

    def model(self, inputs: dict[str, tuple], outputs: dict[str, tuple[str, int]]) -> ModelProto:
        """The finished graph; outputs are given as what is named and its width."""
        for name, (value, _) in outputs.items():
            self._nodes.append(helper.make_node("Identity", [value], [name]))
        graph = helper.make_graph(
            self._nodes,
            "sayso",
            [helper.make_tensor_value_info(n, kind, shape) for n, (kind, shape) in inputs.items()],
            [
                helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, "length", width])
                for n, (_, width) in outputs.items()
            ],
            self._constants,
        )
        imports = [helper.make_opsetid("", OPSET), helper.make_opsetid(RUNTIME, 1)]
        return helper.make_model(graph, opset_imports=imports, ir_version=9)


def statements(reader: Reader, precision: Callable[[str], str], smooth=None) -> ModelProto:
    """Encoder and statements' heads for one sequence: no mask, since nothing is padded."""
    graph = Graph(precision, smooth)
    x = graph.embedded("pieces", "features", reader)
    for i, layer in enumerate(reader.encoder.layers):
        x = graph.layer(x, layer, f"layers.{i}")
        if i == TRUNK - 1:
            middle = x
    heads = {"tags": reader.tags, "links": reader.links.project, "labels": reader.labels}
    outputs = {n: (graph.linear(x, m, n), m.out_features) for n, m in heads.items()}
    width = reader.tags.in_features
    whole = (TensorProto.INT64, [1, "length"])
    return graph.model({"pieces": whole, "features": whole}, {**outputs, "middle": (middle, width)})


def events(reader: Reader, precision: Callable[[str], str], smooth=None) -> ModelProto:
    """The events' branch, on the states where it begins."""
    graph = Graph(precision, smooth)
    x = "middle"
    for i, layer in enumerate(reader.event_layers):
        x = graph.layer(x, layer, f"event_layers.{i}")
    heads = {
        "event_tags": reader.event_tags,
        "events": reader.events,
        "event_links": reader.event_links.project,
    }
    outputs = {n: (graph.linear(x, m, n), m.out_features) for n, m in heads.items()}
    width = reader.event_tags.in_features
    return graph.model({"middle": (TensorProto.FLOAT, [1, "length", width])}, outputs)


def array(tensor: Tensor) -> NDArray[np.float32]:
    """A parameter as an array."""
    return tensor.detach().float().numpy()


def row_int8(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """An embedding table in int8 with a scale a row.

    The runtime's own quantisation gives the whole table one scale, which cost two points
    of F1; a scale a row costs nothing.
    """
    scale = np.maximum(np.abs(table).max(1, keepdims=True) / 127, 1e-12).astype(np.float32)
    return np.round(table / scale).astype(np.int8), scale
