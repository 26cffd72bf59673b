"""Who finds what."""
from demo.staff import Colleague


def finds(colleague: Colleague) -> str:
    return ""
