"""Simulations: what was asked, the parts that workers do, and what came of it. Worked cases."""

from simulation.models.changes import LargestChange
from simulation.models.simulations import PartState, Simulation, SimulationPart, SimulationState
from simulation.models.worked_cases import ExpectedChange, WorkedCase

__all__ = [
    "ExpectedChange",
    "LargestChange",
    "PartState",
    "Simulation",
    "SimulationPart",
    "SimulationState",
    "WorkedCase",
]
