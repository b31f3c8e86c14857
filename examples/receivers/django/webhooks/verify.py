"""Signatures of Standard Webhooks, by the standard library alone."""

import base64
import hashlib
import hmac
import re
import time

TOLERANCE_SECONDS = 300


def is_genuine(secret, headers, body):
    """Whether who has the secret sent exactly these bytes, not longer ago than the tolerance."""
    webhook_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not re.fullmatch(r"[0-9]{1,15}", timestamp):
        return False
    if abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    digest = hmac.new(key_of(secret), signed, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(digest)
    # There are two while the secret is being replaced.
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(one.encode(), expected) for one in given)


def key_of(secret):
    """A secret ``whsec_…`` is the base64 of its key; any other is its key."""
    if not secret:
        raise ValueError("the webhook's secret_key is missing")
    if secret.startswith("whsec_"):
        return base64.b64decode(secret[len("whsec_") :])
    return secret.encode()
