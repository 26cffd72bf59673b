"""Questions about what providers send live."""
