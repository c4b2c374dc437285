"""From what a report says to what the machine is: PCI tree, port paths, ACS, groups, slot witnesses.

Pure: no I/O but reading the package's own tables, no database, no knowledge of boards or of other machines.
"""

from hwdb.topology.acs import acs_enabled
from hwdb.topology.address import Address, parse_address
from hwdb.topology.machine import Machine
from hwdb.topology.normalise import normalise
from hwdb.topology.ports import is_bridge, is_host_bridge, location_of, port_kind
from hwdb.topology.slot_witness import SlotWitness
from hwdb.topology.taint import Taint, taints_of
from hwdb.topology.witnesses import witnesses_of

__all__ = [
    "Address",
    "Machine",
    "SlotWitness",
    "Taint",
    "acs_enabled",
    "is_bridge",
    "is_host_bridge",
    "location_of",
    "normalise",
    "parse_address",
    "port_kind",
    "taints_of",
    "witnesses_of",
]
