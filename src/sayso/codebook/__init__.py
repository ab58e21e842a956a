"""Versioned codebooks: ontology, indicators, outlets, actors."""
