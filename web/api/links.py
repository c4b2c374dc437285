"""Addresses of what an answer speaks of, for programs and for people."""

from __future__ import annotations

from flask import url_for


def board_links(vendor_slug: str, slug: str) -> dict[str, str]:
    """Return where a board is read, and shown."""
    return {
        "board": url_for("boards.Board", vendor_slug=vendor_slug, slug=slug),
        "board_page": url_for("pages.board", vendor_slug=vendor_slug, slug=slug),
    }


def report_links(report_id: str, vendor_slug: str, slug: str) -> dict[str, str]:
    """Return where a report and its board are read, and shown."""
    return {
        "report": url_for("reports.Report", report_id=report_id),
        "report_page": url_for("pages.report", report_id=report_id),
        **board_links(vendor_slug, slug),
    }
