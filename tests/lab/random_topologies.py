"""Random machines that QEMU can build: a seed gives always the same one, and every one has smaller ones to try.

Nothing is taken from what boards look like: whatever QEMU lets plug into each other may come out, with ids of the
kernel's quirk tables and with ACS capabilities that QEMU's devices lack (``config_space`` writes both).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from random import Random
from typing import TYPE_CHECKING, Any

from tests.lab.config_space import MARK, Rewrite
from tests.lab.topology import Topology

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What QEMU calls it -> the ids it has there.
_PORTS = {"pcie-root-port": "1b36:000c", "ioh3420": "8086:3420"}
_BRIDGES = {"pcie-pci-bridge": "1b36:000e", "i82801b11-bridge": "8086:244e", "pci-bridge": "1b36:0001"}
_EXPRESS = {"e1000e": "8086:10d3", "nvme": "1b36:0010", "qemu-xhci": "1b36:000d", "pvscsi": "15ad:07c0"}
_CONVENTIONAL = {
    "e1000": "8086:100e",
    "rtl8139": "10ec:8139",
    "pci-ohci": "106b:003f",
    "edu": "1234:11e8",
    "ich9-intel-hda": "8086:293e",
    "tpci200": "1498:30c8",
    "secondary-vga": "1234:1111",
}
_UPSTREAM, _DOWNSTREAM, _EXTRA = "x3130-upstream", "xio3130-downstream", "pxb-pcie"
_EMULATED = {**_PORTS, **_BRIDGES, **_EXPRESS, **_CONVENTIONAL, _UPSTREAM: "104c:8232", _DOWNSTREAM: "104c:8233"}
_MOST_FUNCTIONS = 28
# Device numbers, those that fixed requester ids name among them.
_NUMBERS = (0x00, 0x01, 0x02, 0x10, 0x11, 0x12, 0x1F)
_TYPES = {**dict.fromkeys(_PORTS, "root_port"), _UPSTREAM: "upstream_port", _DOWNSTREAM: "downstream_port"}
# Hard-wired parts, all of what is asked for, more than that, and a capability that offers nothing.
_ACS = (0x1D, 0x1D, 0x5F, 0x11, 0x0C, 0x00)
_OPTIONS = {
    "nvme": ",serial=PRIVATE-{name}",
    "pci-bridge": ",chassis_nr={number},shpc=off",
    **dict.fromkeys((*_PORTS, _DOWNSTREAM), ",chassis={number},slot={number},port={number}"),
}
_SHARED = (
    ",subsys=subsystem-{number},sriov_max_vfs={n},sriov_vi_flexible={n},sriov_vq_flexible={twice}"
    ",max_ioqpairs={queues},msix_qsize={queues}"
)
# The driver that is in the image and enables virtual functions; a function without a group it does not take.
_VIRTUAL = """
for able in /sys/bus/pci/devices/*/sriov_totalvfs; do
    [ -e "$able" ] || continue
    function=${able%/*}
    load vfio_pci
    echo 1 > /sys/module/vfio_pci/parameters/enable_sriov
    echo vfio-pci > $function/driver_override
    echo ${function##*/} > /sys/bus/pci/drivers_probe
    cat $able > $function/sriov_numvfs
done"""


@dataclass(frozen=True)
class Part:
    """One function to plug in.

    Attributes:
        kind: What QEMU calls it.
        place: Device and function number on its bus.
        options: More of QEMU's options, with their comma.
        ids: ``vvvv:dddd`` that it shall say it is, None for QEMU's.
        subsystem: The same for the subsystem.
        acs: Bits of the ACS capability that it shall have, None for what QEMU gives it.
        virtual: How many virtual functions (SR-IOV) it shall have enabled; QEMU's ``nvme`` can.
        below: What is plugged in behind it.
    """

    kind: str
    place: tuple[int, int] = (0, 0)
    options: str = ""
    ids: str | None = None
    subsystem: str | None = None
    acs: int | None = None
    virtual: int = 0
    below: tuple[Part, ...] = ()

    def functions(self) -> int:
        """Return how many functions it is, with those behind it."""
        return 1 + self.virtual + sum(part.functions() for part in self.below)


@dataclass(frozen=True)
class Plan:
    """One machine to build: what is on its root bus, its IOMMU and what its kernel is told."""

    parts: tuple[Part, ...]
    iommu: str = "intel"
    parameters: str = ""

    def topology(self) -> Topology:
        """Return it as QEMU's options."""
        written = _Written()
        written.bus("pcie.0", self.parts)
        return Topology(
            "random",
            tuple(written.devices),
            iommu=self.iommu,
            parameters=self.parameters,
            rewrites=written.rewrites,
            setup=_VIRTUAL,
        )

    def functions(self) -> int:
        """Return how many functions are plugged in."""
        return sum(part.functions() for part in self.parts)


