"""Claims: one visit of one member to one provider, with its lines."""

from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.divisions import a_division_or_none
from agency.finality import NEVER_TRUNCATED, Guarded, kept
from agency.history import HistoricalRecords
from policies.engine.vocabulary import (
    Benefit,
    CatalogCategory,
    ItemKind,
    OutOfAreaKind,
    RefusalReason,
    Tier,
)
from policies.labels import choices


class ClaimState(models.TextChoices):
    """Registered: not calculated yet. Settled: paid by a settlement. Refused: with a reason. Reversed: taken back.
    Withdrawn: registered by mistake, and never settled.
    """

    REGISTERED = "registered", _("registered")
    SETTLED = "settled", _("settled")
    REFUSED = "refused", _("refused")
    REVERSED = "reversed", _("reversed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class SettlementChannel(models.TextChoices):
    """Settled directly at the provider (联网结算) or filed by hand (零星报销)."""

    DIRECT = "direct", _("direct settlement")
    MANUAL = "manual", _("manual reimbursement")


class Claim(models.Model):
    """One visit. `claim_number` is unique among the region's claims that are not withdrawn; `filed_on` is the day a
    manual claim was filed.

    `invoice_number` is kept in one spelling, so that equal ones are found; a manual claim is not paid without one.

    A refused claim keeps the reason and the rule it rests on, and may be settled again once the reason is gone.
    """

    region_path: ClassVar[str] = "region"
    named_by: ClassVar[tuple[str, ...]] = ("claim_number",)

    claim_number = models.CharField(_("claim number"), max_length=64)
    region = models.ForeignKey("agency.PoolingRegion", models.PROTECT, editable=False, related_name="+")
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="claims", verbose_name=_("member"))
    provider = models.ForeignKey(
        "providers.Provider", models.PROTECT, related_name="claims", verbose_name=_("provider")
    )
    channel = models.CharField(_("channel"), max_length=16, choices=SettlementChannel.choices)
    benefit = models.CharField(_("benefit"), max_length=32, choices=choices(Benefit))
    served_on = models.DateField(_("served on"))
    # The hour is known where a machine reported the visit; only monitoring reads it.
    served_at = models.TimeField(_("time of service"), null=True, blank=True)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    prescribing_tier = models.CharField(_("tier of the prescriber"), max_length=16, choices=choices(Tier), blank=True)
    out_of_area = models.CharField(_("out of area"), max_length=32, choices=choices(OutOfAreaKind), blank=True)
    # Where the visit was (就医地), as a division code; only a registration for a place asks for it.
    place = models.CharField(_("place of service"), max_length=6, blank=True)
    invoice_number = models.CharField(_("invoice number"), max_length=64, blank=True)
    disease = models.ForeignKey(
        "policies.Disease", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("disease")
    )
    stay_hours = models.PositiveSmallIntegerField(_("hours of the stay"), null=True, blank=True)
    late_filing_accepted_by = models.ForeignKey(
        "agency.User",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("late filing accepted by"),
    )
    late_filing_reason = models.CharField(_("why late filing was accepted"), max_length=200, blank=True, editable=False)
    pay_from_account = models.BooleanField(_("pay the patient's share from the account"), default=False)
    account_holder = models.ForeignKey(
        "members.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("relative whose account pays"),
    )
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=ClaimState.choices,
        default=ClaimState.REGISTERED,
        editable=False,
    )
    refusal_reason = models.CharField(
        _("refused because"), max_length=32, choices=choices(RefusalReason), blank=True, editable=False
    )
    refusal_instrument = models.CharField(max_length=64, blank=True, editable=False)
    refusal_article = models.CharField(_("article"), max_length=32, blank=True, editable=False)
    refusal_phrase = models.CharField(_("phrase"), max_length=80, blank=True, editable=False)
    created_at = models.DateTimeField(_("registered at"), auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ("-served_on", "-id")
        permissions = [
            ("settle_claim", "Can settle a claim"),
            ("override_claim", "Can accept late filing"),
            ("try_claim", "Can make trial calculations"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "claim_number"],
                condition=~Q(state="withdrawn"),
                name="a_claim_number_is_used_once_per_region",
            ),
            models.UniqueConstraint(
                fields=["provider", "invoice_number"],
                condition=Q(state="settled") & ~Q(invoice_number=""),
                name="an_invoice_of_a_provider_is_paid_once",
            ),
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(refusal_reason="") | ~Q(state="refused") & Q(refusal_reason=""),
                name="a_refused_claim_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(channel="direct", filed_on__isnull=True) | Q(channel="manual", filed_on__isnull=False),
                name="a_manual_claim_has_a_filing_day",
            ),
            models.CheckConstraint(
                condition=~Q(channel="manual", state="settled") | ~Q(invoice_number=""),
                name="a_manual_claim_is_paid_by_its_invoice",
            ),
            models.CheckConstraint(
                condition=Q(late_filing_accepted_by__isnull=True, late_filing_reason="")
                | Q(late_filing_accepted_by__isnull=False) & ~Q(late_filing_reason=""),
                name="late_filing_is_accepted_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(filed_on__isnull=True) | Q(filed_on__gte=F("served_on")),
                name="a_claim_is_filed_after_the_service",
            ),
            models.CheckConstraint(condition=a_division_or_none("place"), name="a_place_of_service_is_a_division"),
        ]
        indexes = [
            models.Index(fields=["served_on"], name="claims_by_service_day"),
            models.Index(fields=["region", "invoice_number"], name="claims_by_invoice"),
            models.Index(fields=["provider", "served_on"], name="claims_of_a_provider"),
            models.Index(fields=["region"], condition=Q(refusal_reason="terms_unset"), name="claims_without_a_figure"),
            # In the order of the list: what most claims are, it finds as it is; what few or none are, it finds here.
            *(
                models.Index(
                    fields=[column, "served_on", "id"], condition=~Q(**{column: most}), name=f"claims_by_{column}"
                )
                for column, most in (("state", "settled"), ("benefit", "general_outpatient"), ("refusal_reason", ""))
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_settled_claim_is_not_withdrawn",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.state = 'withdrawn' AND (OLD.state = 'settled' OR OLD.state = 'reversed')"
                ),
            ),
            pgtrigger.Protect(
                name="a_withdrawn_claim_stays_withdrawn",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn'"),
            ),
            *kept(
                {
                    # What is settled anew may be refused by then.
                    ClaimState.SETTLED: (
                        "state",
                        "refusal_reason",
                        "refusal_instrument",
                        "refusal_article",
                        "refusal_phrase",
                    ),
                    # What a provider took back itself, it may put back in its old place.
                    ClaimState.REVERSED: ("state",),
                    ClaimState.WITHDRAWN: (),
                },
                onwards={
                    ClaimState.REGISTERED: (ClaimState.SETTLED, ClaimState.REFUSED, ClaimState.WITHDRAWN),
                    ClaimState.REFUSED: (ClaimState.REGISTERED, ClaimState.SETTLED, ClaimState.WITHDRAWN),
                    ClaimState.SETTLED: (ClaimState.REVERSED, ClaimState.REFUSED),
                    ClaimState.REVERSED: (ClaimState.SETTLED,),
                },
            ),
        ]

    def __str__(self) -> str:
        return self.claim_number


