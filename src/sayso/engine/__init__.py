"""Engines map a stage over parts; the driver alone commits. One protocol, one conformance suite."""

from sayso.engine.local import local_engine
from sayso.engine.protocol import Engine, EngineError, PartFunction
from sayso.engine.reading import ReadPart, default_reader, reading_schema

__all__ = [
    "Engine",
    "EngineError",
    "PartFunction",
    "ReadPart",
    "default_reader",
    "local_engine",
    "reading_schema",
]
