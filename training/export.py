"""From a checkpoint to the shipped weights: int8 per-channel ONNX, tables, tokenizer, card.

python -m training export --checkpoint build/run1/last.pt --pretrained FOLDER
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from sayso.reading.decoding import role_distances
from sayso.reading.encoder import FILES
from sayso.reading.labels import LAYERS, TAGS
from sayso.reading.windows import Segmenter, Window
from training import graph
from training.corpora import own_documents
from training.graph import Rounding
from training.model import Reader, is_of_reading, lengthened
from training.train import tables

#: Inputs that reach beyond so many times their layer's median are divided down to it.
OUTLIER = 2.0
#: How far the graphs may be from PyTorch, in floating point and in int8; random word pieces
#: reach further than texts do, whose outputs differ by .02 to .05.
EXACT, ROUNDED = 1e-4, 0.2
#: Every so manieth text of own gold tells how far activations reach.
TEXTS = 4


def check(reader: Reader, folder: Path, bound: float) -> None:
    """That the graphs say what PyTorch says: written by hand, a slip would go unnoticed.

    Args:
        reader: what was written.
        folder: of the graphs.
        bound: on the root mean square of what differs, relative to what is said.

    Raises:
        ValueError: a graph says something else.
    """
    pieces = torch.randint(1000, 20000, (1, 61), generator=torch.Generator().manual_seed(1))
    features = torch.zeros_like(pieces)
    with torch.no_grad():
        x, middle = reader.encoder(pieces, features)
        outside = reader.tags(x), reader.links(x), reader.labels(x), middle
        inside = reader.branch(middle)
        distances = torch.from_numpy(role_distances([(3, 4), (20, 20)], pieces.shape[1]))
        kinds = torch.tensor([1, 7])
        parts = (reader.roles(inside[-1], distances, kinds),)
    given = {"pieces": pieces.numpy(), "features": features.numpy()}
    for name, inputs, expected in (
        ("encoder", given, outside),
        ("events", {"middle": middle.numpy()}, inside),
        (
            "roles",
            {
                "states": inside[-1][0].numpy(),
                "distances": distances.numpy(),
                "kinds": kinds.numpy(),
            },
            parts,
        ),
    ):
        session = onnxruntime.InferenceSession(
            folder / FILES[name], providers=["CPUExecutionProvider"]
        )
        for ours, theirs in zip(expected, session.run(None, inputs), strict=True):
            error = np.linalg.norm(ours.numpy() - theirs) / np.linalg.norm(ours.numpy())
            if not error <= bound:
                raise ValueError(f"{folder / FILES[name]} differs from PyTorch by {error:.4f}")


def rounding(reader: Reader, windows: Iterable[Window]) -> Rounding:
    """Everything in int8 but the heads, which are a hundredth of the work.

    Their rounding would go straight into the scores that are compared. The two matrices of a
    layer's feed-forward part get divisors, from the activations' greatest values in ``windows``.
    The roles, which do not run here, go without.
    """
    layers = {
        name.removeprefix("encoder."): module
        for name, module in reader.named_modules()
        if isinstance(module, torch.nn.Linear) and "layers." in name
    }
    greatest: dict[str, np.ndarray] = {}

    def seen(name: str) -> Callable[..., None]:
        def hook(_module: torch.nn.Module, given: tuple[torch.Tensor], _out: torch.Tensor) -> None:
            found = given[0].abs().flatten(0, 1).amax(0).numpy()
            greatest[name] = np.maximum(greatest.get(name, 0), found)

        return hook

    hooks = [m.register_forward_hook(seen(n)) for n, m in layers.items() if _feeds(n)]
    with torch.no_grad():
        for window in windows:
            reader(torch.from_numpy(window.pieces)[None], torch.from_numpy(window.features)[None])
    for hook in hooks:
        hook.remove()
    divisors = {
        name: np.maximum(found / (OUTLIER * np.median(found)), 1).astype(np.float32)
        for name, found in greatest.items()
    }
    return Rounding(frozenset(layers), divisors, words=True)


def _feeds(name: str) -> bool:
    return name.endswith((".up", ".down"))


def _write(reader: Reader, folder: Path, how: Rounding) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(graph.statements(reader, how), folder / FILES["encoder"])
    onnx.save(graph.events(reader, how), folder / FILES["events"])
    onnx.save(graph.roles(reader, how), folder / FILES["roles"])


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
    reader = Reader().eval()
    whole = lengthened(saved["averaged"])
    reader.load_state_dict({k: v for k, v in whole.items() if is_of_reading(k)})
    segmenter = Segmenter.from_file(pretrained / "tokenizer.json")
    texts = [segmenter.words(document.text) for document in own_documents("train")[::TEXTS]]
    with tempfile.TemporaryDirectory() as folder:
        exact = floating or Path(folder)
        _write(reader, exact, Rounding())
        check(reader, exact, EXACT)
    windows = [window for words in texts for window in segmenter.windows(words)]
    _write(reader, target, rounding(reader, windows))
    check(reader, target, ROUNDED)
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
        # Where a file lay on the machine that trained is nobody's concern.
        "settings": saved["settings"] | {"taught": Path(saved["settings"].get("taught", "")).name},
        "sha256": hashes,
    }
    (folder / FILES["manifest"]).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
