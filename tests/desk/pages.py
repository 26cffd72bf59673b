"""Every page of the admin: for which row it is opened, who may open it, within how many queries."""

from typing import Any

from django.urls import reverse

from agency.models import User
from desk.handbook import CHAPTERS
from policies.admin.edit_tables import FAMILIES
from tests.builder.office import Office

READERS = {"clerk", "supervisor", "policy_officer", "finance", "auditor", "root"}
EVERYBODY = READERS | {"system_administrator"}
STAFF_READERS = {"auditor", "system_administrator", "root"}
STAFF_WRITERS = {"system_administrator", "root"}
MEMBER_CLERKS = {"clerk", "supervisor", "root"}
CLERKS = {"clerk", "root"}
LOG_READERS = {"supervisor", "auditor", "system_administrator", "root"}
# Which files these may bring, the services look at.
IMPORTERS = {"clerk", "supervisor", "policy_officer", "finance", "root"}
OFFICERS = {"policy_officer", "root"}
LAW_DECIDERS = {"supervisor", "policy_officer", "root"}
TRIERS = {"clerk", "supervisor", "policy_officer", "root"}
RUNNERS = {"clerk", "finance", "root"}
DECIDERS = {"supervisor", "root"}
APPROVERS = {"supervisor", "finance", "root"}
PAYERS = {"finance", "root"}
WRITERS = READERS - {"auditor"}

