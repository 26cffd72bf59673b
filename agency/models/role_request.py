"""What takes a second administrator: a role that changes things, and whatever touches one's own roles."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.finality import KEPT_ONCE_DECIDED
from agency.history import HistoricalRecords
from agency.models.approval import FourEyes
from agency.models.process import REQUEST
from agency.models.staff import Role
from agency.scoping import region_or_everywhere


class RoleChange(models.TextChoices):
    """A role is given, or withdrawn."""

    GIVE = "give", _("give the role")
    WITHDRAW = "withdraw", _("withdraw the role")


class RoleRequestState(models.TextChoices):
    """Submitted by one administrator, approved or refused by another; what is approved is done at once."""

    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class RoleRequest(FourEyes):
    """Somebody's role that one administrator asks to be given or withdrawn, in a region or (none) in all of them."""

    region_path: ClassVar[str] = region_or_everywhere("region")
    process = REQUEST

    change = models.CharField(_("change"), max_length=16, choices=RoleChange.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_requests", verbose_name=_("staff member")
    )
    role = models.CharField(_("role"), max_length=32, choices=Role.choices)
    region = models.ForeignKey(
        "agency.PoolingRegion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pooling region"),
    )
    reason = models.CharField(_("reason"), max_length=100)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=RoleRequestState.choices,
        default=RoleRequestState.SUBMITTED,
        editable=False,
    )
    history = HistoricalRecords()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("role request")
        verbose_name_plural = _("role requests")
        ordering = ("-id",)
        permissions = [("approve_rolerequest", "Can decide a role request")]
        constraints = [
            *FourEyes.Meta.constraints,
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("user")),
                name="nobody_decides_about_their_own_roles",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"]) | Q(decided_by__isnull=False),
                name="a_role_request_ends_with_a_decision",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "region"],
                condition=Q(state="submitted"),
                nulls_distinct=False,
                name="a_role_is_asked_for_once",
            ),
        ]
        triggers = KEPT_ONCE_DECIDED

    def __str__(self) -> str:
        """Whose role, which, and where it holds."""
        return f"{self.user} · {self.get_role_display()} · {self.region or _('all regions')}"
