"""What of Flask's application is otherwise here: nothing that people send is written to disk or to a log."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, request


class InMemory(Request):
    """A request whose uploaded files stay in memory; how large they may be is limited before they are read."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        # By default a file of 500 kB or more goes to a temporary one.
        return BytesIO()


class Service(Flask):
    """The application."""

    request_class = InMemory

    def log_exception(self, exc_info: Any) -> None:
        """Log an error that nobody foresaw with the name of its page, never its address: an edit link is a key."""
        rule = request.url_rule.rule if request.url_rule else "no page"
        self.logger.error("%s %s failed", request.method, rule, exc_info=exc_info)
