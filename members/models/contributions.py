"""Contributions by the period they are for (费款所属期), and bases fixed per person."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import TRACKED_AND_TAKEN_BACK
from agency.history import HistoricalRecords


def is_first_of_month(field: str) -> models.CheckConstraint:
    """A month is stored as its first day."""
    return models.CheckConstraint(condition=Q(**{f"{field}__day": 1}), name=f"%(class)s_{field}_is_a_first_day")


class Contribution(models.Model):
    """One member's contribution for one month: the base in yuan, and the day the money arrived.

    A contribution is on time when it arrives by the end of its month (Kaifeng 13).
    """

    region_path: ClassVar[str] = "member__region"
    finality: ClassVar[Any] = TRACKED_AND_TAKEN_BACK

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="contributions", verbose_name=_("member"))
    month = models.DateField(_("month"))
    base = models.DecimalField(_("contribution base"), max_digits=12, decimal_places=2)
    received_on = models.DateField(_("received on"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ("member_id", "-month")
        constraints = [
            models.UniqueConstraint(fields=["member", "month"], name="a_month_is_contributed_for_once"),
            models.CheckConstraint(condition=Q(base__gt=0), name="a_contribution_base_is_positive"),
            is_first_of_month("month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.base}"


class BasisKind(models.TextChoices):
    """What a civil servant's fixed sum is taken of (Zaozhuang 7)."""

    DECEMBER_2022_BASE = "december_2022_base", _("contribution base of the reference month")
    DECEMBER_2022_PENSION = "december_2022_pension", _("pension of the reference month")
    TRAINEE_PAY = "trainee_pay", _("first month's pay as a trainee")
    CONFIRMED_PAY = "confirmed_pay", _("first month's pay after confirmation")
    FIRST_PENSION = "first_pension", _("first month's pension")


# A retired civil servant's subsidy rests on these, an active one's on the others (Zaozhuang 7 (3)).
PENSION_KINDS = (BasisKind.DECEMBER_2022_PENSION, BasisKind.FIRST_PENSION)
_FLEXIBLE_HAVE_NONE = (
    "IF EXISTS (SELECT 1 FROM members_enrollment AS held WHERE held.member_id = NEW.member_id"
    " AND held.period @> (NEW.since + interval '1 month - 1 day')::date"
    " AND held.status = 'active' AND held.employment = 'flexible') THEN"
    " RAISE EXCEPTION 'an active flexible worker has no civil servant basis' USING ERRCODE = 'check_violation';"
    " END IF; RETURN NEW;"
)


class CivilServantBasis(models.Model):
    """The sum that a civil servant's medical subsidy is a share of, from a month on, until the next one begins.

    One of pay ends with retirement, one of a pension is none before it (docs/interpretations/0041).
    """

    region_path: ClassVar[str] = "member__region"
    finality: ClassVar[Any] = TRACKED_AND_TAKEN_BACK

    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="civil_servant_bases", verbose_name=_("member")
    )
    since = models.DateField(_("from month"))
    kind = models.CharField(_("kind"), max_length=32, choices=BasisKind.choices)
    amount = models.DecimalField(_("yuan a month"), max_digits=12, decimal_places=2)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("civil servant basis")
        verbose_name_plural = _("civil servant bases")
        ordering = ("member_id", "-since")
        constraints = [
            models.UniqueConstraint(fields=["member", "since"], name="one_civil_servant_basis_begins_in_a_month"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_civil_servant_basis_is_positive"),
            is_first_of_month("since"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="active_flexible_workers_have_no_basis",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_FLEXIBLE_HAVE_NONE,
            )
        ]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m} {self.amount}"
