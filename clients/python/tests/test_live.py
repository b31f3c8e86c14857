"""With a system that runs: its address in OMS_WEBHOOKS_URL, a token in OMS_WEBHOOKS_TOKEN."""

import os
import time

import pytest
from oms_webhooks import ApiError, Client, VerificationError, verify
from receiver import receiver

URL = os.environ["OMS_WEBHOOKS_URL"]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PATIENTLY = 60


@pytest.fixture
def client():
    with Client(URL, os.environ["OMS_WEBHOOKS_TOKEN"]) as client:
        yield client


def delivered(client, uuid, attempts):
    """The event, when that many attempts of it are recorded."""
    until = time.monotonic() + PATIENTLY
    while time.monotonic() < until:
        page = client.list_events(uuid=uuid, delivered=True)
        if page["count"] == 1 and page["results"][0]["retry_count"] == attempts:
            return page["results"][0]
        time.sleep(0.1)
    raise AssertionError(f"event {uuid} was not delivered in {attempts} attempts")


def test_registers_publishes_verifies_lists_and_resends(client):
    with receiver() as (target, received):
        webhook = client.create_webhook({"target_url": target, "event_type": "package.created", "secret_key": SECRET})
        uuid = client.publish_event(
            {"hook": webhook["id"], "instance": {"pk": 8812, "model": "package", "data": {"name": "Ünye"}}},
            idempotency_key="package-8812-created",
        )

        headers, body = received.get(timeout=PATIENTLY)
        event = {"type": "package.created", "uuid": uuid.replace("-", "")}
        assert verify(headers, body, SECRET) == {"event": event, "payload": {"name": "Ünye"}}
        assert verify(headers, body, SECRET, kind="whisperer")["event"] == event
        for forged in (body.replace(b"name", b"game"), body + b" "):
            with pytest.raises(VerificationError):
                verify(headers, forged, SECRET)
        with pytest.raises(VerificationError):
            verify(headers, body, "another")
        assert delivered(client, uuid, 1)["object_id"] == 8812

        client.resend_event({"event": uuid})
        again, same_body = received.get(timeout=PATIENTLY)
        assert (again["webhook-id"], same_body) == (uuid, body)
        verify(again, same_body, ["the next one", SECRET])
        shown = delivered(client, uuid, 2)
        causes = [attempt["cause"] for attempt in client.list_attempts(shown["id"])["results"]]
        assert causes == ["resend", "countdown"]


def test_changes_and_deletes_a_webhook(client):
    body = {"target_url": "https://shop.example/hooks", "event_type": "shipment.created"}
    id = client.create_webhook(body)["id"]
    assert client.change_webhook(id, {"is_active": False})["is_active"] is False
    assert [one["id"] for one in client.list_webhooks(event_type="shipment.created")["results"]] == [id]
    assert client.delete_webhook(id) is None


def test_has_what_was_refused_in_its_errors(client):
    with pytest.raises(ApiError) as wrong:
        client.create_webhook({"event_type": "no.such"})
    assert wrong.value.status == 400
    refusal = {"target_url": ["This field is required."], "event_type": ['"no.such" is not a valid choice.']}
    assert wrong.value.body == refusal
    with pytest.raises(ApiError) as missing:
        client.get_webhook(999_999)
    assert (missing.value.status, missing.value.body) == (404, {"detail": "Not found."})
    with Client(URL, "unknown") as stranger, pytest.raises(ApiError) as refused:
        stranger.list_webhooks()
    assert (refused.value.status, refused.value.headers["WWW-Authenticate"]) == (401, "Token")


def test_puts_what_is_in_a_path_into_one_segment(client):
    with pytest.raises(ApiError) as missing:
        client.get_event_type("no/../such?x=1")
    assert missing.value.status == 404
