from __future__ import annotations

import numpy as np

from evaluation.plv import _likeliest, _quad, _side, root_of
from sayso.codebook.plover import EVENT_TYPES


def chances(**given: float) -> np.ndarray:
    return np.array([given.get(kind, 0.0) for kind in EVENT_TYPES])


def test_types_of_a_group_are_added_up() -> None:
    found = chances(AGREE=0.3, CONCEDE=0.2, RETREAT=0.2, ASSAULT=0.3)
    assert _likeliest(found, root_of) == "YIELD"
    assert _likeliest(found, _quad) == "2"
    assert _likeliest(found, lambda kind: _side(_quad(kind))) == "coop"


def test_quads_are_those_that_plv_codes() -> None:
    assert [_quad(kind) for kind in ("AGREE", "CONCEDE", "AID", "REJECT", "COERCE")] == [
        "1",
        "2",
        "2",
        "3",
        "4",
    ]
