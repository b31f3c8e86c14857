"""Client of the oms-webhooks API, and verification of its webhooks."""

from . import models
from .client import ApiError, Client
from .verify import Delivery, VerificationError, verify

__all__ = ["ApiError", "Client", "Delivery", "VerificationError", "models", "verify"]
