"""Shared fixtures; Hypothesis runs without a deadline, since machines are shared."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from sayso.reader import Reader

settings.register_profile(
    "sayso", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("sayso")


@pytest.fixture(scope="session")
def reader() -> Reader:
    """One reader with the shipped weights."""
    return Reader()
