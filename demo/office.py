"""The month's work of the demonstration: files imported, credits run and approved, claims settled by a worker.

Everything is done by the services that the screens use, each step by somebody whose role allows it. Done a second
time it finds its work done.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from celery import current_app
from django.db import transaction

from accounts.models import CreditRun, RunState
from accounts.services.credit_checks import check_run
from accounts.services.credit_runs import approve_run, draft_run, open_run, submit_run
from agency.importing.report import ImportReport
from agency.models import Job, JobState, PoolingRegion, Role
from agency.services.imports import import_file
from claims.services.batches import queue_settlement, registered_claims
from demo.population import MONTH
from demo.staff import Colleague
from demo.worker import Worker, WorkerFailed
from members.models import Member
from reimbursements.models import Reimbursement, ReimbursementKind, ReimbursementState
from reimbursements.services import reimbursements

# The day at the office: the month is over, and contributions that came late have come.
OFFICE_DAY = date(2023, 4, 10)
_WORK_SECONDS = 300
_BANK = "中国工商银行"
_IMPORTERS = {"average_pensions": Role.POLICY_OFFICER, "catalog_items": Role.POLICY_OFFICER}


class DemoFailed(Exception):
    """The demonstration cannot go on; the text is for the person who started it."""


@dataclass(frozen=True)
class Office:
    """The staff at work. `say` prints a line for the person who watches."""

    staff: dict[Role, Colleague]
    say: Callable[[str], None]

    def import_files(self, region: PoolingRegion, files: dict[str, Path]) -> list[ImportReport]:
        """Import a region's files, each by somebody who may.

        DemoFailed where a fresh region's file is not accepted as a whole, or the region has the people of another
        seed. In a region with members rows may differ from what somebody has changed on the screens since; those are
        left as they are.
        """
        has_members = Member.objects.filter(region=region).exists()
        reports = []
        for kind, path in files.items():
            report = import_file(
                kind,
                path.read_bytes(),
                region=region,
                actor=self.staff[_IMPORTERS.get(kind, Role.CLERK)].user,
                today=OFFICE_DAY,
                only_good_rows=has_members,
                filename=path.name,
            )
            if report.errors and not has_members:
                wrong = "\n".join(str(error) for error in report.errors[:5])
                raise DemoFailed(f"{path} was refused:\n{wrong}")
            if any(error.column == "identity_number" for error in report.errors):
                raise DemoFailed(
                    f"{region.name} {region.name_en} has other people than {path}: give the --seed that the "
                    "database was made with, or start with an empty database."
                )
            reports.append(report)
        return reports

    def credit(self, regions: Iterable[PoolingRegion], worker: Worker) -> None:
        """Run the month's credits of every region where they are not posted yet, and wait until the worker has posted
        them.
        """
        runs = [run for region in regions if (run := self._approved_run(region)) is not None]
        for run in runs:
            self.say(f"  {run.region.name} {run.region.name_en}: submitted by finance, approved by the supervisor")

        def are_posted() -> bool:
            return not CreditRun.objects.filter(pk__in=[run.pk for run in runs]).exclude(state=RunState.POSTED).exists()

        worker.wait_for(are_posted, "The worker did not post the credit runs.", _WORK_SECONDS)

    def _approved_run(self, region: PoolingRegion) -> CreditRun | None:
        """The region's run, carried on from wherever it was left: drafted and submitted by finance, approved by a
        supervisor.
        """
        if CreditRun.objects.filter(region=region, month=MONTH, state=RunState.POSTED).exists():
            return None
        finance, supervisor = self.staff[Role.FINANCE].user, self.staff[Role.SUPERVISOR].user
        run = open_run(region) or draft_run(region, month=MONTH, as_of=OFFICE_DAY, actor=finance)
        if run.month != MONTH:
            raise DemoFailed(f"{run} is open. Finish or discard it, then start the demonstration again.")
        if run.state == RunState.POSTING:
            # Approved by a demonstration that was broken off; posting what is posted already does nothing.
            current_app.send_task("accounts.tasks.post_credit_run", args=[run.pk])
            return run
        if run.state in (RunState.DRAFT, RunState.CHECKED):
            run = submit_run(check_run(run, actor=finance), actor=finance)
        return approve_run(run, actor=supervisor)

    def settle(self, regions: Iterable[PoolingRegion], worker: Worker) -> None:
        """Have the registered claims of every region settled, and wait until the worker has done so."""
        clerk = self.staff[Role.CLERK].user
        waiting = [(region, count) for region in regions if (count := registered_claims(region))]
        jobs = [queue_settlement(region, today=OFFICE_DAY, actor=clerk).pk for region, _count in waiting]
        for region, count in waiting:
            self.say(f"  {region.name} {region.name_en}: {count} claims queued")

        def are_done() -> bool:
            open_states = (JobState.QUEUED, JobState.RUNNING)
            return not Job.objects.filter(pk__in=jobs, state__in=open_states).exists()

        worker.wait_for(are_done, "The worker did not settle the claims.", _WORK_SECONDS)
        failed = Job.objects.filter(pk__in=jobs, state=JobState.FAILED).first()
        if failed is not None:
            raise WorkerFailed(f"{failed} failed: {failed.log}\n{worker.tail()}")

    def reimburse(self, regions: Iterable[PoolingRegion]) -> None:
        """Have the papers of every manual claim that nobody has begun to examine submitted by the clerk and decided by
        the supervisor.
        """
        for region in regions:
            untouched = Reimbursement.objects.filter(claim__region=region, state=ReimbursementState.REGISTERED)
            waiting = list(untouched.select_related("claim__member").order_by("claim__served_on", "claim_id"))
            for reimbursement in waiting:
                self._decide(reimbursement)
            if waiting:
                self.say(f"  {region.name} {region.name_en}: {len(waiting)} reimbursements decided by the supervisor")

    @transaction.atomic
    def _decide(self, reimbursement: Reimbursement) -> None:
        by_clerk: dict[str, Any] = {"actor": self.staff[Role.CLERK].user, "reason": "demonstration"}
        reimbursements.describe_reimbursement(
            reimbursement,
            kind=ReimbursementKind(reimbursement.kind),
            payee_name=reimbursement.claim.member.name,
            payee_bank=_BANK,
            # Invented, and nobody's: as many digits as a bank card has, with the member's row at the end.
            payee_account=f"6200000{reimbursement.claim.member_id:012d}",
            **by_clerk,
        )
        reimbursements.complete_papers(
            reimbursement, on=OFFICE_DAY, today=OFFICE_DAY, accepted_without="demonstration: no scans", **by_clerk
        )
        submitted = reimbursements.submit_reimbursement(reimbursement, **by_clerk)
        supervisor = self.staff[Role.SUPERVISOR].user
        reimbursements.decide_by_the_rules(submitted, today=OFFICE_DAY, actor=supervisor, reason="demonstration")
