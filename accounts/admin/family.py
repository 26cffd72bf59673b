"""Family use: a relative is authorized on the holder's page; another person decides here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from accounts.models import EvidenceKind, FamilyUseAuthorization
from accounts.selectors.uses import family_uses, is_of_another_province
from accounts.services import family as service
from agency.admin import column
from agency.admin.actions import DeskRequest
from agency.admin.base import TrackedAdmin
from agency.admin.fields import ChoiceField, ChoicesField, DayField, SearchField, TextField
from agency.admin.filters import RegionFilter
from agency.admin.formats import badge
from agency.admin.forms import DeskForm, ReasonedForm
from agency.admin.moves import move_button
from members.admin.search import search_by_member
from policies.engine.errors import PolicyNotInForce
from policies.engine.vocabulary import Purpose, Relationship, UseRule
from policies.labels import choices, label


class AuthorizationForm(DeskForm):
    """A relative, what proves the relationship, what may be paid, and the days."""

    relative = SearchField(source=FamilyUseAuthorization._meta.get_field("relative"), label=gettext_lazy("Relative"))
    relationship = ChoiceField(label=gettext_lazy("Relationship"), choices=choices(Relationship))
    evidence_kind = ChoiceField(label=gettext_lazy("Evidence of the relationship"), choices=EvidenceKind.choices)
    evidence = TextField(
        label=gettext_lazy("Number or description of the evidence"),
        max_length=200,
        help_text=gettext_lazy("such as the number of the household register"),
    )
    scopes = ChoicesField(
        label=gettext_lazy("What may be paid"),
        choices=choices(Purpose),
        help_text=gettext_lazy("What the region lets an account pay for family. The holder may leave out any of it."),
    )
    since = DayField(label=gettext_lazy("First day"))
    until = DayField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Leave empty while it is open.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Offer what the region's rules of today do not forbid for family; what they allow is ticked."""
        super().__init__(*args, **options)
        scopes: Any = self.fields["scopes"]
        try:
            allowed, waiting = (
                family_uses(self.obj.region, localdate(), rules=frozenset({rule}))  # type: ignore[union-attr]
                for rule in (UseRule.ALLOWED, UseRule.SWITCHED_OFF)
            )
        except PolicyNotInForce:
            # The service says so, where none hold on the first day either.
            return
        scopes.choices = [(value, name) for value, name in scopes.choices if value in {*allowed, *waiting}]
        scopes.initial = allowed

    def clean_scopes(self) -> list[Purpose]:
        """As terms of the law."""
        return [Purpose(each) for each in self.cleaned_data["scopes"]]


class RevokeForm(ReasonedForm):
    """The last day on which the account pays for the relative."""

    last_day = DayField(label=gettext_lazy("Last day"))


@admin.register(FamilyUseAuthorization)
class FamilyUseAuthorizationAdmin(TrackedAdmin):
    buttons = ("approve", "refuse", "revoke")
    left_out_of_history = frozenset({"payload_hash"})
    list_display = ("holder", "relative", "relationship", "in_force", "state_label", "submitted_by", "submitted")
    list_filter = (RegionFilter, "state", "relationship")
    list_select_related = ("holder", "relative", "submitted_by")
    search_fields = ("holder__name",)
    get_search_results = search_by_member("holder")
    search_help_text = gettext_lazy("Holder: beginning of the name, member number, identity number")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("holder", "relative"),
                    ("relationship", "state_label"),
                    ("evidence_kind", "evidence"),
                    ("in_force", "may_be_paid"),
                )
            },
        ),
    )

    in_force = column.days("period")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With both members and who decided."""
        named = ("holder__region", "relative__region", "submitted_by", "decided_by")
        return super().get_queryset(request).select_related(*named)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A word to whoever decides where the relative belongs to another province."""
        (title, own), *rest = super().get_fieldsets(request, obj)
        more = ("province_notice",) if obj is not None and is_of_another_province(obj) else ()
        return ((title, {"fields": (*own["fields"], *more)}), *rest)

    @display(description=gettext_lazy("what may be paid"))
    def may_be_paid(self, authorization: FamilyUseAuthorization) -> str:
        """The purposes, by their names."""
        return ", ".join(label(scope, Purpose) for scope in authorization.scopes)

    @display(description=gettext_lazy("please note"))
    def province_notice(self, authorization: FamilyUseAuthorization) -> str:
        """Baoshan 18 expects relatives of the same province in principle; whoever approves looks at it."""
        sentence = _("The relative is insured in another province (%(region)s). See whether the rules admit that.")
        return badge(sentence % {"region": authorization.relative.region}, "warning")

    @move_button(
        FamilyUseAuthorization,
        "approve",
        description=gettext_lazy("The holder's account may then pay for the relative."),
    )
    def approve(self, request: DeskRequest, authorization: FamilyUseAuthorization, data: dict[str, Any]) -> str:
        service.approve_authorization(authorization, actor=request.user, **data)
        return _("The authorization is approved.")

    @move_button(FamilyUseAuthorization, "refuse", description=gettext_lazy("The account pays for its holder alone."))
    def refuse(self, request: DeskRequest, authorization: FamilyUseAuthorization, data: dict[str, Any]) -> str:
        service.refuse_authorization(authorization, actor=request.user, **data)
        return _("The authorization was refused.")

    @move_button(
        FamilyUseAuthorization,
        "end",
        title=gettext_lazy("Revoke"),
        form=RevokeForm,
        description=gettext_lazy("The last day still counts."),
    )
    def revoke(self, request: DeskRequest, authorization: FamilyUseAuthorization, data: dict[str, Any]) -> str:
        service.revoke_authorization(authorization, **data, actor=request.user)
        return _("The authorization ends with that day.")
