"""What ``sayso doctor`` checks of the installation; a ledger checks itself."""

from __future__ import annotations

import platform
from importlib.util import find_spec

from sayso import __version__
from sayso.ledger import Check
from sayso.reader import Reader

_EXTRAS = {
    "web": ("fastapi", "jinja2", "uvicorn"),
    "notebook": ("pandas", "polars"),
}
_SENTENCE = "“The harvest was poor,” the mayor said on Monday."


def installation() -> list[Check]:
    """Versions, the model on one sentence, and which extras are there. Never raises."""
    python = f"Sayso {__version__}, Python {platform.python_version()} on {platform.platform()}"
    return [Check("software", ok=True, detail=python), _model(), *map(_extra, _EXTRAS)]


def _model() -> Check:
    reader = Reader()
    try:
        found = len(reader.read({"text": _SENTENCE}).attributions)
    except Exception as error:  # noqa: BLE001 - whatever is wrong is what is asked for
        return Check(
            "model", ok=False, detail=f"{type(error).__name__}: {error}; install Sayso anew"
        )
    detail = f"{reader.version}, {found} statement in a sentence that holds one"
    return Check("model", ok=found == 1, detail=detail)


def _extra(name: str) -> Check:
    """An extra that is missing is worth a line, but nothing is wrong without it."""
    missing = [module for module in _EXTRAS[name] if find_spec(module) is None]
    detail = f'without {", ".join(missing)}: pip install "sayso[{name}]"' if missing else "here"
    return Check(f"extra {name}", ok=True, detail=detail)
