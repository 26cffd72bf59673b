"""What happened to a member on this floor: the record, insurance, contributions, registrations."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from agency.admin.formats import days, month
from agency.admin.permissions import may
from agency.admin.timeline import Event, from_history, label_of_state
from members import models as m


def member_events(user: Any, member: m.Member, before: datetime, limit: int) -> Iterable[Event]:
    """What the person may see of it."""
    yield from from_history(m.Member.history.filter(id=member.pk), before, limit, _("Record"), str)
    if may(user, "members.view_enrollment", member):
        rows = m.Enrollment.history.filter(member=member.pk)
        yield from from_history(rows, before, limit, _("Insurance"), lambda row: f"{row.instance} · {days(row.period)}")
    if may(user, "members.view_contribution", member):
        rows = m.Contribution.history.filter(member=member.pk)
        yield from from_history(rows, before, limit, _("Contributions"), _contribution)
    if may(user, "members.view_diseaseregistration", member):
        yield from _registrations(member, before, limit)


def _contribution(row: Any) -> str:
    return _("%(month)s, base %(base)s yuan") % {"month": month(row.month), "base": f"{row.base:,.2f}"}


def _registrations(member: m.Member, before: datetime, limit: int) -> Iterator[Event]:
    diseases = m.DiseaseRegistration.history.filter(member=member.pk).select_related("disease")
    yield from from_history(
        diseases, before, limit, _("Registrations"), lambda row: f"{row.disease.name} · {label_of_state(row)}"
    )
    for model in (m.OutOfAreaRegistration, m.FamilyDoctorContract, m.HospitalStay, m.SpecialNursing):
        rows = model.history.filter(member=member.pk)
        yield from from_history(rows, before, limit, _("Registrations"), lambda row: days(row.period))
