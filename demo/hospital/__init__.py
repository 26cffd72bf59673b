"""A hospital's own system (HIS) as far as it talks to the agency: it keeps its books, and loses answers on purpose."""

from demo.hospital.books import Books, agree
from demo.hospital.system import Hospital, Lost, Transport

__all__ = ["Books", "Hospital", "Lost", "Transport", "agree"]
