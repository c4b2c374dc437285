"""One visit of a guest: what its kernel says, what the client printed in it, what the service made of that."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.lab.guest import SERVICE, Part, boot

if TYPE_CHECKING:
    from tests.lab.image import Image
    from tests.lab.topology import Topology
    from tests.serving import Service

_SCRIPT = Path(__file__).with_name("visit.sh")
_RECEIPT = re.compile(r"report ([0-9a-f]{16})\b")


@dataclass(frozen=True)
class Visit:
    """What came of one guest.

    Attributes:
        topology: What it was.
        parts: What its commands printed.
        reports: ``root`` and ``owner`` -> the report each sent, as the API gives it.
    """

    topology: Topology
    parts: dict[str, Part]
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def listed(self) -> dict[str, int | None]:
        """Return every function and its group as the guest's shell lists them, None without a group."""
        rows = (line.split() for line in self.parts["groups"].printed.splitlines())
        return {address: None if group == "-" else int(group) for address, group in rows}

    def document(self, who: str) -> dict[str, Any]:
        """Return the document that someone sent."""
        document: dict[str, Any] = self.reports[who]["document"]
        return document

    def functions(self, who: str) -> dict[str, dict[str, Any]]:
        """Return the functions of that document, by address."""
        return {function["address"]: function for function in self.document(who)["functions"]}


def visit(image: Image, topology: Topology, client: bytes, service: Service) -> Visit:
    """Boot a guest, run the client in it, and read back what it sent."""
    files = {
        "visit": _SCRIPT.read_bytes(),
        "hwdb-submit.pyz": client,
        "service": SERVICE.encode(),
        "senders": " ".join(topology.senders).encode(),
    }
    if topology.collects:
        files["collects"] = b""
    visited = Visit(topology, boot(image, topology, files, service.port))
    for who in topology.senders:
        sent = _RECEIPT.search(visited.parts[who].printed)
        if sent is not None:
            visited.reports[who] = service.get(f"reports/{sent.group(1)}")
    return visited
