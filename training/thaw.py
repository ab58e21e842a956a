"""From shipped weights back to a checkpoint that training can go on from.

    python -m training thaw --pretrained FOLDER --out build/thawed.pt

The int8 matrices come back rounded, which costs a few tenths of a point and is mended by the first
hundred steps; the word-piece embeddings were never trained and are read in full.
"""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from sayso.reading.decoding import LinkTables
from sayso.reading.encoder import FILES
from sayso.reading.labels import LAYERS, TAGS
from training.model import FORBIDDEN, Reader, is_of_events, lengthened


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
    for file in ("encoder", "events", "roles"):
        if (weights / FILES[file]).exists():
            state |= _parameters(weights / FILES[file])
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
    state = lengthened(state)
    # Strict: a parameter that is missing, unknown or of another shape is told by its name.
    if not all((weights / FILES[file]).exists() for file in ("events", "roles")):
        own = reader.state_dict()
        state |= {name: own[name] for name in own if name not in state and is_of_events(name)}
    reader.load_state_dict(state)
    manifest = json.loads((weights / FILES["manifest"]).read_text("utf-8"))
    out.parent.mkdir(parents=True, exist_ok=True)
    saved = {"averaged": state, "passes": manifest["passes"], "settings": manifest["settings"]}
    torch.save(saved, out)


def _parameters(path: Path) -> dict[str, torch.Tensor]:
    """One graph's trained arrays by their names in the module (see ``graph``)."""
    found = onnx.load(path).graph.initializer
    arrays = {t.name: numpy_helper.to_array(t) for t in found}
    state = {}
    for name, array in arrays.items():
        part, _, kind = name.rpartition(".")
        if kind == "weight":
            matrix = array.astype(np.float32) * arrays.get(f"{part}.scales", 1)
            matrix = matrix * arrays.get(f"{part}.factors", np.ones(len(array)))[:, None]
            state[f"{_own(part)}.weight"] = matrix.T
        elif kind == "gain":
            state[f"{_own(part)}.weight"] = array / np.sqrt(len(array))
        elif kind == "bias":
            state[f"{_own(part)}.bias"] = array
        elif kind == "table":
            state[f"{_own(part)}.weight"] = array
        elif kind in ("positions", "features"):
            state[f"encoder.{kind}.weight"] = array
    return {name: torch.from_numpy(array.astype(np.float32)) for name, array in state.items()}


def _own(name: str) -> str:
    """The module's name of what the graph calls by this."""
    if name.startswith("heads."):
        head = name.removeprefix("heads.")
        return f"{head}.project" if head.endswith("links") else head
    return name if name.startswith(("event_layers.", "roles.")) else f"encoder.{name}"
