"""Family use of an account, and its closing: asked for by one person, decided by another."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.finality import DECISION, KEPT_AND_ENDED, kept
from agency.history import HistoricalRecords
from agency.models import FourEyes
from agency.models.process import LASTING_REQUEST, REQUEST
from policies.engine.vocabulary import ClosingReason, Purpose, Relationship
from policies.labels import choices


class DecisionState(models.TextChoices):
    """Submitted by one person; approved or refused by another."""

    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class EvidenceKind(models.TextChoices):
    """What proves that two people are spouses, or parent and child."""

    HOUSEHOLD_REGISTER = "household_register", _("household register")
    MARRIAGE_CERTIFICATE = "marriage_certificate", _("marriage certificate")
    BIRTH_CERTIFICATE = "birth_certificate", _("birth certificate")
    OTHER = "other", _("another document")


class FamilyUseAuthorization(FourEyes):
    """A holder lets their account pay for a relative over a period (家庭共济). Revoking ends the period.

    `scopes` are the purposes that it covers; the region's rules on family use hold beside it.
    """

    region_path: ClassVar[str] = "holder__region"
    process = LASTING_REQUEST

    holder = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="family_authorizations", verbose_name=_("holder")
    )
    relative = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="authorized_by", verbose_name=_("relative")
    )
    relationship = models.CharField(_("relationship"), max_length=16, choices=choices(Relationship))
    evidence_kind = models.CharField(
        _("evidence of the relationship"), max_length=32, choices=EvidenceKind.choices, default=EvidenceKind.OTHER
    )
    evidence = models.CharField(_("number or description of the evidence"), max_length=200, blank=True)
    scopes = ArrayField(
        models.CharField(max_length=32, choices=choices(Purpose)), verbose_name=_("what may be paid"), default=list
    )
    period = DateRangeField(_("in force"))
    state = models.CharField(
        _("state"), max_length=16, choices=DecisionState.choices, default=DecisionState.SUBMITTED, editable=False
    )
    history = HistoricalRecords()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("family-use authorization")
        verbose_name_plural = _("family-use authorizations")
        ordering = ("-id",)
        permissions = [("approve_familyuseauthorization", "Can approve a family-use authorization")]
        constraints = [
            *FourEyes.Meta.constraints,
            models.CheckConstraint(condition=~Q(holder=F("relative")), name="nobody_authorizes_themselves"),
            models.CheckConstraint(
                condition=Q(period__isempty=False) & Q(period__lower_inf=False),
                name="a_family_authorization_has_a_first_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(decided_by__isnull=False),
                name="a_family_authorization_holds_after_approval",
            ),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="a_family_authorization_covers_something"),
            ExclusionConstraint(
                name="approved_family_authorizations_never_overlap",
                expressions=[
                    ("holder", RangeOperators.EQUAL),
                    ("relative", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state="approved"),
            ),
        ]
        triggers = KEPT_AND_ENDED

    def __str__(self) -> str:
        """Whom the account pays for."""
        return f"{self.relative} · {self.get_relationship_display()}"


class AccountClosing(FourEyes):
    """The request to close an account and pay out what is in it, and its decision. `amount` is what was paid, yuan.

    What becomes due to a closed account later is paid to whoever got its balance: a row of its own, which `follows` the
    closing and whose `cause` names what two people decided ("reversal:12").
    """

    region_path: ClassVar[str] = "account__region"
    process = REQUEST

    account = models.ForeignKey(
        "accounts.LedgerAccount", models.PROTECT, related_name="closings", verbose_name=_("account")
    )
    reason = models.CharField(_("reason"), max_length=32, choices=choices(ClosingReason))
    closed_on = models.DateField(_("closed on"))
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="later",
        verbose_name=_("after the closing"),
    )
    cause = models.CharField(_("cause"), max_length=64, blank=True, editable=False, db_default="")
    payee = models.CharField(_("paid to"), max_length=120, blank=True)
    amount = models.DecimalField(_("paid out"), max_digits=14, decimal_places=2, null=True, editable=False)
    state = models.CharField(
        _("state"), max_length=16, choices=DecisionState.choices, default=DecisionState.SUBMITTED, editable=False
    )
    history = HistoricalRecords()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("closing of an account")
        verbose_name_plural = _("closings of accounts")
        ordering = ("-id",)
        permissions = [("approve_accountclosing", "Can approve the closing of an account")]
        constraints = [
            *FourEyes.Meta.constraints,
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state__in=["submitted", "approved"], follows__isnull=True),
                name="an_account_is_closed_once",
            ),
            models.UniqueConstraint(fields=["follows", "cause"], name="what_is_due_after_a_closing_is_paid_once"),
            models.CheckConstraint(
                condition=Q(follows__isnull=True, cause="") | Q(follows__isnull=False) & ~Q(cause=""),
                name="what_follows_a_closing_names_its_cause",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", amount__isnull=False, decided_by__isnull=False)
                | ~Q(state="approved") & Q(amount__isnull=True),
                name="a_closing_pays_out_after_approval",
            ),
        ]
        triggers = kept(
            {
                DecisionState.SUBMITTED: (*DECISION, "amount"),
                DecisionState.APPROVED: (),
                DecisionState.REFUSED: (),
            },
        )

    def __str__(self) -> str:
        return f"{self.account} · {self.get_reason_display()}"
