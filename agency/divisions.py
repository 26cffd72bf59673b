"""Administrative division codes (医保区划, admdvs): six digits for a province, a city or a county."""

import re

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError

_CODE = re.compile("[0-9]{6}")
DIVISION_REFUSED = _("Enter the six digits of the place's division code, such as 310000.")


def is_division(code: str) -> bool:
    """Whether the text has the form of a code; which codes there are is not looked up."""
    return _CODE.fullmatch(code) is not None


def check_division(code: str, field: str) -> None:
    """DomainError for what is neither a code nor empty."""
    if code and not is_division(code):
        raise DomainError(DIVISION_REFUSED, field=field)


def a_division_or_none(field: str) -> Q:
    """The same for a constraint."""
    return Q(**{field: ""}) | Q(**{f"{field}__regex": "^[0-9]{6}$"})
