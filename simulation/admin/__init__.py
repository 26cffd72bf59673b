"""Simulations and worked cases on the screen; Django's admin finds the pages by importing this package."""

from simulation.admin import simulations, worked_cases

__all__ = ["simulations", "worked_cases"]
