"""Pages of providers' files, statements, deductions and clearings."""

from clearing.admin import clearings, deductions, settled_files, settled_records, statements

__all__ = ["clearings", "deductions", "settled_files", "settled_records", "statements"]
