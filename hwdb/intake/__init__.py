"""The one write path. Every function flushes and leaves the commit to the edge that opened the session.

``accept`` takes a report in, ``withdraw`` takes it out, ``withdraw_own`` does so for who holds its key, ``hold`` and
``release`` are an operator's, ``reanalyse`` rebuilds what better rules conclude differently.
"""

from hwdb.intake.accept import Accepted, accept
from hwdb.intake.device_names import load_device_names
from hwdb.intake.moderate import hold, release, withdraw, withdraw_own
from hwdb.intake.reanalyse import pending, reanalyse

__all__ = [
    "Accepted",
    "accept",
    "hold",
    "load_device_names",
    "pending",
    "reanalyse",
    "release",
    "withdraw",
    "withdraw_own",
]
