"""Actor coding on the tests of NGEC, the coder of POLECAT: country and first sector.

A test tells an actor as a text has it, sometimes words around it and a date. Its ``today`` is
the unknown day on which it was written: such a test, and one without a date, is asked of no day.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from sayso.codebook.actors import ActorTables
from sayso.records import Actor
from sayso.resolving.actors import code_actor

FILE = "actors/actor_codes_{split}.jsonl"
_FORMS = ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%Y%m%d")


def evaluate(data: Path, split: str) -> dict[str, Any]:
    """``country``, ``sector``, ``both``: of the cases that expect such, the share that is met.

    An expected empty code is met by none at all. ``cases`` are those of ``both``.
    """
    tables = ActorTables.load()
    path = data / FILE.format(split=split)
    lines = path.read_text("utf-8").splitlines()
    hits: dict[str, list[bool]] = {"country": [], "sector": [], "both": []}
    for case in map(json.loads, lines):
        for key, hit in met(case, coded(case, tables)).items():
            hits[key].append(hit)
    return {
        **{key: round(sum(found) / max(len(found), 1), 4) for key, found in hits.items()},
        "cases": len(hits["both"]),
    }


def coded(case: dict[str, Any], tables: ActorTables) -> Actor:
    """What we make of a test's actor."""
    date = day(case.get("date") or "")
    return code_actor(case["actor"], tables, context=case.get("context") or "", date=date)


def met(case: dict[str, Any], actor: Actor) -> dict[str, bool]:
    """Which of a test's expectations are met; those that it does not have are left out."""
    expect = case["expect"]
    found = {}
    if "country" in expect:
        found["country"] = (actor.country or "") == expect["country"]
    if "code_1" in expect:
        found["sector"] = (actor.sectors[0] if actor.sectors else "") == expect["code_1"]
    if len(found) == 2:
        found["both"] = all(found.values())
    return found


def day(text: str) -> dt.date | None:
    """A test's date; None for none, for ``today`` and for what is no date."""
    for form in _FORMS:
        try:
            return dt.datetime.strptime(text.strip(), form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
