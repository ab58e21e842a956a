"""From shipped weights back to a checkpoint that training can go on from.

    python -m training thaw --pretrained FOLDER --out build/thawed.pt

The int8 matrices come back rounded, which costs a few tenths of a point and is mended by the first
hundred steps; the word-piece embeddings were never trained and are read in full.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from sayso.reading.decoding import LinkTables
from sayso.reading.encoder import FILES
from sayso.reading.labels import BRANCH, LAYERS, TAGS
from training.model import FORBIDDEN, Reader

MATRICES = ("qkv", "out", "up", "down")


def thaw(weights: Path, pretrained: Path, out: Path, *, cue_bonus: float = 0.0) -> None:
    """Write a checkpoint with the shipped weights as its averaged ones.

    Args:
        weights: folder of the shipped weights.
        pretrained: folder of the encoder they began from.
        out: the checkpoint.
        cue_bonus: what the export added to each cue's first tag.
    """
    reader = Reader()
    reader.encoder.load_bert(pretrained / "model.safetensors")
    state = {"encoder.words.weight": reader.encoder.words.weight.detach()}
    layers = [f"encoder.layers.{i}" for i in range(len(reader.encoder.layers))]
    _take(state, weights / FILES["encoder"], layers, ("tags", "links.project", "labels"))
    if (weights / FILES["events"]).exists():
        layers = [f"event_layers.{i}" for i in range(BRANCH)]
        heads = ("event_tags", "events", "event_links.project")
        _take(state, weights / FILES["events"], layers, heads)
    with np.load(weights / FILES["tables"]) as tables:
        begin = TAGS.index("B-cue")
        for layer in range(len(tables["starts"])):
            starts, moves = tables["starts"][layer].copy(), tables["moves"][layer].copy()
            if layer < LAYERS:
                starts[begin] -= cue_bonus
                moves[:, begin] -= cue_bonus
            for key, array in ((f"crf.{layer}.starts", starts), (f"crf.{layer}.moves", moves)):
                array[array < FORBIDDEN / 2] = 0
                state[key] = torch.from_numpy(array)
        for field in fields(LinkTables):
            for stored, own in ((field.name, "links"), (f"event_{field.name}", "event_links")):
                if stored in tables:
                    state[f"{own}.{field.name}"] = torch.from_numpy(tables[stored].copy())
    manifest = json.loads((weights / FILES["manifest"]).read_text("utf-8"))
    out.parent.mkdir(parents=True, exist_ok=True)
    saved = {"averaged": state, "passes": manifest["passes"], "settings": manifest["settings"]}
    torch.save(saved, out)


def _take(state: dict[str, torch.Tensor], path: Path, layers: list[str], heads: Sequence) -> None:
    """Put one graph's arrays into a state; matrices have lost their names, not their order."""
    found = onnx.load(path).graph.initializer
    arrays = {t.name: numpy_helper.to_array(t) for t in found}
    for name, array in arrays.items():
        if name.startswith("reader.") and not name.startswith("reader.encoder.words"):
            state[name.removeprefix("reader.")] = torch.from_numpy(array.copy())
    names = [f"{layer}.{part}" for layer in layers for part in MATRICES]
    for name, matrix in zip([*names, *heads], _matrices(arrays), strict=True):
        state[f"{name}.weight"] = torch.from_numpy(matrix.T.copy())


def _matrices(arrays: dict[str, np.ndarray]) -> list[np.ndarray]:
    """All weight matrices in the order of the graph, in floating point."""
    found = []
    for name, array in arrays.items():
        if not (match := re.fullmatch(r"val_(\d+)(_quantized)?", name)) or array.ndim != 2:
            continue
        matrix = array
        if match[2]:
            matrix = array.astype(np.float32) * arrays[f"val_{match[1]}_scale"]
        found.append((int(match[1]), matrix))
    return [matrix for _, matrix in sorted(found, key=lambda item: item[0])]
