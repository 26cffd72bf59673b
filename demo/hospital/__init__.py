"""A hospital's own system (HIS) as far as it talks to the agency: it keeps its books, and loses answers on purpose."""

from demo.hospital.system import Hospital, Lost, Transport

__all__ = ["Hospital", "Lost", "Transport"]
