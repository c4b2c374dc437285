"""The read path: session -> frozen views, never rows."""

from hwdb.queries.addresses import BoardAddress, addresses_known, board_addresses, device_addresses
from hwdb.queries.aliases import BoardWord, board_history
from hwdb.queries.boards import board
from hwdb.queries.choices import BoardChoices, board_choices
from hwdb.queries.device_hits import DeviceHit, common_devices
from hwdb.queries.devices import DeviceView, device
from hwdb.queries.found import Filter, FilterValue, FoundBoards, NamedDevice
from hwdb.queries.known import LEVELS, BoardName, KnownMachine, known_machine
from hwdb.queries.plans import PlansView, plan_for, plans
from hwdb.queries.reasons import why
from hwdb.queries.reports import own_reports, report
from hwdb.queries.search import find_boards, known_boards, recent_boards, search
from hwdb.queries.sources import moderated_source, own_source
from hwdb.queries.suggestions import SuggestedFact, Suggestions, suggestions
from hwdb.queries.views import BoardHit, BoardView, OwnReport, ReportView
from hwdb.queries.wanted import FACTS, SORTS, Understood, Wanted

__all__ = [
    "FACTS",
    "LEVELS",
    "SORTS",
    "BoardAddress",
    "BoardChoices",
    "BoardHit",
    "BoardName",
    "BoardView",
    "BoardWord",
    "DeviceHit",
    "DeviceView",
    "Filter",
    "FilterValue",
    "FoundBoards",
    "KnownMachine",
    "NamedDevice",
    "OwnReport",
    "PlansView",
    "ReportView",
    "SuggestedFact",
    "Suggestions",
    "Understood",
    "Wanted",
    "addresses_known",
    "board",
    "board_addresses",
    "board_choices",
    "board_history",
    "common_devices",
    "device",
    "device_addresses",
    "find_boards",
    "known_boards",
    "known_machine",
    "moderated_source",
    "own_reports",
    "own_source",
    "plan_for",
    "plans",
    "recent_boards",
    "report",
    "search",
    "suggestions",
    "why",
]
