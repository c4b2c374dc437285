"""A client that holds every answer against the API's own description."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


class DocumentedClient:
    """Requests a page of the API and checks status, content type and body against the OpenAPI document."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.spec: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.checked("get", self.client.get(path, **options))

    def post(self, document: Any, path: str = "/api/v1/reports", **options: Any) -> TestResponse:
        return self.checked("post", self.client.post(path, json=document, **options))

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.checked("delete", self.client.delete(path, **options))

    def checked(self, method: str, answer: TestResponse) -> TestResponse:
        documented = self.operation(method, answer.request.path)["responses"]
        said = documented[str(answer.status_code)]
        if answer.status_code == HTTPStatus.NO_CONTENT:
            assert "content" not in said
            assert not answer.data
            return answer
        contents = said["content"]
        assert list(contents) == [answer.mimetype]
        schema = {**contents[answer.mimetype]["schema"], "components": self.spec["components"]}
        Draft202012Validator(schema).validate(answer.get_json())
        return answer

    def operation(self, method: str, path: str) -> dict[str, Any]:
        """Return what the document says of the operation that serves a path."""
        parts = path.split("/")
        for template, operations in self.spec["paths"].items():
            expected = template.split("/")
            pairs = zip(expected, parts, strict=False)
            if len(expected) == len(parts) and all(e[:1] == "{" or e == part for e, part in pairs):
                found: dict[str, Any] = operations[method]
                return found
        raise AssertionError(f"{path} is not documented")


@pytest.fixture
def api(client: FlaskClient) -> DocumentedClient:
    """Return a client that checks every answer."""
    return DocumentedClient(client)
