"""Staff, and the roles they hold per region."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.finality import TRACKED, TRACKED_AND_TAKEN_BACK
from agency.history import HistoricalRecords
from agency.scoping import ALL_REGIONS


class User(AbstractUser):  # type: ignore[django-manager-missing]  # Of authenticators: the library has no types.
    """A person who works at the agency. `display_name` is what colleagues see beside a decision.

    `password_set_by` is the colleague who set the password, until its owner has chosen another; `told_at` is when the
    owner was last told what others changed about the login.
    """

    region_path: ClassVar[str] = ALL_REGIONS
    finality: ClassVar[Any] = TRACKED
    named_by: ClassVar[tuple[str, ...]] = ("display_name", "username")

    display_name = models.CharField(_("display name"), max_length=64, blank=True)
    password_set_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("password set by"),
    )
    password_set_at = models.DateTimeField(_("password set at"), null=True, blank=True)
    told_at = models.DateTimeField(default=timezone.now, editable=False)
    history = HistoricalRecords(excluded_fields=["password", "last_login", "told_at"])

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        constraints = [
            models.CheckConstraint(
                condition=Q(password_set_by__isnull=True, password_set_at__isnull=True)
                | Q(password_set_by__isnull=False, password_set_at__isnull=False) & ~Q(password_set_by=F("pk")),
                name="a_password_that_somebody_else_set_says_who_and_when",
            )
        ]

    def __str__(self) -> str:
        return self.named(self.display_name, self.username)

    @staticmethod
    def named(display_name: str, username: str) -> str:
        """The name on the door, or the login."""
        return display_name or username


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
    finality: ClassVar[Any] = TRACKED_AND_TAKEN_BACK

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
