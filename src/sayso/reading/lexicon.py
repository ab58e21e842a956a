"""Acts and source classes by what cue and source say themselves.

The definitions are those of the design; the word lists stand in ``lexicon.toml``. An
explicit cue decides the act; a neutral one leaves it at "say".
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sayso.records import ACTS

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_PLURALS = frozenset(
    "people men women others some many several few most everyone children families".split()
)


@dataclass(frozen=True)
class SourceClass:
    """What a source is: its class, and for an unnamed one its role and number."""

    name: str
    role: str | None = None
    collective: bool = False


def act_of(cue: str) -> str:
    """The act that a cue names, "say" where it names none."""
    words = [word.lower() for word in _WORD.findall(cue)]
    found = {act for word in words for act in _acts().get(word, ())}
    # "Reported denying" is a denial, "fears" in "said he fears" an assessment: in the
    # order in which the acts are defined, the first that is named stands.
    return next((act for act in ACTS if act in found), "say")


def class_of(source: str) -> SourceClass:
    """The class of a source by its own words; of a pronoun, "unnamed" until it is resolved."""
    words = _WORD.findall(source)
    lower = [word.lower() for word in words]
    if not words:
        return SourceClass("unnamed")
    named = _has_name(words)
    heads = _heads(lower)
    if not named and (heads & _list("unnamed_heads") or _is_pronoun(lower)):
        collective = any(w in _PLURALS or (w.endswith("s") and w in heads) for w in lower)
        return SourceClass("unnamed", role_of(source), collective)
    if "@" in source or set(lower) & _list("platforms"):
        return SourceClass("social")
    common = {word for word in words if word.islower()}
    for name in ("document", "media", "official", "expert", "organisation"):
        # "The Tessin Post" and "Report" are names; a post and a report are not.
        if (common if name == "document" else set(lower)) & _list(name):
            return SourceClass(name)
    return SourceClass("named" if named else "unnamed")


def is_pronoun(source: str) -> bool:
    """Whether a source is a bare pronoun."""
    return _is_pronoun([word.lower() for word in _WORD.findall(source)])


def _is_pronoun(lower: list[str]) -> bool:
    return len(lower) == 1 and lower[0] in _list("pronouns")


def _has_name(words: list[str]) -> bool:
    """A capitalised word that is no common first word of a sentence."""
    for place, word in enumerate(words):
        if word[0].isupper() and (place > 0 or word.lower() not in _common()):
            return True
    return False


def _heads(lower: list[str]) -> set[str]:
    """Words up to the first preposition or clause: where the head noun stands."""
    for place, word in enumerate(lower):
        if word in ("of", "in", "at", "from", "who", "with", "for", "on", "that", "which"):
            return set(lower[:place])
    return set(lower)


def role_of(source: str) -> str | None:
    """What the text makes of an unnamed source, by the head of its description."""
    lower = [word.lower() for word in _WORD.findall(source)]
    head = _heads(lower)
    former = bool({"former", "ex", "retired"} & set(lower))
    for role, words in _lists()["roles"].items():
        if head & frozenset(words.split()):
            return "former official" if former and role == "official" else role
    return None


@cache
def _lists() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("sayso.reading") / "lexicon.toml").read_text("utf-8"))


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(_lists()["classes"][name].split())


@cache
def _common() -> frozenset[str]:
    return (
        _list("unnamed_heads")
        | _list("pronouns")
        | _list("document")
        | frozenset(
            "the a an one two three no any every each another local senior former top".split()
        )
    )


@cache
def _acts() -> dict[str, tuple[str, ...]]:
    acts: dict[str, tuple[str, ...]] = {}
    for act, words in _lists()["acts"].items():
        for word in words.split():
            for form in _forms(word):
                acts[form] = (*acts.get(form, ()), act)
    return acts


def _forms(verb: str) -> set[str]:
    """A verb's regular inflections, and the irregular ones of reporting verbs."""
    stem = verb.removesuffix("e")
    forms = {verb, verb + "s", verb + "es", stem + "ed", stem + "ing"}
    if verb.endswith("y"):
        forms |= {verb[:-1] + "ies", verb[:-1] + "ied"}
    if (
        len(verb) > 2
        and verb[-1] not in "aeiouwxy"
        and verb[-2] in "aeiou"
        and verb[-3] not in "aeiou"
    ):
        forms |= {verb + verb[-1] + "ed", verb + verb[-1] + "ing"}
    return forms | set(_IRREGULAR.get(verb, "").split())


_IRREGULAR = {
    "swear": "swore sworn",
    "think": "thought",
    "feel": "felt",
    "find": "found",
    "see": "saw seen",
    "know": "knew known",
    "understand": "understood",
    "foresee": "foresaw foreseen",
    "show": "shown",
}
