"""Names have one form, and keep the characters that are a person's own."""

from importlib import import_module

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from members.models import Member
from members.names import normal_name
from tests.builder import a_member, region

DOTS = "·•・･‧∙⋅˙⸱\u0387"


@pytest.mark.parametrize("dot", [*DOTS, ".", "．", "。", " · ", "・・", " . "])
def test_every_look_alike_of_the_middle_dot_is_stored_as_one(dot: str) -> None:
    assert normal_name(f"阿卜杜拉{dot}买买提") == "阿卜杜拉·买买提"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ALICE  EXAMPLE", "ALICE EXAMPLE"),
        (" Alice\u3000Example\u200b", "Alice Example"),
        ("ＡＬＩＣＥ　ＥＸＡＭＰＬＥ", "ALICE EXAMPLE"),
        ("J. R. O'Example-Müller", "J. R. O'Example-Müller"),
        ("Mu\u0308ller", "Müller"),
        ("Jean•Paul", "Jean·Paul"),
        ("张　伟", "张伟"),
        ("𠮷 田", "𠮷田"),
        ("欧阳 修", "欧阳 修"),
        ("𠮷田", "𠮷田"),
        ("䶮〇々", "䶮〇々"),
        ("\U00030edd\U000302cb", "\U00030edd\U000302cb"),
        ("\ue863", "\ue863"),
        ("㈱①", "㈱①"),
        ("", ""),
    ],
)
def test_blanks_and_widths_are_put_right_and_characters_stay(typed: str, name: str) -> None:
    assert normal_name(typed) == name


@given(st.text(st.sampled_from("张伟𠮷AB z.·•・‧ \u3000\u200b。Ａ'-"), max_size=12))
def test_the_normal_form_is_its_own(text: str) -> None:
    name = normal_name(text)
    assert normal_name(name) == name
    assert "  " not in name
    assert not set(DOTS[1:]) & set(name)


@pytest.mark.django_db
def test_names_of_before_are_brought_into_the_form_in_which_they_are_searched() -> None:
    other, same = a_member(region("pingliang")), a_member(region("pingliang"))
    Member.objects.filter(pk=other.pk).update(name="阿卜杜拉•买买提 ")
    import_module("members.migrations.0003_normal_names").write_in_normal_form(apps, None)
    assert Member.objects.get(pk=other.pk).name == "阿卜杜拉·买买提"
    assert Member.objects.get(pk=same.pk).name == same.name
