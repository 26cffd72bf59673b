"""Every page of the admin, as every role: who may open it, and within how many queries."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agency.admin.base import HouseAdmin, TrackedAdmin
from tests.office import (
    Office,
    furnished_office,  # noqa: F401  The fixture "office".
    visitor,
)

pytestmark = pytest.mark.django_db

READERS = {"clerk", "supervisor", "policy_officer", "finance", "auditor", "root"}
EVERYBODY = READERS | {"system_administrator"}
STAFF_READERS = {"auditor", "system_administrator", "root"}
STAFF_WRITERS = {"system_administrator", "root"}
MEMBER_CLERKS = {"clerk", "supervisor", "root"}
OFFICERS = {"policy_officer", "root"}
RUNNERS = {"clerk", "finance", "root"}
DECIDERS = {"supervisor", "root"}
APPROVERS = {"supervisor", "finance", "root"}

# Model, and the row of the office that its pages are opened for → who may read.
MODELS: dict[str, tuple[str, set[str]]] = {
    "agency_poolingregion": ("here", EVERYBODY),
    "agency_job": ("job", EVERYBODY),
    "agency_user": ("clerk_user", STAFF_READERS),
    "agency_roleassignment": ("role", STAFF_READERS),
    "policies_instrument": ("instrument", READERS),
    "policies_article": ("article", READERS),
    "policies_averagepension": ("pension_zaozhuang", READERS),
    "policies_policyversion": ("draft", READERS),
    "policies_localfigure": ("figure", READERS),
    "policies_disease": ("disease", READERS),
    "providers_provider": ("provider_zaozhuang", READERS),
    "members_member": ("member", READERS),
    "members_diseaseregistration": ("registration", READERS),
    "accounts_ledgeraccount": ("account", READERS),
    "accounts_ledgerentry": ("entry", READERS),
    "accounts_creditrun": ("open_run", READERS),
    "accounts_familyuseauthorization": ("authorization", READERS),
    "accounts_accountclosing": ("closing", READERS),
    "claims_claim": ("claim", READERS),
    "claims_reversal": ("reversal", READERS),
}
ADDERS: dict[str, set[str]] = {
    "agency_user": STAFF_WRITERS,
    "policies_averagepension": OFFICERS,
    "policies_localfigure": OFFICERS,
    "providers_provider": MEMBER_CLERKS,
    "members_member": MEMBER_CLERKS,
    "accounts_creditrun": RUNNERS,
    "claims_claim": {"clerk", "root"},
}
# Buttons of rows and of lists → who may press them.
BUTTONS: dict[str, dict[str, set[str]]] = {
    "agency_user": {"give_role": STAFF_WRITERS},
    "agency_roleassignment": {"withdraw": STAFF_WRITERS},
    "policies_averagepension": {"correct": OFFICERS},
    "policies_policyversion": dict.fromkeys(("draft", "submit", "publish", "send_back", "discard"), OFFICERS),
    "policies_localfigure": dict.fromkeys(("approve", "refuse", "end"), OFFICERS),
    "providers_provider": {"change_terms": MEMBER_CLERKS},
    "members_member": {
        "new_claim": {"clerk", "root"},
        "pay_from_account": MEMBER_CLERKS,
        "authorize_relative": {"clerk", "root"},
        "close_account": {"clerk", "root"},
        **dict.fromkeys(
            (
                "enroll",
                "change_scheme",
                "convert_to_retired",
                "terminate",
                "record_death",
                "record_contribution",
                "register_disease",
                "register_out_of_area",
                "record_hospital_stay",
                "record_special_nursing",
                "set_civil_servant_basis",
                "set_old_standard",
            ),
            MEMBER_CLERKS,
        ),
    },
    "accounts_creditrun": {
        **dict.fromkeys(("check_run", "submit", "discard"), RUNNERS),
        **dict.fromkeys(("approve", "send_back"), APPROVERS),
    },
    "members_diseaseregistration": {**dict.fromkeys(("approve", "refuse"), DECIDERS), "end": MEMBER_CLERKS},
    "accounts_familyuseauthorization": {
        **dict.fromkeys(("approve", "refuse"), DECIDERS),
        "revoke": {"clerk", "root"},
    },
    "accounts_accountclosing": dict.fromkeys(("approve", "refuse"), DECIDERS),
    "accounts_ledgerentry": {"take_home": READERS},
    "claims_claim": {
        "settle": MEMBER_CLERKS,
        "accept_late": DECIDERS,
        "take_home": READERS,
        "ask_for_reversal": {"clerk", "root"},
    },
    "claims_reversal": dict.fromkeys(("approve", "refuse"), DECIDERS),
}
LIST_BUTTONS: dict[str, dict[str, set[str]]] = {"claims_claim": {"settle_all": MEMBER_CLERKS}}
LEADING_ELSEWHERE = {"new_claim", "take_home"}

LIST_BUDGET = 25
PAGE_BUDGET = 60
FORM_BUDGET = 25


def thing(office: Office, name: str) -> Any:
    """The row of the office that a model's pages are opened for."""
    version = office.things["version"]
    derived: dict[str, Any] = {
        "here": office.here,
        "clerk_user": office.staff["clerk"],
        "role": office.staff["clerk"].role_assignments.get(),
        "instrument": version.instrument,
        "article": version.instrument.articles.first(),
        "disease": office.here.diseases.first(),
        "member": office.members[0],
        "account": office.members[0].account,
        "entry": office.members[0].account.credits.first(),
    }
    return derived.get(name) or office.things[name]


