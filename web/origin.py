"""Forms are taken from the pages of this service only.

There is no cookie and no session that another site could make use of, but a form sent from elsewhere could store, in
a visitor's name, what the visitor never saw. Browsers say where a form comes from: ``Sec-Fetch-Site`` (Fetch Metadata
Request Headers, W3C), and ``Origin`` where that is missing. Programs that say neither are no browsers and are let in.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import Forbidden

_OURS = frozenset({"same-origin", "none"})
_NOT_TOLD = "null"


def refuse_other_sites() -> None:
    """Refuse a form that comes from another site.

    Raises:
        Forbidden: The browser says so, or will not say where it comes from.
    """
    if _is_foreign(silence_is_fine=False):
        raise Forbidden(
            "This form came from another site, so nothing was done. Open the page here, and send it from there."
        )


def refuse_other_sites_that_name_themselves() -> None:
    """Refuse a form that comes from another site, on a page whose own address nobody else knows.

    Such a page asks the browser to tell nobody its address, and then browsers do not tell the origin of its forms.

    Raises:
        Forbidden: The browser says that the form comes from elsewhere.
    """
    if _is_foreign(silence_is_fine=True):
        raise Forbidden(
            "This form came from another site, so nothing was changed. Open your edit link, and send it there."
        )


def _is_foreign(*, silence_is_fine: bool) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site.strip().casefold() not in _OURS
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    if origin.strip().casefold() == _NOT_TOLD:
        return not silence_is_fine
    return urlsplit(origin).netloc.casefold() != request.host.casefold()
