"""Attacks in South Asia Terrorism Portal texts: who, whom, what kind, where, when."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evaluation.event_data import records
from sayso.reader import Reader
from sayso.records import Article, Event

SLOTS = ("source", "target", "action_type", "location", "date")
#: Our modes of ASSAULT as SATP's kinds.
KINDS = {
    "explosives": "Bombing/Explosion",
    "suicide-attack": "Bombing/Explosion",
    "heavy-weapons": "Bombing/Explosion",
    "aerial": "Bombing/Explosion",
    "drone": "Bombing/Explosion",
    "firearms": "Armed Assault",
    "abduct": "Kidnapping",
    "targeted": "Assassination",
    "destroy": "Facility/Infrastructure Attack",
    "beat": "Unarmed Assault",
    "primitive": "Unarmed Assault",
}
_STATE = frozenset({"MIL", "COP", "GOV", "SPY", "PRM"})


def evaluate(data: Path, split: str, reader: Reader) -> dict[str, Any]:
    """F1 a slot over the texts that tell of an attack, and the share with all five right.

    A found string counts when it and one of the gold's hold one another, up to case and
    articles. SATP codes the attacks of armed groups alone: assaults whose actor is coded as
    the state's are left out. ``relevant``: macro-F1 of whether a text tells of any.
    """
    counts = {slot: [0, 0, 0] for slot in SLOTS}
    all_right = relevant = 0
    flags: list[tuple[bool, bool]] = []
    for row in records(data, "satp", split, "news"):
        article = Article.create(row["news"], language="en")
        attacks = [e for e in reader.read(article).events if _is_attack(e)]
        told = row["is_relevant"] == "True"
        flags.append((told, bool(attacks)))
        if not told:
            continue
        relevant += 1
        right = True
        found = _slots(article.text, attacks)
        for slot in SLOTS:
            gold = {_plain(s) for s in row[slot] or [] if s not in ("Unknown", "NotSpecified")}
            hits = sum(any(_same(g, f) for f in found[slot]) for g in gold)
            good = sum(any(_same(g, f) for g in gold) for f in found[slot])
            counts[slot][0] += hits
            counts[slot][1] += len(gold) + len(found[slot])
            counts[slot][2] += good
            right = right and hits == len(gold) and good == len(found[slot])
        all_right += right
    return {
        **{s: round((hit + good) / max(total, 1), 4) for s, (hit, total, good) in counts.items()},
        "all_five": round(all_right / max(relevant, 1), 4),
        "relevant": _f1(flags),
        "texts": len(flags),
        "with_attacks": relevant,
    }


def _is_attack(event: Event) -> bool:
    if event.type != "ASSAULT" or event.factuality not in ("happened", "ongoing"):
        return False
    actors = [set(a.sectors) for a in event.actors]
    return not actors or any(not sectors & _STATE for sectors in actors)


def _slots(text: str, events: Iterable[Event]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {slot: set() for slot in SLOTS}
    for event in events:
        for slot, parties in (("source", event.actors), ("target", event.recipients)):
            found[slot] |= {_plain(text[slice(*p.span)]) for p in parties}
        found["action_type"].add(_plain(KINDS.get(event.mode or "", "Armed Assault")))
        if event.place and event.place.span:
            found["location"].add(_plain(text[slice(*event.place.span)]))
        if event.date and event.date.span:
            found["date"].add(_plain(text[slice(*event.date.span)]))
    return found


def _plain(shown: str) -> str:
    words = shown.lower().split()
    while words and words[0] in ("a", "an", "the", "on", "in", "at"):
        words = words[1:]
    return " ".join(words)


def _same(one: str, other: str) -> bool:
    return bool(one and other) and (f" {one} " in f" {other} " or f" {other} " in f" {one} ")


def _f1(flags: list[tuple[bool, bool]]) -> float:
    scores = []
    for name in (True, False):
        total = sum(g == name for g, _ in flags) + sum(f == name for _, f in flags)
        scores.append(2 * sum(g == f == name for g, f in flags) / max(total, 1))
    return round(sum(scores) / 2, 4)