def pages(office: Office) -> list[tuple[str, set[str], int, int]]:
    """Every page: its address, who may open it, the status they get, its budget of queries."""
    found: list[tuple[str, set[str], int, int]] = [
        (reverse("admin:index"), EVERYBODY | {"nobody"}, 200, 40),
        (reverse("admin:agency_job_import"), {"clerk", "supervisor", "policy_officer", "root"}, 200, FORM_BUDGET),
    ]
    for model, (name, readers) in MODELS.items():
        pk = thing(office, name).pk
        found += [
            (reverse(f"admin:{model}_changelist"), readers, 200, LIST_BUDGET),
            (reverse(f"admin:{model}_change", args=[pk]), readers, 200, PAGE_BUDGET),
            (reverse(f"admin:{model}_history", args=[pk]), readers, 200, PAGE_BUDGET),
            (reverse(f"admin:{model}_add"), ADDERS.get(model, set()), 200, FORM_BUDGET),
            (reverse(f"admin:{model}_delete", args=[pk]), set(), 200, FORM_BUDGET),
        ]
        found += [
            (
                reverse(f"admin:{model}_{button}", args=[pk]),
                pressers,
                302 if button in LEADING_ELSEWHERE else 200,
                FORM_BUDGET,
            )
            for button, pressers in BUTTONS.get(model, {}).items()
        ]
        found += [
            (reverse(f"admin:{model}_{button}"), pressers, 200, FORM_BUDGET)
            for button, pressers in LIST_BUTTONS.get(model, {}).items()
        ]
    return [*found, *_rule_pages(office), *_explanations(office)]


def _explanations(office: Office) -> list[tuple[str, set[str], int, int]]:
    settled, refused, entry = (thing(office, name).pk for name in ("claim", "refused", "entry"))
    addresses = [
        reverse("admin:claims_claim_explanation", args=[settled]),
        reverse("admin:claims_claim_explanation", args=[refused]),
        reverse("admin:claims_claim_setlinfo", args=[settled, office.things["settlement"].pk]),
        reverse("admin:accounts_ledgerentry_explanation", args=[entry]),
    ]
    return [(address, READERS, 200, FORM_BUDGET) for address in addresses]


def _rule_pages(office: Office) -> list[tuple[str, set[str], int, int]]:
    draft = office.things["draft"]
    row = draft.reimbursementrate_rows.first()
    address = reverse("admin:policies_policyversion_rule", args=[draft.pk, "reimbursementrate", row.pk])
    return [(address, OFFICERS, 200, FORM_BUDGET)]


@pytest.mark.parametrize("role", sorted(EVERYBODY | {"nobody"}))
def test_each_page_opens_for_its_roles_and_for_nobody_else(office: Office, role: str) -> None:
    client = visitor(office.staff[role])
    wrong = []
    for address, allowed, status, budget in pages(office):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        # Whoever works nowhere does not even learn that a row exists.
        refused = {403, 404} if role in EVERYBODY else {302, 403, 404}
        expected = {status} if role in allowed else refused
        if response.status_code not in expected:
            wrong.append(f"{address}: {response.status_code}, not one of {expected}")
        if len(queries) > budget:
            wrong.append(f"{address}: {len(queries)} queries, {budget} allowed")
    assert wrong == []


