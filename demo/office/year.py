"""The year's work in its order, up to the middle of the office's day."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path

from django.utils.timezone import localtime
from django.utils.translation import override

from agency.models import User
from demo.office import (
    accounts,
    arrivals,
    cases,
    clearing,
    crediting,
    direct,
    fates,
    house_keeping,
    law,
    live,
    looking,
    newcomers,
    noting,
    paying,
    registering,
    reimbursing,
    reversing,
    simulating,
    watching,
)
from demo.office.house import Office
from demo.population import Invented
from demo.worker import Worker

# Somebody who has opened the office before goes on with the day on which it was opened.
_FIRST_COLLEAGUE = "clerk"


def office_day() -> date:
    """The day of the demonstration: that on which it was begun, so that a second one finds its work done."""
    colleague = User.objects.get(username=_FIRST_COLLEAGUE)
    return localtime(colleague.date_joined).date()


def work_until_now(
    office: Office,
    invented: Mapping[str, Invented],
    files: Mapping[str, Mapping[str, Path]],
    worker: Worker,
    *,
    keeps_worker: bool = True,
) -> None:
    """Everything that the office has done, and what it left for whoever signs in. keeps_worker: False where the worker
    may go as soon as it has nothing left to do.
    """
    with override("zh-hans"):
        for slug in office.regions:
            _year_of(office, slug, invented, files)
        _last_month(office, invented, worker)
        if not keeps_worker:
            worker.dismiss()
        _desks(office)


def _year_of(
    office: Office, slug: str, invented: Mapping[str, Invented], files: Mapping[str, Mapping[str, Path]]
) -> None:
    """A region's year month by month, as it went."""
    region, calendar, invention = office.regions[slug], office.calendar, invented[slug]
    if arrivals.bring_in(office, region, invention, dict(files[slug])):
        office.say(f"  {region.name} {region.name_en}: {len(invention.people)} members, {len(invention.bills)} bills")
    months = calendar.months[:-1]
    with office.progress(region.name_en, len(months)) as step:
        for month in months:
            if month in calendar.served:
                direct.settle_month(office, region, month, invention.bills)
            if slug == fates.HAPPENED_IN and month == months[-1]:
                fates.learn_of_deaths(office, region, invention)
            crediting.credit_month(office, region, month)
            step()


def _last_month(office: Office, invented: Mapping[str, Invented], worker: Worker) -> None:
    """The last month: files and credits with the workers."""
    for slug, region in office.regions.items():
        direct.send_last_month(office, region, invented[slug].bills)
    crediting.credit_last_month(office, worker)
    direct.wait_for_files(worker)
    direct.review_some(office)


def _desks(office: Office) -> None:
    """What lies on the desks today."""
    where = office.regions[fates.HAPPENED_IN]
    fates.learn_of_a_stay(office, where)
    fates.pay_much_at_one_pharmacy(office, where)
    steps: tuple[Callable[[], None], ...] = (
        *(partial(reimbursing.reimburse, office, region) for region in office.regions.values()),
        *(
            partial(step, office)
            for step in (
                paying.pay,
                accounts.look_after_accounts,
                cases.write_cases,
                law.change_the_law,
                law.register_diseases,
                simulating.simulate_drafts,
                clearing.settle_with_providers,
                reversing.take_back,
                law.publish_late,
                newcomers.register_newcomers,
                registering.enter_bills,
                live.settle_at_the_counter,
                house_keeping.import_twice,
                house_keeping.ask_for_roles,
                house_keeping.take_lists_along,
                watching.look_for_patterns,
                watching.verify,
                noting.write_notes,
                looking.look_around,
                watching.add_up,
            )
        ),
    )
    with office.progress("Desks", len(steps)) as done:
        for step in steps:
            step()
            done()
