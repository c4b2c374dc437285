"""The read path: session -> frozen views, never rows."""

from hwdb.queries.boards import board, known_boards, recent_boards, search
from hwdb.queries.reports import report
from hwdb.queries.views import BoardHit, BoardView, ReportView

__all__ = ["BoardHit", "BoardView", "ReportView", "board", "known_boards", "recent_boards", "report", "search"]