def test_without_a_login_every_page_leads_to_the_login(office: Office, client: Any) -> None:
    statuses = {client.get(address).status_code for address, _allowed, _status, _budget in pages(office)}
    assert statuses == {302}


def test_the_table_has_every_model_and_every_button() -> None:
    registered: dict[str, Any] = {
        f"{model._meta.app_label}_{model._meta.model_name}": page for model, page in admin.site._registry.items()
    }
    assert set(registered) == set(MODELS)
    for name, page in registered.items():
        assert set(page._extract_action_names(page.actions_detail)) == set(BUTTONS.get(name, {})), name
        assert set(page._extract_action_names(page.actions_list)) == set(LIST_BUTTONS.get(name, {})), name


def test_every_list_has_search_and_filters_or_says_why_not() -> None:
    for model, page in admin.site._registry.items():
        assert isinstance(page, HouseAdmin), model
        assert page.search_fields, model
        # Five regions need no filter.
        assert page.list_filter or model._meta.model_name == "poolingregion", model
        assert page.show_full_result_count is False


def test_no_page_takes_a_change_past_the_services(office: Office) -> None:
    root = visitor(office.staff["root"])
    for model, (name, _readers) in MODELS.items():
        if model == "agency_user":  # The one model that staff edit in an ordinary form.
            continue
        address = reverse(f"admin:{model}_change", args=[thing(office, name).pk])
        assert root.post(address, {"reason": "because"}).status_code == 403, model


def test_an_earlier_state_is_shown_and_cannot_be_written_back(office: Office) -> None:
    root = visitor(office.staff["root"])
    for model, page in admin.site._registry.items():
        if not isinstance(page, TrackedAdmin):
            continue
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        row = thing(office, MODELS[label][0])
        version = row.history.first()
        address = reverse(f"admin:{label}_simple_history", args=[row.pk, version.pk])
        assert root.get(address).status_code == 200, label
        assert root.post(address, {"reason": "because"}).status_code == 403, label


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_page_shows_a_whole_identity_or_phone_number(office: Office, language: str) -> None:
    root = visitor(office.staff["root"], language)
    secrets = [member.identity_number for member in office.members] + ["13800138000"]
    for address, _allowed, _status, _budget in pages(office):
        text = root.get(address).content.decode()
        assert not [secret for secret in secrets if secret in text], address


def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(office: Office) -> None:
    from tests.house import insured

    client = visitor(office.staff["clerk"])
    addresses = [reverse(f"admin:{model}_changelist") for model in ("members_member", "accounts_ledgeraccount")]

    def counted(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    before = [counted(address) for address in addresses]
    for _each in range(20):
        insured(office.here)
    assert [counted(address) for address in addresses] == before


@pytest.mark.parametrize("role", sorted(EVERYBODY | {"nobody"}))
def test_the_sidebar_leads_to_pages_that_open(office: Office, role: str) -> None:
    client = visitor(office.staff[role])
    groups = client.get(reverse("admin:index")).context["sidebar_navigation"]
    links = [item["link"] for group in groups for item in group["items"]]
    assert {client.get(link).status_code for link in links} == {200}
    readable = {reverse(f"admin:{model}_changelist") for model, (_name, readers) in MODELS.items() if role in readers}
    assert readable <= set(links)


@pytest.mark.parametrize(
    ("model", "term", "expected"),
    [
        ("claims_claim", "C0001", ["C0001"]),
        ("claims_claim", "李", ["C0002"]),
        ("claims_claim", "P0003", ["C0002"]),
        ("claims_claim", "C000", []),
        ("accounts_ledgeraccount", "张", ["张伟 P0001"]),
        ("accounts_ledgeraccount", "P0001", ["张伟 P0001"]),
        ("accounts_ledgerentry", "settlement:0", []),
    ],
)
def test_a_search_finds_by_number_or_by_the_members_name(
    office: Office, model: str, term: str, expected: list[str]
) -> None:
    response = visitor(office.staff["clerk"]).get(reverse(f"admin:{model}_changelist"), {"q": term})
    assert [str(row) for row in response.context["cl"].queryset] == expected
