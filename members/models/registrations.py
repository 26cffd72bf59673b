"""Registrations and stays: out-of-area care, hospital stays, special nursing."""

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.divisions import a_division_or_none
from agency.finality import DECISION, TRACKED_AND_TAKEN_BACK, kept
from agency.history import HistoricalRecords
from agency.models import FourEyes
from agency.models.process import LASTING_REQUEST, SUBMITTED
from policies.engine.vocabulary import Benefit, OutOfAreaKind
from policies.labels import choices


class OutOfAreaRegistration(models.Model):
    """A registration for care outside the region (异地就医备案), by its kind and its place (备案地).

    `place` is the division code of where the member is treated; empty in registrations of before places were kept,
    which are for every place (docs/interpretations/0065).
    """

    region_path: ClassVar[str] = "member__region"
    finality: ClassVar[Any] = TRACKED_AND_TAKEN_BACK

    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="out_of_area_registrations", verbose_name=_("member")
    )
    kind = models.CharField(_("kind"), max_length=32, choices=choices(OutOfAreaKind))
    place = models.CharField(_("place of registration"), max_length=6, blank=True)
    period = DateRangeField(_("in force"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("out-of-area registration")
        verbose_name_plural = _("out-of-area registrations")
        ordering = ("member_id", "period")
        constraints = [
            ExclusionConstraint(
                name="out_of_area_registrations_of_a_kind_never_overlap",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False) & Q(period__lower_inf=False),
                name="an_out_of_area_registration_has_a_first_day",
            ),
            models.CheckConstraint(condition=a_division_or_none("place"), name="a_registration_is_for_a_division"),
        ]
        indexes = [models.Index(RangeEndsWith("period"), name="out_of_area_by_end")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.period.lower}"


class RegistrationState(models.TextChoices):
    """Submitted with its papers; approved or refused by another person."""

    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class DiseaseRegistration(FourEyes):
    """A disease for whose treatment a member has a benefit of its own (门诊慢特病), by the national code."""

    region_path: ClassVar[str] = "member__region"
    process = LASTING_REQUEST

    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="disease_registrations", verbose_name=_("member")
    )
    disease = models.ForeignKey("policies.Disease", models.PROTECT, related_name="+", verbose_name=_("disease"))
    benefit = models.CharField(_("benefit"), max_length=32, choices=choices(Benefit))
    period = DateRangeField(_("in force"))
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=RegistrationState.choices,
        default=RegistrationState.SUBMITTED,
        editable=False,
    )
    history = HistoricalRecords()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("disease registration")
        verbose_name_plural = _("disease registrations")
        ordering = ("member_id", "period")
        permissions = [("approve_diseaseregistration", "Can approve a disease registration")]
        constraints = [
            *FourEyes.Meta.constraints,
            ExclusionConstraint(
                name="approved_registrations_of_a_disease_never_overlap",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    ("disease", RangeOperators.EQUAL),
                    ("benefit", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state="approved"),
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False) & Q(period__lower_inf=False),
                name="a_disease_registration_has_a_first_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(decided_by__isnull=False),
                name="a_disease_registration_holds_after_approval",
            ),
        ]
        indexes = [*FourEyes.Meta.indexes, models.Index(RangeEndsWith("period"), name="disease_registrations_by_end")]
        triggers = kept({SUBMITTED: DECISION, "approved": ("period",), "refused": ()}, deleted_in=(SUBMITTED,))

    def __str__(self) -> str:
        return f"{self.disease} · {self.period.lower}"


class FamilyDoctorContract(models.Model):
    """A member has signed a family doctor (家庭医生签约) with an institution, for a time; with one at a time."""

    region_path: ClassVar[str] = "member__region"
    finality: ClassVar[Any] = TRACKED_AND_TAKEN_BACK

    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="family_doctor_contracts", verbose_name=_("member")
    )
    provider = models.ForeignKey(
        "providers.Provider", models.PROTECT, related_name="family_doctor_contracts", verbose_name=_("institution")
    )
    period = DateRangeField(_("in force"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("family doctor contract")
        verbose_name_plural = _("family doctor contracts")
        ordering = ("member_id", "period")
        constraints = [
            ExclusionConstraint(
                name="a_member_has_one_family_doctor_at_a_time",
                expressions=[("member", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False) & Q(period__lower_inf=False),
                name="a_family_doctor_contract_has_a_first_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} · {self.period.lower}"


class Stay(models.Model):
    """A period of days, both ends inside when entered; stored with the upper end excluded."""

    region_path: ClassVar[str] = "member__region"

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="%(class)s_set", verbose_name=_("member"))
    period = DateRangeField(_("days"))

    class Meta:
        abstract = True
        ordering = ("member_id", "period")
        constraints = [
            ExclusionConstraint(
                name="%(class)s_periods_never_overlap",
                expressions=[("member", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False) & Q(period__lower_inf=False),
                name="%(class)s_has_a_first_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.period.lower)


class FromNoonToNoon(models.Func):
    """The time between the middle of a stay's first day and that of its last; of a stay of one day its noon alone."""

    template = (
        "tsrange(lower(%(expressions)s) + time '12:00', upper(%(expressions)s) - interval '12 hours',"
        " CASE WHEN upper(%(expressions)s) - lower(%(expressions)s) = 1 THEN '[]' ELSE '()' END)"
    )
    output_field = DateTimeRangeField()


class HospitalStay(Stay):
    """A stay in hospital (住院).

    One may begin on the day on which the one before ends, as when the patient is moved to another hospital (转院).
    """

    finality: ClassVar[Any] = TRACKED_AND_TAKEN_BACK

    history = HistoricalRecords()

    class Meta(Stay.Meta):
        abstract = False
        verbose_name = _("hospital stay")
        verbose_name_plural = _("hospital stays")
        constraints = [
            *(each for each in Stay.Meta.constraints if not isinstance(each, ExclusionConstraint)),
            ExclusionConstraint(
                name="%(class)s_periods_never_overlap",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    (FromNoonToNoon(F("period")), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class SpecialNursing(Stay):
    """Medical special nursing under long-term care insurance (医疗专护)."""

    finality: ClassVar[Any] = TRACKED_AND_TAKEN_BACK

    history = HistoricalRecords()

    class Meta(Stay.Meta):
        abstract = False
        verbose_name = _("medical special nursing")
        verbose_name_plural = _("medical special nursing")
