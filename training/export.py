"""From a checkpoint to the shipped weights: int8 per-channel ONNX, tables, tokenizer, card.

python -m training export --checkpoint build/run1/last.pt --pretrained FOLDER
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from sayso.reading.encoder import FILES
from sayso.reading.labels import (
    EVENT_LINK_ROLES,
    EVENT_OUTPUTS,
    LABELS,
    LAYERS,
    LINK_ROLES,
    LINK_SIZE,
    TAGS,
)
from training.model import Reader
from training.train import tables

MATRICES_A_LAYER = 4


class RowInt8(torch.nn.Module):
    """An embedding table in int8 with a scale a row.

    The runtime's own quantisation gives the whole table one scale, which cost two points
    of F1; a scale a row costs nothing.
    """

    def __init__(self, table: torch.nn.Embedding) -> None:
        super().__init__()
        weight = table.weight.detach()
        scale = weight.abs().amax(1, keepdim=True) / 127
        self.register_buffer("scale", scale)
        self.register_buffer("rows", torch.round(weight / scale.clamp(min=1e-12)).to(torch.int8))

    def forward(self, index: torch.Tensor) -> torch.Tensor:
        rows = torch.nn.functional.embedding(index, self.rows)
        return rows.float() * torch.nn.functional.embedding(index, self.scale)


class Statements(torch.nn.Module):
    """Encoder and statements' heads for one sequence: no mask, since nothing is padded."""

    names = ("tags", "links", "labels", "middle")

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, pieces: torch.Tensor, features: torch.Tensor) -> tuple:
        x, middle = self.reader.encoder(pieces, features)
        return self.reader.tags(x), self.reader.links(x), self.reader.labels(x), middle


class Events(torch.nn.Module):
    """The events' branch, on the states where it begins."""

    names = ("event_tags", "events", "event_links")

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, middle: torch.Tensor) -> tuple:
        return self.reader.branch(middle)


def export_float(reader: Reader, target: Path, branch: Path) -> None:
    """Write both graphs in floating point, and check them against PyTorch."""
    reader.eval()
    pieces = torch.randint(1000, 20000, (1, 61), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        middle = reader.encoder.trunk(pieces, torch.zeros_like(pieces))
    given = {"pieces": pieces, "features": torch.zeros_like(pieces)}
    _export_one(Statements(reader).eval(), given, target)
    _export_one(Events(reader).eval(), {"middle": middle}, branch)


def _export_one(module: torch.nn.Module, given: dict[str, torch.Tensor], target: Path) -> None:
    length = torch.export.Dim("length", min=2, max=512)
    torch.onnx.export(
        module,
        tuple(value[:, :24] for value in given.values()),
        target,
        input_names=list(given),
        output_names=list(module.names),
        dynamic_shapes={name: {1: length} for name in given},
        opset_version=18,
        external_data=False,
    )
    _check_same(module, given, target)


@torch.no_grad()
def _check_same(module: torch.nn.Module, given: dict[str, torch.Tensor], exported: Path) -> None:
    """A graph exported in training mode, dropout and all, once lost two points unnoticed."""
    session = onnxruntime.InferenceSession(str(exported), providers=["CPUExecutionProvider"])
    expected = module(*given.values())
    found = session.run(None, {name: value.numpy() for name, value in given.items()})
    for ours, theirs in zip(expected, found, strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs, atol=1e-3)


def quantise(source: Path, target: Path, kept: int) -> None:
    """Int8 with a scale a channel; the activations' scales are found at run time, per sequence.

    Two parts stay in floating point. The heads: they are a hundredth of the work, and their
    rounding would go straight into the scores that are compared. And the first layer: its
    rounding is carried through all others, and costs two thirds of what int8 loses.

    Args:
        source: the graph in floating point.
        target: where to write.
        kept: how many matrices at the beginning stay in floating point.
    """
    graph = onnx.load(source).graph
    sizes = {t.name: numpy_helper.to_array(t).shape for t in graph.initializer}
    weighted = [
        (node.name, next(sizes[name] for name in node.input if name in sizes))
        for node in graph.node
        if node.op_type in ("MatMul", "Gemm") and any(name in sizes for name in node.input)
    ]
    outputs = (
        LAYERS * len(TAGS),
        len(TAGS),
        2 * len(LINK_ROLES) * LINK_SIZE,
        2 * len(EVENT_LINK_ROLES) * LINK_SIZE,
        LABELS,
        EVENT_OUTPUTS,
    )
    heads = [name for name, size in weighted if set(size) & set(outputs)]
    body = [name for name, _ in weighted if name not in heads]
    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul", "Gemm"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=heads + body[:kept],
    )


def export(
    checkpoint: Path,
    pretrained: Path,
    target: Path,
    *,
    floating: Path | None = None,
    cue_bonus: float = 0.0,
) -> None:
    """Write all files of the shipped weights to ``target``.

    ``cue_bonus`` is added to the score of every tag that begins a cue: missing a statement
    is as bad as inventing one, but trained taggers miss more indirect ones than they invent.
    """
    saved = torch.load(checkpoint, map_location="cpu", weights_only=False)
    reader = Reader()
    reader.load_state_dict(saved["averaged"])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        full, branch = Path(folder) / "float.onnx", Path(folder) / "branch.onnx"
        export_float(reader, full, branch)
        if floating:
            floating.mkdir(parents=True, exist_ok=True)
            shutil.copy(full, floating / FILES["encoder"])
            shutil.copy(branch, floating / FILES["events"])
        reader.encoder.words = RowInt8(reader.encoder.words)
        export_float(reader, full, branch)
        quantise(full, target / FILES["encoder"], MATRICES_A_LAYER)
        quantise(branch, target / FILES["events"], 0)
    learned = tables(reader)
    begin = TAGS.index("B-cue")
    learned.starts[:LAYERS, begin] += cue_bonus
    learned.moves[:LAYERS, :, begin] += cue_bonus
    tokenizer = json.loads((pretrained / "tokenizer.json").read_text("utf-8"))
    tokenizer.update(truncation=None, padding=None)
    folders = [target] + ([floating] if floating else [])
    for folder_ in folders:
        np.savez(folder_ / FILES["tables"], **learned.to_arrays())
        (folder_ / FILES["tokenizer"]).write_text(
            json.dumps(tokenizer, ensure_ascii=False), "utf-8"
        )
        _manifest(folder_, saved)


def _manifest(folder: Path, saved: dict) -> None:
    hashes = {
        name: hashlib.sha256((folder / file).read_bytes()).hexdigest()
        for name, file in FILES.items()
        if name != "manifest"
    }
    version = hashlib.sha256("".join(hashes[k] for k in sorted(hashes)).encode()).hexdigest()[:12]
    manifest = {
        "version": version,
        "made": datetime.now(UTC).date().isoformat(),
        "passes": saved["passes"],
        "settings": saved["settings"],
        "sha256": hashes,
    }
    (folder / FILES["manifest"]).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
