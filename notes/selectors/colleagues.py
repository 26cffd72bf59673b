"""Who can be asked to do something about a thing, and whom a text asks."""

import re
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import RoleAssignment, User
from agency.scoping import region_id_of, view_permission_of

FINISH = "notes.finish_task"
# An @ inside an address of e-mail calls nobody.
_CALL = re.compile(r"(?<![A-Za-z0-9._+-])[@＠](?=\S)")
_WRITTEN_NAME = re.compile(r"[\w.+-]{1,20}")
# What a door says beside the name: 陈晓（经办）.
_BESIDE_THE_NAME = re.compile(r"\s*[(（].*[)）]$")
_GOES_ON = re.compile(r"[A-Za-z0-9_]")


def colleagues_for(thing: Model) -> QuerySet[User]:
    """Whoever may see the thing and does tasks in its region, by name; not those whose login is closed."""
    return (
        User.objects.filter(is_active=True)
        .filter(
            Q(is_superuser=True) | Q(_holds(view_permission_of(type(thing)), thing)) & Q(_holds(FINISH, thing)),
        )
        .order_by("display_name", "username")
    )


def _holds(permission: str, thing: Model) -> Exists:
    """Whether one of a person's roles in the thing's region has the permission."""
    app_label, codename = permission.split(".")
    return Exists(
        RoleAssignment.objects.filter(
            Q(region=region_id_of(thing)) | Q(region=None),
            user=OuterRef("pk"),
            group__permissions__content_type__app_label=app_label,
            group__permissions__codename=codename,
        )
    )


def called_by(text: str, thing: Model, chosen: Collection[User] = ()) -> list[User]:
    """The colleagues whom a text calls by an @ before their login or their name, in its order, each once.

    The longest name that fits counts; what stands in brackets after a name may be left out. Of several colleagues of
    one name it is the one who can be asked, or who is among the chosen. DomainError where there is no such colleague,
    where they cannot be asked about this thing, or where several can.
    """
    places = [match.end() for match in _CALL.finditer(text)]
    if not places:
        return []
    names = _names()
    able = {user.pk for user in colleagues_for(thing)}
    picked = {user.pk for user in chosen}
    found = (_the_one(_longest(text[place:], names), names, able, picked) for place in places)
    return list({user.pk: user for user in found}.values())


def _names() -> dict[str, list[User]]:
    """Every colleague by each of their names; closed logins as well, so that they are not told to be nobody."""
    names: defaultdict[str, list[User]] = defaultdict(list)
    for user in User.objects.order_by("pk"):
        for name in {user.username, user.display_name, _BESIDE_THE_NAME.sub("", user.display_name)} - {""}:
            names[name.casefold()].append(user)
    return names


def _longest(words: str, names: Collection[str]) -> str:
    """The longest name with which the words begin. DomainError where it is none."""
    beginning = words.casefold()
    fitting = [name for name in names if beginning.startswith(name) and not _goes_on(beginning, name)]
    if not fitting:
        written = _WRITTEN_NAME.match(words)
        raise DomainError(
            _(
                "There is no colleague called “%(name)s”. Choose colleagues from the list below the text, or leave "
                "out the @."
            )
            % {"name": written[0] if written else words[:1]},
            field="text",
        )
    return max(fitting, key=len)


def _goes_on(words: str, name: str) -> bool:
    """Whether a Latin name is only the beginning of a longer word; Chinese runs on without a space."""
    return bool(_GOES_ON.match(name[-1]) and _GOES_ON.match(words[len(name) :]))


def _the_one(name: str, names: dict[str, list[User]], able: set[int], picked: set[int]) -> User:
    users = names[name]
    can_be_asked = [user for user in users if user.pk in able]
    if not can_be_asked:
        raise cannot_be_asked(users[0])
    if len(can_be_asked) > 1:
        can_be_asked = [user for user in can_be_asked if user.pk in picked]
    if len(can_be_asked) != 1:
        raise DomainError(
            _("Several colleagues are called %(name)s. Choose the one you mean from the list below the text.")
            % {"name": users[0]},
            field="text",
        )
    return can_be_asked[0]


def cannot_be_asked(user: User) -> DomainError:
    """Said where somebody cannot see the thing, or does no tasks in its region."""
    return DomainError(
        _("%(name)s cannot be asked: they may not see this, or do no tasks in this region.") % {"name": user},
        field="text",
    )
