from sayso.resolving.speakers import resolve_speakers

__all__ = ["resolve_speakers"]
