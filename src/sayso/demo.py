"""The press of an invented country, for ``sayso demo``."""

from __future__ import annotations

import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.errors import SaysoError

if TYPE_CHECKING:
    from sayso.ledger import Ledger
    from sayso.records import Reading


def press() -> Path:
    """The folder of the example articles: in the installed package, or in the repository.

    Raises:
        SaysoError: it is in neither.
    """
    package = Path(str(files("sayso")))
    for folder in (package / "_press", package.parents[1] / "examples" / "press"):
        if folder.is_dir():
            return folder
    raise SaysoError("the example articles are missing from this installation; install it anew")


def temporary_ledger() -> str:
    """A new folder for a ledger that nobody means to keep."""
    return str(Path(tempfile.mkdtemp(prefix="sayso-demo-")) / "ledger")


_TELLING = """
SELECT article_id FROM attributions JOIN articles ON articles.id = article_id
WHERE length(text) < 2500
GROUP BY article_id ORDER BY count(DISTINCT act) DESC, count(*) DESC, article_id LIMIT 1
"""


def telling_article(ledger: Ledger) -> Reading | None:
    """A short article in which many different things are done by saying."""
    rows = ledger.sql(_TELLING).rows()
    return ledger.reading(rows[0]["article_id"]) if rows else None
