"""View objects written out by hand, the seed's machine and what it lacks, to render templates without a database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hwdb.analysis.groups import Card, Group, Member
from hwdb.analysis.sentence import verdict_sentence
from hwdb.analysis.shapes import Companion, SlotAnswer
from hwdb.queries.filtering import filtered
from hwdb.queries.found import FilterValue, FoundBoards, NamedDevice
from hwdb.queries.views import BoardHit, BoardView, DeviceOutcome, FirmwareSetting, ReportSummary, ReportView
from hwdb.queries.wanted import FACTS, Understood, Wanted
from web.pages.search_page import told

ONBOARD = (
    Companion("0000:01:00.0", "0c03", "1022", "43ba", "AMD X399 USB 3.1 xHCI Controller"),
    Companion("0000:01:00.1", "0106", "1022", "43b6", "AMD X399 SATA Controller"),
    Companion("0000:04:00.0", "0200", "8086", "1539", "Intel I211 Gigabit Network Connection"),
    Companion("0000:05:00.0", "0280", "8086", "24fb", "Intel Wireless-AC 3168NGW"),
    Companion("0000:06:00.0", "0200", "8086", "1539", "Intel I211 Gigabit Network Connection"),
)


def _slot(name: str | None, lanes: int, grade: str, evidence: str, *groups: int, **facts: Any) -> SlotAnswer:
    return SlotAnswer(
        name,
        "pcie",
        electrical_lanes=lanes,
        grade=grade,
        isolates=grade == "isolated",
        evidence=evidence,
        witnesses=("submitter",),
        iommu_groups=groups,
        machines=1,
        confidence="low",
        **{"reason": "Nothing but the card is in its group.", **facts},
    )


SLOTS = (
    _slot("PCIE1", 16, "isolated", "observed", 34, occupied=True),
    _slot("PCIE2", 8, "isolated", "observed", 33, occupied=True),
    _slot("PCIE3", 1, "shared_onboard", "declared", 13, companions=ONBOARD, occupied=False),
    _slot("PCIE4", 16, "isolated", "observed", 14, occupied=True),
    _slot("PCIE5", 8, "isolated", "declared", occupied=False),
)
UNKNOWN = SlotAnswer("PCIE6", "pcie", reason="A report with a card in it would tell.", witnesses=("smbios",))


def _group(number: int, *members: tuple[str, str, str], slot: str | None = None) -> Group:
    bridges = {"bridge", "host bridge"}
    return Group(
        number,
        tuple(address for address, _, _ in members),
        "observed",
        (slot,) if slot else (),
        tuple(Member(a, None, kind, "1022", "1452", name, kind in bridges) for a, kind, name in members),
    )


GROUPS = (
    _group(0, ("0000:00:01.0", "host bridge", "AMD Dummy Host Bridge")),
    _group(
        13,
        ("0000:01:00.0", "USB", "AMD X399 USB 3.1 xHCI Controller"),
        ("0000:01:00.2", "bridge", "AMD X399 PCIe Bridge"),
        slot="PCIE3",
    ),
    _group(16, ("0000:09:00.2", "security processor", "AMD Platform Security Processor")),
    _group(
        34,
        ("0000:43:00.0", "graphics", "NVIDIA GeForce GTX 1060 6GB"),
        ("0000:43:00.1", "audio", "NVIDIA GP106 Audio"),
        slot="PCIE1",
    ),
)
SUMMARY = ReportSummary(
    "01d83464ff49c75e", "2019-03-23", "2026-11-24", "Threadripper 1900X", None, "4.20.16", "tree", True, None
)
SETTINGS = (
    FirmwareSetting("IOMMU", "Enabled", None, SUMMARY.id),
    FirmwareSetting(None, None, "A third option.", SUMMARY.id),
)
OUTCOMES = (
    DeviceOutcome("GTX 1080", "0000:08:00.0", "PCIE4", "guest_gpu", "Windows", "workaround", "Needs it.", SUMMARY.id),
    DeviceOutcome("USB card", "0000:42:00.0", "PCIE2", "guest_usb", "Windows", None, None, SUMMARY.id),
    DeviceOutcome("GTX 1060", "0000:43:00.0", "PCIE1", "host_gpu", None, None, None, SUMMARY.id),
)
BOARD = BoardView(
    verdict=verdict_sentence(SLOTS, 1, 0),
    slots=SLOTS,
    machines=1,
    held_out=0,
    reports=(SUMMARY,),
    bios_versions=(),
    kernels=("4.20.16",),
    groups=GROUPS,
    groups_from=SUMMARY.id,
    settings=SETTINGS,
    outcomes=OUTCOMES,
    vendor="ASRock",
    vendor_slug="asrock",
    name="X399 Taichi",
    slug="x399-taichi",
)
REPORT = ReportView(
    summary=SUMMARY,
    vendor="ASRock",
    vendor_slug="asrock",
    name="X399 Taichi",
    slug="x399-taichi",
    verdict=BOARD.verdict,
    slots=SLOTS,
    groups=GROUPS,
    cards=(Card("PCIE1", ("0000:43:00.0", "0000:43:00.1"), (34,), ()),),
    taints=(),
    problems=(),
    reference=None,
    settings=SETTINGS,
    outcomes=OUTCOMES,
    functions=67,
    document={
        "format": 1,
        "board": {"vendor": "ASRock", "name": "X399 Taichi"},
        "memory": {"bytes": 16 * 2**30},
        "iommu": {"state": "on"},
        "functions": [{"address": "0000:43:00.0", "iommu_group": 34}],
    },
    history=(),
)
HIT = BoardHit("ASRock", "asrock", "X399 Taichi", "x399-taichi", BOARD.verdict, SLOTS, 1, "X399", "TR4", None)


def found(q: str = "", *hits: BoardHit, known: int = 1, said: str | None = None) -> dict[str, Any]:
    """Return what the page of a search tells; with ``said``, every name in it is that."""
    wanted = Wanted(q=q, vendor=(said,) if said else (), slots=2 if said else None, limit=15)
    values = (FilterValue(said, 1),) if said else ()
    filters = tuple(replace(one, values=values) if one.name in FACTS else one for one in filtered((), wanted).filters)
    return told(
        FoundBoards(
            query=q,
            understood=(Understood(said, "chipset", said),) if said else (),
            words=q,
            devices=(NamedDevice("10de:1b80", said, 1),) if said else (),
            more_devices=False,
            sort="match" if q else "slots",
            offset=0,
            limit=15,
            total=len(hits),
            boards=hits,
            left_out=0,
            known=known,
            filters=filters,
        ),
        wanted,
        "/",
    )


SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "hwdb", "version": "1", "description": "Unknown is `null`."},
    "paths": {
        "/api/v1/reports": {
            "post": {
                "summary": "Submit a report.",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}}},
                "responses": {"201": {"description": "Stored."}, "404": {"$ref": "#/components/responses/None"}},
            }
        },
        "/api/v1/boards/{slug}": {
            "parameters": [{"in": "path", "name": "slug", "required": True, "schema": {"type": "string"}}],
            "get": {"parameters": [{"in": "query", "name": "isolates", "schema": {"type": ["boolean", "null"]}}]},
        },
    },
    "components": {
        "schemas": {"Report": {"properties": {"slots": {"type": "array", "items": {"$ref": "#/x/Report.Slot"}}}}},
        "responses": {"None": {"description": "There is none."}},
    },
}
