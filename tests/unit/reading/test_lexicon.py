from __future__ import annotations

import pytest

from sayso.reading.lexicon import act_of, class_of


@pytest.mark.parametrize(
    ("cue", "act"),
    [
        ("said", "say"), ("has categorically denied", "deny"), ("conceding", "admit"),
        ("spelled out", "say"), ("accused", "accuse"), ("urged", "demand"), ("warns", "warn"),
        ("vowed", "promise"), ("predicts", "predict"), ("expressed concern about", "assess"),
    ],
)  # fmt: skip
def test_an_explicit_cue_decides(cue: str, act: str) -> None:
    assert act_of(cue) == act


@pytest.mark.parametrize(
    ("source", "name", "collective"),
    [
        ("a senior officer", "unnamed", False), ("Several residents", "unnamed", True),
        ("Defence Minister Ola Brand", "official", False), ("the ministry", "official", False),
        ("Ilo Brandt", "named", False), ("the newspaper Tessin Post", "media", False),
        ("a leaked memo", "document", False), ("Prof. Mint, an economist", "expert", False),
        ("the dockers’ union", "organisation", False), ("he", "unnamed", False),
    ],
)  # fmt: skip
def test_a_source_is_classed_by_its_own_words(source: str, name: str, *, collective: bool) -> None:
    found = class_of(source)
    assert (found.name, found.collective) == (name, collective)
