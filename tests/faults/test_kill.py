"""`kill -9` at 20 random moments of an add over 2,000 articles: nothing lost, nothing twice."""

from __future__ import annotations

import pytest

from evaluation.kill import evaluate


def check(articles: int, kills: int) -> None:
    found = evaluate(articles, kills)
    assert found["killed"] == kills
    assert (found["lost"], found["twice"], found["broken"], found["orphans"]) == (0, 0, 0, 0)


def test_a_few_kills() -> None:
    check(300, 3)


@pytest.mark.slow
def test_twenty_kills() -> None:
    check(2000, 20)
