"""Staff, and the roles they hold per region."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agency.scoping import ALL_REGIONS


class User(AbstractUser):
    """A person who works at the agency. `display_name` is what colleagues see beside a decision."""

    region_path: ClassVar[str] = ALL_REGIONS

    display_name = models.CharField(_("display name"), max_length=64, blank=True)
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")

    def __str__(self) -> str:
        """The name on the door, or the login."""
        return self.display_name or self.username


class Role(models.TextChoices):
    """The agency's roles; each is a Django group of this name whose permissions `sync_roles` writes."""

    CLERK = "clerk", _("clerk")
    SUPERVISOR = "supervisor", _("supervisor")
    POLICY_OFFICER = "policy_officer", _("policy officer")
    FINANCE = "finance", _("finance officer")
    AUDITOR = "auditor", _("auditor")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("system administrator")


class RoleAssignment(models.Model):
    """One person holds one role in one region; without a region, in all of them."""

    region_path: ClassVar[str] = "region"

    user = models.ForeignKey(User, models.CASCADE, related_name="role_assignments", verbose_name=_("staff member"))
    role = models.CharField(_("role"), max_length=32, choices=Role.choices)
    group = models.ForeignKey("auth.Group", models.PROTECT, related_name="+", editable=False)
    region = models.ForeignKey(
        "agency.PoolingRegion",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pooling region"),
        help_text=_("Leave empty for all regions."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "region"],
                nulls_distinct=False,
                name="a_role_is_held_once_per_region",
            )
        ]

    def __str__(self) -> str:
        """The role, and where it holds."""
        return f"{self.get_role_display()} · {self.region or _('all regions')}"
