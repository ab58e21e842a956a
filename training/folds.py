"""Five-fold cross-validation of the event heads on PLV's training part.

    python -m training folds --data ../shared/data --start build/stage1/last.pt --out build/folds

Each fold's model begins from a checkpoint that has seen none of the event sets (stage one, which
knows PolNeAR alone), is trained on four fifths of them all, exported as it would be shipped,
and measured on the fifth. The seventh that is kept from the shipped weights takes part here.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from evaluation import plv
from evaluation.event_data import FOLDS
from sayso.reader import Reader
from training.export import export
from training.settings import Settings
from training.train import train

FIGURES = ("root", "quad", "binary", "raw_root", "raw_triple", "events_a_sentence")


def folds(data: Path, pretrained: Path, out: Path, start: Path, settings: Settings) -> None:
    """Train, export and measure each fold; ``out/folds.jsonl`` has a row a fold and the mean.

    A fold whose weights are there already is only measured.
    """
    rows = []
    out.mkdir(parents=True, exist_ok=True)
    for fold in range(FOLDS):
        folder = out / f"fold{fold}"
        weights = folder / "weights"
        if not weights.exists():
            train(data, pretrained, folder, replace(settings, fold=fold), start=start)
            export(folder / "last.pt", pretrained, weights)
        rows.append({"fold": fold, **plv.evaluate(data, f"fold:{fold}", Reader(weights))})
        print(json.dumps(rows[-1]), flush=True)
    mean = {name: round(sum(row[name] for row in rows) / FOLDS, 4) for name in FIGURES}
    print(json.dumps({"mean": mean}))
    lines = [json.dumps(row) for row in [*rows, {"mean": mean}]]
    (out / "folds.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
