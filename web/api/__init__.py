"""The REST API, /api/v1: a blueprint per resource, described by OpenAPI 3.1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for
from flask_smorest import Api

from hwdb.schema import json_schema
from web.api import boards, devices, health, known, plans, reports, suggestions

if TYPE_CHECKING:
    from flask import Flask

_DESCRIPTION = """Which PCIe slots of a motherboard isolate cleanly for passthrough, from reports of real machines.
Unknown is null, never false; `evidence` says whether the kernel showed it or a person says so. Errors are
application/problem+json (RFC 9457). Submitted facts are CC0-1.0."""


class _QuietApi(Api):
    """flask-smorest without its error handlers: they turn the pages' errors into JSON; web.errors answers for both.

    Nor does it document a default error of its own shape: each operation names the problems it answers with.
    """

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass


def register(app: Flask) -> None:
    """Put the API, its OpenAPI document and its docs page on the application."""
    app.config.update(
        API_TITLE="hwdb",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = _QuietApi(app, spec_kwargs={"info": {"description": _DESCRIPTION}})
    api.spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    definitions = json_schema()
    for name, schema in definitions.pop("$defs", {}).items():
        api.spec.components.schema(f"Report.{name}", _relocated(schema))
    api.spec.components.schema("Report", _relocated(definitions))
    for resource in (reports, boards, devices, plans, known, suggestions, health):
        api.register_blueprint(resource.blueprint)
    app.add_url_rule("/api/docs", "api_docs", lambda: _docs(api))


def _docs(api: Api) -> str:
    return render_template("docs.html", spec=api.spec.to_dict(), spec_url=url_for("api-docs.openapi_json"))


def _relocated(schema: object) -> dict[str, object]:
    """Return a JSON Schema with its references pointing to the OpenAPI document's components."""

    def walk(part: object) -> object:
        if isinstance(part, dict):
            return {
                key: value.replace("#/$defs/", "#/components/schemas/Report.")
                if key == "$ref" and isinstance(value, str)
                else walk(value)
                for key, value in part.items()
                if key != "$schema"
            }
        return [walk(item) for item in part] if isinstance(part, list) else part

    walked = walk(schema)
    return walked if isinstance(walked, dict) else {}
