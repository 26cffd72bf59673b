"""The office itself: a job that failed and how it was mended, and roles that wait for a second administrator."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import transaction

from agency.exporting.streams import csv_bytes
from agency.models import Export, Job, JobState, Role, RoleRequest
from agency.services.exports import Wanted, export_at_once
from agency.services.roles import give_role, refuse_role_request
from demo.office.house import Office
from files.services.imports import import_file

MENDED_IN = "kaifeng"
_HEADER = ("region", "provider_code", "name", "kind", "tier", "first_day", "is_designated")
_CODE = "H41020000099"
# Lists that somebody took along: which, who, in which form.
_PROVIDERS = ("providers.provider", Role.CLERK, "xlsx")
_STATEMENTS = ("clearing.providerstatement", Role.FINANCE, "csv")
_WRONG, _RIGHT = "机构新增.csv", "机构新增_更正.csv"


def import_twice(office: Office) -> None:
    """A file that is refused because of a word that nobody knows, and the corrected one."""
    if Job.objects.filter(kind="import_providers", subject=_WRONG, state=JobState.FAILED).exists():
        return
    for name, tier in ((_WRONG, "三级丁等"), (_RIGHT, "primary")):
        row = (
            MENDED_IN,
            _CODE,
            "开封杏林社区卫生服务站（示例）",
            "medical_institution",
            tier,
            f"{office.calendar.last}",
            "1",
        )
        import_file(
            "providers",
            csv_bytes(_HEADER, [row]),
            region=office.regions[MENDED_IN],
            actor=office.clerk,
            today=office.today,
            filename=name,
        )


def ask_for_roles(office: Office) -> None:
    """One request that another administrator refused, one that waits."""
    if RoleRequest.objects.exists():
        return
    asking, deciding = office.second(Role.SYSTEM_ADMINISTRATOR), office.first(Role.SYSTEM_ADMINISTRATOR)
    colleague, region = office.second(Role.CLERK), office.regions[MENDED_IN]
    with transaction.atomic():
        give_role(colleague, Role.FINANCE, region, actor=asking, reason="财务同事休假期间协助录入支付批次")
        reason = "经办人员不得兼任财务岗位，请由财务科另行安排"
        refuse_role_request(RoleRequest.objects.get(user=colleague), actor=deciding, reason=reason)
        give_role(
            colleague,
            Role.SUPERVISOR,
            office.regions["baoshan"],
            actor=asking,
            reason="拟任保山片区复核岗，已通过岗前培训",
        )


def take_lists_along(office: Office) -> None:
    """A clerk and a finance officer took lists as files; what the files were about is on record."""
    if Export.objects.exists():
        return
    region = office.regions[MENDED_IN]
    for listed, role, form in (_PROVIDERS, _STATEMENTS):
        person = office.first(role)
        page: Any = admin.site.get_model_admin(apps.get_model(listed))
        wanted = Wanted(listed=listed, sheet="", form=form, query="", filters="", region=region)
        _rows, sheet = page.sheet_for(person, "", "")
        _export, file = export_at_once(wanted, sheet, actor=person)
        file.close()
