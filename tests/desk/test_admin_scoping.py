"""A clerk of one region neither sees, finds, opens nor uses the rows of another."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from agency.admin.base import TrackedAdmin
from agency.models import Role, User
from agency.services.staff import assign_role
from claims.models import Claim
from tests.builder.office import Office, claim_form
from tests.builder.screens import visitor
from tests.desk.pages import BUTTONS, EVERYBODYS, MODELS, obj, reader_away

pytestmark = pytest.mark.django_db

# These belong to the whole office, or are the same for all.
EVERYWHERE = {"agency_user", "agency_roleassignment", "agency_rolerequest"}
REGIONAL = sorted(set(MODELS) - EVERYWHERE)


@pytest.fixture
def away(office: Office) -> Client:
    """The clerk of the other region."""
    return visitor(office.staff["clerk_away"])


@pytest.mark.parametrize("model", REGIONAL)
def test_a_row_of_another_region_does_not_open(office: Office, model: str) -> None:
    away = visitor(reader_away(office, model))
    row = obj(office, MODELS[model][0])
    response = away.get(reverse(f"admin:{model}_change", args=[row.pk]))
    assert response.status_code == 302
    assert response["Location"] == reverse("admin:index")
    for button in BUTTONS.get(model, {}):
        for send in (away.get, away.post):
            assert send(reverse(f"admin:{model}_{button}", args=[row.pk])).status_code in {302, 403}, button
    page: Any = admin.site._registry[type(row)]
    if isinstance(page, TrackedAdmin):
        assert away.get(reverse(f"admin:{model}_history", args=[row.pk])).status_code == 403
        version = row.history.first()
        assert away.get(reverse(f"admin:{model}_simple_history", args=[row.pk, version.pk])).status_code == 403
    for panel in page.panels:
        assert away.get(reverse(f"admin:{model}_panel", args=[row.pk, panel.name])).status_code == 404


@pytest.mark.parametrize("model", REGIONAL)
def test_a_list_has_the_rows_of_the_persons_regions_only(office: Office, model: str) -> None:
    away = visitor(reader_away(office, model))
    row = obj(office, MODELS[model][0])
    address = reverse(f"admin:{model}_changelist") + EVERYBODYS.get(model, "")
    listed = away.get(address).context["cl"].queryset
    assert not listed.filter(pk=row.pk).exists()
    here = visitor(office.staff["auditor"]).get(address).context["cl"].queryset
    assert here.filter(pk=row.pk).exists()


@pytest.mark.parametrize("term", ["张伟", "张", "P0001", "identity"])
def test_a_search_finds_members_of_the_persons_regions_only(office: Office, away: Client, term: str) -> None:
    wanted = office.members[0]
    query = wanted.identity_number if term == "identity" else term
    address = reverse("admin:members_member_changelist")
    assert list(away.get(address, {"q": query}).context["cl"].queryset) == []
    assert list(visitor(office.staff["clerk"]).get(address, {"q": query}).context["cl"].queryset) == [wanted]


@pytest.mark.parametrize("term", ["伟", "0001", "370402"])
def test_a_search_does_not_find_parts_of_numbers_or_names(office: Office, term: str) -> None:
    response = visitor(office.staff["clerk"]).get(reverse("admin:members_member_changelist"), {"q": term})
    assert list(response.context["cl"].queryset) == []


def autocompleted(client: Client, field: str, term: str) -> list[str]:
    """What the claim's form offers while somebody types."""
    source = {"app_label": "claims", "model_name": "claim", "field_name": field, "term": term}
    found: dict[str, Any] = client.get(reverse("admin:autocomplete"), source).json()
    return [each["text"] for each in found["results"]]


def test_typing_offers_rows_of_the_persons_regions_only(office: Office, away: Client) -> None:
    here = visitor(office.staff["clerk"])
    assert autocompleted(here, "member", "张") == ["张伟 P0001"]
    assert autocompleted(away, "member", "张") == []
    assert autocompleted(here, "provider", "枣庄") == ["枣庄市立医院"]
    assert autocompleted(away, "provider", "枣庄") == []


def test_a_form_takes_no_row_of_another_region(office: Office, away: Client) -> None:
    form = claim_form(office.members[0], office.objs["provider_zaozhuang"])
    response = away.post(reverse("admin:claims_claim_add"), form)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"member", "provider"}
    assert not Claim.objects.filter(claim_number="C9001").exists()


def test_a_form_offers_the_regions_in_which_the_person_may_do_it(office: Office) -> None:
    """Reading in one region and writing in another is not writing in both."""
    both = User.objects.create_user("both", is_staff=True)
    assign_role(both, Role.CLERK, office.here, reason="test")
    assign_role(both, Role.AUDITOR, office.away, reason="test")
    client = visitor(both)
    response = client.get(reverse("admin:members_member_add"))
    assert list(response.context["form"].fields["region"].queryset) == [office.here]
    assert client.get(reverse("admin:members_member_change", args=[office.stranger.pk])).status_code == 200  # type: ignore[union-attr]
    enroll = reverse("admin:members_member_enroll", args=[office.stranger.pk])  # type: ignore[union-attr]
    assert client.get(enroll).status_code == 403
    form = claim_form(office.stranger, office.objs["provider_dazhou"])
    assert client.post(reverse("admin:claims_claim_add"), form).context["form"].errors.keys() == {"member", "provider"}


def test_an_import_takes_no_file_for_another_region(office: Office, away: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("members.csv", b"region,member_number\n")
    sent = {"kind": "members", "region": office.here.pk, "file": file}
    response = away.post(reverse("admin:files_fileimport_add"), sent)
    assert "region" in response.context["form"].errors


def test_the_home_page_shows_the_persons_regions_only(office: Office, away: Client) -> None:
    text = away.get(reverse("admin:index")).content.decode()
    assert "Dazhou" in text
    assert "Zaozhuang" not in text
