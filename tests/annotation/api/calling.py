"""Calls the API as somebody's script does."""

from __future__ import annotations

import json
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client

from accounts.models import User
from tests.factories import make_token


class Caller:
    """A script with the token of `user`, or a stranger without one."""

    def __init__(self, user: User | None = None) -> None:
        headers = {"Authorization": f"Bearer {make_token(user)}"} if user else {}
        self.client = Client(headers=headers, raise_request_exception=True)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(_full(path), headers=headers)

    def post(self, path: str, body: Any = None) -> Any:
        return self.send("POST", path, json.dumps({} if body is None else body))

    def patch(self, path: str, body: Any) -> Any:
        return self.send("PATCH", path, json.dumps(body))

    def delete(self, path: str) -> Any:
        return self.send("DELETE", path, b"")

    def send(self, method: str, path: str, content: str | bytes) -> Any:
        return self.client.generic(method, _full(path), content, "application/json")


def _full(path: str) -> str:
    return path if path.startswith("/") else f"/api/v1/{path}"


def problem(response: HttpResponseBase, status: int) -> Any:
    """Return the problem document of a response, which has to be one."""
    content = getattr(response, "content", b"")
    assert response.status_code == status, content
    assert response["Content-Type"] == "application/problem+json"
    document = json.loads(content)
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    return document
