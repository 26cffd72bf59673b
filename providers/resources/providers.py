"""Providers and their agreements from files."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from agency.services.taking_back import still_there
from files.importing.batches import BatchResource
from files.importing.cells import CodeCell, Column, DayCell, FlagCell, FractionCell, TextCell, choice_cell
from files.importing.reading import Sheet
from files.importing.resource import Problem, ServiceResource, Values, fetch
from policies.engine.vocabulary import Tier
from policies.resources import term_cell
from providers.models import Agreement, HospitalGrade, Provider, ProviderKind
from providers.services import NewProvider, Terms, change_agreement, register_providers
from providers.services.withdrawals import withdraw_agreement, withdraw_provider

# What lists call the number beside our own label.
PROVIDER_CODES = ("定点机构编号", "定点医药机构编号", "医药机构编号", "机构编号")
PROVIDER_EXAMPLE = {"provider_code": "H37040200001"}
_EXAMPLE = PROVIDER_EXAMPLE | {"tier": "tertiary_a", "grade": "02", "is_dual_channel": "0", "retention_rate": "0.05"}
_TERMS = ("tier", "grade", "is_designated", "is_dual_channel", "retention_rate")


# What the kinds of file are called that correct what is recorded of a provider.
CORRECTIONS, AGREEMENTS = _("corrections of providers"), _("agreements")


class ProviderResource(BatchResource):
    """One row for a provider with its first agreement. Later agreements have files of their own."""

    label = _("providers")
    permission = "providers.add_provider"
    key = ("provider_code",)
    corrected_by = {"name": CORRECTIONS} | dict.fromkeys(_TERMS, AGREEMENTS)
    examples = _EXAMPLE | {"name": "第一人民医院", "is_out_of_area": "0"}

    provider_code = Column(_("provider code"), CodeCell(32), headings=PROVIDER_CODES)
    name = Column(_("provider name"), TextCell(120))
    kind = Column(_("kind"), choice_cell(ProviderKind))
    tier = Column(_("tier"), term_cell(Tier))
    first_day = Column(_("agreement from"), DayCell())
    is_designated = Column(_("designated for outpatient pooling"), FlagCell(), in_header=False, default=True)
    is_out_of_area = Column(_("outside the region"), FlagCell(), in_header=False, default=False)
    grade = Column(_("hospital grade"), choice_cell(HospitalGrade), in_header=False, default="")
    is_dual_channel = Column(_("dual channel for negotiated drugs"), FlagCell(), in_header=False, default=False)
    retention_rate = Column(_("retention"), FractionCell(), in_header=False, default=Decimal(0))

    def preload(self, sheet: Sheet) -> None:
        """The region's providers with these codes, and their first agreements."""
        providers = fetch(Provider.objects.filter(region=self.context.region), "code", sheet["provider_code"])
        self.known = {provider.code: provider for provider in providers}
        self.first_agreements: dict[int, Agreement] = {}
        agreements = Agreement.objects.order_by("period")
        for agreement in fetch(agreements, "provider_id", (provider.pk for provider in self.known.values())):
            self.first_agreements.setdefault(agreement.provider_id, agreement)

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The provider and its first agreement."""
        provider = self.known.get(values["provider_code"])
        return provider and _facts(provider, self.first_agreements.get(provider.pk))

    def save(self, values: Values) -> Provider:
        """Register the provider with its agreement."""
        (provider,) = self.save_all([values])
        return provider

    def save_all(self, rows: Sequence[Values]) -> list[Provider]:
        """Register the providers."""
        region = self.context.region
        new = [
            NewProvider(
                Provider(
                    region=region,
                    code=row["provider_code"],
                    **{name: row[name] for name in ("name", "kind", "is_out_of_area")},
                ),
                row["first_day"],
                Terms(hospital=None, **{name: row[name] for name in _TERMS}),
            )
            for row in rows
        ]
        register_providers(region, new, actor=self.context.actor, reason=self.context.reason)
        return [each.provider for each in new]

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Withdraw the provider with its agreement."""
        provider = still_there(Provider.objects, made)
        self.check_unchanged(values, _facts(provider, provider.agreements.order_by("period").first()))
        withdraw_provider(provider, actor=self.context.actor, reason=self.context.reason)


def _facts(provider: Provider, agreement: Agreement | None) -> dict[str, Any]:
    facts = {"name": provider.name, "kind": provider.kind, "is_out_of_area": provider.is_out_of_area}
    if agreement is None:
        return facts
    return facts | {"first_day": agreement.period.lower, **{name: getattr(agreement, name) for name in _TERMS}}


class AgreementResource(ServiceResource):
    """One row for what a provider's agreement says from a day on. What a row leaves out stays as it is before."""

    label = AGREEMENTS
    permission = "providers.add_agreement"
    key = ("provider_code", "first_day")
    examples = _EXAMPLE

    provider_code = Column(_("provider code"), CodeCell(32), headings=PROVIDER_CODES)
    first_day = Column(_("agreement from"), DayCell())
    tier = Column(_("tier"), term_cell(Tier), default=None)
    grade = Column(_("hospital grade"), choice_cell(HospitalGrade), in_header=False, default=None)
    is_designated = Column(_("designated for outpatient pooling"), FlagCell(), in_header=False, default=None)
    is_dual_channel = Column(_("dual channel for negotiated drugs"), FlagCell(), in_header=False, default=None)
    retention_rate = Column(_("retention"), FractionCell(), in_header=False, default=None)

    def preload(self, sheet: Sheet) -> None:
        """The region's providers with these codes, and their agreements."""
        providers = Provider.objects.filter(region=self.context.region).prefetch_related("agreements")
        self.known = {provider.code: provider for provider in fetch(providers, "code", sheet["provider_code"])}

    def problems(self, values: Values) -> Iterator[Problem]:
        if values["provider_code"] not in self.known:
            yield Problem("provider_code", _("The region has no such provider. Import or register it first."))

    def _held(self, values: Values) -> Agreement | None:
        agreements = self.known[values["provider_code"]].agreements.all()
        return next((each for each in agreements if values["first_day"] in each.period), None)

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The agreement in force on the day. Other terms from a later day than its first are news."""
        held = self._held(values)
        if held is None:
            return None
        facts = {name: getattr(held, name) for name in _TERMS if values[name] is not None}
        is_news = held.period.lower < values["first_day"] and any(values[name] != facts[name] for name in facts)
        return None if is_news else facts

    def save(self, values: Values) -> Agreement:
        """Let other terms hold from the day on."""
        held, provider = self._held(values), self.known[values["provider_code"]]
        terms = {name: values[name] for name in _TERMS if values[name] is not None}
        if held is not None:
            terms = {name: getattr(held, name) for name in _TERMS} | terms
            # A grade goes with its tier.
            if values["grade"] is None and values["tier"] not in (None, held.tier):
                terms["grade"] = ""
        hospital = held.hospital if held else None
        if hospital is not None:
            terms |= {"tier": values["tier"], "grade": values["grade"] or ""}
        return change_agreement(
            provider,
            first_day=values["first_day"],
            hospital=hospital,
            **{"is_designated": True} | terms,
            actor=self.context.actor,
            reason=self.context.reason,
        )

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Withdraw the agreement; the one that it ended holds again."""
        agreement = still_there(Agreement.objects, made)
        now = {name: getattr(agreement, name) for name in _TERMS if values[name] is not None}
        self.check_unchanged(values, now | {"first_day": agreement.period.lower})
        withdraw_agreement(agreement, actor=self.context.actor, reason=self.context.reason)
