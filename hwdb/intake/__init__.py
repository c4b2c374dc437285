"""The one write path. Every function flushes and leaves the commit to the edge that opened the session.

``accept`` takes a report in, ``rehearse`` says what would become of one, ``withdraw`` takes it out; ``withdraw_own``
and ``replace_own`` are for who holds its key, ``hold`` and ``release`` an operator's, ``merge``, ``alias``, ``split``
and ``undo`` an operator's word on which board is which, ``reanalyse`` rebuilds what better rules conclude differently;
``bulk`` does what ``accept`` does for many at once.
"""

from hwdb.intake.accept import Accepted, accept
from hwdb.intake.aliases import alias, merge, split, undo
from hwdb.intake.device_names import load_device_names
from hwdb.intake.moderate import hold, release, withdraw, withdraw_own
from hwdb.intake.reanalyse import pending, reanalyse
from hwdb.intake.rehearsal import Place, Rehearsal, rehearse
from hwdb.intake.replace import replace_own

__all__ = [
    "Accepted",
    "Place",
    "Rehearsal",
    "accept",
    "alias",
    "hold",
    "load_device_names",
    "merge",
    "pending",
    "reanalyse",
    "rehearse",
    "release",
    "replace_own",
    "split",
    "undo",
    "withdraw",
    "withdraw_own",
]
