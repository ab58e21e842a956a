"""What the encoder's heads put out: the one inventory that training and reading share."""

from __future__ import annotations

from sayso.codebook.plover import CONTEXTS, EVENT_TYPES, MODES
from sayso.records import ACTS, FACTUALITIES, SOURCE_CLASSES

SPAN_TYPES = ("source", "cue", "content")
TAGS = ("O", *(f"{prefix}-{kind}" for kind in SPAN_TYPES for prefix in ("B", "I")))

#: Tag layers of statements: those that the outlet tells, and those told inside their contents.
LAYERS = 2

#: The events' own tag layer: who does, to whom it is done, where; tags count like those above.
EVENT_SPANS = ("actor", "recipient", "place")
EVENT_LAYER = LAYERS
TAG_LAYERS = LAYERS + 1

#: The events' heads see the encoder's first layers and four of their own after them.
TRUNK = 2
BRANCH = 4

#: Word shapes, told to the encoder since its vocabulary is of lower-cased text.
SHAPES = ("other", "lower", "title", "upper", "mixed", "digit")
QUOTE_STATES = ("outside", "inside", "opening", "closing")
FEATURES = len(SHAPES) * len(QUOTE_STATES)

#: Link vectors, in the order in which they stand in the encoder's output `links`;
#: a span's vector is the sum of the one of its first word and the one of its last.
LINK_ROLES = ("content", "cue_of_content", "cue_of_source", "source")
LINK_SIZE = 32
#: The same for output `event_links`: from a trigger to each of its parts.
EVENT_LINK_ROLES = (
    "trigger_of_actor",
    "actor",
    "trigger_of_recipient",
    "recipient",
    "trigger_of_place",
    "place",
    "trigger_of_date",
    "date",
)

#: Each event's sentence is read once more, by a small encoder that knows the event's trigger and
#: type: which words are whose part. Width, inner width, layers, and how many words before and
#: after the trigger are told apart.
ROLES = ("actor", "recipient", "place", "date")
ACTOR, RECIPIENT, PLACE, DATE = range(len(ROLES))
ROLE_SIZE = 256
ROLE_INNER = 768
ROLE_LAYERS = 2
ROLE_REACH = 24

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
#: source's words), each in the order of the records' constants; and what a content's words,
#: on average, add to the act's scores: after a neutral cue the content decides.
ACT_SLICE = slice(0, len(ACTS))
CLASS_SLICE = slice(len(ACTS), len(ACTS) + len(SOURCE_CLASSES))
COLLECTIVE = len(ACTS) + len(SOURCE_CLASSES)
CONTENT_ACT_SLICE = slice(COLLECTIVE + 1, COLLECTIVE + 1 + len(ACTS))
LABELS = CONTENT_ACT_SLICE.stop

#: Output `events`: of each word, of which type's trigger it is part (none first), with mode
#: (none first), factuality as a class and as a number, and contexts; of the whole window, at
#: its first row, the quad class (none first) and the type.
NO_TYPE = 0
MODE_NAMES = tuple((kind, mode) for kind, modes in MODES.items() for mode in modes)
TYPE_SLICE = slice(0, 1 + len(EVENT_TYPES))
MODE_SLICE = slice(TYPE_SLICE.stop, TYPE_SLICE.stop + 1 + len(MODE_NAMES))
FACTUALITY_SLICE = slice(MODE_SLICE.stop, MODE_SLICE.stop + len(FACTUALITIES))
CERTAINTY = FACTUALITY_SLICE.stop
CONTEXT_SLICE = slice(CERTAINTY + 1, CERTAINTY + 1 + len(CONTEXTS))
QUAD_SLICE = slice(CONTEXT_SLICE.stop, CONTEXT_SLICE.stop + 5)
ROOT_SLICE = slice(QUAD_SLICE.stop, QUAD_SLICE.stop + len(EVENT_TYPES))
EVENT_OUTPUTS = ROOT_SLICE.stop
