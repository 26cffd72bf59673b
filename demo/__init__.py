"""The demonstration: an office with an invented population in the middle of its day, its work done by real workers."""
