"""The encoder at reading time: onnxruntime, one thread, one sequence a call."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sayso.errors import WeightsError
from sayso.reading.decoding import Tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sayso.reading.windows import Window

FILES = {
    "encoder": "encoder.onnx",
    "events": "events.onnx",
    "roles": "roles.onnx",
    "tables": "tables.npz",
    "tokenizer": "tokenizer.json",
    "manifest": "manifest.json",
}
SHIPPED = Path(__file__).parent / "weights"


#: From the first and the last word of a sentence within its window, the distances of its words from
#: each trigger (``decoding.role_distances``) and the triggers' types (from 1) to scores
#: ``(triggers, words, roles)``; above zero a word is likelier than not in such a part.
RoleScorer = Callable[[int, int, "NDArray[np.int64]", "NDArray[np.int64]"], "NDArray[np.float32]"]


@dataclass(frozen=True, slots=True)
class EventScores:
    """What the event heads say of a window.

    Attributes:
        tags: scores of the event layer's tags, ``(words, tags)``.
        words: types, modes and the like of each word, ``(words, event outputs)``.
        whole: the same output at the window's first row, which stands for all of it.
        links: link vectors of triggers and their parts, ``(words, 2 * roles * size)``.
        roles: reads a sentence once more for each of its events, see ``RoleScorer``.
    """

    tags: NDArray[np.float32]
    words: NDArray[np.float32]
    whole: NDArray[np.float32]
    links: NDArray[np.float32]
    roles: RoleScorer


@dataclass(frozen=True, slots=True)
class Scores:
    """What the heads say of each word of a window.

    Attributes:
        tags: ``(words, layers * tags)``.
        links: link vectors, ``(words, 2 * roles * size)``.
        labels: acts, classes and number, ``(words, labels)``; None in weights without them.
        events: what the event heads say; None in weights without them.
    """

    tags: NDArray[np.float32]
    links: NDArray[np.float32]
    labels: NDArray[np.float32] | None
    events: EventScores | None = None


class Encoder:
    """A fine-tuned encoder with its heads.

    Loading checks each file against the manifest's SHA-256.

    Args:
        folder: of the weights; the shipped ones by default.

    Raises:
        WeightsError: a file is missing or is not the one the manifest names.
    """

    def __init__(self, folder: Path = SHIPPED) -> None:
        self.folder = folder
        self.manifest = _checked(folder)

    @property
    def version(self) -> str:
        """A hash over all files of the weights."""
        return str(self.manifest["version"])

    @cached_property
    def tables(self) -> Tables:
        """The learned parts of decoding."""
        with np.load(self.folder / FILES["tables"]) as arrays:
            stored = {name: arrays[name].astype(np.float32) for name in arrays.files}
        return Tables.from_arrays(stored)

    @cached_property
    def _session(self) -> Any:
        return _session(self.folder / FILES["encoder"])

    @cached_property
    def _branch(self) -> Any:
        return _session(self.folder / FILES["events"])

    @cached_property
    def _roles(self) -> Any:
        return _session(self.folder / FILES["roles"])

    @property
    def has_events(self) -> bool:
        """Whether the weights have the events' branch."""
        return "events" in self.manifest["sha256"]

    @cached_property
    def _outputs(self) -> list[str]:
        return [output.name for output in self._session.get_outputs()]

    def __call__(self, window: Window, *, events: bool = False) -> Scores:
        """The heads' scores of one window's words; of events only if asked for."""
        values = self._session.run(
            None, {"pieces": window.pieces[None], "features": window.features[None]}
        )
        found = dict(zip(self._outputs, values, strict=True))
        rows = {name: value[0][window.rows] for name, value in found.items() if name != "middle"}
        told = self._events(window, found["middle"]) if events and self.has_events else None
        return Scores(rows["tags"], rows["links"], rows.get("labels"), told)

    def _events(self, window: Window, middle: NDArray[np.float32]) -> EventScores:
        names = ["event_tags", "events", "event_links", "event_states"]
        tags, events, links, states = (v[0] for v in self._branch.run(names, {"middle": middle}))
        rows = window.rows
        again = partial(self._again, states[rows])
        return EventScores(tags[rows], events[rows], events[0], links[rows], again)

    def _again(
        self,
        states: NDArray[np.float32],
        first: int,
        last: int,
        distances: NDArray[np.int64],
        kinds: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        given = {"states": states[first : last + 1], "distances": distances, "kinds": kinds}
        scores: NDArray[np.float32] = self._roles.run(None, given)[0]
        return scores


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread a process: several processes share the cores without fighting, and
    # sums are added in one order only.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _checked(folder: Path) -> Mapping[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / FILES["manifest"]).read_text("utf-8"))
        for name, expected in manifest["sha256"].items():
            data = (folder / FILES[name]).read_bytes()
            if hashlib.sha256(data).hexdigest() != expected:
                raise WeightsError(
                    f"{folder / FILES[name]} is not what its manifest names: install Sayso again"
                )
    except (OSError, KeyError, ValueError) as error:
        raise WeightsError(
            f"the model's weights in {folder} cannot be read ({error}): install Sayso again"
        ) from error
    return manifest
