"""A region's rules with figures where the regulation leaves them open, for tests of the engine alone."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from policies.engine.citation import Citation
from policies.engine.figures import Figure, Key
from policies.engine.policy import Policy
from policies.engine.vocabulary import Benefit, Tier

LOCAL = Citation("本地文件", "第一条", "local words", "")

# Invented inpatient terms: a deductible in yuan and a rate for each tier, and a ceiling.
INPATIENT = {
    Tier.PRIMARY: ("200.00", "0.95"),
    Tier.SECONDARY: ("400.00", "0.90"),
    Tier.TERTIARY_C: ("600.00", "0.88"),
    Tier.TERTIARY_B: ("700.00", "0.86"),
    Tier.TERTIARY_A: ("800.00", "0.85"),
}
CEILING = "60000.00"


def configured(
    policy: Policy,
    benefit: Benefit = Benefit.INPATIENT,
    terms: Mapping[Tier, tuple[str, str]] = INPATIENT,
    ceiling: str = CEILING,
) -> Policy:
    """The same rules with the benefit's unset deductibles, rates and ceilings set; what is set stays."""

    def filled(figures: Mapping[Key, Figure], place: int) -> dict[Key, Figure]:
        return {
            key: Figure(Decimal(terms[key[1]][place]), LOCAL)
            if key[0] == benefit and figure.value is None and key[1] in terms
            else figure
            for key, figure in figures.items()
        }

    ceilings = {
        key: tuple(
            term._replace(amount=Decimal(ceiling), citation=LOCAL)
            if key[0].value == benefit.value and term.amount is None
            else term
            for term in held
        )
        for key, held in policy.ceilings.items()
    }
    return replace(
        policy,
        deductibles=filled(policy.deductibles, 0),
        rates=filled(policy.rates, 1),
        ceilings=ceilings,
        _terms={},
    )
