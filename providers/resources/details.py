"""Providers' bank accounts and places from files."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from agency.services.taking_back import still_there
from files.importing.cells import CodeCell, Column, DivisionCell, NumberCell, TextCell
from files.importing.reading import Sheet
from files.importing.resource import Problem, ServiceResource, Values, fetch
from providers.models import Provider
from providers.resources.providers import CORRECTIONS, PROVIDER_CODES, PROVIDER_EXAMPLE
from providers.services.details import correct_provider, forget_payee, set_payee, set_place


class _Details(ServiceResource):
    """Rows that record something of a provider in columns of its own row. `fields_of`: those by the file's columns."""

    permission = "providers.change_provider"
    key = ("provider_code",)
    fields_of: ClassVar[Mapping[str, str]]

    provider_code = Column(_("provider code"), CodeCell(32), headings=PROVIDER_CODES)

    def preload(self, sheet: Sheet) -> None:
        """The region's providers with these codes."""
        providers = fetch(Provider.objects.filter(region=self.context.region), "code", sheet["provider_code"])
        self.known = {provider.code: provider for provider in providers}

    def problems(self, values: Values) -> Iterator[Problem]:
        if values["provider_code"] not in self.known:
            yield Problem("provider_code", _("The region has no such provider. Import or register it first."))

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """What is recorded of the provider, if anything is."""
        facts = self.facts(self.known[values["provider_code"]])
        return None if not any(facts.values()) else facts

    def facts(self, provider: Provider) -> dict[str, Any]:
        return {column: getattr(provider, field) for column, field in self.fields_of.items()}

    def save(self, values: Values) -> Provider:
        return self.record(self.known[values["provider_code"]], {name: values[name] for name in self.fields_of})

    def record(self, provider: Provider, said: Mapping[str, Any]) -> Provider:
        """Call the service that records it; with what is empty, that which forgets it."""
        raise NotImplementedError

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Record what was recorded before, or that nothing is known."""
        provider = still_there(Provider.objects, made)
        now = self.facts(provider)
        self.check_unchanged(values, now)
        self.record(provider, now | dict(before) if before else dict.fromkeys(self.fields_of))


class ProviderCorrectionResource(_Details):
    """One row for a provider that has another name, or lies in another administrative division. An empty cell leaves
    what is recorded.
    """

    label = CORRECTIONS
    corrected = frozenset({"name", "division"})
    examples = PROVIDER_EXAMPLE | {"name": "第一人民医院", "division": "370402"}
    fields_of = {"name": "name", "division": "division"}

    name = Column(_("provider name"), TextCell(120), in_header=False, default="", headings=("变更后名称", "新名称"))
    division = Column(
        _("administrative division"), DivisionCell(), in_header=False, default="", headings=("医保区划", "所在区划")
    )

    def recorded(self, values: Values) -> Mapping[str, Any]:
        """What the row speaks of."""
        facts = self.facts(self.known[values["provider_code"]])
        return {name: value for name, value in facts.items() if values[name]}

    def record(self, provider: Provider, said: Mapping[str, Any]) -> Provider:
        told = {name: value or None for name, value in said.items()}
        return correct_provider(provider, **told, actor=self.context.actor, reason=self.context.reason)

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Record what was recorded before."""
        provider = still_there(Provider.objects, made)
        self.check_unchanged(values, {name: now for name, now in self.facts(provider).items() if values[name]})
        correct_provider(provider, **before, actor=self.context.actor, reason=self.context.reason)


class ProviderAccountResource(_Details):
    """One row for the bank account to which a provider's statements are paid. Another one replaces it."""

    label = _("providers' bank accounts")
    corrected = frozenset({"bank", "account"})
    examples = PROVIDER_EXAMPLE | {"bank": "中国工商银行", "account": "6222020000000000000"}
    fields_of = {"bank": "payee_bank", "account": "payee_account"}

    bank = Column(_("bank"), TextCell(120), headings=("开户银行", "开户行"))
    account = Column(
        _("bank account number"), CodeCell(64), headings=("银行账号", "收款账号", "银行账户"), is_personal=True
    )

    def record(self, provider: Provider, said: Mapping[str, Any]) -> Provider:
        context = self.context
        if not any(said.values()):
            return forget_payee(provider, actor=context.actor, reason=context.reason)
        return set_payee(
            provider, bank=said["bank"], account=said["account"], actor=context.actor, reason=context.reason
        )


class ProviderPlaceResource(_Details):
    """One row for where a provider lies, in degrees (WGS 84). Another place replaces it."""

    label = _("providers' places")
    corrected = frozenset({"latitude", "longitude"})
    examples = PROVIDER_EXAMPLE | {"latitude": "34.810488", "longitude": "117.323725"}
    fields_of = {"latitude": "latitude", "longitude": "longitude"}

    latitude = Column(_("latitude"), NumberCell(digits=2, places=6, most=Decimal(90)), headings=("纬度",))
    longitude = Column(_("longitude"), NumberCell(digits=3, places=6, most=Decimal(180)), headings=("经度",))

    def record(self, provider: Provider, said: Mapping[str, Any]) -> Provider:
        return set_place(
            provider,
            latitude=said["latitude"],
            longitude=said["longitude"],
            actor=self.context.actor,
            reason=self.context.reason,
        )
