"""Scorers, peers and floors: how good Sayso is, by commands that anyone can run."""
