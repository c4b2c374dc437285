"""Which functions count as having ACS, and which bridges speak for their bus, as far as a report shows. No I/O.

After ``pci_acs_enabled`` (drivers/pci/pci.c). The control register is left out: a kernel that uses the IOMMU enables
what the capability offers, and a machine whose IOMMU was off has the bits cleared. A bit the capability lacks counts
as hard-wired on, so that the presence of the capability decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.topology.acs import REQUIRED
from hwdb.topology.address import parse_address
from hwdb.topology.ports import CONVENTIONAL, PORTS, ids_of, is_bridge, port_kind, port_table
from hwdb.topology.quirks import BY_HAND, acs_quirk, is_laid_out_otherwise, may_have_quirk, quirks_of, seen_acs

if TYPE_CHECKING:
    from hwdb.report import Function
    from hwdb.topology.machine import Machine
    from hwdb.topology.quirks import Quirk
    from hwdb.topology.rule_sets import RuleSet

NEVER = ("pcie_to_pci_bridge", "pci_to_pcie_bridge", "rc_event_collector", "conventional")
"""Types that never count as having ACS."""
_NVIDIA, _GPU_PARTS = "10de", {"0300", "0302", "0403", "0c03", "0c80"}


class Isolation:
    """What one machine's report tells of ACS and bridges, under one kernel's rules. Answers are None when unknown."""

    def __init__(self, machine: Machine, rules: RuleSet) -> None:
        self.machine = machine
        self.rules = rules
        self._kinds: dict[str, str | None] = {}
        self._acs: dict[str, bool | None] = {}
        self._several: dict[str, bool] = {}

    def kind(self, address: str) -> str | None:
        """Return the PCIe port type, corrected as the kernel does, ``conventional`` without PCIe, None when unknown."""
        if address not in self._kinds:
            self._kinds[address] = self._kind(address)
        return self._kinds[address]

    def _kind(self, address: str) -> str | None:
        """Correct types that cannot be (``set_pcie_port_type``): some switches say them the wrong way round."""
        kind = _stated_kind(self.machine.functions[address])
        above = self.machine.parents.get(address) if kind in {"downstream_port", "upstream_port"} else None
        upper = None if above is None or address in self.machine.ancestors(above) else self.kind(above)
        if kind == "downstream_port" and upper in {*PORTS, "pci_to_pcie_bridge"}:
            return "upstream_port"
        return "downstream_port" if (kind, upper) == ("upstream_port", "upstream_port") else kind

    def is_virtual(self, address: str) -> bool:
        """Whether it is a virtual function (SR-IOV): by its link, its name, or its number on a link, which has one."""
        function = self.machine.functions[address]
        if function.physical_function is not None or "Virtual Function" in (function.name or ""):
            return True
        above = self.machine.parents.get(address)
        return parse_address(address).device > 0 and above is not None and self.kind(above) in PORTS

    def is_one_of_several(self, address: str) -> bool:
        """Whether the kernel takes it for a function of a multifunction device; virtual functions are none."""
        if address not in self._several:
            function, own = self.machine.functions[address], parse_address(address).function
            several = bool(function.multifunction or own or self.machine.siblings(address))
            self._several[address] = several and not self.is_virtual(address)
        return self._several[address]

    def acs(self, address: str) -> bool | None:
        """Return whether the function counts as having ACS."""
        if address not in self._acs:
            self._acs[address] = self._enabled(address)
        return self._acs[address]

    def quirk(self, address: str) -> str | None:
        """Return the kernel's symbol that decides about its ACS, None when its capability does."""
        row = self._quirk(address)
        return None if row is None else row.symbol

    def _quirk(self, address: str) -> Quirk | None:
        return acs_quirk(
            self.machine.functions[address],
            self.kind(address),
            self.rules,
            on_root=self.machine.parents.get(address, "") is None,
            many=self.is_one_of_several(address),
        )

    def _enabled(self, address: str) -> bool | None:
        function, kind = self.machine.functions[address], self.kind(address)
        present = None if function.acs is None else function.acs.present
        row = self._quirk(address)
        if row is not None:
            return row.isolates and (row.capability != BY_HAND or self.rules.enables_quirks or present is True)
        known = self._by_capability(address, kind)
        return None if known is False and may_have_quirk(function) and self._may_matter(address, kind) else known

    def _may_matter(self, address: str, kind: str | None) -> bool:
        """Whether a quirk can stand for ACS here: at ports and at functions of several."""
        return kind in PORTS or (kind not in CONVENTIONAL[1:] and self.is_one_of_several(address))

    def _by_capability(self, address: str, kind: str | None) -> bool | None:
        """Follow the types of ``pci_acs_enabled``, for a function that no quirk speaks of."""
        function = self.machine.functions[address]
        present = self._present(function)
        if kind in NEVER:
            return False
        if present is not True and self._overridden(address, kind):
            return True
        if kind in PORTS:
            return present
        if not self.is_one_of_several(address):
            # A conventional device that is alone has nothing to share with; a bridge stands in others' way.
            return None if kind is None and may_be_bridge(function) else True
        return None if kind is None or self._may_be_virtual(address) else present

    def _present(self, function: Function) -> bool | None:
        """Return whether it has the capability, with its bits switched on where the rules ask for that."""
        acs = function.acs
        if acs is None or not acs.present or not self.rules.reads_control or is_laid_out_otherwise(function):
            return None if acs is None else acs.present
        if acs.capability is None or acs.control is None:
            return True
        required = REQUIRED & acs.capability
        return acs.control & required == required

    def _overridden(self, address: str, kind: str | None) -> bool:
        """Whether ``pcie_acs_override=`` passes it: PCIe functions without the capability only."""
        if kind in PORTS:
            return "downstream" in self.rules.override
        return kind is not None and "multifunction" in self.rules.override and self.is_one_of_several(address)

    def _may_be_virtual(self, address: str) -> bool:
        """Whether a function beside one with enabled virtual functions may be one of them, nameless in the listing."""
        siblings = [self.machine.functions[a] for a in self.machine.siblings(address)]
        own = self.machine.functions[address]
        return own.sriov_total_vfs is None and any(function.sriov_num_vfs for function in siblings)

    def speaks_for_its_bus(self, address: str) -> bool | None:
        """Return whether the IOMMU sees this bridge instead of what is behind it."""
        kind = self.kind(address)
        return None if kind is None else kind in CONVENTIONAL

    def likely_acs(self, address: str) -> bool | None:
        """Return what machines with these ids had, where the report does not tell."""
        function = self.machine.functions[address]
        kind = self.kind(address) or port_kind(self.machine, address)
        # The ports of some switches have one id upstream and downstream.
        seen = seen_acs().get(ids_of(function) or "") if kind in PORTS else None
        if seen is None and function.vendor == _NVIDIA and function.class_ in _GPU_PARTS:
            # Functions of one NVIDIA card were in one group on every machine without an override.
            return False
        return seen

    def likely_speaks(self, address: str) -> bool | None:
        """Return whether the bridge likely speaks for its bus, by its place and id."""
        kind = port_kind(self.machine, address)
        return None if kind is None else kind in CONVENTIONAL


def may_be_bridge(function: Function) -> bool:
    """Whether it is a bridge, or the listing gives no class to tell."""
    return is_bridge(function) or (function.class_ is None and function.header_type is None)


def _stated_kind(function: Function) -> str | None:
    if function.port_type is not None:
        return function.port_type
    ids, table = ids_of(function), port_table()
    if quirks_of("bridges", function) or ids in table["conventional"]:
        return "conventional"
    if function.header_type == 2 or function.class_ == "0607":
        return "conventional"
    for kind in ("upstream_port", "downstream_port"):
        if ids in table["chipset_" + kind]:
            return kind
    if ids in table["cpu_root_port"] or ids in table["chipset_root_port"] or ids in table["internal_root_port"]:
        return "root_port"
    # Only PCIe has lanes, and what is integrated has no link.
    return "endpoint" if function.link_width_max and not is_bridge(function) else None
