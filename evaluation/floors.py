"""The ratchet: figures once reached are pinned, and may not be lost silently."""

from __future__ import annotations

import hashlib
import sys
import tomllib
from pathlib import Path
from typing import Any

from evaluation.measures import MEASURES, DataMissingError

FILE = Path(__file__).with_name("floors.toml")
ROOT = Path(__file__).parents[1]
# Dynamic int8 rounds differently on processors with and without VNNI instructions.
SLACK = 0.3


def hold(data: Path | None, *, raised: bool = False, lower: bool = False) -> int:
    """Measure all pinned figures; 1 where one is below its floor or the data is another."""
    pinned = tomllib.loads(FILE.read_text("utf-8"))
    failed = False
    for name, entry in pinned.items():
        try:
            figures = MEASURES[name](data, "dev", None)
        except DataMissingError as missing:
            print(f"{name}: skipped: {missing}", file=sys.stderr)
            continue
        digest = data_hash(data, entry["data"])
        if entry["sha256"] != digest and not lower:
            print(f"{name}: the data in {entry['data']} is not what the floors were pinned on")
            failed = True
            continue
        for key, floor in entry["floors"].items():
            reached = _at(figures, key)
            ok = reached >= floor - (SLACK if floor > 1 else SLACK / 100)
            failed |= not ok and not lower
            verdict = "" if ok else "BELOW"
            print(f"{name:<12} {key:<34} {reached:8.2f}   floor {floor:8.2f}   {verdict}")
            if lower or (raised and reached > floor):
                entry["floors"][key] = reached
        entry["sha256"] = digest
    if raised or lower:
        FILE.write_text(_toml(pinned), "utf-8")
    return int(failed)


def data_hash(data: Path | None, part: str) -> str:
    """SHA-256 over names and contents of all files under a part of the data, or of our own gold."""
    root = ROOT if part.startswith(("evaluation/", "examples/")) else data or Path()
    digest = hashlib.sha256()
    for path in sorted((root / part).rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _at(figures: dict[str, Any], key: str) -> float:
    value: Any = figures
    for step in key.split("."):
        value = value[step]
    return float(value)


def _toml(pinned: dict[str, Any]) -> str:
    lines = [
        "# What was reached, on which data. Raised by `make evaluate-raise`; lowered only by hand",
        "# with `python -m evaluation --floors --lower`, and then with the reason in the commit.",
    ]
    for name, entry in pinned.items():
        lines += ["", f"[{name}]", f'data = "{entry["data"]}"', f'sha256 = "{entry["sha256"]}"']
        lines += ["", f"[{name}.floors]"]
        lines += [f'"{key}" = {value}' for key, value in entry["floors"].items()]
    return "\n".join(lines) + "\n"
