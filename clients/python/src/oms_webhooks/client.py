"""Calls the API."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from .calls import Calls


class ApiError(Exception):
    """An answer of 400 or more."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.headers = response.headers
        # What the document has for this status: `{"detail": …}`, `{"field": ["…"]}`; text where it is no JSON.
        self.body: Any = _content(response)
        request = response.request
        super().__init__(f"{request.method} {request.url.path}: {self.status} {response.text[:500]}")


class Client(Calls):
    """
    Every call of the API, by its name in the OpenAPI document. May be used by several threads.

    base_url: where the ingest API is, `https://webhooks.example`.
    token: the key of a token.
    http: in place of a client of its own, which waits 30 s for an answer.
    """

    def __init__(self, base_url: str, token: str, *, http: httpx.Client | None = None) -> None:
        self._base_url = base_url.rstrip("/")
        self._authorization = {"Authorization": f"Token {token}"}
        self._http = http or httpx.Client(timeout=30)

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
        places = {name: quote(str(value), safe="") for name, value in (within or {}).items()}
        given = {name: value for name, value in (headers or {}).items() if value is not None}
        response = self._http.request(
            method,
            self._base_url + path.format_map(places),
            params={name: value for name, value in (query or {}).items() if value is not None},
            headers={**self._authorization, **given},
            json=body,
        )
        if response.status_code >= 400:
            raise ApiError(response)
        return response.headers.get(shown) if shown else _content(response)

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


def _content(response: httpx.Response) -> Any:
    """JSON as values, other text as it is, and nothing where there is nothing."""
    if not response.content:
        return None
    if response.headers.get("content-type", "").startswith("application/json"):
        return response.json()
    return response.text
