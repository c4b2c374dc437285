"""What proves nothing is held out: virtual machines, ACS changed by hand. The other guests pass for real boards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lab.topologies import TOPOLOGIES

if TYPE_CHECKING:
    from tests.lab.visit import Visit
    from tests.serving import Service

pytestmark = pytest.mark.lab

BY_BOTH = [name for name, topology in TOPOLOGIES.items() if len(topology.senders) == 2]
TAINTED = {"undisguised": "virtual machine", "redirection-off": "disable_acs_redir"}


@pytest.mark.parametrize(("guest", "reason"), TAINTED.items(), indirect=["guest"])
def test_a_tainted_report_is_kept_and_not_counted(guest: Visit, reason: str, service: Service) -> None:
    report = guest.reports["root"]
    assert reason in " ".join(report["taints"])
    assert "Held out" in guest.parts["root"].printed
    board = service.get(f"boards/{report['vendor_slug']}/{report['slug']}")
    assert (board["machines"], board["held_out"]) == (0, len(guest.topology.senders))
    assert {slot["grade"] for slot in report["slots"]} == {"unknown"}


@pytest.mark.parametrize("guest", sorted(set(TOPOLOGIES) - set(TAINTED)), indirect=True)
def test_the_other_guests_pass_for_real_machines(guest: Visit) -> None:
    for who in guest.topology.senders:
        assert guest.reports[who]["taints"] == []
        assert guest.document(who)["virtualization"] == {"hypervisor": "none", "container": "none"}


@pytest.mark.parametrize("guest", BY_BOTH, indirect=True)
def test_one_machine_counts_once_whoever_sends_it(guest: Visit, service: Service) -> None:
    report = guest.reports["root"]
    board = service.get(f"boards/{report['vendor_slug']}/{report['slug']}")
    # Where the IOMMU is off the groups are predicted, which is weaker evidence of the same machine.
    assert (board["machines"], len(board["reports"])) == (int(not report["taints"]), 2)