# Model, and the row of the office that its pages are opened for → who may read.
MODELS: dict[str, tuple[str, set[str]]] = {
    "agency_poolingregion": ("here", EVERYBODY),
    "agency_job": ("job", EVERYBODY),
    "audit_access": ("access", LOG_READERS),
    "agency_export": ("export", STAFF_READERS),
    "files_fileimport": ("file_import", READERS),
    "agency_user": ("clerk_user", STAFF_READERS),
    "agency_roleassignment": ("role", STAFF_READERS),
    "agency_rolerequest": ("role_request", STAFF_READERS),
    "policies_instrument": ("instrument", READERS),
    "policies_article": ("article", READERS),
    "policies_averagepension": ("pension", READERS),
    "policies_policyversion": ("draft", READERS),
    "policies_localfigure": ("figure", READERS),
    "simulation_simulation": ("simulation", READERS),
    "simulation_workedcase": ("worked_case", READERS),
    "policies_disease": ("disease", READERS),
    "providers_provider": ("provider_zaozhuang", READERS),
    "providers_catalogitem": ("catalog_item", READERS),
    "members_member": ("member", READERS),
    "members_diseaseregistration": ("registration", READERS),
    "accounts_ledgeraccount": ("account", READERS),
    "accounts_ledgerentry": ("entry", READERS),
    "accounts_creditrun": ("open_run", READERS),
    "accounts_creditdifference": ("difference", READERS),
    "accounts_familyuseauthorization": ("authorization", READERS),
    "accounts_accountclosing": ("closing", READERS),
    "accounts_yearlyinterest": ("interest", READERS),
    "accounts_accountrequest": ("account_request", READERS),
    "claims_claim": ("claim", READERS),
    "reimbursements_reimbursement": ("reimbursement", READERS),
    "claims_reversal": ("reversal", READERS),
    "claims_resettlement": ("resettlement", READERS),
    "claims_resettlementbatch": ("resettlement_batch", READERS),
    "claims_batchyear": ("batch_year", READERS),
    "reimbursements_paymentbatch": ("payment_batch", READERS),
    "clearing_providerstatement": ("statement", READERS),
    "clearing_auditdeduction": ("audit_deduction", READERS),
    "clearing_yearclearing": ("clearing", READERS),
    "monitoring_reviewflag": ("review_flag", READERS),
    "interface_message": ("message", READERS),
    "interface_providercredential": ("credential", STAFF_READERS),
    "interface_reconciliation": ("reconciliation", READERS),
    "interface_reconciliationrow": ("reconciliation_row", READERS),
    "notes_note": ("note", READERS),
    "notes_task": ("task", READERS),
    "clearing_settledfile": ("settled_file", READERS),
    "clearing_settledrecord": ("settled_record", READERS),
    "monitoring_monitoringstandard": ("monitoring_standard", READERS),
}
# Everybody finds their own exports in the list; whose a row is decides who opens it (tests/agency/test_exports.py).
LIST_READERS = {"agency_export": EVERYBODY}
# Lists that begin with the person's own rows, and what asks for everybody's.
EVERYBODYS = {"notes_task": "?whose=all"}
ADDERS: dict[str, set[str]] = {
    "files_fileimport": IMPORTERS,
    "agency_user": STAFF_WRITERS,
    "agency_poolingregion": STAFF_WRITERS,
    "policies_averagepension": OFFICERS,
    "policies_instrument": OFFICERS,
    "policies_localfigure": OFFICERS,
    "simulation_workedcase": OFFICERS,
    "providers_provider": MEMBER_CLERKS,
    "providers_catalogitem": OFFICERS,
    "members_member": MEMBER_CLERKS,
    "accounts_creditrun": RUNNERS,
    "accounts_yearlyinterest": {"finance", "root"},
    "claims_claim": {"clerk", "root"},
    "clearing_settledfile": CLERKS,
    "interface_providercredential": STAFF_WRITERS,
    "reimbursements_paymentbatch": PAYERS,
    "monitoring_monitoringstandard": DECIDERS,
    "clearing_providerstatement": CLERKS,
    "clearing_auditdeduction": CLERKS,
    "clearing_yearclearing": CLERKS,
}
# What comes as a file is brought on the page of files.
ADDED_ELSEWHERE = {"clearing_settledfile"}
# Buttons of rows and of lists → who may press them.
BUTTONS: dict[str, dict[str, set[str]]] = {
    "agency_poolingregion": dict.fromkeys(
        ("set_days", "set_notable_change", "begin_interest", "end_interest"), OFFICERS
    ),
    "agency_export": {"fetch": STAFF_READERS},
    "files_fileimport": dict.fromkeys(
        ("confirm", "match", "discard", "cancel", "take_back", "download_wrong"), IMPORTERS
    ),
    "agency_user": dict.fromkeys(("give_role", "set_password", "end_sessions", "reset_second_factor"), STAFF_WRITERS),
    "agency_roleassignment": {"withdraw": STAFF_WRITERS},
    "agency_rolerequest": dict.fromkeys(("approve", "refuse"), STAFF_WRITERS),
    "policies_averagepension": {
        **dict.fromkeys(("approve", "refuse"), LAW_DECIDERS),
        "correct": OFFICERS,
    },
    "policies_policyversion": {
        **dict.fromkeys(("draft", "submit", "publish", "send_back", "discard"), OFFICERS),
        **dict.fromkeys(("compare", "changes_in_time", "download_pack"), READERS),
        "simulate": LAW_DECIDERS,
        "expect": OFFICERS,
        "settle_anew": CLERKS,
    },
    "simulation_simulation": {
        **dict.fromkeys(("again", "cancel"), LAW_DECIDERS),
        "print_report": READERS,
    },
    "simulation_workedcase": {
        **dict.fromkeys(("correct", "withdraw"), OFFICERS),
        "download_cases": READERS,
    },
    "policies_instrument": dict.fromkeys(("draft_on_it", "enter_text"), OFFICERS),
    "policies_localfigure": dict.fromkeys(("approve", "refuse", "end"), OFFICERS),
    "providers_provider": {
        **dict.fromkeys(("change_terms", "end_terms", "correct", "change_payee", "change_place"), MEMBER_CLERKS),
        "write_a_note": WRITERS,
    },
    "providers_catalogitem": dict.fromkeys(("change_entry", "end_entry"), OFFICERS),
    "members_member": {
        "write_a_note": WRITERS,
        "new_claim": {"clerk", "root"},
        "try_visit": TRIERS,
        "account_statement": READERS,
        "pay_from_account": MEMBER_CLERKS,
        **dict.fromkeys(
            ("authorize_relative", "transfer_in", "freeze_account", "unfreeze_account", "close_account"), CLERKS
        ),
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
                "sign_family_doctor",
                "record_hospital_stay",
                "record_special_nursing",
                "set_civil_servant_basis",
                "set_old_standard",
                "set_contribution_months",
                "reveal",
            ),
            MEMBER_CLERKS,
        ),
        "who_saw": LOG_READERS - {"system_administrator"},
    },
    "accounts_creditrun": {
        **dict.fromkeys(("check_run", "submit", "discard"), RUNNERS),
        **dict.fromkeys(("approve", "send_back"), APPROVERS),
        "submit_remedies": {"clerk", "finance", "root"},
        "approve_remedies": APPROVERS,
        **dict.fromkeys(("download_credits", "download_exceptions"), READERS),
    },
    "accounts_creditdifference": {
        "submit": {"clerk", "finance", "root"},
        **dict.fromkeys(("approve", "refuse"), APPROVERS),
    },
    "members_diseaseregistration": {**dict.fromkeys(("approve", "refuse"), DECIDERS), "end": MEMBER_CLERKS},
    "accounts_familyuseauthorization": {
        **dict.fromkeys(("approve", "refuse"), DECIDERS),
        "revoke": {"clerk", "root"},
    },
    "accounts_accountclosing": {**dict.fromkeys(("approve", "refuse"), DECIDERS), "print_slip": READERS},
    "accounts_accountrequest": {**dict.fromkeys(("approve", "refuse"), DECIDERS), "print_slip": READERS},
    "accounts_yearlyinterest": dict.fromkeys(("approve", "refuse"), APPROVERS),
    "accounts_ledgeraccount": {"take_statement": READERS},
    "accounts_ledgerentry": {"take_home": READERS, "ask_for_refund": CLERKS},
    "claims_claim": {
        "settle": MEMBER_CLERKS,
        "correct_bill": {"clerk", "root"},
        "begin_reimbursement": CLERKS,
        "accept_late": DECIDERS,
        **dict.fromkeys(("attach_document", "withdraw_document"), CLERKS),
        "take_home": READERS,
        "withdraw": {"clerk", "root"},
        "ask_for_reversal": {"clerk", "root"},
        "write_a_note": WRITERS,
    },
    "reimbursements_reimbursement": {
        **dict.fromkeys(
            ("describe", "correct_bill", "correct_payee", "tell_missing", "complete", "submit", "withdraw"), CLERKS
        ),
        **dict.fromkeys(("approve", "return_to_clerk", "refuse", "accept_late"), DECIDERS),
        **dict.fromkeys(("print_missing", "examine"), READERS),
        "write_a_note": WRITERS,
    },
    "claims_reversal": dict.fromkeys(("approve", "refuse"), DECIDERS),
    "claims_resettlement": {"recover": PAYERS},
    "claims_resettlementbatch": {
        **dict.fromkeys(("submit", "plan_again", "leave_out", "go_on", "discard"), CLERKS),
        **dict.fromkeys(("approve", "refuse"), DECIDERS),
        "print_paper": READERS,
    },
    "reimbursements_paymentbatch": {
        **dict.fromkeys(("submit", "discard", "upload_answer", "download_bank_file"), PAYERS),
        **dict.fromkeys(("approve", "send_back"), APPROVERS),
        "correct": CLERKS,
    },
    "clearing_providerstatement": {
        **dict.fromkeys(("redraft", "submit"), CLERKS),
        **dict.fromkeys(("approve", "send_back", "confirm_payee"), DECIDERS),
        **dict.fromkeys(("pay", "repay"), PAYERS),
        **dict.fromkeys(("print_paper", "download_lines"), READERS),
    },
    "clearing_auditdeduction": dict.fromkeys(("withdraw", "give_back"), CLERKS),
    "clearing_yearclearing": {
        **dict.fromkeys(("change_retention", "submit"), CLERKS),
        **dict.fromkeys(("approve", "send_back", "confirm_payee"), DECIDERS),
        "pay": PAYERS,
        "print_paper": READERS,
    },
    "monitoring_reviewflag": dict.fromkeys(("confirm", "dismiss"), DECIDERS),
    "interface_providercredential": {"withdraw": STAFF_WRITERS},
    "interface_reconciliationrow": {"decide": MEMBER_CLERKS},
    "notes_task": dict.fromkeys(("finish", "hand_on"), WRITERS),
    "clearing_settledfile": {
        "proceed": CLERKS,
        **dict.fromkeys(("download_differences", "download_problems"), READERS),
    },
    "clearing_settledrecord": {"review": MEMBER_CLERKS},
    "monitoring_monitoringstandard": {"change_limits": DECIDERS},
}
LIST_BUTTONS: dict[str, dict[str, set[str]]] = {
    "agency_job": {"verify_books": READERS},
    "claims_claim": {"settle_all": MEMBER_CLERKS},
    "monitoring_reviewflag": {"look": DECIDERS},
    "policies_policyversion": {"from_pack": OFFICERS},
    "simulation_workedcase": dict.fromkeys(("take_file", "take_own"), OFFICERS),
    "reimbursements_reimbursement": {"new_manual_claim": CLERKS},
}
LEADING_ELSEWHERE = {
    "reveal",
    "who_saw",
    "draft_on_it",
    "fetch",
    "changes_in_time",
    "download_cases",
    "download_pack",
    "download_wrong",
    "new_claim",
    "try_visit",
    "new_manual_claim",
    "take_home",
    "take_statement",
    "account_statement",
    "print_slip",
    "print_missing",
    "print_paper",
    "download_lines",
    "examine",
    "download_credits",
    "download_exceptions",
    "download_bank_file",
    "download_differences",
    "download_problems",
    "print_report",
    "upload_answer",
}

