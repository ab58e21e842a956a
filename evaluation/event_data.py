"""The public event sets, read as they stand in the data folder, each in two parts.

One record in seven, by a hash of its text, is never trained on and measures (``dev``); the
same text falls on the same side in every set. ``test`` is a held-out file beside them.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

HELD_OUT = 7
FOLDS = 5


def is_dev(text: str) -> bool:
    """Whether a text is kept from training: by its letters alone, so that copies go together."""
    return _number(text) % HELD_OUT == 0


def _number(text: str) -> int:
    letters = "".join(c for c in text.lower() if c.isalnum())
    return int(hashlib.sha256(letters.encode()).hexdigest(), 16)


def _belongs(text: str, split: str) -> bool:
    side, _, fold = split.partition(":")
    if fold:
        return (_number(text) % FOLDS == int(fold)) == (side == "fold")
    return is_dev(text) == (split == "dev")


def records(data: Path, name: str, split: str, key: str) -> list[dict[str, Any]]:
    """Records of ``events/NAME_train.jsonl`` (all splits but test) or ``NAME_test.jsonl``.

    Args:
        data: folder of the data.
        name: of the set.
        split: ``train``, ``dev`` or ``test``; for cross-validation ``fold:K``, one of five
            parts, and ``without:K``, the four others.
        key: the field that holds the text; a list of tokens counts as one.
    """
    file = data / "events" / f"{name}_{'test' if split == 'test' else 'train'}.jsonl"
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    if split == "test":
        return rows

    def text(row: dict[str, Any]) -> str:
        return "".join(row[key]) if isinstance(row[key], list) else str(row[key])

    return [row for row in rows if _belongs(text(row), split)]