class _Written:
    """A plan in QEMU's words; names and slot numbers are counted up, because no two may be equal."""

    def __init__(self) -> None:
        self.devices: list[str] = []
        self.rewrites: dict[str, Rewrite] = {}

    def bus(self, bus: str, parts: Sequence[Part]) -> None:
        """Write down what is plugged into a bus, and what is behind that."""
        several = {p.place[0] for p in parts if p.place[1]}
        for part in parts:
            number = len(self.devices) + 1
            name = f"{MARK}{number}"
            many = ",multifunction=on" if part.place[0] in several and part.place[1] == 0 else ""
            own = _OPTIONS.get(part.kind, "").format(name=name, number=number)
            if part.virtual:
                self.devices.append(f"nvme-subsys,id=subsystem-{number}")
                own += _SHARED.format(
                    number=number, n=part.virtual, twice=2 * part.virtual, queues=2 * part.virtual + 3
                )
            place = f"addr={part.place[0]:x}.{part.place[1]}"
            self.devices.append(f"{part.kind},id={name},bus={bus},{place}{many}{own}{part.options}")
            if part.ids is not None or part.acs is not None:
                emulated = _EMULATED[part.kind]
                ids = part.ids or emulated
                self.rewrites[name] = Rewrite(
                    emulated, ids, part.subsystem, acs=part.acs, acs_apart=ids in _laid_out_otherwise()
                )
            self.bus(name, part.below)


def random_plan(seed: int) -> Plan:
    """Return the machine of a seed."""
    return _Drawn(Random(seed)).plan()


class _Drawn:
    """One machine in the drawing."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._left = random.randint(4, _MOST_FUNCTIONS)
        self._amd = random.random() < 0.3

    def plan(self) -> Plan:
        # 0 is the host bridge, 1e and 1f are the network device and the chipset; AMD-Vi takes the first free place.
        places = self._random.sample(range(2, 0x1E), self._random.randint(1, 7))
        extra = self._random.choice((0, 0, 0, 1, 2))
        parts = [part for place in sorted(places)[extra:] for part in self._device(place, "root")]
        parts += [self._extra_bus(place, 64 * (n + 1)) for n, place in enumerate(sorted(places)[:extra])]
        iommu = "amd" if self._amd else "intel"
        return Plan(tuple(parts), iommu, self._random.choice(("", "", "iommu=pt")))

    def _extra_bus(self, place: int, first: int) -> Part:
        # What QEMU's AMD-Vi does not serve is in the table all the same, so that there is nothing to compare.
        bypass = ",bypass_iommu=on" if not self._amd and self._random.random() < 0.2 else ""
        numbers = sorted(self._random.sample(_NUMBERS, self._random.randint(1, 3)))
        below = tuple(part for number in numbers for part in self._device(number, "extra"))
        return Part(_EXTRA, (place, 0), f",bus_nr={first}{bypass}", below=below)

    def _device(self, number: int, bus: str) -> Iterator[Part]:
        """Yield the functions of one device."""
        functions = [0]
        if self._random.random() < 0.4:
            more = self._random.randint(1, 3)
            functions += self._random.choice((range(1, more + 1), sorted(self._random.sample(range(1, 8), more))))
        kind = None
        for function in functions:
            if self._left <= 0:
                return
            if kind is None or self._random.random() < 0.3:
                kind = self._kind(bus)
            part = self._part(kind, (number, function))
            # They take the numbers that follow, and QEMU's say that they depend on function 0.
            able = kind == "nvme" and functions == [0]
            yield replace(part, virtual=3) if able and self._random.random() < 0.4 else part

    def _kind(self, bus: str) -> str:
        """Draw what to plug into a bus."""
        ports, bridges = list(_PORTS), list(_BRIDGES)
        sorts: list[tuple[list[str], int]] = {
            "root": [(ports, 6), (bridges, 1), (list(_EXPRESS), 2), (list(_CONVENTIONAL), 2)],
            "extra": [(ports, 4), (bridges, 1)],
            "link": [(list(_EXPRESS), 4), (list(_CONVENTIONAL), 2), ([_UPSTREAM], 3), (bridges, 1)],
            "switch": [([_DOWNSTREAM], 9), (list(_EXPRESS), 1)],
            "conventional": [(list(_CONVENTIONAL), 4), (["pci-bridge"], 1)],
        }[bus]
        (kinds,) = self._random.choices([kinds for kinds, _ in sorts], [weight for _, weight in sorts])
        return self._random.choice(kinds)

    def _part(self, kind: str, place: tuple[int, int]) -> Part:
        self._left -= 1
        options = ",disable-acs=on" if kind == "pcie-root-port" and self._random.random() < 0.3 else ""
        ids = subsystem = acs = None
        if self._random.random() < 0.3:
            ids, subsystem = self._ids(kind)
        if kind in {*_EXPRESS, *_PORTS, _UPSTREAM, _DOWNSTREAM} and not options and self._random.random() < 0.3:
            acs = self._random.choice(_ACS)
        return Part(kind, place, options, ids, subsystem, acs, below=tuple(self._behind(kind)))

    def _behind(self, kind: str) -> Iterator[Part]:
        if kind in {*_PORTS, _DOWNSTREAM}:
            if self._random.random() < 0.75:
                yield from self._device(0, "link")
        elif kind == _UPSTREAM:
            for number in sorted(self._random.sample(_NUMBERS, self._random.randint(1, 3))):
                yield from self._device(number, "switch")
        elif kind in _BRIDGES:
            # A pci-bridge with hotplug keeps device 0 for itself.
            for number in sorted(self._random.sample(_NUMBERS[1:], self._random.randint(0, 2))):
                yield from self._device(number, "conventional")

    def _ids(self, kind: str) -> tuple[str, str | None]:
        """Draw ids of a row of the quirk tables that such a function may have, or beside one."""
        tables = quirk_rows()
        rows = tables["bridges"] if kind in _BRIDGES else [*tables["acs"], *tables["aliases"], *tables["vmd"]]
        rows = [row for row in rows if _TYPES.get(kind, "endpoint") in row.get("kinds", [_TYPES.get(kind, "endpoint")])]
        row = self._random.choice([row for row in rows if row.get("place") is None or self._amd])
        vendor, _, devices = self._random.choice(row["ids"]).partition(":")
        first, _, last = ("1000-1fff" if devices == "*" else devices).partition("-")
        device = self._random.randint(int(first, 16), int(last or first, 16))
        if self._random.random() < 0.15:
            device = max(device + self._random.choice((-1, 1)), 1)
        return f"{vendor}:{device:04x}", self._random.choice(row.get("subsystems", [None]))


@cache
def quirk_rows() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the kernel's tables that a report can be judged by, by table."""
    tables = json.loads((files("hwdb.topology") / "quirks.json").read_text(encoding="utf-8"))
    # Where the aliases are written in the device, the kernel reads registers that QEMU's devices have not.
    return {name: [row for row in table["rows"] if "table" not in row] for name, table in tables.items()}


