"""Local figures on screen: proposed, approved by another officer, shown where the regulation leaves a gap; ended."""

from decimal import Decimal

import pytest
from django.urls import reverse

from policies.models import FigureState, LocalFigure, VersionState
from tests.builder.office import REASON, Office
from tests.builder.screens import button, visitor

pytestmark = pytest.mark.django_db


def proposal(office: Office, **more: str) -> dict[str, object]:
    """A rate as the form is sent."""
    return {
        "region": office.here.pk,
        "kind": "rate",
        "benefit": "special_disease",
        "tier": "secondary",
        "status": "all",
        "value": "72.5",
        "first_day": "2024-01-01",
        "last_day": "",
        "document_number": "枣医保发〔2024〕9号",
        "article": "第四条",
        "phrase": "支付比例72.5%",
        "reason": REASON,
        **more,
    }


def test_a_rate_is_proposed_approved_shown_on_the_version_and_ended(office: Office) -> None:
    officer, second = visitor(office.staff["policy_officer"]), visitor(office.staff["second_officer"])
    response = officer.post(reverse("admin:policies_localfigure_add"), proposal(office))
    assert response.status_code == 302, response.context["form"].errors
    figure = LocalFigure.objects.latest("pk")
    assert response["Location"] == button("change", figure)
    assert figure.value == Decimal("0.7250")
    version = reverse("admin:policies_policyversion_change", args=[office.objs["version"].pk])
    assert "枣医保发〔2024〕9号" not in second.get(version).content.decode()

    same = officer.post(button("approve", figure), {"reason": ""})
    assert "Another person" in same.context["form"].non_field_errors()[0]
    assert second.post(button("approve", figure), {"reason": ""}).status_code == 302
    text = second.get(version).content.decode()
    for words in ("local figure", "72.5%", "枣医保发〔2024〕9号 第四条 · “支付比例72.5%”"):
        assert words in text

    assert officer.post(button("end", figure), {"last_day": "2024-06-30", "reason": REASON}).status_code == 302
    assert "72.5%" not in second.get(version).content.decode()


def test_a_figure_for_some_members_says_for_whom(office: Office) -> None:
    officer, second = visitor(office.staff["policy_officer"]), visitor(office.staff["second_officer"])
    officer.post(reverse("admin:policies_localfigure_add"), proposal(office, tier="all", status="retired", value="80"))
    second.post(button("approve", LocalFigure.objects.latest("pk")), {"reason": ""})
    text = second.get(reverse("admin:policies_policyversion_change", args=[office.objs["version"].pk]))
    assert "retired: 80%" in text.content.decode()


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"value": "101"}, "value", "between 0 and 100"),
        ({"value": "-1"}, "value", ""),
        ({"phrase": ""}, "phrase", ""),
        ({"last_day": "2023-01-01"}, "__all__", "before the first"),
        ({"benefit": "general_outpatient"}, "__all__", "The regulation gives this figure"),
    ],
)
def test_a_wrong_proposal_is_refused(office: Office, more: dict[str, str], field: str, sentence: str) -> None:
    client = visitor(office.staff["policy_officer"])
    response = client.post(reverse("admin:policies_localfigure_add"), proposal(office, **more))
    assert list(response.context["form"].errors) == [field]
    assert sentence in str(response.context["form"].errors[field])


def test_a_refused_figure_leaves_the_gap(office: Office) -> None:
    figure = office.objs["figure"]
    second = visitor(office.staff["second_officer"])
    assert list(second.post(button("refuse", figure), {"reason": ""}).context["form"].errors) == ["reason"]
    second.post(button("refuse", figure), {"reason": "wrong document"})
    figure.refresh_from_db()
    assert figure.state == FigureState.REFUSED


def test_a_draft_is_discarded_and_its_label_free_again(office: Office) -> None:
    draft = office.objs["draft"]
    officer = visitor(office.staff["policy_officer"])
    address = reverse("admin:policies_policyversion_discard", args=[draft.pk])
    assert list(officer.post(address, {"reason": ""}).context["form"].errors) == ["reason"]
    assert officer.post(address, {"reason": "not needed"}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == VersionState.DISCARDED
    assert draft.label != "2025-01"
    again = officer.post(address, {"reason": "twice"})
    assert "does not allow it" in again.context["form"].non_field_errors()[0]


def test_every_way_of_a_benefit_has_a_form(office: Office) -> None:
    officer = visitor(office.staff["policy_officer"])
    draft = office.objs["draft"]
    for row in draft.conduct_rows.all():
        address = reverse("admin:policies_policyversion_rule", args=[draft.pk, "conduct", row.pk])
        form = officer.get(address).context["form"]
        assert row.value in dict(form.fields["value"].choices), row
