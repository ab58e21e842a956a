"""Docs cannot lie: code is run, commands exist, the reference is what the help says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from runpy import run_path

import pytest
from typer.main import get_command

from sayso.cli import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
GROUPS = get_command(app).commands  # type: ignore[attr-defined]
COMMANDS = dict(run_path(str(ROOT / "docs/reference.py"))["flat"](GROUPS))


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("code", blocks("python"))
def test_every_python_block_of_the_readme_runs(code: str, capsys: pytest.CaptureFixture) -> None:
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - that is the test
    assert "Ada Mint" in capsys.readouterr().out


def shell_lines() -> list[str]:
    lines = "\n".join(blocks("sh")).splitlines()
    return [line for line in lines if line.startswith("sayso ")]


def test_the_readme_has_code_to_check() -> None:
    assert len(blocks("python")) == 1
    assert len(shell_lines()) >= 6


@pytest.mark.parametrize("line", shell_lines())
def test_every_command_of_the_readme_exists_with_its_options(line: str) -> None:
    words = shlex.split(line, comments=True)
    command = COMMANDS.get(" ".join(words[1:3])) or COMMANDS[words[1]]
    known = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known


def test_the_reference_is_what_the_commands_say() -> None:
    done = subprocess.run([sys.executable, ROOT / "docs/reference.py", "--check"], check=False)
    assert done.returncode == 0, "run `python docs/reference.py`"


def test_every_command_has_an_example_and_every_option_a_help() -> None:
    for name, command in COMMANDS.items():
        assert f"sayso {name}" in command.help, name
        for parameter in command.params:
            assert getattr(parameter, "help", None), (name, parameter.name)


def test_links_in_the_docs_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            assert "://" in target or (page.parent / target).exists(), (page, target)


def test_no_machine_and_no_registry_is_named() -> None:
    # The lock installs from wherever pip is set up to look.
    assert "://" not in (ROOT / "requirements.lock").read_text("utf-8")
