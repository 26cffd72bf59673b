"""What the engine raises when the law or a fact is missing."""

from policies.engine.citation import Citation


class EngineError(Exception):
    """Base of all errors of the engine."""


class PolicyNotInForce(EngineError):
    """No published version of a region's rules holds on a day."""


class MissingLaw(EngineError):
    """The version in force has no row, or more than one, for a combination that it must decide."""


class MissingFact(EngineError):
    """The caller left out a fact that the rule needs; `fact` names it."""

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact


class OtherBenefit(EngineError):
    """The visit is of another kind: a day surgery that lasted too long, a rescue that the patient survived."""

    def __init__(self, benefit: str, citation: Citation) -> None:
        """Name the benefit it belongs to, and the rule that says so."""
        super().__init__(benefit)
        self.benefit = benefit
        self.citation = citation
