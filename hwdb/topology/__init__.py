"""From what a report says to what the machine is: PCI tree, port paths, ACS, groups, slot witnesses.

Pure: no I/O but reading the package's own tables, no database, no knowledge of boards or of other machines.
"""

from hwdb.topology.acs import acs_enabled
from hwdb.topology.address import Address, parse_address
from hwdb.topology.explain import explain, explain_group
from hwdb.topology.integrity import integrity
from hwdb.topology.machine import Machine
from hwdb.topology.normalise import normalise
from hwdb.topology.ports import is_bridge, is_host_bridge, location_of, port_kind
from hwdb.topology.predict import PredictedGroup, Prediction, predict
from hwdb.topology.rule_sets import CURRENT, RULE_SETS, RuleSet, rule_set_of
from hwdb.topology.slot_witness import SlotWitness
from hwdb.topology.taint import Taint, checked, may_carry_override, observed_taints, taints_of
from hwdb.topology.witnesses import witnesses_of

__all__ = [
    "CURRENT",
    "RULE_SETS",
    "Address",
    "Machine",
    "PredictedGroup",
    "Prediction",
    "RuleSet",
    "SlotWitness",
    "Taint",
    "acs_enabled",
    "checked",
    "explain",
    "explain_group",
    "integrity",
    "is_bridge",
    "is_host_bridge",
    "location_of",
    "may_carry_override",
    "normalise",
    "observed_taints",
    "parse_address",
    "port_kind",
    "predict",
    "rule_set_of",
    "taints_of",
    "witnesses_of",
]
