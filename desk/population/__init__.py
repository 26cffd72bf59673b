"""An invented population: everybody and everything in it is made up, and the same seed makes the same.

Plain Python without Django: `generate` returns the rows of the files that a region would deliver for a month in which
all five regulations are in force. Shares of people, ages and bills are rough; what matters is that every rule finds
somebody.
"""

from desk.population.tables import MONTH, Table, generate

__all__ = ["MONTH", "Table", "generate"]
