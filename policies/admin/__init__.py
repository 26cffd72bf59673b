"""Pages of the law: versions with their rules, local figures, documents, diseases, average pensions."""

from policies.admin import documents, local_figures, pensions, versions

__all__ = ["documents", "local_figures", "pensions", "versions"]
