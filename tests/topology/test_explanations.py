"""Why two functions are together or apart, in one sentence that a person can check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hwdb.topology import explain, predict
from hwdb.topology.rule_sets import CURRENT, REACHABLE_SETS
from tests.topology.partitions import ACS, NO_ACS, device, port, shape

if TYPE_CHECKING:
    from hwdb.topology import Machine, RuleSet

PORTS = shape(
    port("0000:00:1c.0", 1, NO_ACS),
    port("0000:00:1c.4", 2, NO_ACS),
    port("0000:00:1d.0", 3, ACS),
    device("0000:00:1f.0"),
    device("0000:00:1f.3", acs=ACS),
    device("0000:01:00.0"),
    device("0000:02:00.0"),
    device("0000:03:00.0"),
)
SWITCH = shape(
    port("0000:00:01.0", 1, ACS, subordinate_bus=5),
    port("0000:01:00.0", 2, NO_ACS, "upstream_port", subordinate_bus=5),
    port("0000:02:00.0", 3, NO_ACS, "downstream_port"),
    port("0000:02:01.0", 4, NO_ACS, "downstream_port"),
    device("0000:03:00.0"),
    device("0000:04:00.0"),
)
BRIDGED = shape(
    port("0000:00:1e.0", 1, NO_ACS, "conventional"),
    device("0000:01:01.0", "conventional"),
    device("0000:01:02.0", "conventional"),
    port("0000:00:1c.0", 2, NO_ACS, vendor="8086", device="8c10"),
    device("0000:02:00.0", vendor="1b4b", device="9230"),
    device("0000:02:00.1"),
    port("0000:00:1d.0", 3, None),
    device("0000:00:00.2", "conventional", class_="0806"),
)


@pytest.mark.parametrize(
    ("machine", "rules", "one", "other", "sentence"),
    [
        (PORTS, CURRENT, "00:1c.0", "00:1c.4", "00:1c.0 and 00:1c.4 are functions of one device without ACS."),
        (PORTS, CURRENT, "01:00.0", "00:1c.0", "01:00.0 is behind 00:1c.0, which has no ACS."),
        (
            PORTS,
            CURRENT,
            "01:00.0",
            "02:00.0",
            (
                "01:00.0 is behind 00:1c.0, which has no ACS; 00:1c.0 and 00:1c.4 are functions of one device "
                "without ACS; 02:00.0 is behind 00:1c.4, which has no ACS."
            ),
        ),
        (PORTS, CURRENT, "00:1d.0", "03:00.0", "03:00.0 is kept apart from 00:1d.0 above it by ACS at 00:1d.0."),
        (
            PORTS,
            CURRENT,
            "00:1f.0",
            "00:1f.3",
            "00:1f.0 and 00:1f.3 are functions of one device, and ACS at 00:1f.3 keeps them apart.",
        ),
        (
            PORTS,
            CURRENT,
            "03:00.0",
            "01:00.0",
            "01:00.0 is with 00:1c.0; 03:00.0 is kept apart by ACS at 00:1d.0.",
        ),
        (
            SWITCH,
            CURRENT,
            "02:00.0",
            "02:01.0",
            (
                "02:00.0 and 02:01.0 are ports of one switch without ACS, which kernels keep apart all the same, "
                "because they look at 01:00.0 above."
            ),
        ),
        (SWITCH, REACHABLE_SETS, "02:00.0", "02:01.0", "02:00.0 and 02:01.0 are ports of one switch without ACS."),
        (BRIDGED, CURRENT, "01:01.0", "00:1e.0", "01:01.0 is behind 00:1e.0, whose bus shares one requester id."),
        (BRIDGED, CURRENT, "02:00.0", "02:00.1", "02:00.0 and 02:00.1 use one requester id."),
        (
            BRIDGED,
            CURRENT,
            "02:00.0",
            "00:1c.0",
            (
                "02:00.0 is kept apart from 00:1c.0 above it by a rule of the kernel (pci_quirk_intel_pch_acs) "
                "that stands for ACS at 00:1c.0."
            ),
        ),
        (BRIDGED, CURRENT, "00:00.2", "00:1c.0", "00:00.2 has no group: 0000:00:00.2 is the IOMMU itself."),
        (BRIDGED, CURRENT, "00:1c.0", "00:1c.0", "00:1c.0 is one function."),
    ],
)
def test_a_pair_is_explained(machine: Machine, rules: RuleSet, one: str, other: str, sentence: str) -> None:
    assert explain(machine, predict(machine, rules), f"0000:{one}", f"0000:{other}") == sentence


def test_what_was_not_read_is_named_where_it_decides() -> None:
    machine = shape(port("0000:00:1d.0", 3, None), device("0000:03:00.0"))
    assert explain(machine, predict(machine), "0000:00:1d.0", "0000:03:00.0").startswith(
        "The capabilities of 0000:00:1d.0 could not be read"
    )


def test_a_function_that_is_not_there_cannot_be_explained() -> None:
    with pytest.raises(ValueError, match="not a function of this machine"):
        explain(PORTS, predict(PORTS), "0000:00:1c.0", "0000:07:00.0")
