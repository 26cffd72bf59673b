"""An invented population: everybody and everything in it is made up, and the same seed makes the same.

`generate` returns the rows of the files that a region would deliver for a year in which all five regulations are in
force; it is plain Python without Django. Shares of people, ages and bills are rough; what matters is that every rule
finds somebody. `mass` makes people by the million, and `writing` alone knows the tables that they are written to.
"""

from demo.population.calendar import Calendar
from demo.population.tables import Invented, Table, generate, invent, tables

__all__ = ["Calendar", "Invented", "Table", "generate", "invent", "tables"]
