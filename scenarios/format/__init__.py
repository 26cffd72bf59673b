"""The format of worked cases (TOML), a module for each subject. Amounts are yuan with two decimals."""

from scenarios.format.stories import Scenario, ScenarioError, Step, read_scenarios

__all__ = ["Scenario", "ScenarioError", "Step", "read_scenarios"]
