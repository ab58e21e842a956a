"""Figures as a plain table."""

from __future__ import annotations

from typing import Any


def render(title: str, figures: dict[str, Any]) -> str:
    """Names and values, one a line; nested figures indented."""
    lines = [title]
    for name, value in figures.items():
        if isinstance(value, dict):
            lines.append(f"  {name}")
            lines += [f"    {key:<28} {_number(inner)}" for key, inner in value.items()]
        else:
            lines.append(f"  {name:<30} {_number(value)}")
    return "\n".join(lines)


def _number(value: object) -> str:
    return f"{value:10.2f}" if isinstance(value, float) else f"{value!s:>10}"
