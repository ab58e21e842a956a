"""Average the weights of runs that went on from one another (Wortsman et al. 2022)."""

from __future__ import annotations

from pathlib import Path

import torch


def average(checkpoints: list[Path], shares: list[float], out: Path) -> None:
    """Write a checkpoint whose averaged weights are those of several, in the given shares."""
    if len(checkpoints) != len(shares):
        raise ValueError("give one share a checkpoint")
    loaded = [torch.load(path, map_location="cpu", weights_only=False) for path in checkpoints]
    total = sum(shares)
    mean = {
        name: sum(
            share / total * saved["averaged"][name]
            for share, saved in zip(shares, loaded, strict=True)
        )
        for name in loaded[-1]["averaged"]
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    passes = sum(saved["passes"] for saved in loaded)
    settings = loaded[shares.index(max(shares))]["settings"]
    torch.save({"averaged": mean, "passes": passes, "settings": settings}, out)
