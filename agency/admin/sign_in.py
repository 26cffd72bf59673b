"""One's own way in: the second factor, and the browsers in which one has signed in."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from agency.admin.actions import DeskRequest
from agency.admin.fields import TextField
from agency.admin.formats import NOTHING, instant
from agency.exceptions import DomainError
from agency.middleware import GIVEN, OWED, SECOND_FACTOR
from agency.models import Authenticator, Session, User
from agency.services.second_factor import (
    check_second_factor,
    codes_left,
    confirm_authenticator,
    has_second_factor,
    needs_second_factor,
    prepare_authenticator,
    renew_recovery_codes,
)
from agency.services.sessions import (
    end_all_sessions,
    end_own_session,
    note_sign_in,
    open_sessions,
    sign_in_before,
    wrong_passwords_since,
)

_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


class CodeForm(forms.Form):
    code = TextField(label=gettext_lazy("Verification code"), max_length=20)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "autofocus": True, "data-unkept": True}


@receiver(user_logged_in)
def begin_session(sender: Any, request: HttpRequest | None, user: User, **options: Any) -> None:
    """Note where somebody signs in, whether a second factor is owed, and tell when they last did."""
    if request is None:
        return
    note_sign_in(request)
    request.session[SECOND_FACTOR] = OWED if has_second_factor(user) or needs_second_factor(user) else ""
    if hasattr(request, "_messages"):  # At a screen.
        _tell_last_sign_in(request, user)


def _tell_last_sign_in(request: HttpRequest, user: User) -> None:
    before = sign_in_before(request, user)
    if before is None:
        return
    facts = {"when": instant(before.attempt_time), "where": before.ip_address or NOTHING}
    said = _("You last signed in on %(when)s from %(where)s. If that was not you, tell an administrator.")
    messages.info(request, said % facts)
    if count := wrong_passwords_since(user, before.attempt_time):
        said = ngettext(
            "Since then %(count)s wrong password was typed for your name.",
            "Since then %(count)s wrong passwords were typed for your name.",
            count,
        )
        messages.warning(request, said % {"count": count})


def second_factor(request: DeskRequest) -> HttpResponse:
    """Asks for the code, or leads to the page where the second factor is set up."""
    if not has_second_factor(request.user):
        return redirect("admin:set_up_second_factor")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            check_second_factor(request.user, form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", str(error))
        else:
            request.session[SECOND_FACTOR] = GIVEN
            request.session.cycle_key()
            return redirect(_asked_for(request))
    return _page(request, "agency/second_factor.html", _("Second factor"), form=form)


def set_up_second_factor(request: DeskRequest) -> HttpResponse:
    """Shows the key as a picture and in letters; with its first code the second factor is in use."""
    if has_second_factor(request.user) and request.session.get(SECOND_FACTOR) != GIVEN:
        return redirect("admin:second_factor")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = confirm_authenticator(request.user, form.cleaned_data["code"].replace(" ", ""))
        except DomainError as error:
            form.add_error("code", str(error))
        else:
            request.session[SECOND_FACTOR] = GIVEN
            request.session.cycle_key()
            return _codes(request, codes)
    prepared = prepare_authenticator(request.user)
    letters = " ".join(prepared.key[place : place + 4] for place in range(0, len(prepared.key), 4))
    is_needed = needs_second_factor(request.user)
    return _page(
        request,
        "agency/set_up_second_factor.html",
        _("Set up the second factor"),
        form=form,
        picture=_picture(prepared),
        letters=letters,
        is_needed=is_needed,
    )


@require_POST
def new_recovery_codes(request: DeskRequest) -> HttpResponse:
    """Other codes in place of those that are left, for whoever has given the second factor in this session."""
    if request.session.get(SECOND_FACTOR) != GIVEN:
        return redirect("admin:second_factor")
    return _codes(request, renew_recovery_codes(request.user))


def own_sign_in(request: DeskRequest) -> HttpResponse:
    """The second factor, and the browsers in which one has signed in."""
    return _page(
        request,
        "agency/own_sign_in.html",
        _("Signing in"),
        has_second_factor=has_second_factor(request.user),
        codes_left=codes_left(request.user),
        sessions=[
            (each, described(each), each.pk == request.session.session_key) for each in open_sessions(request.user)
        ],
    )


@require_POST
def end_session(request: DeskRequest) -> HttpResponse:
    """End another of one's sessions, or all others."""
    if key := request.POST.get("session", ""):
        try:
            end_own_session(request.user, key)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The session has ended."))
    else:
        count = end_all_sessions(request.user, but=request.session.session_key)
        said = ngettext("%(count)s session has ended.", "%(count)s sessions have ended.", count)
        messages.success(request, said % {"count": count})
    return redirect("admin:own_sign_in")


def described(session: Session) -> str:
    """The browser by the name that people know."""
    return next((name for mark, name in _BROWSERS if mark in session.browser), session.browser[:40] or NOTHING)


def _picture(authenticator: Authenticator) -> SafeString:
    """The key as telephones photograph it: black on white also on a dark screen, with no address of anybody else."""
    issuer, name = _("Outpatient insurance desk"), authenticator.user.get_username()
    asked = urlencode({"secret": authenticator.key, "issuer": issuer}, quote_via=quote)
    code = segno.make(f"otpauth://totp/{quote(f'{issuer}:{name}')}?{asked}", micro=False)
    return SafeString(code.svg_inline(scale=4, dark="#000", light="#fff", svgclass="desk-qr", lineclass=None))


def _asked_for(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if is_ours else "admin:index"


def _codes(request: DeskRequest, codes: Sequence[str]) -> HttpResponse:
    return _page(request, "agency/recovery_codes.html", _("Recovery codes"), codes=codes)


def _page(request: DeskRequest, template: str, title: str, **shown: Any) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), "title": title, **shown})
