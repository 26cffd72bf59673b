"""Simulations: what was asked, the parts that workers do, and what came of it."""

from simulation.models.changes import LargestChange
from simulation.models.simulations import PartState, Simulation, SimulationPart, SimulationState

__all__ = ["LargestChange", "PartState", "Simulation", "SimulationPart", "SimulationState"]
