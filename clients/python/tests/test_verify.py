import base64
import hashlib
import hmac
import json

import pytest
from oms_webhooks import VerificationError, verify

NOW = 1_795_261_843
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "fe297072-ac6a-47b4-bc9e-5f4a78800223"
BODY = '{"event":{"type":"package.created","uuid":"fe297072ac6a47b4bc9e5f4a78800223"},"payload":{"name":"Ünye"}}'.encode()


def standard_signature(secret: str) -> str:
    """As the specification says; that the dispatcher signs so is shown with a live system."""
    key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
    digest = hmac.new(key, f"{ID}.{NOW}.".encode() + BODY, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def whisperer_signature(secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), BODY, hashlib.sha256).hexdigest()


def sent(*secrets: str) -> dict[str, str]:
    """The headers of a request; of two secrets the newer comes first."""
    headers = {
        "Webhook-Id": ID,
        "Webhook-Timestamp": str(NOW),
        "Webhook-Signature": " ".join(standard_signature(secret) for secret in secrets),
        "X-Whisperer-Signature": whisperer_signature(secrets[0]),
    }
    if len(secrets) > 1:
        headers["X-Whisperer-Signature-Previous"] = whisperer_signature(secrets[1])
    return headers


both_kinds = pytest.mark.parametrize("kind", ["standard", "whisperer"])


@both_kinds
@pytest.mark.parametrize("secret", [SECRET, SECRET + "==", "schlüssel"])
def test_answers_the_delivery_of_a_request_that_is_signed(kind, secret):
    assert verify(sent(secret), BODY, secret, kind=kind, now=NOW) == json.loads(BODY)


@both_kinds
@pytest.mark.parametrize(
    "headers, body, secret",
    [
        (sent(SECRET), BODY.replace(b"name", b"game"), SECRET),
        (sent(SECRET), BODY, "another"),
        ({}, BODY, SECRET),
        ({name: value[:-4] for name, value in sent(SECRET).items()} | {"Webhook-Timestamp": str(NOW)}, BODY, SECRET),
        ({name: value if "-Sig" not in name else "ü" for name, value in sent(SECRET).items()}, BODY, SECRET),
    ],
)
def test_refuses_another_body_another_secret_and_a_signature_that_is_missing_or_cut(kind, headers, body, secret):
    with pytest.raises(VerificationError):
        verify(headers, body, secret, kind=kind, now=NOW)


@both_kinds
def test_goes_on_while_the_secret_is_replaced_at_whichever_end_first(kind):
    verify(sent("the new one", SECRET), BODY, SECRET, kind=kind, now=NOW)
    verify(sent("the new one", SECRET), BODY, "the new one", kind=kind, now=NOW)
    verify(sent(SECRET), BODY, ["the new one", SECRET], kind=kind, now=NOW)


@both_kinds
@pytest.mark.parametrize("secrets", ["", [], ["", SECRET]])
def test_does_not_verify_with_no_secret(kind, secrets):
    with pytest.raises(ValueError, match="needs a secret"):
        verify(sent("x"), BODY, secrets, kind=kind, now=NOW)


@pytest.mark.parametrize("apart", [-301, 301])
def test_refuses_another_time_than_now(apart):
    with pytest.raises(VerificationError, match="too far from now"):
        verify(sent(SECRET), BODY, SECRET, now=NOW + apart)
    verify(sent(SECRET), BODY, SECRET, now=NOW + apart / 301 * 300)
    verify(sent(SECRET), BODY, SECRET, 600, now=NOW + apart)


def test_refuses_a_timestamp_that_was_not_signed_and_one_that_is_none():
    with pytest.raises(VerificationError, match="The signature is wrong"):
        verify(sent(SECRET) | {"Webhook-Timestamp": str(NOW + 9)}, BODY, SECRET, now=NOW)
    with pytest.raises(VerificationError, match="too far from now"):
        verify(sent(SECRET) | {"Webhook-Timestamp": "now"}, BODY, SECRET, now=NOW)
