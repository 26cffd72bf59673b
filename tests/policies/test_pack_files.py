"""Law as a file: a version goes out as a pack, and comes in as a draft, the same."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agency.exceptions import DomainError, NotPermitted
from agency.models import PoolingRegion, Role, User
from agency.services.regions import add_region
from agency.services.staff import assign_role
from policies.models import Article, Disease, Instrument, PolicyVersion, VersionState
from policies.pack import PackError, pack_text, parse_pack
from policies.selectors.versions import policy_in_force
from policies.services.instruments import Passage
from policies.services.pack_drafts import draft_from_pack
from policies.services.packs import PACK_DIRECTORY, load_pack
from policies.services.rule_changes import RuleChange, change_rules
from policies.services.versions import publish_version, submit_version, version_payload
from tests import builder
from tests.builder import REASON
from tests.builder.office import colleague
from tests.builder.screens import visitor
from tests.policies.drafts import TODAY, draft_of
from tests.processes import PROJECT

pytestmark = pytest.mark.django_db


def published(slug: str) -> PolicyVersion:
    version = PolicyVersion.objects.filter(region__slug=slug, state=VersionState.PUBLISHED).order_by("period").last()
    assert version is not None
    return version


def of_another_label(text: str, label: str, new: str) -> bytes:
    return text.replace(f'"{label}"', f'"{new}"').encode()


def rules(version: PolicyVersion) -> dict[str, Any]:
    """All that a version says, without its name."""
    return {name: value for name, value in version_payload(version).items() if name not in ("label", "instrument")}


@pytest.mark.parametrize("slug", ["baoshan", "dazhou", "kaifeng", "pingliang", "zaozhuang"])
def test_every_version_of_a_region_is_the_same_after_its_way_through_a_file(slug: str, maker: User) -> None:
    for version in PolicyVersion.objects.filter(region__slug=slug).select_related("region", "instrument"):
        text = pack_text(version)
        assert {each.label for each in parse_pack("there.toml", text.encode()).version} == {version.label}
        content = of_another_label(text, version.label, "again")
        draft = draft_from_pack(version.region, "there.toml", content, actor=maker, reason=REASON)
        assert rules(draft) == rules(version)
        assert of_another_label(pack_text(draft), "again", version.label).decode() == text
        draft.delete()


def test_a_figure_of_another_document_keeps_it_on_the_way_through_a_file(maker: User) -> None:
    version = draft_of("kaifeng", maker, label="changed")
    circular = Instrument.objects.create(region=version.region, number="9号", title="通知", issued_on=TODAY)
    row = version.reimbursementrate_rows.first()
    assert row is not None
    key = {name: getattr(row, name) for name in row.unique_fields}
    change = RuleChange(type(row), key, {"rate": Decimal("0.5")})
    change_rules(version, [change], Passage(circular, "第二条", "支付比例为50%"), actor=maker, reason=REASON)
    text = pack_text(version)
    draft = draft_from_pack(
        version.region, "there.toml", of_another_label(text, "changed", "again"), actor=maker, reason=REASON
    )
    assert rules(draft) == rules(version)
    assert draft.reimbursementrate_rows.get(**key).instrument == circular
    with pytest.raises(PackError, match="9号 is not among the documents"):
        parse_pack("there.toml", text.replace('number = "9号"', 'number = "8号"').encode())


@pytest.mark.parametrize("path", sorted((PROJECT / "tests").glob("*_region/*.toml")), ids=lambda path: path.stem)
def test_so_is_a_version_of_shapes_that_the_five_have_not(path: Path, maker: User) -> None:
    load_pack(path)
    test_every_version_of_a_region_is_the_same_after_its_way_through_a_file(path.stem, maker)


def test_a_figure_that_is_unset_stays_unset_and_one_that_is_not_needed_is_none(maker: User) -> None:
    pack = parse_pack("kaifeng.toml", pack_text(published("kaifeng")).encode())
    rows = [row for block in pack.rules for row in block.credit]
    assert {row.rate == "none" for row in rows if row.method == "fixed_amount"} <= {True}
    assert {row.amount == "none" for row in rows if row.method.startswith("share_of_")} == {True}
    draft = draft_of("kaifeng", maker)
    share = draft.creditrule_rows.filter(method__startswith="share_of_").first()
    assert share is not None
    share.rate = None
    share.save()
    assert "unset" in {
        str(row.rate if row.rate is not None else "unset")
        for block in parse_pack("kaifeng.toml", pack_text(draft).encode()).rules
        for row in block.credit
    }


@pytest.fixture
def officer(maker: User) -> User:
    assign_role(maker, Role.POLICY_OFFICER, builder.region("kaifeng"), reason=REASON)
    return maker


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(
    ("region", "label", "sentence"),
    [
        ("dazhou", "", "The pack is of the region kaifeng, not of dazhou."),
        ("kaifeng", "", "The pack has several versions: enter one of "),
        ("kaifeng", "1999-01", "The pack has no version 1999-01, only "),
        ("kaifeng", "2023-01", "There is a version 2023-01 already."),
    ],
)
def test_a_pack_that_does_not_fit_is_refused(maker: User, region: str, label: str, sentence: str) -> None:
    content = (PACK_DIRECTORY / "kaifeng.toml").read_bytes()
    with pytest.raises(DomainError, match=sentence):
        draft_from_pack(builder.region(region), "kaifeng.toml", content, label=label, actor=maker, reason=REASON)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[region", b"", b"PK\x03\x04"])
def test_what_is_no_pack_is_named(maker: User, content: bytes) -> None:
    with pytest.raises(PackError, match=r"picture\.toml"):
        draft_from_pack(builder.region("kaifeng"), "picture.toml", content, actor=maker, reason=REASON)


def test_the_pages_give_a_file_and_take_it_again(officer: User, in_english: None) -> None:
    client = visitor(officer)
    version = published("kaifeng")
    leads = client.get(reverse("admin:policies_policyversion_download_pack", args=[version.pk]))
    given = client.get(leads["Location"])
    assert given["Content-Disposition"] == f'attachment; filename="kaifeng-{version.pk}.toml"'
    address = reverse("admin:policies_policyversion_from_pack")

    def send(content: bytes) -> Any:
        file = SimpleUploadedFile("kaifeng.toml", content)
        return client.post(address, {"region": version.region_id, "file": file, "label": "", "reason": REASON})

    taken = send(of_another_label(given.content.decode(), version.label, "2030-01"))
    draft = PolicyVersion.objects.get(label="2030-01")
    assert taken["Location"] == reverse("admin:policies_policyversion_change", args=[draft.pk])
    assert (draft.state, draft.drafted_by, draft.history.first().history_change_reason) == (
        VersionState.DRAFT,
        officer,
        REASON,
    )
    wrong = send(given.content.replace(b"rate = 0.", b"rate = 7.")).content.decode()
    assert "The pack cannot be used. Correct these places in it:" in wrong
    assert "a rate lies between 0.00 and 1.00" in wrong


def test_a_region_begins_at_the_screen_and_its_law_is_published_by_two_people(maker: User, in_english: None) -> None:
    """The sixth region, of which the office knows nothing before."""
    content = (PROJECT / "tests/sixth_region/liuxi.toml").read_bytes()
    administrator = builder.staff("administrator")
    assign_role(administrator, Role.SYSTEM_ADMINISTRATOR, None, reason=REASON)
    form = {"name": "柳溪市", "name_en": "Liuxi", "slug": "liuxi", "admdvs": "990100", "reason": REASON}
    added = visitor(administrator).post(reverse("admin:agency_poolingregion_add"), form)
    region = PoolingRegion.objects.get(slug="liuxi")
    assert added["Location"] == reverse("admin:agency_poolingregion_change", args=[region.pk])
    first, second = (colleague(name, Role.POLICY_OFFICER, region) for name in ("first", "second"))
    file = SimpleUploadedFile("liuxi.toml", content)
    sent = {"region": region.pk, "file": file, "label": "", "reason": REASON}
    visitor(first).post(reverse("admin:policies_policyversion_from_pack"), sent)
    draft = PolicyVersion.objects.get(region=region)
    submit_version(draft, actor=first)
    draft.refresh_from_db()
    publish_version(draft, actor=second, today=TODAY, reason=REASON)
    assert policy_in_force(region, draft.period.lower)
    assert Article.objects.filter(instrument__region=region).count() == 15
    assert Disease.objects.filter(region=region).exists()


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"slug": "Liuxi"}, "slug"),
        ({"slug": "2liuxi"}, "slug"),
        ({"slug": "kaifeng"}, "slug"),
        ({"admdvs": "410200"}, "admdvs"),
    ],
)
def test_a_region_that_could_not_be_told_from_others_is_refused(given: dict[str, str], field: str) -> None:
    root = User.objects.create_superuser("chief", password=None, display_name="chief")
    facts = {"slug": "liuxi", "name": "柳溪市", "name_en": "Liuxi", "admdvs": "990100"} | given
    with pytest.raises(DomainError) as refused:
        add_region(**facts, actor=root, reason=REASON)
    assert refused.value.details["field"] == field


def test_an_administrator_of_one_region_adds_no_other(maker: User) -> None:
    assign_role(maker, Role.SYSTEM_ADMINISTRATOR, builder.region("kaifeng"), reason=REASON)
    with pytest.raises(NotPermitted):
        add_region(slug="liuxi", name="柳溪市", name_en="Liuxi", admdvs="990100", actor=maker, reason=REASON)
    assert not PoolingRegion.objects.filter(slug="liuxi").exists()
