"""What a text says of the machine beside its groups: DMI and version lines of a kernel log, a command line. No I/O.

Of a command line only the words a report may hold are taken (``hwdb.parameters``), the rest is not looked at further.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hwdb.parameters import spelled
from hwdb.report import Bios, Board, Kernel, System

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hwdb.importers.posted import Line
    from hwdb.report import Report

# dmi_format_ids() in drivers/firmware/dmi_scan.c: "vendor product/board, BIOS version date".
_DMI = re.compile(r"\bDMI: (?!Memory slots)([^\n]{2,300}?), BIOS ([^\n]{1,120})")
_DATE = re.compile(r"\s+([0-9]{1,4}[/-][0-9]{1,2}[/-][0-9]{1,4})\s*$")
_MODEL = re.compile(r"\bMachine model: (\S[^\n]{0,150})")
_VERSION = re.compile(r"\bLinux version ([0-9]\S{2,99})")
_COMMAND = re.compile(r"(?:\b(?:Kernel command line|Command line): |^\s{0,40}(?=BOOT_IMAGE=))(\S[^\n]{0,5000})")
_IMAGE = re.compile(r"\bBOOT_IMAGE=\S{0,200}?vmlinu[xz]-([0-9]\S{2,99})")
_BOARD_KEYS = frozenset({"physical id", "version", "serial", "slot", "capabilities", "configuration"})
_OVERRIDDEN = "PCIe ACS overrides enabled"
_REMAPPING = re.compile(r"AMD-Vi: Interrupt remapping enabled|DMAR-IR: Enabled IRQ remapping|Enabled IRQ remapping in ")
# How the drivers call themselves in the log.
_KINDS = (("AMD-Vi", "AMD-Vi: "), ("VT-d", "DMAR: "), ("SMMU", "arm-smmu"))
_LONGEST, _LONGEST_PARAMETER, _MOST_PARAMETERS = 200, 1000, 64
_NARROWEST, _WIDEST = 55, 80
# The vendor and the product stand there with a blank between them. Where these know the vendor, both are told apart.
_VENDORS = (
    "Acer",
    "ADLINK",
    "Alienware",
    "AMD Corporation",
    "AMI",
    "Apple Inc.",
    "ASRock Industrial",
    "ASRockRack",
    "ASRock Rack",
    "ASRock",
    "ASUSTeK COMPUTER INC.",
    "ASUSTeK Computer Inc.",
    "ASUSTeK Computer INC.",
    "ASUSTek Computer INC.",
    "ASUS",
    "AZW",
    "BESSTAR TECH LIMITED",
    "BIOSTAR Group",
    "Colorful Technology And Development Co.,LTD",
    "Default string",
    "Dell Inc.",
    "Emerson",
    "EVGA INTERNATIONAL CO.,LTD",
    "Framework",
    "FUJITSU CLIENT COMPUTING LIMITED",
    "FUJITSU SIEMENS",
    "FUJITSU",
    "GIGABYTE",
    "Gigabyte Technology Co., Ltd.",
    "Google",
    "Hewlett-Packard",
    "HPE",
    "HP",
    "HUAWEI",
    "innotek GmbH",
    "Intel Corporation",
    "Intel(R) Client Systems",
    "LENOVO",
    "LG Electronics",
    "MEDION",
    "Micro-Star International Co., Ltd.",
    "Micro-Star International Co., Ltd",
    "Micro-Star International Co.,Ltd.",
    "MICRO-STAR INTERNATIONAL CO.,LTD",
    "Microsoft Corporation",
    "Micro (HK) Tech",
    "MSI",
    "Notebook",
    "NZXT",
    "Panasonic Corporation",
    "PC Engines",
    "Protectli",
    "Purism",
    "QEMU",
    "Quanta Cloud Technology Inc.",
    "Razer",
    "SAMSUNG ELECTRONICS CO., LTD.",
    "Sony Corporation",
    "Star Labs",
    "Supermicro",
    "System manufacturer",
    "System76",
    "Timi",
    "To Be Filled By O.E.M.",
    "To be filled by O.E.M.",
    "TOSHIBA",
    "TUXEDO",
    "TYAN",
    "VMware, Inc.",
    "WIWYNN",
    "Xen",
    "ZOTAC",
)


@dataclass(frozen=True)
class Stated:
    """Facts a text states beside its listing; each part holds only what is said.

    ``in_board`` tells that the next lines are lshw's of the motherboard.
    """

    board: Board = field(default_factory=Board)
    system: System = field(default_factory=System)
    bios: Bios = field(default_factory=Bios)
    kernel: Kernel = field(default_factory=Kernel)
    kind: str | None = None
    remapping: bool | None = None
    in_board: bool = False

    def added_to(self, report: Report) -> Report:
        """Return the report with these facts; it knows none of them itself."""
        iommu = replace(report.iommu, kind=self.kind, interrupt_remapping=self.remapping)
        return replace(report, board=self.board, system=self.system, bios=self.bios, kernel=self.kernel, iommu=iommu)


def stated_in(lines: Iterable[Line]) -> Stated:
    """Return what lines state; of two statements the first counts."""
    said = Stated()
    for line in lines:
        said = with_stated(said, line.text)
    return said


def with_stated(said: Stated, text: str) -> Stated:
    """Return what is stated with one more line."""
    # A cheap look first: nearly no line states anything.
    if not text and not said.in_board:
        return said
    if "DMI: " in text or "achine model: " in text:
        said = _with_machine(said, text)
    if "Linux version " in text or "ommand line: " in text or "BOOT_IMAGE=" in text or _OVERRIDDEN in text:
        said = replace(said, kernel=_with_kernel(said.kernel, text))
    if said.in_board or "Motherboard" in text:
        said = _with_lshw(said, text.strip())
    if "remapping" in text and _REMAPPING.search(text):
        said = replace(said, remapping=True)
    if said.kind is None:
        kind = next((name for name, word in _KINDS if word in text), None)
        said = replace(said, kind=kind) if kind else said
    return said


def _with_lshw(said: Stated, text: str) -> Stated:
    """Return what is stated with a line of lshw's section of the motherboard; serial numbers are not looked at."""
    key, _, rest = text.partition(":")
    value = rest.strip()[:_LONGEST].rstrip() or None
    if text == "description: Motherboard":
        return replace(said, in_board=said.board == Board())
    if not said.in_board:
        return said
    if key == "product":
        return replace(said, board=replace(said.board, name=value))
    if key == "vendor":
        return replace(said, board=replace(said.board, vendor=value))
    return replace(said, in_board=key in _BOARD_KEYS)


