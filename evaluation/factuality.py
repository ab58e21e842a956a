"""How sure an event is told to be, -3 to 3, on UW, UDS-IH2 and MEANTIME."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np

from sayso.reader import Reader
from sayso.reading.labels import CERTAINTY

SETS = ("UW", "UDS_IH2", "MEANTIME")
_NEGATIONS = frozenset(
    "not n't no never none nobody nothing without deny denied denies refused".split()
)
_HEDGES = frozenset(
    "may might could would should will if whether possible possibly likely perhaps plan plans "
    "planned hope hopes want wants expected seek seeks threatened alleged to".split()
)


def evaluate(data: Path, split: str, reader: Reader) -> dict[str, Any]:
    """Mean absolute error a set.

    The model's, the majority's (the training part's median), and that of a short list of
    negations and hedges within five words before.
    """
    return {name: _one(data / "factuality" / name, split, reader) for name in SETS}


def _one(folder: Path, split: str, reader: Reader) -> dict[str, Any]:
    rows, train = _rows(folder, split), _rows(folder, "train")
    middle = median(t["label"] for row in train for t in row["targets"])
    errors: dict[str, list[float]] = {"mae": [], "majority": [], "lexicon": []}
    stage = reader.stage()
    for row in rows:
        text = stage.text("", row["text"])
        certainty = np.zeros(len(text.words), np.float32)
        for indices, scores in stage.scored(text):
            certainty[indices] = scores.events.words[:, CERTAINTY]
        tokens = row["text"].split(" ")
        starts = np.cumsum([0, *(len(t) + 1 for t in tokens)])
        for target in row["targets"]:
            last = min(target["span1"][1] - 1, len(tokens) - 1)
            word = int(np.searchsorted(text.words.end, starts[last], "right"))
            if word >= len(text.words):
                continue
            guess = float(np.clip(certainty[word], -3, 3))
            before = {t.lower() for t in tokens[max(last - 5, 0) : last]}
            listed = -3.0 if before & _NEGATIONS else 0.5 if before & _HEDGES else 3.0
            gold = target["label"]
            errors["mae"].append(abs(guess - gold))
            errors["majority"].append(abs(middle - gold))
            errors["lexicon"].append(abs(listed - gold))
    return {name: round(fmean(values), 4) for name, values in errors.items()}


def _rows(folder: Path, split: str) -> list[dict[str, Any]]:
    lines = (folder / f"{split}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]
