"""Who an article's sources are."""

from sayso.resolving.speakers import Speakers, resolve_speakers

__all__ = ["Speakers", "resolve_speakers"]
