"""A statement's content as a text of its own, in which the statements nested in it are read.

What someone is said to have said is read like an article: the same heads find who, in it,
said what, and so on to any depth. Quotation marks that enclose the content are the outer
speaker's and are left out, so that inside it words count as unquoted again.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sayso.records import Span, Spans


@dataclass(frozen=True)
class Inside:
    """The content's parts, one a line.

    Attributes:
        text: the parts joined by line ends.
        starts: where each part starts, in ``text``.
        origins: where each part starts, in the article.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    def out(self, span: Span) -> Span:
        """A span of ``text`` in the article."""
        part = bisect_right(self.starts, span[0]) - 1
        shift = self.origins[part] - self.starts[part]
        return span[0] + shift, span[1] + shift

    def into(self, span: Span) -> Span | None:
        """A span of the article in ``text``, as far as it lies in one part; else None."""
        for start, origin, end in zip(
            self.starts, self.origins, (*self.starts[1:], len(self.text) + 1), strict=True
        ):
            length = end - start - 1
            first, last = max(span[0], origin), min(span[1], origin + length)
            if first < last:
                return first - origin + start, last - origin + start
        return None


def inside(text: str, content: Spans, marks: dict[Span, Span]) -> Inside:
    """The text that a content is.

    Args:
        text: of the article.
        content: its spans.
        marks: the words of each quotation, by its span with marks.
    """
    parts = [marks.get(span, span) for span in sorted(content)]
    starts, at = [], 0
    for start, end in parts:
        starts.append(at)
        at += end - start + 1
    joined = "\n".join(text[start:end].replace("\n", " ") for start, end in parts)
    return Inside(joined, tuple(starts), tuple(start for start, _ in parts))
