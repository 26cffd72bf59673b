"""What the engine raises when the law or a fact is missing."""


class EngineError(Exception):
    """Base of all errors of the engine."""


class PolicyNotInForce(EngineError):
    """No published version of a region's rules holds on a day."""


class MissingLaw(EngineError):
    """The version in force has no row, or more than one, for a combination that it must decide."""


class MissingFact(EngineError):
    """The caller left out a fact that the rule needs; `fact` names it."""

    def __init__(self, fact: str) -> None:
        """Name the missing fact."""
        super().__init__(fact)
        self.fact = fact
