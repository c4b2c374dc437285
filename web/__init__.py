"""The service: Flask around ``hwdb``. ``create_app`` is what a WSGI server is given."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from hwdb.models.engine import open_database
from hwdb.schema import MAX_BYTES
from web import api, compression, errors, headers, pages
from web.config import read_config
from web.limits import limiter
from web.service import Service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

__all__ = ["create_app"]


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """Return the application, configured by ``HWDB_*`` variables only.

    Args:
        environ: The environment; None for the process's own.

    Raises:
        ConfigurationError: A variable or the database it names cannot be used.
    """
    config = read_config(os.environ if environ is None else environ)
    app = Service("web", static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BYTES,
        RATELIMIT_STORAGE_URI=config.limiter_url,
        RATELIMIT_HEADERS_ENABLED=True,
        HWDB_SUBMIT_LIMIT=config.submit_limit,
        HWDB_SUBMITTER=config.submitter,
    )
    app.extensions["hwdb"] = open_database(config.database_url, config.read_database_url)
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask documents it
    # What is registered first looks at an answer last.
    compression.register(app)
    headers.register(app)
    limiter.init_app(app)
    errors.register(app)
    app.register_blueprint(pages.blueprint())
    api.register(app)
    return app
