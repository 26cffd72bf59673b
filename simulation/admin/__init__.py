"""Simulations on the screen; Django's admin finds the pages by importing this package."""

from simulation.admin import simulations

__all__ = ["simulations"]
