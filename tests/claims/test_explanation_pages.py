"""What a member takes home, the national record, and what a supervisor accepts against the rule."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from claims.models import Claim, ClaimState, Settlement
from claims.selectors.national import setlinfo
from policies.engine.vocabulary import RefusalReason
from policies.models import Article
from tests.builder.office import TODAY, Office, claim_form, visit
from tests.builder.screens import offered, sentences, visitor
from tests.builder.settlements import outcome_of

pytestmark = pytest.mark.django_db


def explanation(claim: Claim) -> str:
    """The address of the printable page."""
    return reverse("admin:claims_claim_explanation", args=[claim.pk])


@pytest.mark.parametrize(("language", "chinese"), [("en", False), ("zh-hans", True)])
def test_a_settled_claim_is_explained_with_articles_clauses_and_both_amounts(
    office: Office, language: str, chinese: bool
) -> None:
    claim, settlement = office.objs["claim"], office.objs["settlement"]
    version = settlement.version
    Article.objects.filter(instrument=version.instrument, number="第五条").update(text="第五条整条原文")
    text = visitor(office.staff["clerk"], language).get(explanation(claim)).content.decode()
    member = claim.member
    shown = (
        member.name,
        member.masked_identity_number,
        str(claim.provider),
        "第五条整条原文",
        "288.00",
        f"{settlement.patient_share:,.2f}",
        version.instrument.number,
        "政策范围内" if chinese else "Policy-covered amount",
    )
    for words in (*shown, *[step["phrase"] for step in settlement.steps]):
        assert words in text, words
    assert not re.search(r"\d{17}[\dXx]", text)
    page = visitor(office.staff["clerk"], language).get(reverse("admin:claims_claim_change", args=[claim.pk]))
    assert "第五条整条原文" in page.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_refused_claim_is_explained_with_the_reason_and_its_article(office: Office, language: str) -> None:
    claim = office.objs["refused"]
    Article.objects.filter(instrument__number=claim.refusal_instrument, number=claim.refusal_article).update(
        text="拒付所依整条原文"
    )
    claim.refresh_from_db()
    text = visitor(office.staff["clerk"], language).get(explanation(claim)).content.decode()
    for words in (claim.refusal_article, claim.refusal_phrase, "拒付所依整条原文", "0.00", "1,000.00"):
        assert words in text, words


def test_nothing_is_explained_before_a_decision_or_to_another_region(office: Office) -> None:
    clerk, away = visitor(office.staff["clerk"]), visitor(office.staff["clerk_away"])
    claim, settlement = office.objs["claim"], office.objs["settlement"]
    assert clerk.get(explanation(office.objs["open_claim"])).status_code == 404
    assert away.get(explanation(claim)).status_code == 404
    assert away.get(reverse("admin:claims_claim_setlinfo", args=[claim.pk, settlement.pk])).status_code == 404
    other = reverse("admin:claims_claim_setlinfo", args=[office.objs["open_claim"].pk, settlement.pk])
    assert clerk.get(other).status_code == 404


def test_a_claim_taken_back_says_so(office: Office) -> None:
    address = reverse("admin:claims_reversal_approve", args=[office.objs["reversal"].pk])
    client = visitor(office.staff["supervisor"])
    client.post(address, {"reason": ""})
    assert "none of it is paid" in client.get(explanation(office.objs["claim"])).content.decode()
    counter = Settlement.objects.get(reverses=office.objs["settlement"])
    exported = client.get(reverse("admin:claims_claim_setlinfo", args=[office.objs["claim"].pk, counter.pk]))
    assert exported.json()["refd_setl_flag"] == "1"


def test_the_national_record_is_the_settlement_and_adds_up(office: Office) -> None:
    claim, settlement = office.objs["claim"], office.objs["settlement"]
    client = visitor(office.staff["clerk"])
    address = reverse("admin:claims_claim_setlinfo", args=[claim.pk, settlement.pk])
    assert address in client.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    response = client.get(address)
    assert response["Content-Disposition"] == f'attachment; filename="setlinfo-{settlement.pk}.json"'
    record = response.json()
    assert {**record, "setl_proc_info": ""} == {**setlinfo(settlement), "setl_proc_info": ""}

    def yuan(*names: str) -> Decimal:
        return sum((Decimal(record[name]) for name in names), Decimal("0.00"))

    total = settlement.total
    assert yuan("medfee_sumamt") == total
    assert yuan("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt") == total
    assert yuan("fund_pay_sumamt", "psn_part_amt") == total
    assert yuan("acct_pay", "acct_mulaid_pay", "psn_cash_pay") == yuan("psn_part_amt")


def test_a_claim_with_disease_hours_and_a_relatives_account_is_registered(office: Office) -> None:
    active, retired, _lacking = office.members
    disease = office.here.diseases.get(code="M03900")
    more = {"benefit": "special_disease", "disease": disease.pk, "stay_hours": "30", "account_holder": retired.pk}
    form = claim_form(active, office.objs["provider_zaozhuang"], **more)
    client = visitor(office.staff["clerk"])
    assert client.post(reverse("admin:claims_claim_add"), form).status_code == 302
    claim = Claim.objects.get(claim_number="C9001")
    assert (claim.disease, claim.stay_hours, claim.account_holder) == (disease, 30, retired)
    text = client.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert f"account of {retired}" in text
    elsewhere = office.away.diseases.get(code="M03900")
    wrong = claim_form(active, office.objs["provider_zaozhuang"], claim_number="C9002", disease=elsewhere.pk)
    assert list(client.post(reverse("admin:claims_claim_add"), wrong).context["form"].errors) == ["disease"]
    foreign = visitor(office.staff["root"]).post(reverse("admin:claims_claim_add"), wrong)
    assert list(foreign.context["form"].errors) == ["disease"]
    assert "another region&#x27;s catalogue" in foreign.content.decode()


def late_claim(office: Office) -> Claim:
    """Refused for nothing but the day of filing."""
    claim = visit(office.members[0], office.objs["provider_zaozhuang"], "C0777", date(2024, 3, 20), filed_on=TODAY)
    claim.state, claim.refusal_reason = ClaimState.REFUSED, RefusalReason.LATE_FILING
    claim.save()
    return claim


def test_a_supervisor_accepts_late_filing_with_a_reason_that_stays(office: Office) -> None:
    claim = late_claim(office)
    clerk, supervisor = visitor(office.staff["clerk"]), visitor(office.staff["supervisor"])
    address = reverse("admin:claims_claim_accept_late", args=[claim.pk])
    assert "accept_late" not in offered(clerk, claim)
    assert "accept_late" in offered(supervisor, claim)
    assert "accept_late" not in offered(supervisor, office.objs["refused"])
    assert clerk.post(address, {"reason": "flood"}).status_code == 403
    assert list(supervisor.post(address, {"reason": ""}).context["form"].errors) == ["reason"]
    response = supervisor.post(address, {"reason": "flood in the village"})
    assert sentences(response) == ["Late filing is accepted. Submit the reimbursement again next."]
    claim.refresh_from_db()
    assert claim.late_filing_accepted_by == office.staff["supervisor"]
    text = clerk.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert "flood in the village" in text
    assert isinstance(outcome_of(claim, TODAY), Settlement)
