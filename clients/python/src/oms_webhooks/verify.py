"""For receivers: was this request sent by whoever has the secret, and now?"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict, cast

TOLERANCE_SECONDS = 300


class DeliveredEvent(TypedDict):
    type: str
    uuid: str


class Delivery(TypedDict):
    """The body of a delivery."""

    event: DeliveredEvent
    payload: Any


class VerificationError(Exception):
    """The request was not sent by whoever has the secret, or not now."""


def verify(
    headers: Mapping[str, str],
    body: bytes,
    secrets: str | Sequence[str],
    tolerance: float = TOLERANCE_SECONDS,
    *,
    kind: Literal["standard", "whisperer"] = "standard",
    now: float | None = None,
) -> Delivery:
    """
    The delivery of a request whose signature is right.

    headers: in any case, as the framework has them.
    body: the bytes that came in, not what a parser made of them.
    secrets: the webhook's `secret_key`; while it is being replaced both, in any order.
    tolerance: how far the sender's clock may be from ours, in seconds.
    kind: which signature must be right. `standard` (Standard Webhooks) covers the time, so that a request cannot be
        played again later; `whisperer` (`X-Whisperer-Signature`) covers the body alone.
    now: seconds since 1970; the clock's unless told.
    """
    all_secrets = [secrets] if isinstance(secrets, str) else list(secrets)
    if not all_secrets or "" in all_secrets:
        raise ValueError("verify needs a secret")
    received = {name.lower(): value for name, value in headers.items()}
    if kind == "standard":
        _require_now(received, tolerance, time.time() if now is None else now)
        given, expected = _standard_signatures(received, body, all_secrets)
    else:
        given, expected = _whisperer_signatures(received, body, all_secrets)
    # Every pair is compared, so that the time it takes tells nothing of which is right.
    right = [hmac.compare_digest(one.encode(), other.encode()) for one in given for other in expected]
    if not any(right):
        raise VerificationError("The signature is wrong.")
    return cast(Delivery, json.loads(body))


def _require_now(headers: Mapping[str, str], tolerance: float, now: float) -> None:
    timestamp = _required(headers, "webhook-timestamp")
    if not re.fullmatch(r"[0-9]{1,15}", timestamp) or abs(now - int(timestamp)) > tolerance:
        raise VerificationError("The timestamp is too far from now.")


Signatures = tuple[list[str], list[str]]


def _standard_signatures(headers: Mapping[str, str], body: bytes, secrets: list[str]) -> Signatures:
    """Those that were given, and those that would be right."""
    signed = f"{_required(headers, 'webhook-id')}.{_required(headers, 'webhook-timestamp')}.".encode() + body
    digests = [hmac.digest(_key(secret), signed, "sha256") for secret in secrets]
    given = _required(headers, "webhook-signature").split(" ")
    return given, [f"v1,{base64.b64encode(digest).decode()}" for digest in digests]


def _whisperer_signatures(headers: Mapping[str, str], body: bytes, secrets: list[str]) -> Signatures:
    given = [_required(headers, "x-whisperer-signature")]
    # By the secret before, for a day after it was replaced.
    if "x-whisperer-signature-previous" in headers:
        given.append(headers["x-whisperer-signature-previous"])
    return given, [f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}" for secret in secrets]


def _key(secret: str) -> bytes:
    """A secret `whsec_…` is the base64 of its key; any other is its key."""
    if not secret.startswith("whsec_"):
        return secret.encode()
    text = secret.removeprefix("whsec_")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("a secret that begins with whsec_ must go on in base64") from error


def _required(headers: Mapping[str, str], name: str) -> str:
    if name not in headers:
        raise VerificationError(f"The header {name} is missing.")
    return headers[name]
