"""Config space: what its bytes say, and nothing that they do not."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from hwdb.config_space import decode
from tests.submitter.trees import config, with_extended, with_pcie


def test_a_downstream_port() -> None:
    space = with_pcie(config(0x1B21, 0x1184, 0x060400, header=1, buses=(5, 9)), 6, slot=11)
    facts = decode(bytes(space))
    assert (facts["port_type"], facts["slot_implemented"], facts["physical_slot_number"]) == (
        "downstream_port",
        True,
        11,
    )
    assert (facts["secondary_bus"], facts["subordinate_bus"]) == (5, 9)
    # All of the extended space was read, and ACS is not in it.
    assert (facts["acs"], facts["aer"]) == ({"present": False}, False)


def test_a_space_that_ends_at_256_bytes_does_not_say_whether_there_is_acs() -> None:
    facts = decode(bytes(with_pcie(config(0x8086, 0xA33C, 0x060400, header=1), 4)[:256]))
    assert facts["port_type"] == "root_port"
    assert not {"acs", "aer"} & set(facts)


def test_virtual_functions_are_counted() -> None:
    sriov = struct.pack("<IIHHHH", 0, 0, 7, 8, 2, 0)
    facts = decode(bytes(with_extended(with_pcie(config(0x8086, 0x1521, 0x020000), 0), (0x0010, sriov))))
    assert (facts["sriov_total_vfs"], facts["sriov_num_vfs"]) == (8, 2)


def test_a_reset_may_be_announced_by_advanced_features() -> None:
    space = config(0x8086, 0x15B8, 0x020000)
    space[0x06], space[0x34] = 0x10, 0x50
    space[0x50:0x54] = bytes([0x13, 0, 6, 0x03])
    assert decode(bytes(space))["flr"] is True


def test_integrated_endpoints_have_no_link() -> None:
    assert "link_width" not in decode(bytes(with_pcie(config(0x8086, 0xA36D, 0x0C0330), 9)))


def test_what_sleeps_or_is_gone_says_nothing() -> None:
    assert decode(b"\xff" * 4096) == {}
    assert decode(b"\x86\x80") == {}


def test_a_list_that_runs_in_a_circle_ends() -> None:
    space = with_pcie(config(0x8086, 0x1521, 0x020000), 0)
    space[0x41] = 0x40
    struct.pack_into("<I", space, 0x100, 0x0001 | 1 << 16 | 0x100 << 20)
    assert decode(bytes(space))["aer"] is True


@given(st.binary(min_size=64, max_size=64), st.integers(0, 4096 - 64), st.randoms(use_true_random=False))
def test_any_bytes_are_survived(header: bytes, size: int, random: object) -> None:
    decode(header + random.randbytes(size))  # type: ignore[attr-defined]