LIST_BUDGET = 25
PAGE_BUDGET = 30
FORM_BUDGET = 25


def obj(office: Office, name: str) -> Any:
    """The row of the office that a model's pages are opened for."""
    version = office.objs["version"]
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
    return derived.get(name) or office.objs[name]


def reader_away(office: Office, model: str) -> User:
    """Somebody of the other region who may see such rows there: the clerk, or of what clerks do not see the auditor."""
    return office.staff["clerk_away" if "clerk" in MODELS[model][1] else "auditor_away"]


def pages(office: Office) -> list[tuple[str, set[str], int, int]]:
    """Every page: its address, who may open it, the status they get, its budget of queries."""
    found: list[tuple[str, set[str], int, int]] = [
        (reverse("admin:index"), EVERYBODY | {"nobody"}, 200, 30),
        (reverse("admin:own_sign_in"), EVERYBODY | {"nobody"}, 200, FORM_BUDGET),
        (reverse("admin:set_up_second_factor"), EVERYBODY | {"nobody"}, 200, FORM_BUDGET),
        (reverse("admin:locked_logins"), STAFF_WRITERS, 200, FORM_BUDGET),
        (reverse("admin:fund"), READERS - {"clerk"}, 200, FORM_BUDGET),
        (reverse("admin:files_fileimport_add"), IMPORTERS, 200, FORM_BUDGET),
        (reverse("admin:help"), EVERYBODY | {"nobody"}, 200, FORM_BUDGET),
        *((reverse("admin:help_chapter", args=[name]), EVERYBODY | {"nobody"}, 200, FORM_BUDGET) for name in CHAPTERS),
    ]
    for model, (name, readers) in MODELS.items():
        pk = obj(office, name).pk
        found.append((reverse(f"admin:{model}_changelist"), LIST_READERS.get(model, readers), 200, LIST_BUDGET))
        if model in LIST_READERS:
            continue
        found += [
            (reverse(f"admin:{model}_change", args=[pk]), readers, 200, PAGE_BUDGET),
            (reverse(f"admin:{model}_history", args=[pk]), readers, 200, PAGE_BUDGET),
            (
                reverse(f"admin:{model}_add"),
                ADDERS.get(model, set()),
                302 if model in ADDED_ELSEWHERE else 200,
                FORM_BUDGET,
            ),
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
            (
                reverse(f"admin:{model}_{button}"),
                pressers,
                302 if button in LEADING_ELSEWHERE else 200,
                FORM_BUDGET,
            )
            for button, pressers in LIST_BUTTONS.get(model, {}).items()
        ]
    beside = reverse("admin:reimbursements_reimbursement_side_by_side", args=[obj(office, "reimbursement").pk])
    found.append((beside, READERS, 200, PAGE_BUDGET))
    simulated = obj(office, "simulation").pk
    found.append((reverse("admin:simulation_simulation_paper", args=[simulated]), READERS, 200, PAGE_BUDGET))
    anew = reverse("admin:claims_resettlementbatch_paper", args=[obj(office, "resettlement_batch").pk])
    found.append((anew, READERS, 200, FORM_BUDGET))
    cases = reverse("admin:simulation_workedcase_cases", args=[obj(office, "worked_case").pk])
    found.append((cases, READERS, 200, FORM_BUDGET))
    found.append((reverse("admin:claims_claim_trial"), TRIERS, 200, FORM_BUDGET))
    both = reverse("admin:simulation_simulation_change_of_claim", args=[simulated]) + "?place=1"
    found.append((both, READERS, 200, FORM_BUDGET))
    seen = reverse("admin:audit_access_story") + f"?subject=members.member&pk={office.members[0].pk}"
    found.append((seen, LOG_READERS - {"system_administrator"}, 200, PAGE_BUDGET))
    found.append((reverse("admin:audit_access_reveal", args=[office.members[0].pk]), MEMBER_CLERKS, 200, FORM_BUDGET))
    return [*found, *_rule_pages(office), *_explanations(office)]


