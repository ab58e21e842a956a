"""Who an article's sources are."""

from sayso.resolving.speakers import resolve_speakers

__all__ = ["resolve_speakers"]
