"""The model card: written from the manifest and from measuring the shipped weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evaluation.measures import MEASURES
from sayso.reading.encoder import FILES

_TEXT = """\
# The reader's weights, version {version}

One encoder (BERT, 6 layers of 384, 22.7 million parameters, all-MiniLM-L6-v2's shape and starting
point) with heads for statements and events. `encoder.onnx` is int8 (a scale a channel for the
matrices, a row for the embeddings), as are the events' branch (`events.onnx`) and the small encoder
that reads an event's sentence once more for its parties (`roles.onnx`, 256 wide, two layers);
`tables.npz` holds the CRF's moves and the link biases.

| | |
|---|---|
| made | {made}, {passes} passes over the training texts, seed {seed} |
| trained on | {trained} |
| tuned on | PolNeAR dev; nothing of any test part was seen |
| meant for | English news, whole articles; other languages are refused by the reader |
| weak at | {weak} |
| licence | {licence} |

## Scores

`python -m evaluation attribution --data DIR` on PolNeAR dev, percent:

| exact source | exact cue | exact content | pair | pair recall direct | mixed | indirect |
|---|---|---|---|---|---|---|
| {source_exact} | {cue_exact} | {content_exact} | {pair} | {direct} | {mixed} | {indirect} |

Two people on the same texts, same scorer: {annotators}.

On the parts of the other sets that were never trained on, and on the project's own gold:

| measure | figures |
|---|---|
{others}

## Files

| file | SHA-256 |
|---|---|
{files}

Settings of the run: `{settings}`
"""


_TRAINED = (
    "PolNeAR train and annotator-training (US news of 2016, `attribution/polnear`); six sevenths "
    "of PLV, CAMEO sentences, event locations and SATP, and the factuality sets' training parts "
    "(`events`, `factuality`); texts written for this project: own gold train, the example "
    "press's statements (not its events), event sentences, short texts, articles; PolNeAR train, "
    "event locations, SATP, Reuters-21578, IndiaPoliceEvents, ECB+, MUC-4, news pages and GUM as a "
    "larger encoder (MPNet-base, fine-tuned on the project's own gold) reads their events"
)
_LICENCE = (
    "Apache-2.0, as the pretrained encoder; of the training sets the CAMEO sentences' repository "
    "is GPL-3, the event locations' MIT, the others state none"
)
OTHERS = (
    *("own", "gum", "speakers", "plv", "cameo", "location", "satp", "factuality"),
    *("events", "dispatches", "voices"),
)


def _figures(figures: dict[str, Any]) -> str:
    """Numbers by name, on one line; those inside others with both names."""
    parts = []
    for name, value in figures.items():
        if isinstance(value, dict):
            parts += [f"{name} {key} {inner}" for key, inner in value.items()]
        else:
            parts.append(f"{name} {value}")
    return ", ".join(parts)


def write(folder: Path, data: Path, *, also: str, weak: str) -> None:
    """Measure the weights in ``folder`` and write ``card.md`` beside them."""
    manifest: dict[str, Any] = json.loads((folder / FILES["manifest"]).read_text("utf-8"))
    figures = MEASURES["attribution"](data, "dev", folder)
    people = figures["annotators"]
    keys = ("source_exact", "cue_exact", "content_exact", "pair")
    text = _TEXT.format(
        version=manifest["version"],
        made=manifest["made"],
        passes=manifest["passes"],
        seed=manifest["settings"]["seed"],
        trained=_TRAINED + also,
        licence=_LICENCE,
        weak=weak,
        **{key: figures[key] for key in keys},
        **figures["pair_recall_by_kind"],
        annotators=" / ".join(str(people[key]) for key in keys),
        others="\n".join(
            f"| `{name}` | {_figures(MEASURES[name](data, 'dev', folder))} |" for name in OTHERS
        ),
        files="\n".join(f"| {FILES[k]} | `{v}` |" for k, v in manifest["sha256"].items()),
        settings=json.dumps(manifest["settings"]),
    )
    (folder / "card.md").write_text(text, "utf-8")
