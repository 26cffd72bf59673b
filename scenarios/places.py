"""The providers of a story."""

from datetime import date

from policies.engine.vocabulary import Tier
from providers.models import Provider, ProviderKind
from providers.services import register_provider
from scenarios.people import REASON
from scenarios.story import Story


def provider_of(story: Story, name: str, tier: Tier, *, designated: bool = True) -> Provider:
    """The story's provider of that name, registered when it is first met; the reader sees to it that it stays one."""
    if name not in story.providers:
        kind = ProviderKind.RETAIL_PHARMACY if tier == Tier.PHARMACY else ProviderKind.MEDICAL_INSTITUTION
        story.providers[name] = register_provider(
            story.region,
            code=f"P{len(story.providers) + 1}",
            name=name,
            kind=kind,
            tier=tier,
            first_day=date(2000, 1, 1),
            is_designated=designated,
            reason=REASON,
        )
    return story.providers[name]
