"""Bus numbers derived from listings of real machines, against those that lspci printed for the same bridges."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hwdb.topology.numbering import derive_secondary_buses
from tests.dumps import lspci_dumps, read_lspci


@pytest.mark.corpus
def test_a_derived_tree_is_never_wrong() -> None:
    exact, undecided, wrong = 0, 0, []
    for path in lspci_dumps():
        functions = read_lspci(path).values()
        stated = {f.address: f.secondary_bus for f in functions if f.secondary_bus is not None}
        derived = derive_secondary_buses([replace(f, secondary_bus=None, subordinate_bus=None) for f in functions])
        if derived is None:
            undecided += 1
        elif {bridge: derived.get(bridge) for bridge in stated} == stated:
            exact += 1
        else:
            wrong.append(path.name)
    print(f"{exact} exact, {undecided} not derived, {len(wrong)} wrong")
    assert wrong == []
    assert exact > undecided
