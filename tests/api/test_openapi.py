"""The API's own description: true to OpenAPI 3.1, complete, and attacked from its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import positive_data_acceptance
from schemathesis.core.result import Ok

from hwdb.schema import json_schema
from tests.machines import seed_document
from tests.store import small

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.api.conftest import DocumentedClient

OPERATIONS = {
    ("delete", "/api/v1/reports/{report_id}"),
    ("get", "/api/v1/boards"),
    ("get", "/api/v1/boards/{vendor_slug}/{slug}"),
    ("get", "/api/v1/boards/{vendor_slug}/{slug}/slots"),
    ("get", "/api/v1/devices"),
    ("get", "/api/v1/devices/{ids}"),
    ("get", "/api/v1/health"),
    ("get", "/api/v1/known"),
    ("get", "/api/v1/suggestions"),
    ("get", "/api/v1/plans"),
    ("get", "/api/v1/reports"),
    ("get", "/api/v1/reports/{report_id}"),
    ("get", "/api/v1/reports/{report_id}/source"),
    ("post", "/api/v1/reports"),
}


def references(part: Any) -> Iterator[str]:
    """Yield every reference in a document."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from references(value)
    elif isinstance(part, list):
        for item in part:
            yield from references(item)


def test_it_is_openapi_3_1_and_every_schema_in_it_is_one(app: Flask, api: DocumentedClient) -> None:
    assert api.spec["openapi"].startswith("3.1.")
    assert api.spec["info"]["title"] == "hwdb"
    schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).validate()
    schemas = api.spec["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    assert {ref.removeprefix("#/components/schemas/") for ref in references(api.spec)} <= set(schemas)


def test_it_lists_every_route_and_nothing_else(app: Flask, api: DocumentedClient) -> None:
    verbs = {"get", "post", "put", "patch", "delete"}
    documented = {(verb, path) for path, item in api.spec["paths"].items() for verb in item if verb in verbs}
    served = {
        (verb.lower(), rule.rule.replace("<string:", "{").replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
        for verb in rule.methods or ()
        if verb.lower() in verbs
    }
    assert documented == served == OPERATIONS


def test_every_operation_says_what_it_does_and_how_it_fails(api: DocumentedClient) -> None:
    for verb, path in OPERATIONS:
        operation = api.spec["paths"][path][verb]
        assert operation["summary"].endswith(".")
        for status, response in operation["responses"].items():
            kind = "application/json" if status < "300" else "application/problem+json"
            assert list(response.get("content", ())) == ([] if status in {"204", "301"} else [kind])
    post = api.spec["paths"]["/api/v1/reports"]["post"]
    assert post["security"] == [{}, {"key": []}], "a key may be sent and need not be"
    assert api.spec["components"]["securitySchemes"]["key"] == {"type": "http", "scheme": "bearer"}
    assert {"400", "401", "410", "413", "415", "422", "429"} <= post["responses"].keys()
    for verb, path in (("get", "/api/v1/reports"), ("delete", "/api/v1/reports/{report_id}")):
        assert api.spec["paths"][path][verb]["security"] == [{"key": []}], "a key must be sent"
    withdrawal = api.spec["paths"]["/api/v1/reports/{report_id}"]["delete"]["responses"]
    assert {"204", "401", "403", "404", "429"} <= withdrawal.keys()


@pytest.mark.parametrize("document", [seed_document(), small()], ids=["seed", "small"])
def test_what_it_says_of_a_report_is_the_published_schema(api: DocumentedClient, document: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/Report", "components": api.spec["components"]}
    Draft202012Validator(schema).validate(document)
    broken = {**document, "functions": [{"address": 1}]}
    assert not Draft202012Validator(schema).is_valid(broken)
    published = {**json_schema()}
    assert api.spec["components"]["schemas"]["Report"]["properties"].keys() == published["properties"].keys()


def test_what_it_describes_holds_for_whatever_it_allows(app: Flask) -> None:
    checked = []
    for result in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=12,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def attack(case: Any) -> None:
            # Status, content type and body as documented, and no server error. That everything is taken is not asked:
            # a schema cannot say that addresses are listed once, dates in the calendar and numbers short.
            # What calls the application without a server takes no compressed answers, though its headers say so.
            plain = {"Accept-Encoding": "identity"}
            case.call_and_validate(headers=plain, excluded_checks=[positive_data_acceptance])

        attack()
        checked.append(operation.label)
    assert len(checked) == len(OPERATIONS)