@cache
def _laid_out_otherwise() -> frozenset[str]:
    found = set()
    for row in quirk_rows()["acs"]:
        if row.get("capability") == "laid out otherwise":
            for ids in row["ids"]:
                vendor, _, devices = ids.partition(":")
                first, _, last = devices.partition("-")
                found |= {f"{vendor}:{n:04x}" for n in range(int(first, 16), int(last or first, 16) + 1)}
    return frozenset(found)


def smaller(plan: Plan) -> Iterator[Plan]:
    """Yield plans with less in them, those that leave out most first: with parts left out, then with plain ones."""
    without = [replace(plan, parts=parts) for parts in _without_one(plan.parts)]
    yield from sorted(without, key=Plan.functions)
    if plan.parameters:
        yield replace(plan, parameters="")
    if plan.iommu == "amd":
        yield replace(plan, iommu="intel")
    for parts in _with_one_plainer(plan.parts):
        yield replace(plan, parts=parts)


def _without_one(parts: tuple[Part, ...]) -> Iterator[tuple[Part, ...]]:
    """Yield parts without one part somewhere; without function 0 the next one takes its place."""
    for i, part in enumerate(parts):
        others = [*parts[:i], *parts[i + 1 :]]
        if part.place[1] == 0:
            following = [j for j, other in enumerate(others) if other.place[0] == part.place[0]]
            if following:
                others[following[0]] = replace(others[following[0]], place=part.place)
        yield tuple(others)
        for below in _without_one(part.below):
            yield (*parts[:i], replace(part, below=below), *parts[i + 1 :])


def _with_one_plainer(parts: tuple[Part, ...]) -> Iterator[tuple[Part, ...]]:
    for i, part in enumerate(parts):
        plainer = []
        if part.ids is not None:
            plainer.append(replace(part, ids=None, subsystem=None))
        if part.acs is not None:
            plainer.append(replace(part, acs=None))
        if part.virtual:
            plainer.append(replace(part, virtual=0))
        if part.options and part.kind != _EXTRA:
            plainer.append(replace(part, options=""))
        plainer += [replace(part, below=below) for below in _with_one_plainer(part.below)]
        yield from ((*parts[:i], other, *parts[i + 1 :]) for other in plainer)