_LINES_STAY = pgtrigger.Trigger(
    name="lines_of_a_claim_stay_once_it_is_settled",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    func="""
        IF EXISTS (
            SELECT FROM claims_claim WHERE id = OLD.claim_id AND state <> 'registered' AND state <> 'refused'
        ) THEN
            RAISE EXCEPTION 'the lines of a claim stay as they are once it is settled';
        END IF;
        RETURN coalesce(NEW, OLD);
    """,
)


class ClaimLine(models.Model):
    """A line of the bill, yuan. `over_limit` is its part above the price limit, `upfront_rate` the catalogue's.

    A correction of the bill replaces its lines; the history keeps those that were replaced.
    """

    region_path: ClassVar[str] = "claim__region"
    finality: ClassVar[Any] = Guarded("lines stay as they are once the claim is settled", deleted=True)
    # A bill's first lines are written without; what replaces them has one.
    has_whole_history: ClassVar[bool] = False

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="lines", verbose_name=_("claim"))
    kind = models.CharField(_("kind"), max_length=16, choices=choices(ItemKind))
    category = models.CharField(_("category"), max_length=1, choices=choices(CatalogCategory))
    code = models.CharField(_("catalogue code"), max_length=64, blank=True)
    name = models.CharField(_("item name"), max_length=120, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    over_limit = models.DecimalField(
        _("above the price limit"), max_digits=12, decimal_places=2, default=Decimal("0.00")
    )
    upfront_rate = models.DecimalField(
        _("upfront share of the catalogue"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    is_negotiated = models.BooleanField(_("negotiated drug"), default=False)
    is_prenatal = models.BooleanField(_("prenatal examination"), default=False)
    is_chinese_medicine = models.BooleanField(_("Chinese medicine"), default=False)
    is_examination = models.BooleanField(_("examination"), default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("claim line")
        verbose_name_plural = _("claim lines")
        ordering = ("claim_id", "id")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_line_has_a_positive_amount"),
            models.CheckConstraint(
                condition=Q(over_limit__gte=0, over_limit__lte=F("amount")),
                name="what_lies_above_the_limit_is_part_of_the_line",
            ),
            models.CheckConstraint(
                condition=Q(upfront_rate__isnull=True) | Q(upfront_rate__gte=0, upfront_rate__lte=1),
                name="a_catalogue_share_is_a_fraction",
            ),
        ]
        triggers = (_LINES_STAY, NEVER_TRUNCATED)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"

    def entered(self) -> dict[str, Any]:
        """What somebody entered, by field: equal for a line that is saved and one that is not."""
        return {name: getattr(self, name) for name in LINE_FIELDS}


# What is entered of a line: the columns of forms, of what is pasted and of imports.
LINE_FIELDS = tuple(field.name for field in ClaimLine._meta.local_fields if field.name not in ("id", "claim"))
