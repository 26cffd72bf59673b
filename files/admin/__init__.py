"""Pages of files."""

from files.admin import file_imports

__all__ = ["file_imports"]
