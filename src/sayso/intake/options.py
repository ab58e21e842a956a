"""What the caller knows about the inputs, and how much of them is let in."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.errors import SettingsError
from sayso.intake.dates import parse_published
from sayso.intake.language import normalise_language


@dataclass(frozen=True, slots=True)
class IntakeOptions:
    """Metadata for inputs that tell none of their own, and limits.

    The order is: what the page or record says, then these options, then what is found
    in the text itself (datelines, bylines, date lines and sign-offs).

    Attributes:
        outlet: name of the outlet.
        title: headline.
        url: address of the page.
        published: a date or moment, as ``parse_published`` takes it.
        language: ISO 639-1, or a tag such as ``en-GB``.
        max_bytes: of one file after decompression; of one record in ``.jsonl`` and
            ``.csv``, which are streamed and may be of any size.
        max_characters: of one article's text, in code points. A million words of
            English are about six million.

    Raises:
        SettingsError: a date, language or limit that makes no sense.
    """

    outlet: str | None = None
    title: str | None = None
    url: str | None = None
    published: str | None = None
    language: str | None = None
    max_bytes: int = 20_000_000
    max_characters: int = 10_000_000

    def __post_init__(self) -> None:
        if self.published and parse_published(self.published) is None:
            raise SettingsError(
                f"published: {self.published!r} is no date; write it as 2023-08-11, "
                "2023-08 or 2023-08-11T09:30Z"
            )
        if self.language and normalise_language(self.language) is None:
            raise SettingsError(f"language: {self.language!r} is no language; write e.g. en")
        for name in ("max_bytes", "max_characters"):
            if getattr(self, name) < 1:
                raise SettingsError(f"{name}: {getattr(self, name)} lets nothing in")
