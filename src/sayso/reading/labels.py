"""What the encoder's heads put out: the one inventory that training and reading share."""

from __future__ import annotations

from sayso.records import ACTS, SOURCE_CLASSES

SPAN_TYPES = ("source", "cue", "content")
TAGS = ("O", *(f"{prefix}-{kind}" for kind in SPAN_TYPES for prefix in ("B", "I")))

#: Tag layers: statements that the outlet tells, and those told inside their contents.
LAYERS = 2

#: Word shapes, told to the encoder since its vocabulary is of lower-cased text.
SHAPES = ("other", "lower", "title", "upper", "mixed", "digit")
QUOTE_STATES = ("outside", "inside", "opening", "closing")
FEATURES = len(SHAPES) * len(QUOTE_STATES)

#: Link vectors, in the order in which they stand in the encoder's output `links`;
#: a span's vector is the sum of the one of its first word and the one of its last.
LINK_ROLES = ("content", "cue_of_content", "cue_of_source", "source")
LINK_SIZE = 32

#: Upper ends (words) of the distance buckets between two spans.
DISTANCES = (0, 1, 2, 4, 8, 16, 32)
BETWEEN = 3  # other spans of the target's type between the two: 0, 1, 2 and more


def allowed(previous: int | None, tag: int) -> bool:
    """Whether a tag may follow another (None: the start): I-x only after B-x or I-x."""
    name = TAGS[tag]
    if not name.startswith("I-"):
        return True
    return previous is not None and TAGS[previous][1:] == name[1:] and TAGS[previous] != "O"


#: Output `labels`: an act (averaged over a cue's words), a class and a number (over a
#: source's words), each in the order of the records' constants.
ACT_SLICE = slice(0, len(ACTS))
CLASS_SLICE = slice(len(ACTS), len(ACTS) + len(SOURCE_CLASSES))
COLLECTIVE = len(ACTS) + len(SOURCE_CLASSES)
LABELS = COLLECTIVE + 1
