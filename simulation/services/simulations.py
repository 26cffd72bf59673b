"""Asking for a simulation, ending it, and whether its report still speaks of the version as it is."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.approval import payload_digest
from agency.services.jobs import fail_job, queue_job, send_job
from claims.models import Settlement
from policies.engine.errors import MissingLaw
from policies.models import PolicyVersion, VersionState
from policies.selectors.books import Book
from policies.selectors.building import build_policy
from policies.services.versions import version_payload
from simulation.models import Simulation, SimulationState

TASK = "simulation.tasks.begin_simulation"
UNFINISHED = (SimulationState.QUEUED, SimulationState.RUNNING)
# What of a version a simulation does not calculate with: it applies the rules to months of its own, and why a change is
# right alters no amount.
_NOT_CALCULATED = ("label", "since", "until", "explained")


def content_digest(version: PolicyVersion, book: Book | None = None) -> str:
    """What names a version's rules: an edit of any of them, or of where one stands, changes it. book: the rules, where
    they were read.
    """
    payload = version_payload(version, book)
    return payload_digest({name: value for name, value in payload.items() if name not in _NOT_CALCULATED})


def is_stale(simulation: Simulation) -> bool:
    """Whether one of the versions was edited since it was calculated with."""
    if content_digest(simulation.version) != simulation.content_hash:
        return True
    other = simulation.compared_with
    return other is not None and content_digest(other) != simulation.compared_hash


def after_last_day(last_month: date) -> date:
    """The first day of the month after one that is given by its first day."""
    return (last_month + timedelta(days=31)).replace(day=1)


@transaction.atomic
def request_simulation(
    version: PolicyVersion,
    *,
    compared_with: PolicyVersion | None = None,
    first_month: date,
    last_month: date,
    today: date,
    actor: User | None,
) -> Simulation:
    """Have the workers calculate what a version would have cost in months that have begun, given by their first days.

    compared_with: another version of the region, None for the law that was in force. today: contributions received
    later do not count.

    DomainError for a discarded version, a version of another region or with itself, months the wrong way round or to
    come, months without law or without a settled claim, a version that does not decide everything, or while the same is
    being calculated.
    """
    _check_versions(version, compared_with)
    first_month, last_month = first_month.replace(day=1), last_month.replace(day=1)
    _check_months(version, compared_with, first_month, last_month, today)
    hashes = content_digest(version), content_digest(compared_with) if compared_with else ""
    asked = {
        "version": version,
        "compared_with": compared_with,
        "first_month": first_month,
        "last_month": last_month,
        "content_hash": hashes[0],
        "compared_hash": hashes[1],
    }
    if Simulation.objects.filter(**asked, state__in=UNFINISHED).exists():
        raise DomainError(_("The same simulation is being calculated already. Wait for it, or cancel it first."))
    subject = f"{version.label} {first_month:%Y-%m}–{last_month:%Y-%m}"
    job = queue_job("simulation", region=version.region, actor=actor, subject=subject)
    simulation = Simulation.objects.create(region=version.region, job=job, asked_by=actor, as_of=today, **asked)
    send_job(job, TASK)
    return simulation


def _check_versions(version: PolicyVersion, compared_with: PolicyVersion | None) -> None:
    for each in (version, compared_with):
        if each is None:
            continue
        if each.state == VersionState.DISCARDED:
            raise DomainError(
                _("Version %(label)s was discarded. Choose a draft or a published version.") % {"label": each.label}
            )
        try:
            build_policy(each)
        except MissingLaw as error:
            raise DomainError(
                _("Version %(label)s leaves a case undecided (%(detail)s). Complete it first.")
                % {"label": each.label, "detail": error}
            ) from error
    if compared_with is None:
        return
    if compared_with.region_id != version.region_id:
        raise DomainError(
            _("Version %(label)s is of another region. Choose a version of %(region)s.")
            % {"label": compared_with, "region": version.region},
            field="compared_with",
        )
    if compared_with.pk == version.pk:
        raise DomainError(
            _("A version is compared with another one. Choose another, or leave it empty for the law in force."),
            field="compared_with",
        )


def _check_months(
    version: PolicyVersion, compared_with: PolicyVersion | None, first_month: date, last_month: date, today: date
) -> None:
    if last_month < first_month:
        raise DomainError(_("The last month lies before the first. Swap them."), field="last_month")
    if last_month > today:
        raise DomainError(
            _("%(month)s has not begun. Choose a month that has.") % {"month": f"{last_month:%Y-%m}"},
            field="last_month",
        )
    end = after_last_day(last_month)
    published = PolicyVersion.objects.filter(region=version.region, state=VersionState.PUBLISHED).order_by("period")
    if compared_with is None and not published.filter(period__overlap=(first_month, end)).exists():
        first = published.first()
        raise DomainError(
            _(
                "No rules of %(region)s were in force in these months. Choose months from %(month)s on, or compare with"
                " another version."
            )
            % {"region": version.region, "month": f"{first.period.lower:%Y-%m}" if first else "—"},
            field="first_month",
        )
    standing = Settlement.objects.filter(member__region=version.region, reverses__isnull=True, reversed_by__isnull=True)
    if not standing.filter(served_on__gte=first_month, served_on__lt=end).exists():
        last = standing.aggregate(last=Max("served_on"))["last"]
        way_out = (
            _("The last settled visit was in %(month)s.") % {"month": f"{last:%Y-%m}"}
            if last
            else _("Settle claims first.")
        )
        raise DomainError(
            _("No claim of these months is settled, so there is nothing to simulate. %(way_out)s")
            % {"way_out": way_out},
            field="first_month",
        )


@transaction.atomic
def cancel_simulation(simulation: Simulation, *, actor: User | None) -> Simulation:
    """End a simulation that is not done; what was calculated of it is dropped. MoveNotAllowed once it has ended."""
    held = Simulation.objects.select_for_update(of=("self",), no_key=True).select_related("job").get(pk=simulation.pk)
    if held.state not in UNFINISHED:
        raise MoveNotAllowed(_("This simulation has ended already."))
    held.state, held.finished_at = SimulationState.CANCELLED, timezone.now()
    held.save(update_fields=["state", "finished_at"])
    fail_job(held.job, str(_("Cancelled. Start the simulation again when it is needed.")))
    return held
