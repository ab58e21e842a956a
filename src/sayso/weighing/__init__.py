"""Copies, stories, claims, origins and corroboration."""
