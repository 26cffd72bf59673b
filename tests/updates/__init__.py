"""Databases of earlier states with the demonstration's data, which an update has to bring forward."""
