"""What a personal account may pay, and why it may be closed."""

from policies.engine import vocabulary as v
from policies.engine.errors import MissingLaw
from policies.engine.policy import Policy, UseTerm


def account_use(policy: Policy, purpose: v.Purpose, beneficiary: v.Beneficiary) -> UseTerm:
    """Whether the account may pay the purpose for the holder or for family, and where that stands.

    Pingliang 16-17, Dazhou 5, Zaozhuang 8, Kaifeng 17, Baoshan 18-19. MissingLaw where the version does not decide.
    """
    try:
        return policy.uses[purpose, beneficiary]
    except KeyError as error:
        raise MissingLaw(f"{policy.region} {policy.version_id}: {purpose} for {beneficiary}") from error


def account_closing(policy: Policy, reason: v.ClosingReason) -> UseTerm:
    """Whether an account may be closed and paid out for a reason, and where that stands.

    Dazhou 8, Zaozhuang 9, Kaifeng 18, Baoshan 20. MissingLaw where the version does not decide.
    """
    try:
        return policy.closings[reason]
    except KeyError as error:
        raise MissingLaw(f"{policy.region} {policy.version_id}: {reason}") from error
