# Generated from the OpenAPI document by `npm run generate`.
"""Every call that is answered with JSON, or with nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from . import models


class Calls:
    def _call(
        self,
        method: str,
        path: str,
        *,
        within: Mapping[str, object] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str | None] | None = None,
        body: object = None,
        shown: str | None = None,
    ) -> Any:
        """What is answered; with `shown` that header of it."""
        raise NotImplementedError

    def publish_domain_event(
        self,
        body: models.DomainEvent,
        *,
        idempotency_key: str | None = None,
        traceparent: str | None = None,
    ) -> models.PublishedEvents:
        """Says what happened: every active webhook of the type hears it"""
        answer: models.PublishedEvents = self._call(
            "POST",
            "/api/v1/oms/events/",
            headers={"Idempotency-Key": idempotency_key, "traceparent": traceparent},
            body=body,
        )
        return answer

    def publish_domain_events(
        self,
        body: models.PublishDomainEventsRequest,
        *,
        traceparent: str | None = None,
    ) -> models.PublishDomainEventsResponse:
        """The same of many, each of which is taken or refused for itself"""
        answer: models.PublishDomainEventsResponse = self._call(
            "POST",
            "/api/v1/oms/events/batch/",
            headers={"traceparent": traceparent},
            body=body,
        )
        return answer

    def publish_event(
        self,
        body: models.PublishEventRequest,
        *,
        idempotency_key: str | None = None,
        traceparent: str | None = None,
    ) -> str:
        """Publishes an event to one webhook"""
        answer: str = self._call(
            "POST",
            "/api/v1/oms/oms_hook_events/publish-event/",
            headers={"Idempotency-Key": idempotency_key, "traceparent": traceparent},
            body=body,
            shown="X-Event-UUID",
        )
        return answer

    def resend_event(
        self,
        body: models.ResendEventRequest,
    ) -> None:
        """Sends an event again, at once, whatever its state"""
        self._call(
            "POST",
            "/api/v1/oms/oms_hook_events/resend-event/",
            body=body,
        )

    def list_events(
        self,
        *,
        page: int | Literal["last"] | None = None,
        page_size: int | None = None,
        limit: int | None = None,
        ordering: str | None = None,
        uuid: str | None = None,
        event_type: str | None = None,
        response_http_status: float | None = None,
        delivered: bool | None = None,
        created_date: str | None = None,
        created_date__gt: str | None = None,
        created_date__gte: str | None = None,
        created_date__lt: str | None = None,
        created_date__lte: str | None = None,
        object_id: str | None = None,
        content_type: float | None = None,
        webhook: float | None = None,
        state: Literal["pending", "retrying", "delivered", "exhausted", "cancelled"] | None = None,
        model: Literal["package", "shipment", "transfer", "stock_location"] | None = None,
        q: str | None = None,
    ) -> models.ListEventsResponse:
        """Events, newest first"""
        answer: models.ListEventsResponse = self._call(
            "GET",
            "/api/v1/oms/oms_hook_events/",
            query={
                "page": page,
                "page_size": page_size,
                "limit": limit,
                "ordering": ordering,
                "uuid": uuid,
                "event_type": event_type,
                "response_http_status": response_http_status,
                "delivered": delivered,
                "created_date": created_date,
                "created_date__gt": created_date__gt,
                "created_date__gte": created_date__gte,
                "created_date__lt": created_date__lt,
                "created_date__lte": created_date__lte,
                "object_id": object_id,
                "content_type": content_type,
                "webhook": webhook,
                "state": state,
                "model": model,
                "q": q,
            },
        )
        return answer

    def get_event(
        self,
        id: int,
    ) -> models.WebhookEvent:
        """One event"""
        answer: models.WebhookEvent = self._call(
            "GET",
            "/api/v1/oms/oms_hook_events/{id}/",
            within={"id": id},
        )
        return answer

    def list_attempts(
        self,
        id: int,
        *,
        page: int | Literal["last"] | None = None,
        page_size: int | None = None,
        limit: int | None = None,
    ) -> models.ListAttemptsResponse:
        """The requests that were sent, newest first"""
        answer: models.ListAttemptsResponse = self._call(
            "GET",
            "/api/v1/oms/oms_hook_events/{id}/attempts/",
            within={"id": id},
            query={"page": page, "page_size": page_size, "limit": limit},
        )
        return answer

    def list_undelivered(
        self,
        *,
        page: int | Literal["last"] | None = None,
        page_size: int | None = None,
        limit: int | None = None,
        ordering: str | None = None,
        uuid: str | None = None,
        event_type: str | None = None,
        response_http_status: float | None = None,
        delivered: bool | None = None,
        created_date: str | None = None,
        created_date__gt: str | None = None,
        created_date__gte: str | None = None,
        created_date__lt: str | None = None,
        created_date__lte: str | None = None,
        object_id: str | None = None,
        content_type: float | None = None,
        webhook: float | None = None,
        state: Literal["pending", "retrying", "delivered", "exhausted", "cancelled"] | None = None,
        model: Literal["package", "shipment", "transfer", "stock_location"] | None = None,
        q: str | None = None,
    ) -> models.ListUndeliveredResponse:
        """Events that are not delivered: after an attempt, or a minute without one"""
        answer: models.ListUndeliveredResponse = self._call(
            "GET",
            "/api/v1/oms/settings/undelivered_webhooks/",
            query={
                "page": page,
                "page_size": page_size,
                "limit": limit,
                "ordering": ordering,
                "uuid": uuid,
                "event_type": event_type,
                "response_http_status": response_http_status,
                "delivered": delivered,
                "created_date": created_date,
                "created_date__gt": created_date__gt,
                "created_date__gte": created_date__gte,
                "created_date__lt": created_date__lt,
                "created_date__lte": created_date__lte,
                "object_id": object_id,
                "content_type": content_type,
                "webhook": webhook,
                "state": state,
                "model": model,
                "q": q,
            },
        )
        return answer

    def list_hook_events(
        self,
        *,
        page: int | Literal["last"] | None = None,
        page_size: int | None = None,
        limit: int | None = None,
        ordering: str | None = None,
        uuid: str | None = None,
        event_type: str | None = None,
        response_http_status: float | None = None,
        delivered: bool | None = None,
        created_date: str | None = None,
        created_date__gt: str | None = None,
        created_date__gte: str | None = None,
        created_date__lt: str | None = None,
        created_date__lte: str | None = None,
        object_id: str | None = None,
        content_type: float | None = None,
        webhook: float | None = None,
        state: Literal["pending", "retrying", "delivered", "exhausted", "cancelled"] | None = None,
        model: Literal["package", "shipment", "transfer", "stock_location"] | None = None,
        q: str | None = None,
    ) -> models.ListHookEventsResponse:
        """Events, as dj-whisperer has them"""
        answer: models.ListHookEventsResponse = self._call(
            "GET",
            "/whisperer/hook_events/",
            query={
                "page": page,
                "page_size": page_size,
                "limit": limit,
                "ordering": ordering,
                "uuid": uuid,
                "event_type": event_type,
                "response_http_status": response_http_status,
                "delivered": delivered,
                "created_date": created_date,
                "created_date__gt": created_date__gt,
                "created_date__gte": created_date__gte,
                "created_date__lt": created_date__lt,
                "created_date__lte": created_date__lte,
                "object_id": object_id,
                "content_type": content_type,
                "webhook": webhook,
                "state": state,
                "model": model,
                "q": q,
            },
        )
        return answer

    def get_hook_event(
        self,
        id: int,
    ) -> models.WebhookEvent:
        """One event"""
        answer: models.WebhookEvent = self._call(
            "GET",
            "/whisperer/hook_events/{id}/",
            within={"id": id},
        )
        return answer

    def retry_hook_event(
        self,
        id: int,
        body: models.RetryHookEventRequest | None = None,
    ) -> None:
        """Sends an event again that is out of attempts; with `force` earlier"""
        self._call(
            "POST",
            "/whisperer/hook_events/{id}/retry/",
            within={"id": id},
            body=body,
        )

    def resend_events(
        self,
        body: models.ResendEventsRequest | None = None,
    ) -> models.ResendEventsResponse | models.ResendEventsResponse1:
        """Resends many events, chosen by the filters of the list"""
        answer: models.ResendEventsResponse | models.ResendEventsResponse1 = self._call(
            "POST",
            "/api/v1/oms/oms_hook_events/resend-events/",
            body=body,
        )
        return answer

    def list_tasks(
        self,
        *,
        page: int | Literal["last"] | None = None,
        page_size: int | None = None,
        limit: int | None = None,
    ) -> models.ListTasksResponse:
        """Bulk resends, newest first"""
        answer: models.ListTasksResponse = self._call(
            "GET",
            "/api/v1/oms/tasks/",
            query={"page": page, "page_size": page_size, "limit": limit},
        )
        return answer

    def get_task(
        self,
        id: int,
    ) -> models.Task:
        """How far it is"""
        answer: models.Task = self._call(
            "GET",
            "/api/v1/oms/tasks/{id}/",
            within={"id": id},
        )
        return answer

    def abort_task(
        self,
        id: int,
    ) -> models.Task:
        """Ends a bulk resend; what it has resent stays so"""
        answer: models.Task = self._call(
            "POST",
            "/api/v1/oms/tasks/{id}/abort/",
            within={"id": id},
        )
        return answer

    def list_webhooks(
        self,
        *,
        page: int | Literal["last"] | None = None,
        page_size: int | None = None,
        limit: int | None = None,
        ordering: str | None = None,
        target_url: str | None = None,
        event_type: str | None = None,
        is_active: bool | None = None,
    ) -> models.ListWebhooksResponse:
        """Webhooks, newest first; deleted ones are inactive"""
        answer: models.ListWebhooksResponse = self._call(
            "GET",
            "/whisperer/hooks/",
            query={
                "page": page,
                "page_size": page_size,
                "limit": limit,
                "ordering": ordering,
                "target_url": target_url,
                "event_type": event_type,
                "is_active": is_active,
            },
        )
        return answer

    def create_webhook(
        self,
        body: models.WebhookBody,
    ) -> models.Webhook:
        """Registers a webhook; a deleted one of the same target and type comes back"""
        answer: models.Webhook = self._call(
            "POST",
            "/whisperer/hooks/",
            body=body,
        )
        return answer

    def list_event_type_names(
        self,
    ) -> models.ListEventTypeNamesResponse:
        """The names of the event types"""
        answer: models.ListEventTypeNamesResponse = self._call(
            "GET",
            "/whisperer/hooks/registry/",
        )
        return answer

    def list_failing_webhooks(
        self,
        *,
        page: int | Literal["last"] | None = None,
        page_size: int | None = None,
        limit: int | None = None,
    ) -> models.ListFailingWebhooksResponse:
        """Which webhooks fail, since when and why; then those that were disabled for a reason"""
        answer: models.ListFailingWebhooksResponse = self._call(
            "GET",
            "/whisperer/hooks/failing/",
            query={"page": page, "page_size": page_size, "limit": limit},
        )
        return answer

    def get_webhook(
        self,
        id: int,
    ) -> models.Webhook:
        """One webhook"""
        answer: models.Webhook = self._call(
            "GET",
            "/whisperer/hooks/{id}/",
            within={"id": id},
        )
        return answer

    def replace_webhook(
        self,
        id: int,
        body: models.WebhookBody,
    ) -> models.Webhook:
        """Changes a webhook; fields that are not required and left out stay"""
        answer: models.Webhook = self._call(
            "PUT",
            "/whisperer/hooks/{id}/",
            within={"id": id},
            body=body,
        )
        return answer

    def change_webhook(
        self,
        id: int,
        body: models.WebhookChanges | None = None,
    ) -> models.Webhook:
        """Changes what is named; a new `secret_key` signs beside the old one for 24 hours"""
        answer: models.Webhook = self._call(
            "PATCH",
            "/whisperer/hooks/{id}/",
            within={"id": id},
            body=body,
        )
        return answer

    def delete_webhook(
        self,
        id: int,
    ) -> None:
        """Deactivates a webhook and sets it aside; its unfinished events are cancelled"""
        self._call(
            "DELETE",
            "/whisperer/hooks/{id}/",
            within={"id": id},
        )

    def test_webhook(
        self,
        id: int,
    ) -> models.TestWebhookResponse:
        """Sends an example event, once, and answers its attempt"""
        answer: models.TestWebhookResponse = self._call(
            "POST",
            "/whisperer/hooks/{id}/test/",
            within={"id": id},
        )
        return answer

    def get_webhook_history(
        self,
        id: int,
        *,
        hours: int | None = None,
    ) -> models.WebhookHistory:
        """What came of a webhook’s attempts over time, and how long they took"""
        answer: models.WebhookHistory = self._call(
            "GET",
            "/whisperer/hooks/{id}/history/",
            within={"id": id},
            query={"hours": hours},
        )
        return answer

    def get_webhook_stats(
        self,
        id: int,
    ) -> models.WebhookStats:
        """How a webhook has done in the last hour and day"""
        answer: models.WebhookStats = self._call(
            "GET",
            "/whisperer/hooks/{id}/stats/",
            within={"id": id},
        )
        return answer

    def list_event_types(
        self,
        *,
        page: int | Literal["last"] | None = None,
        page_size: int | None = None,
        limit: int | None = None,
    ) -> models.ListEventTypesResponse:
        """Every event type that is known, by name"""
        answer: models.ListEventTypesResponse = self._call(
            "GET",
            "/api/v1/oms/event_types/",
            query={"page": page, "page_size": page_size, "limit": limit},
        )
        return answer

    def create_event_type(
        self,
        body: models.CreateEventTypeRequest,
    ) -> models.EventTypeDetail:
        """Makes an event type, or replaces one of the settings or the catalogue"""
        answer: models.EventTypeDetail = self._call(
            "POST",
            "/api/v1/oms/event_types/",
            body=body,
        )
        return answer

    def get_event_type(
        self,
        name: str,
    ) -> models.EventTypeDetail:
        """One event type"""
        answer: models.EventTypeDetail = self._call(
            "GET",
            "/api/v1/oms/event_types/{name}/",
            within={"name": name},
        )
        return answer

    def change_event_type(
        self,
        name: str,
        body: models.ChangeEventTypeRequest | None = None,
    ) -> models.EventTypeDetail:
        """Changes an event type; another schema or example makes a new version"""
        answer: models.EventTypeDetail = self._call(
            "PATCH",
            "/api/v1/oms/event_types/{name}/",
            within={"name": name},
            body=body,
        )
        return answer

    def delete_event_type(
        self,
        name: str,
    ) -> None:
        """Deletes an event type; one of the settings or the catalogue that it replaced is back"""
        self._call(
            "DELETE",
            "/api/v1/oms/event_types/{name}/",
            within={"name": name},
        )

    def execute_setup(
        self,
    ) -> None:
        """Registers the webhooks of the settings that are missing"""
        self._call(
            "POST",
            "/api/v1/oms/setup/webhooks/execute/",
        )

    def get_setup_status(
        self,
    ) -> models.GetSetupStatusResponse:
        """How the last run stands"""
        answer: models.GetSetupStatusResponse = self._call(
            "GET",
            "/api/v1/oms/setup/webhooks/get_async_status/",
        )
        return answer

    def post_setup_status(
        self,
    ) -> models.PostSetupStatusResponse:
        """How the last run stands"""
        answer: models.PostSetupStatusResponse = self._call(
            "POST",
            "/api/v1/oms/setup/webhooks/get_async_status/",
        )
        return answer

    def get_setup_required(
        self,
    ) -> models.GetSetupRequiredResponse:
        """Is a webhook of the settings missing?"""
        answer: models.GetSetupRequiredResponse = self._call(
            "GET",
            "/api/v1/oms/setup/webhooks/is_required/",
        )
        return answer

    def post_setup_required(
        self,
    ) -> models.PostSetupRequiredResponse:
        """Is a webhook of the settings missing?"""
        answer: models.PostSetupRequiredResponse = self._call(
            "POST",
            "/api/v1/oms/setup/webhooks/is_required/",
        )
        return answer

    def list_tokens(
        self,
        *,
        page: int | Literal["last"] | None = None,
        page_size: int | None = None,
        limit: int | None = None,
    ) -> models.ListTokensResponse:
        """Tokens that are not revoked, without their keys"""
        answer: models.ListTokensResponse = self._call(
            "GET",
            "/api/v1/oms/tokens/",
            query={"page": page, "page_size": page_size, "limit": limit},
        )
        return answer

    def create_token(
        self,
        body: models.CreateTokenRequest,
    ) -> models.CreateTokenResponse:
        """Creates a token; its key is shown this once"""
        answer: models.CreateTokenResponse = self._call(
            "POST",
            "/api/v1/oms/tokens/",
            body=body,
        )
        return answer

    def change_token(
        self,
        id: int,
        body: models.ChangeTokenRequest,
    ) -> models.Token:
        """Changes the roles of a token"""
        answer: models.Token = self._call(
            "PATCH",
            "/api/v1/oms/tokens/{id}/",
            within={"id": id},
            body=body,
        )
        return answer

    def revoke_token(
        self,
        id: int,
    ) -> None:
        """Revokes a token, at once"""
        self._call(
            "DELETE",
            "/api/v1/oms/tokens/{id}/",
            within={"id": id},
        )

    def list_audit_entries(
        self,
        *,
        page: int | Literal["last"] | None = None,
        page_size: int | None = None,
        limit: int | None = None,
        action: Literal["create", "update", "delete", "revive", "disable", "revoke"] | None = None,
        object_type: (
            Literal["webhook", "token", "publisher_app", "published_event", "subscription", "event_type", "resend_task"]
            | None
        ) = None,
        object_id: str | None = None,
        account: str | None = None,
        created_date: str | None = None,
        created_date__gt: str | None = None,
        created_date__gte: str | None = None,
        created_date__lt: str | None = None,
        created_date__lte: str | None = None,
    ) -> models.ListAuditEntriesResponse:
        """Who changed which webhook, token, event type or part of the registry, and when"""
        answer: models.ListAuditEntriesResponse = self._call(
            "GET",
            "/api/v1/oms/audit/",
            query={
                "page": page,
                "page_size": page_size,
                "limit": limit,
                "action": action,
                "object_type": object_type,
                "object_id": object_id,
                "account": account,
                "created_date": created_date,
                "created_date__gt": created_date__gt,
                "created_date__gte": created_date__gte,
                "created_date__lt": created_date__lt,
                "created_date__lte": created_date__lte,
            },
        )
        return answer

    def get_app_config(
        self,
        *,
        x_coreos_tid: str | None = None,
        x_coreos_request_id: str | None = None,
    ) -> models.GetAppConfigResponse:
        """GetAppConfigDetails: the account’s app in the tenant"""
        answer: models.GetAppConfigResponse = self._call(
            "GET",
            "/core/api/v1/webhooks/apps",
            headers={"X-COREOS-TID": x_coreos_tid, "X-COREOS-REQUEST-ID": x_coreos_request_id},
        )
        return answer

    def create_app_config(
        self,
        body: models.CreateAppConfigRequest,
        *,
        x_coreos_tid: str | None = None,
        x_coreos_request_id: str | None = None,
    ) -> models.CreateAppConfigResponse:
        """createAppConfig: registers the account as a publisher in the tenant"""
        answer: models.CreateAppConfigResponse = self._call(
            "POST",
            "/core/api/v1/webhooks/apps",
            headers={"X-COREOS-TID": x_coreos_tid, "X-COREOS-REQUEST-ID": x_coreos_request_id},
            body=body,
        )
        return answer

    def update_app_config(
        self,
        body: models.UpdateAppConfigRequest | None = None,
        *,
        x_coreos_tid: str | None = None,
        x_coreos_request_id: str | None = None,
    ) -> models.UpdateAppConfigResponse:
        """UpdateAppConfig: changes what is named; other permissions count at once"""
        answer: models.UpdateAppConfigResponse = self._call(
            "PATCH",
            "/core/api/v1/webhooks/apps",
            headers={"X-COREOS-TID": x_coreos_tid, "X-COREOS-REQUEST-ID": x_coreos_request_id},
            body=body,
        )
        return answer

    def get_publisher_events(
        self,
        topic: Literal["participant", "entity", "container"],
        *,
        next_page: str | None = None,
        limit: int | None = None,
        x_coreos_tid: str | None = None,
        x_coreos_request_id: str | None = None,
    ) -> models.GetPublisherEventsResponse:
        """getPublisherEvents: all apps’ events of the tenant and topic"""
        answer: models.GetPublisherEventsResponse = self._call(
            "GET",
            "/core/api/v1/webhooks/topics/{topic}/events",
            within={"topic": topic},
            query={"nextPage": next_page, "limit": limit},
            headers={"X-COREOS-TID": x_coreos_tid, "X-COREOS-REQUEST-ID": x_coreos_request_id},
        )
        return answer

    def register_events(
        self,
        topic: Literal["participant", "entity", "container"],
        body: models.RegisterEventsRequest,
        *,
        x_coreos_tid: str | None = None,
        x_coreos_request_id: str | None = None,
    ) -> models.RegisterEventsResponse:
        """registerEvents: all or none"""
        answer: models.RegisterEventsResponse = self._call(
            "POST",
            "/core/api/v1/webhooks/topics/{topic}/events",
            within={"topic": topic},
            headers={"X-COREOS-TID": x_coreos_tid, "X-COREOS-REQUEST-ID": x_coreos_request_id},
            body=body,
        )
        return answer

    def bulk_delete_events(
        self,
        topic: Literal["participant", "entity", "container"],
        body: models.BulkDeleteEventsRequest,
        *,
        x_coreos_tid: str | None = None,
        x_coreos_request_id: str | None = None,
    ) -> models.BulkDeleteEventsResponse:
        """bulkDeleteEvents: all or none"""
        answer: models.BulkDeleteEventsResponse = self._call(
            "DELETE",
            "/core/api/v1/webhooks/topics/{topic}/events",
            within={"topic": topic},
            headers={"X-COREOS-TID": x_coreos_tid, "X-COREOS-REQUEST-ID": x_coreos_request_id},
            body=body,
        )
        return answer

    def update_publisher_events(
        self,
        topic: Literal["participant", "entity", "container"],
        event_name: str,
        body: models.UpdatePublisherEventsRequest,
        *,
        x_coreos_tid: str | None = None,
        x_coreos_request_id: str | None = None,
    ) -> models.UpdatePublisherEventsResponse:
        """updatePublisherEvents: each object is applied to the event, in turn"""
        answer: models.UpdatePublisherEventsResponse = self._call(
            "PUT",
            "/core/api/v1/webhooks/topics/{topic}/events/{eventName}",
            within={"topic": topic, "eventName": event_name},
            headers={"X-COREOS-TID": x_coreos_tid, "X-COREOS-REQUEST-ID": x_coreos_request_id},
            body=body,
        )
        return answer

    def try_published_event(
        self,
        topic: Literal["participant", "entity", "container"],
        event_name: str,
        body: models.TryPublishedEventRequest,
        *,
        x_coreos_tid: str | None = None,
        x_coreos_request_id: str | None = None,
    ) -> models.TryPublishedEventResponse:
        """What a message would come to, without publishing it"""
        answer: models.TryPublishedEventResponse = self._call(
            "POST",
            "/core/api/v1/webhooks/topics/{topic}/events/{eventName}/try",
            within={"topic": topic, "eventName": event_name},
            headers={"X-COREOS-TID": x_coreos_tid, "X-COREOS-REQUEST-ID": x_coreos_request_id},
            body=body,
        )
        return answer

    def list_subscriptions(
        self,
        *,
        next_page: str | None = None,
        limit: int | None = None,
        x_coreos_tid: str | None = None,
        x_coreos_request_id: str | None = None,
    ) -> models.ListSubscriptionsResponse:
        """The account’s own in the tenant, oldest first"""
        answer: models.ListSubscriptionsResponse = self._call(
            "GET",
            "/core/api/v1/webhooks/subscriptions",
            query={"nextPage": next_page, "limit": limit},
            headers={"X-COREOS-TID": x_coreos_tid, "X-COREOS-REQUEST-ID": x_coreos_request_id},
        )
        return answer

    def create_subscription(
        self,
        body: models.CreateSubscriptionRequest,
        *,
        x_coreos_tid: str | None = None,
        x_coreos_request_id: str | None = None,
    ) -> models.CreateSubscriptionResponse:
        """Subscribes to events of one app and topic"""
        answer: models.CreateSubscriptionResponse = self._call(
            "POST",
            "/core/api/v1/webhooks/subscriptions",
            headers={"X-COREOS-TID": x_coreos_tid, "X-COREOS-REQUEST-ID": x_coreos_request_id},
            body=body,
        )
        return answer

    def get_subscription(
        self,
        id: str,
        *,
        x_coreos_tid: str | None = None,
        x_coreos_request_id: str | None = None,
    ) -> models.GetSubscriptionResponse:
        """One subscription with its events"""
        answer: models.GetSubscriptionResponse = self._call(
            "GET",
            "/core/api/v1/webhooks/subscriptions/{id}",
            within={"id": id},
            headers={"X-COREOS-TID": x_coreos_tid, "X-COREOS-REQUEST-ID": x_coreos_request_id},
        )
        return answer

    def change_subscription(
        self,
        id: str,
        body: models.ChangeSubscriptionRequest | None = None,
        *,
        x_coreos_tid: str | None = None,
        x_coreos_request_id: str | None = None,
    ) -> models.ChangeSubscriptionResponse:
        """Changes what is named; `isActive: true` also enables what was disabled"""
        answer: models.ChangeSubscriptionResponse = self._call(
            "PATCH",
            "/core/api/v1/webhooks/subscriptions/{id}",
            within={"id": id},
            headers={"X-COREOS-TID": x_coreos_tid, "X-COREOS-REQUEST-ID": x_coreos_request_id},
            body=body,
        )
        return answer

    def delete_subscription(
        self,
        id: str,
        *,
        x_coreos_tid: str | None = None,
        x_coreos_request_id: str | None = None,
    ) -> models.DeleteSubscriptionResponse:
        """Deletes a subscription; what it has sent stays in the lists of events"""
        answer: models.DeleteSubscriptionResponse = self._call(
            "DELETE",
            "/core/api/v1/webhooks/subscriptions/{id}",
            within={"id": id},
            headers={"X-COREOS-TID": x_coreos_tid, "X-COREOS-REQUEST-ID": x_coreos_request_id},
        )
        return answer

    def change_subscription_events(
        self,
        id: str,
        body: models.ChangeSubscriptionEventsRequest,
        *,
        x_coreos_tid: str | None = None,
        x_coreos_request_id: str | None = None,
    ) -> models.ChangeSubscriptionEventsResponse:
        """Adds events to a subscription, or removes them"""
        answer: models.ChangeSubscriptionEventsResponse = self._call(
            "PATCH",
            "/core/api/v1/webhooks/subscriptions/{id}/events",
            within={"id": id},
            headers={"X-COREOS-TID": x_coreos_tid, "X-COREOS-REQUEST-ID": x_coreos_request_id},
            body=body,
        )
        return answer

    def get_health(
        self,
    ) -> models.GetHealthResponse:
        """Does the process run?"""
        answer: models.GetHealthResponse = self._call(
            "GET",
            "/healthz",
        )
        return answer

    def get_readiness(
        self,
    ) -> models.GetReadinessResponse:
        """Can it do its work?"""
        answer: models.GetReadinessResponse = self._call(
            "GET",
            "/readyz",
        )
        return answer

    def get_open_api_document(
        self,
    ) -> models.GetOpenApiDocumentResponse:
        """This document"""
        answer: models.GetOpenApiDocumentResponse = self._call(
            "GET",
            "/openapi.json",
        )
        return answer