def _explanations(office: Office) -> list[tuple[str, set[str], int, int]]:
    settled, refused, entry = (obj(office, name).pk for name in ("claim", "refused", "entry"))
    addresses = [
        reverse("admin:claims_claim_explanation", args=[settled]),
        reverse("admin:claims_claim_explanation", args=[refused]),
        reverse("admin:claims_claim_setlinfo", args=[settled, office.objs["settlement"].pk]),
        reverse("admin:accounts_ledgerentry_explanation", args=[entry]),
        reverse("admin:accounts_ledgeraccount_statement", args=[obj(office, "account").pk]),
        reverse("admin:accounts_ledgeraccount_statement_csv", args=[obj(office, "account").pk]),
        *(
            reverse(f"admin:accounts_ledgeraccount_year_end{name}") + f"?region={office.here.pk}&year=2024"
            for name in ("", "_totals", "_accounts")
        ),
        reverse("admin:accounts_accountclosing_slip", args=[obj(office, "closing").pk]),
        reverse("admin:reimbursements_reimbursement_missing", args=[obj(office, "reimbursement").pk]),
        *(
            reverse(f"admin:monitoring_reviewflag_provider_months{name}") + f"?region={office.here.pk}&month=2024-03"
            for name in ("", "_csv")
        ),
        reverse("admin:agency_export_monthly_reports") + f"?region={office.here.pk}&month=2024-03",
        reverse("admin:accounts_accountrequest_slip", args=[obj(office, "account_request").pk]),
        reverse("admin:clearing_providerstatement_paper", args=[obj(office, "statement").pk]),
        reverse("admin:clearing_providerstatement_lines_csv", args=[obj(office, "statement").pk]),
        reverse("admin:clearing_yearclearing_paper", args=[obj(office, "clearing").pk]),
    ]
    return [(address, READERS, 200, FORM_BUDGET) for address in addresses]


def _rule_pages(office: Office) -> list[tuple[str, set[str], int, int]]:
    draft = office.objs["draft"]
    row = draft.reimbursementrate_rows.first()
    address = reverse("admin:policies_policyversion_rule", args=[draft.pk, "reimbursementrate", row.pk])
    edited = [reverse("admin:policies_policyversion_tables", args=[draft.pk, family]) for family in FAMILIES]
    return [(each, OFFICERS, 200, PAGE_BUDGET) for each in (address, *edited)]
