"""What files say of claims."""

from claims.resources.claims import ClaimResource
from claims.resources.corrections import ClaimCorrectionResource

__all__ = ["ClaimCorrectionResource", "ClaimResource"]
