"""Pages of the law: versions with their rules, instruments with their articles, average pensions."""

from policies.admin import documents, versions

__all__ = ["documents", "versions"]
