"""What every engine does: one verb, an explicit output schema, parts in their order."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, Protocol

from sayso.errors import SaysoError

if TYPE_CHECKING:
    import pyarrow as pa

PartFunction = Callable[["pa.Table"], "pa.Table"]
"""A stage over one part. It must pickle by reference: a class or function of a module."""


class EngineError(SaysoError):
    """A part could not be mapped: its worker died again and again, or its columns are wrong."""


class Engine(Protocol):
    """Maps a stage over parts; it never writes, the driver alone commits."""

    def map_parts(
        self, function: PartFunction, parts: Iterable[pa.Table], schema: pa.Schema
    ) -> Generator[pa.Table]:
        """Yield ``function(part)`` of each part, in the order of the parts.

        Closing the generator lets the workers go, as its end does.

        Args:
            function: a pure function of its part, so that a lost part can be mapped again.
            parts: taken lazily, only a few ahead of what is yielded.
            schema: the columns that every result must have.

        Raises:
            EngineError: a result has other columns, or a part kills its workers.
        """
        ...


def checked(result: pa.Table, schema: pa.Schema) -> pa.Table:
    """The result itself, if its columns are those that were declared."""
    if not result.schema.equals(schema):
        raise EngineError(
            f"a stage returned other columns than it declares:\n{result.schema}\ninstead of\n"
            f"{schema}"
        )
    return result
