"""The parts of the form of a trial calculation, in the order in which a clerk is told things."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Part(NamedTuple):
    """Some of the fields under a heading. Idle while the field `unless` has a value; folded until somebody opens it."""

    title: Promise
    names: tuple[str, ...]
    hint: Promise | str = ""
    unless: str = ""
    is_folded: bool = False


DESCRIBED = Part(
    _("Somebody described"),
    ("region", "birth_date", "age", "status", "scheme", "employment", "contribution"),
    unless="member",
)
REGISTERED = Part(
    _("What is registered, and where the patient is"),
    (
        "registered_in",
        "diseases",
        "is_away_registered",
        "family_doctor",
        "in_hospital",
        "in_special_nursing",
        "died",
    ),
    unless="member",
    is_folded=True,
)
USED = Part(
    _("What was used in the year before the visit, yuan"),
    (
        "used_deductible",
        "used_covered",
        "used_covered_month",
        "used_year",
        "used_month",
        "used_inpatient",
        "used_maximum",
        "balance",
    ),
    unless="member",
    is_folded=True,
)
MORE = Part(
    _("More about the visit"),
    ("disease", "stay_hours", "prescribing_tier", "out_of_area", "place", "filed_on", "pay_from_account"),
    is_folded=True,
)
PARTS = (
    Part(_("Who"), ("member",), _("Choose a member, or leave it empty and describe somebody.")),
    DESCRIBED,
    REGISTERED,
    USED,
    Part(_("When and where"), ("served_on", "benefit", "provider")),
    Part(_("A provider that is not named"), ("tier", "is_designated"), unless="provider"),
    MORE,
    Part(
        _("Compare with"),
        ("other_day", "other_tier", "other_region"),
        _("One of them: the same visit on another day, at another tier, or by the rules of another region."),
        is_folded=True,
    ),
)
