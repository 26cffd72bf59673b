"""The demonstration: an office with an invented population, its month's work done by real workers."""
