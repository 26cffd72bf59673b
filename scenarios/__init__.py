"""Worked cases: a person's story with the expected amounts, replayed through the real services."""
