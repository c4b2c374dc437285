"""From machines to answers: verdicts about ports, the slot map of a board, and its consensus.

Pure: no I/O, no database. ``verdicts``, ``slotmap`` and ``answer`` for one machine ride in the client; ``consensus``
needs the reports of many and stays on the server.
"""

from hwdb.analysis.judging import judge
from hwdb.analysis.shapes import ANALYSIS, ISOLATES, Companion, Link, SlotAnswer, Verdict

__all__ = ["ANALYSIS", "ISOLATES", "Companion", "Link", "SlotAnswer", "Verdict", "judge"]
