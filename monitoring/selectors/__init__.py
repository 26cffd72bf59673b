"""Patterns among claims, and what providers cost by month."""
