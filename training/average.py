"""Average the weights of runs that went on from one another (Wortsman et al. 2022)."""

from __future__ import annotations

from pathlib import Path

import torch

from training.model import is_of_events, lengthened


def average(checkpoints: list[Path], shares: list[float], parts: list[str], out: Path) -> None:
    """Write a checkpoint whose averaged weights are those of several, in the given shares.

    Args:
        checkpoints: with averaged weights of one shape.
        shares: one a checkpoint; they count relative to those of the same part.
        parts: what each checkpoint gives: all, its statements (with the layers that both share) or
            its events (their branch and heads); none at all: all of each.
        out: where to write.

    Raises:
        ValueError: shares or parts are not as many as checkpoints, or no checkpoint gives a weight.
    """
    parts = parts or ["all"] * len(checkpoints)
    if not len(checkpoints) == len(shares) == len(parts):
        raise ValueError("give one share, and one part or none, a checkpoint")
    loaded = [torch.load(path, map_location="cpu", weights_only=False) for path in checkpoints]
    for saved in loaded:
        saved["averaged"] = lengthened(saved["averaged"])
    mean = {}
    for name in {name: None for saved in loaded for name in saved["averaged"]}:
        given = [
            (share, saved["averaged"][name])
            for share, part, saved in zip(shares, parts, loaded, strict=True)
            if part in ("all", "events" if is_of_events(name) else "statements")
            # Checkpoints from before a head was there have nothing to give to it.
            and name in saved["averaged"]
        ]
        if not given:
            raise ValueError(f"no checkpoint gives {name}")
        total = sum(share for share, _ in given)
        mean[name] = sum(share / total * value for share, value in given)
    out.parent.mkdir(parents=True, exist_ok=True)
    passes = sum(saved["passes"] for saved in loaded)
    settings = loaded[shares.index(max(shares))]["settings"]
    torch.save({"averaged": mean, "passes": passes, "settings": settings}, out)
