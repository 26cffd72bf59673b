"""Pages of review flags and of the limits that raise them."""

from monitoring.admin import flags, standards

__all__ = ["flags", "standards"]
