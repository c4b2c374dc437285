"""Collecting: every fact of a machine that may be read, in the report format, whatever the machine is like."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwdb import schema
from hwdb.report import FORMAT
from submitter.collect import FORMAT as WRITTEN
from submitter.collect import collect
from submitter.document import encode
from tests.machines import replay
from tests.machines.replay import MACHINES
from tests.submitter.trees import plant

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    return plant(tmp_path / "machine")


def functions(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {function["address"]: function for function in document["functions"]}


def test_the_written_format_is_the_one_the_service_reads() -> None:
    assert WRITTEN == FORMAT


def test_a_service_understands_every_field(machine: Path) -> None:
    assert schema.load(collect(str(machine))).ignored == ()


def test_a_port_is_read_whole(machine: Path) -> None:
    port = functions(collect(str(machine)))["0000:00:01.0"]
    assert port == {
        "address": "0000:00:01.0",
        "iommu_group": 1,
        "class": "0604",
        "prog_if": "00",
        "vendor": "1022",
        "device": "1483",
        "revision": "00",
        "header_type": 1,
        "multifunction": True,
        "secondary_bus": 1,
        "subordinate_bus": 1,
        "driver": "pcieport",
        "reset_methods": ["flr", "bus"],
        "numa_node": -1,
        "port_type": "root_port",
        "slot_implemented": True,
        "physical_slot_number": 3,
        "link_port_number": 7,
        "link_width_max": 16,
        "link_width": 8,
        "link_speed_max": 8000,
        "link_speed": 8000,
        "acs": {"present": True, "capability": 0x5F, "control": 0x1D},
        "aer": True,
        "flr": False,
    }


def test_what_is_known_to_be_none_is_told_from_what_is_not_known(machine: Path) -> None:
    found = functions(collect(str(machine)))
    assert (found["0000:01:00.1"]["driver"], found["0000:01:00.1"]["reset_methods"]) == ("", [])
    # No capabilities at all: neither ACS nor AER can be there.
    assert found["0000:00:00.0"]["acs"] == {"present": False}
    assert found["0000:01:00.0"]["acs"] == {"present": False}
    assert found["0000:01:00.0"]["flr"] is True
    assert found["0000:00:01.0"].get("parent") is None
    assert found["0000:01:00.0"]["parent"] == "0000:00:01.0"
    for path in [path for path in machine.rglob("*") if path.name == "driver"]:
        path.unlink()
    # A tree that records no driver at all does not say that none was bound.
    assert all("driver" not in function for function in collect(str(machine))["functions"])


def test_a_user_without_privileges_reads_the_header_only(machine: Path) -> None:
    for config in machine.rglob("config"):
        config.write_bytes(config.read_bytes()[:64])
    shutil.rmtree(machine / "sys" / "firmware")
    document = collect(str(machine))
    found = functions(document)
    assert not {"acs", "port_type", "slot_implemented", "flr", "aer"} & set(found["0000:00:01.0"])
    assert (found["0000:00:01.0"]["secondary_bus"], found["0000:00:01.0"]["multifunction"]) == (1, True)
    assert found["0000:00:00.0"]["port_type"] == "conventional"
    assert [slot["witness"] for slot in document["slots"]] == ["pci_slots"]
    assert any("needs root" in problem for problem in document["provenance"]["problems"])


def test_slots_are_kept_as_their_witnesses_name_them(machine: Path) -> None:
    first, second, kernel = collect(str(machine))["slots"]
    assert first == {
        "witness": "smbios",
        "designation": "PCIE1",
        "kind": "pcie",
        "smbios_type": 0xB6,
        "connector_lanes": 16,
        "electrical_lanes": 16,
        "usage": "in_use",
        "id": 9,
        "address": "0000:00:01.0",
    }
    # A placeholder is what the table says; that it names no port is for the analysis to find.
    assert (second["designation"], second["usage"], second["address"]) == ("PCIE2", "available", "0000:00:1f.7")
    assert kernel == {"witness": "pci_slots", "designation": "3", "id": 3, "address": "0000:01:00.0"}


def test_the_rest_of_the_machine(machine: Path) -> None:
    document = collect(str(machine))
    assert document["board"] == {"vendor": "ASRock", "name": "X399 Taichi"}
    assert document["bios"] == {"version": "P3.90", "date": "12/04/2019"}
    assert document["chassis"] == {"type": 3}
    assert document["memory"] == {"bytes": 16384000 * 1024}
    assert document["cpus"] == [{"name": "AMD Ryzen Threadripper 1900X", "microcode": "0x8001137", "upgrade": 0x36}]
    assert document["kernel"] == {
        "release": "6.1.0-56-amd64",
        "distribution": "Debian GNU/Linux 12 (bookworm)",
        "parameters": ["amd_iommu=on", "iommu=pt", "vfio-pci.ids=10de:1b80"],
        "acs_override": False,
    }
    iommu = document["iommu"]
    assert (iommu["state"], iommu["kind"], iommu["interrupt_remapping"]) == ("on", "AMD-Vi", True)
    assert iommu["groups"][0] == {"number": 0, "type": "DMA-FQ", "reserved_region_types": ["msi"]}
    assert document["virtualization"] == {"hypervisor": "none", "container": "none"}
    assert document["root_buses"] == [{"bus": "0000:00", "acpi_path": r"\_SB_.PCI0", "acpi_uid": "1"}]
    assert functions(document)["0000:00:14.0"]["label"] == "Onboard USB"


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("sys/hypervisor/type", "xen", "Collect on the host"),
        ("proc/cpuinfo", "processor : 0\nflags : fpu hypervisor", "Collect on the host"),
        ("sys/class/dmi/id/sys_vendor", "QEMU", "Collect on the host"),
        ("run/systemd/container", "lxc", "Collect on the host"),
    ],
)
def test_where_a_report_proves_nothing_it_says_so(machine: Path, path: str, text: str, problem: str) -> None:
    (machine / path).parent.mkdir(parents=True, exist_ok=True)
    (machine / path).write_text(f"{text}\n", encoding="utf-8")
    assert problem in " ".join(collect(str(machine))["provenance"]["problems"])


def test_a_xen_dom0_is_told_what_xen_hides(machine: Path) -> None:
    shutil.rmtree(machine / "sys" / "kernel")
    for path, text in (("sys/hypervisor/type", "xen"), ("proc/xen/capabilities", "control_d")):
        (machine / path).parent.mkdir(parents=True, exist_ok=True)
        (machine / path).write_text(text, encoding="utf-8")
    document = collect(str(machine))
    assert "state" not in document["iommu"]
    assert "Start the machine without Xen" in " ".join(document["provenance"]["problems"])


def test_an_iommu_that_is_off_is_said_to_be_off_and_how_to_turn_it_on(machine: Path) -> None:
    shutil.rmtree(machine / "sys" / "kernel" / "iommu_groups")
    (machine / "sys" / "kernel" / "iommu_groups").mkdir()
    shutil.rmtree(machine / "sys" / "class" / "iommu")
    (machine / "sys" / "firmware" / "acpi" / "tables").mkdir(parents=True)
    (machine / "sys" / "firmware" / "acpi" / "tables" / "DMAR").touch()
    for link in machine.rglob("iommu_group"):
        link.unlink()
    document = collect(str(machine))
    assert (document["iommu"]["state"], document["iommu"]["kind"]) == ("off", "VT-d")
    assert "intel_iommu=on" in " ".join(document["provenance"]["problems"])


@pytest.mark.parametrize(
    ("interrupts", "remapped"),
    [
        (" 2: 1 IR-IO-APIC 2-edge timer\n40: 1 IR-PCI-MSI-0000:01:00.0 0-edge", True),
        (" 2: 1 IO-APIC 2-edge timer\n40: 1 PCI-MSI 524288-edge nvme0q0", False),
        # ARM's ITS translates interrupts by other means and under other names.
        ("12: 1 GICv3 27 Level arch_timer\n40: 1 ITS-PCI-MSI-0000:01:00.0 0 Edge", None),
        ("  0: 1 IO-APIC 2-edge timer", None),
    ],
)
def test_interrupt_remapping_is_told_where_the_kernel_shows_it(
    machine: Path, interrupts: str, remapped: bool | None
) -> None:
    (machine / "proc" / "interrupts").write_text(f"{interrupts}\n", encoding="utf-8")
    assert collect(str(machine))["iommu"].get("interrupt_remapping") is remapped


def test_an_override_is_known_from_the_command_line_and_from_the_log(machine: Path) -> None:
    (machine / "dev" / "kmsg").write_text(
        "PCI: PCIe ACS overrides enabled; this may allow non-IOMMU DMA", encoding="utf-8"
    )
    assert collect(str(machine))["kernel"]["acs_override"] is True
    (machine / "dev" / "kmsg").unlink()
    (machine / "proc" / "cmdline").write_text("pcie_acs_override=downstream,multifunction", encoding="utf-8")
    kernel = collect(str(machine))["kernel"]
    assert (kernel["acs_override"], kernel["parameters"]) == (True, ["pcie_acs_override=downstream,multifunction"])


def test_domains_are_kept(machine: Path) -> None:
    folder = machine / "sys/devices/pci0000:00/0000:00:14.0/pci10000:e0/10000:e0:06.0"
    shutil.copytree(machine / "sys/devices/pci0000:00/0000:00:01.0", folder, symlinks=True)
    (machine / "sys/bus/pci/devices/10000:e0:06.0").symlink_to(
        "../../../devices/pci0000:00/0000:00:14.0/pci10000:e0/10000:e0:06.0"
    )
    document = collect(str(machine))
    assert "parent" not in functions(document)["10000:e0:06.0"]
    assert {"bus": "10000:e0"} in document["root_buses"]
    assert schema.load(document).ignored == ()


def test_links_of_a_recorded_tree_do_not_lead_to_this_machine(machine: Path) -> None:
    for link in (machine / "sys/bus/pci/devices").iterdir():
        target = link.resolve().relative_to(machine)
        link.unlink()
        link.symlink_to(f"/{target}")
    assert functions(collect(str(machine)))["0000:01:00.0"]["parent"] == "0000:00:01.0"


@settings(max_examples=60)
@given(data=st.data())
def test_no_machine_is_too_strange_to_be_collected(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever stands in the files, the document is one that no service refuses."""
    machine = plant(tmp_path_factory.mktemp("strange"))
    files = sorted(path for path in machine.rglob("*") if path.is_file() and not path.is_symlink())
    for path in data.draw(st.lists(st.sampled_from(files), max_size=12, unique=True)):
        path.write_bytes(data.draw(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode))))
    document = collect(str(machine))
    assert schema.load(schema.decode(encode(document))).ignored == ()
    assert len(document["functions"]) == 5


@pytest.mark.parametrize("recorded", sorted(MACHINES.glob("*.json")), ids=lambda path: path.stem)
def test_a_service_understands_every_recorded_machine(recorded: Path, tmp_path: Path) -> None:
    document = collect(str(replay.plant(recorded, tmp_path)))
    loaded = schema.load(document)
    assert loaded.ignored == ()
    assert len(loaded.report.functions) == len(document["functions"]) > 0
    # Nothing went wrong in any reader: what is missing is missing for a reason that its owner can mend.
    assert not [problem for problem in document["provenance"]["problems"] if "could not be read" in problem]
