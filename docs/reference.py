"""Write the command line's reference: `python docs/reference.py [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from typer.main import get_command

from sayso.cli import app

TARGET = Path(__file__).parent / "reference" / "cli.md"


def reference() -> str:
    """All commands with their options, from the help texts themselves."""
    lines = [
        "# The command line",
        "",
        "Written by `python docs/reference.py` from the commands' own help; do not edit.",
    ]
    commands: dict[str, Any] = get_command(app).commands  # type: ignore[attr-defined]
    for name, command in flat(commands):
        lines += ["", f"## sayso {name}", "", _plain(command.help or "")]
        rows = [_row(parameter) for parameter in command.params if not parameter.hidden]
        lines += ["", "| | |", "|---|---|", *rows]
    return "\n".join(lines) + "\n"


def flat(commands: dict[str, Any]) -> list[tuple[str, Any]]:
    """Commands, and those of groups under both names."""
    found: list[tuple[str, Any]] = []
    for name, command in commands.items():
        inner = getattr(command, "commands", None)
        found += [(f"{name} {n}", c) for n, c in inner.items()] if inner else [(name, command)]
    return found


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\b", "").strip().splitlines())


def _row(parameter: Any) -> str:
    names = ", ".join(f"`{name}`" for name in parameter.opts)
    if parameter.param_type_name == "argument":
        names = f"`{parameter.name.upper()}`"
    help_text = (getattr(parameter, "help", "") or "").replace("|", "\\|").replace("\n", " ")
    return f"| {names} | {help_text} |"


def main() -> int:
    """Write, or with --check compare; the exit status."""
    if "--check" in sys.argv:
        return int(not TARGET.exists() or TARGET.read_text("utf-8") != reference())
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(reference(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
