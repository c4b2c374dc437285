"""The read path: session -> frozen views, never rows."""

from hwdb.queries.boards import board, known_boards, recent_boards, search
from hwdb.queries.known import LEVELS, BoardName, KnownMachine, known_machine
from hwdb.queries.reports import own_reports, report
from hwdb.queries.views import BoardHit, BoardView, OwnReport, ReportView

__all__ = [
    "LEVELS",
    "BoardHit",
    "BoardName",
    "BoardView",
    "KnownMachine",
    "OwnReport",
    "ReportView",
    "board",
    "known_boards",
    "known_machine",
    "own_reports",
    "recent_boards",
    "report",
    "search",
]
