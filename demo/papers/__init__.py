"""Papers that look like papers, of people who do not exist: drawn from a claim's facts, as PDF or as a photograph."""

from demo.papers.forms import Facts, draw
from demo.papers.sheet import Paper

__all__ = ["Facts", "Paper", "draw"]
