"""No form lets a browser keep the number of a person's document, phone or bank account."""

from collections.abc import Iterator

from agency.admin.fields import PersonalNumberField
from agency.admin.forms import DeskForm

NUMBERS = ("identity_number", "phone", "account", "payee_account")


def forms(kind: type[DeskForm] = DeskForm) -> Iterator[type[DeskForm]]:
    for each in kind.__subclasses__():
        yield each
        yield from forms(each)


def test_every_such_field_is_marked() -> None:
    fields = [(form, name) for form in forms() for name in form.base_fields if name in NUMBERS]
    assert len(fields) > 5
    for form, name in fields:
        field = form.base_fields[name]
        assert isinstance(field, PersonalNumberField), (form, name)
        assert field.widget.attrs["data-unkept"], (form, name)
