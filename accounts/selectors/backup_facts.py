"""What a backup says of the money."""

from django.db.models import Count, Sum

from accounts.models import LedgerAccount, LedgerEntry
from agency.backup_facts import BackupFact


def _ledger() -> dict[str, list[str]]:
    """By region: how many entries there are, and how many yuan they moved."""
    regions = LedgerEntry.objects.order_by("region__slug").values_list("region__slug")
    return {slug: [str(count), str(moved)] for slug, count, moved in regions.annotate(Count("pk"), Sum("amount"))}


def _balances() -> dict[str, list[str]]:
    """By region: how many personal accounts there are, and how many yuan lie on them."""
    accounts = LedgerAccount.objects.filter(balance__isnull=False).order_by("region__slug").values_list("region__slug")
    return {slug: [str(count), str(held)] for slug, count, held in accounts.annotate(Count("pk"), Sum("balance"))}


FACTS = [BackupFact("ledger", _ledger), BackupFact("balances", _balances)]
