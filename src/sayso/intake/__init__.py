"""Intake: files, folders, globs and standard input to ``Article | Rejection``, one after the other.

Each format has a reader of its own (``plain``, ``page``, ``jsonl``, ``table``). They make a
mapping as in the input JSONL; ``article`` makes the article of it, with the help of ``dates``,
``language`` and ``furniture``. ``inputs`` finds and opens what is to be read.
"""

from sayso.intake.article import article_of
from sayso.intake.dates import parse_published
from sayso.intake.inputs import read_inputs
from sayso.intake.language import detect_language, normalise_language
from sayso.intake.options import IntakeOptions

__all__ = [
    "IntakeOptions",
    "article_of",
    "detect_language",
    "normalise_language",
    "parse_published",
    "read_inputs",
]