def _with_machine(said: Stated, text: str) -> Stated:
    dmi, model = _DMI.search(text), _MODEL.search(text)
    if dmi is not None and said.bios == Bios():
        vendor, product, board = _machine(dmi[1].strip())
        date = _DATE.search(dmi[2])
        version = (dmi[2][: date.start()] if date else dmi[2]).strip()
        return replace(
            said,
            board=Board(name=board),
            system=System(vendor=vendor, name=product),
            bios=Bios(version=version[:_LONGEST] or None, date=date[1] if date else None),
        )
    if model is not None and said.system == System():
        return replace(said, system=System(name=model[1].strip()))
    return said


def _machine(text: str) -> tuple[str | None, str | None, str | None]:
    """Return vendor, product and board of ``vendor product/board``, where product and board may hold slashes."""
    vendor = next((one for one in _VENDORS if text.startswith(f"{one} ")), None)
    rest = text[len(vendor) + 1 :] if vendor else text
    parts = rest.split("/")
    half = len(parts) // 2
    if len(parts) == 1:
        product, board = rest, None
    elif len(parts) % 2 == 0 and "/".join(parts[:half]).endswith("/".join(parts[half:])):
        # Server boards name the product like the board, slashes included.
        product, board = "/".join(parts[:half]), "/".join(parts[half:])
    else:
        product, board = rest.rsplit("/", 1)
    return vendor, product.strip()[:_LONGEST] or None, board.strip()[:_LONGEST] or None if board else None


def _with_kernel(kernel: Kernel, text: str) -> Kernel:
    version, command = _VERSION.search(text), _COMMAND.search(text)
    if version is not None and kernel.release is None:
        kernel = replace(kernel, release=version[1])
    image = _IMAGE.search(text)
    if image is not None and kernel.release is None:
        kernel = replace(kernel, release=image[1])
    if command is not None and kernel.parameters is None:
        kernel = replace(kernel, parameters=_parameters(command[1], len(text)))
    overridden = _OVERRIDDEN in text or any(word.startswith("pcie_acs_override") for word in kernel.parameters or ())
    return replace(kernel, acs_override=True) if overridden else kernel


def _parameters(command: str, width: int) -> tuple[str, ...] | None:
    words = command.split()
    kernels = words[: words.index("--")] if "--" in words else words
    allowed = [word for word in map(spelled, kernels) if word is not None and len(word) <= _LONGEST_PARAMETER]
    # Mail breaks lines, and people leave out what they think does not matter: silence there is no "none of them".
    whole = not _NARROWEST <= width <= _WIDEST and "..." not in command and "\u2026" not in command
    return tuple(allowed[:_MOST_PARAMETERS]) if allowed or whole else None
