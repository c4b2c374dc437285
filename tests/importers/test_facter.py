"""Reports of nixos-facter: the corpus by its own index, the dialects by small ones, and what is no report."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb import importers
from hwdb.errors import ParseError
from hwdb.importers import facter
from tests.conftest import CORPUS, missing
from tests.importers.hostile_text import answers, taken

if TYPE_CHECKING:
    from hwdb.report import Function, Report, Slot

FACTER = CORPUS / "facter"
ROOT_PORT: dict[str, Any] = {
    "sysfs_bus_id": "0000:00:03.1",
    "sysfs_id": "/devices/pci0000:00/0000:00:03.1",
    "sysfs_iommu_group_id": 4,
    "base_class": {"hex": "0006", "name": "Bridge", "value": 6},
    "sub_class": {"hex": "0004", "value": 4},
    "vendor": {"hex": "1022", "name": "AMD", "value": 0x1022},
    "device": {"hex": "1483", "value": 0x1483},
    "detail": {"function": 1, "header_type": 1, "secondary_bus": 10, "prog_if": 0},
    "driver": "pcieport",
}
CARD: dict[str, Any] = {
    "sysfs_bus_id": "0000:0a:00.0",
    "sysfs_id": "/devices/pci0000:00/0000:00:03.1/0000:0a:00.0",
    "sysfs_iommu_group_id": 15,
    "base_class": {"value": 3},
    "sub_class": {"value": 0},
    "vendor": {"value": 0x10DE},
    "device": {"value": 0x1B80},
    "sub_vendor": {"value": 0x1043},
    "sub_device": {"value": 0x8591},
    "revision": {"value": 0xA1},
    "detail": {"function": 0, "header_type": 0, "secondary_bus": 0, "prog_if": 0},
    "label": "Onboard IGD",
}
SLOT = {"designation": "PCIEX16_1", "slot_type": {"value": 0xB1, "name": "Other"}, "bus_width": {"value": 13}, "id": 1}


def facter_json(*functions: dict[str, Any], smbios: Any = None, **top: Any) -> str:
    document = {"version": 1, "system": "x86_64-linux", "virtualisation": "none", **top}
    lists = {"bridge": list(functions), "disk": [{"serial": "SECRET"}], "cpu": []}
    return json.dumps({**document, "hardware": {**lists, **top.get("hardware", {})}, "smbios": smbios or {}})


def parsed(*functions: dict[str, Any], **parts: Any) -> Report:
    report = importers.parse(facter_json(*functions, **parts))
    taken(report)
    return report


def function(**facts: Any) -> Function:
    [read] = parsed({**CARD, **facts}).functions
    return read


def smbios_slot(**facts: Any) -> Slot:
    [read] = parsed(CARD, smbios={"board": {"product": "B"}, "slot": [{**SLOT, **facts}]}).slots or ()
    return read


def index() -> list[dict[str, str]]:
    if not FACTER.is_dir():
        missing("the corpus of facter reports", "HWDB_CORPUS names its folder")
    with (FACTER / "INDEX.tsv").open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows, delimiter="\t"))


@pytest.mark.corpus
def test_every_recorded_report_yields_what_its_index_says() -> None:
    rows = index()
    for row in rows:
        report = importers.parse((FACTER / row["file"]).read_text(encoding="utf-8"))
        taken(report)
        groups = [f.iommu_group for f in report.functions]
        said = (len(groups), len(set(groups) - {None}), groups.count(None))
        assert said == tuple(int(row[f"n_{key}"]) for key in ("pci_functions", "iommu_groups", "pci_without_group"))
        assert sum(slot.witness == "smbios" for slot in report.slots or ()) == int(row["n_smbios_slots"]), row["file"]
        board, bios = report.board, report.bios
        named = (board.vendor, board.name, bios.vendor, bios.version, bios.date)
        keys = ("board_vendor", "board_product", "bios_vendor", "bios_version", "bios_date")
        assert named == tuple(row[key].strip() or None for key in keys), row["file"]
        assert report.iommu.state == "on"
    print(f"\n{len(rows)} of {len(rows)} reports are exactly as indexed")
    assert len(rows) == 66


@pytest.mark.corpus
def test_every_recorded_function_has_its_place_and_its_ids() -> None:
    for row in index():
        report = importers.parse((FACTER / row["file"]).read_text(encoding="utf-8"))
        listed = {f.address for f in report.functions}
        roots = {root.bus for root in report.root_buses or ()}
        for f in report.functions:
            assert f.parent in listed if f.parent else f.address.rpartition(":")[0] in roots
            assert None not in {f.vendor, f.device, f.class_, f.prog_if, f.revision, f.header_type, f.driver}


def test_a_function_is_read_with_its_place_ids_and_driver() -> None:
    port, card = parsed(ROOT_PORT, CARD).functions
    assert (port.iommu_group, port.class_, port.header_type, port.secondary_bus) == (4, "0604", 1, 10)
    assert (port.parent, card.parent, card.iommu_group) == (None, "0000:00:03.1", 15)
    assert (card.vendor, card.device, card.class_, card.prog_if) == ("10de", "1b80", "0300", "00")
    assert (card.subsystem_vendor, card.subsystem_device, card.revision) == ("1043", "8591", "a1")
    assert (port.driver, card.driver) == ("pcieport", "")
    assert (port.secondary_bus, card.secondary_bus) == (10, None)


def test_functions_are_collected_from_all_lists() -> None:
    report = parsed(ROOT_PORT, hardware={"graphics_card": [CARD], "unknown": {**CARD, "sysfs_bus_id": "0000:0a:00.1"}})
    assert [f.address for f in report.functions] == ["0000:00:03.1", "0000:0a:00.0", "0000:0a:00.1"]


def test_what_is_no_pci_function_is_passed_over() -> None:
    others: list[Any] = [{"sysfs_bus_id": "3-1.2:1.0"}, {"sysfs_bus_id": 7}, {}, None, "x", {"sysfs_bus_id": "nvme0"}]
    assert len(parsed(*others, CARD).functions) == 1


def test_facter_leaves_zeros_out() -> None:
    bare = {key: CARD[key] for key in ("sysfs_bus_id", "base_class", "vendor", "device")}
    [read] = parsed({**bare, "base_class": {"value": 0x13}}).functions
    assert (read.class_, read.revision, read.subsystem_vendor, read.parent) == ("1300", "00", None, None)
    assert (read.header_type, read.prog_if, read.iommu_group) == (None, None, None)


def test_the_kernels_alias_is_believed_before_hwinfos_subclass() -> None:
    alias = "pci:v00008086d00002725sv00008086sd00000020bc02sc80i00"
    wireless = function(base_class={"value": 2}, sub_class={"value": 130, "name": "WLAN"}, module_alias=alias)
    assert (wireless.class_, wireless.prog_if, wireless.device) == ("0280", "00", "2725")


def test_a_vmd_child_hangs_from_a_root_bus_of_its_own() -> None:
    path = "/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0"
    report = parsed(
        {**ROOT_PORT, "sysfs_bus_id": "10000:e0:06.0", "sysfs_id": path},
        {**CARD, "sysfs_bus_id": "10000:e1:00.0", "sysfs_id": f"{path}/10000:e1:00.0"},
    )
    assert [f.parent for f in report.functions] == [None, "10000:e0:06.0"]
    assert [root.bus for root in report.root_buses or ()] == ["0000:00", "10000:e0"]


def test_a_list_that_shows_a_function_again_is_said() -> None:
    report = parsed(CARD, hardware={"sound": [{**CARD, "sysfs_iommu_group_id": 99}]})
    assert report.functions[0].iommu_group == 15
    assert any("more than once" in sentence for sentence in report.provenance.problems or ())


@pytest.mark.parametrize(
    ("board", "named"),
    [
        ({"manufacturer": "ASUS", "product": "PRIME", "version": "Rev 1"}, ("ASUS", "PRIME", "Rev 1")),
        ([{"manufacturer": "ASUS", "product": "PRIME"}, {"product": "riser"}], ("ASUS", "PRIME", None)),
        ([], (None, None, None)),
        (None, (None, None, None)),
        ({"manufacturer": 5, "product": " ", "version": "a\x00b"}, (None, None, "a\ufffdb")),
    ],
)
def test_a_board_is_read_in_every_dialect(board: Any, named: tuple[str | None, ...]) -> None:
    read = parsed(CARD, smbios={"board": board, "bios": {}}).board
    assert (read.vendor, read.name, read.version) == named


def test_the_oldest_dialect_is_read() -> None:
    old = {key: fact for key, fact in CARD.items() if key != "sysfs_iommu_group_id"} | {"slot": 0}
    report = parsed(old, version=2, smbios={"chassis": {"chassis_type": {"value": 0x8A}}, "slot": [SLOT]})
    assert (report.chassis.type, report.iommu.state, len(report.slots or ())) == (10, None, 1)
    assert any("first version wrote none" in sentence for sentence in report.provenance.problems or ())


def test_no_groups_in_a_later_report_mean_that_the_iommu_is_off() -> None:
    ungrouped = {key: fact for key, fact in CARD.items() if key != "sysfs_iommu_group_id"}
    assert parsed(ungrouped).iommu.state == "off"


def test_slots_are_decoded_by_their_numbers() -> None:
    slot = smbios_slot(usage={"value": 4, "name": "In Use"}, length={"value": 4})
    assert (slot.designation, slot.witness, slot.kind, slot.smbios_type) == ("PCIEX16_1", "smbios", "pcie", 0xB1)
    assert (slot.connector_lanes, slot.electrical_lanes, slot.usage, slot.id) == (None, 16, "in_use", 1)
    assert slot.address is None


@pytest.mark.parametrize(
    ("code", "kind", "lanes"),
    [
        *((0xAA, "pcie", 16), (0xB8, "pcie", None), (0xBD, "pcie", 16), (0x17, "m2", None), (0x24, "u2", None)),
        *((0x06, "pci", None), (0x26, None, None), (0x01, None, None), (0xC4, "pcie", None)),
    ],
)
def test_slot_types_newer_than_facters_table_are_known(code: int, kind: str | None, lanes: int | None) -> None:
    slot = smbios_slot(slot_type={"value": code, "name": "Other"}, usage=None)
    assert (slot.kind, slot.connector_lanes, slot.usage) == (kind, lanes, None)


def test_a_table_without_slots_is_known_to_have_none_and_no_table_is_unknown() -> None:
    assert parsed(CARD, smbios={"board": {"product": "B"}}).slots == ()
    assert parsed(CARD).slots is None


def test_labels_name_slots_on_dells_boards_and_on_no_others() -> None:
    labelled = {**ROOT_PORT, "label": "SLOT 2"}
    table = {"slot": [{**SLOT, "designation": "PCIe Slot 2"}, {**SLOT, "designation": "PCIe Slot 3"}]}
    for maker, named in (("Dell Inc.", [("PCIe Slot 2", "0000:00:03.1")]), ("ASUSTeK", [])):
        report = parsed(labelled, CARD, smbios={**table, "board": {"manufacturer": maker}})
        by_label = [s for s in report.slots or () if s.witness == "firmware_label"]
        assert [(s.designation, s.address) for s in by_label] == named
        assert [f.label for f in report.functions] == ["SLOT 2", "Onboard IGD"]


@pytest.mark.parametrize(
    ("word", "hypervisor", "container"),
    [
        *(("none", "none", "none"), ("kvm", "kvm", None), ("lxc", None, "lxc"), ("microsoft", "microsoft", None)),
        *(("systemd_nspawn", None, "systemd_nspawn"), (None, None, None), (3, None, None)),
    ],
)
def test_virtual_machines_and_containers_are_told_apart(
    word: Any, hypervisor: str | None, container: str | None
) -> None:
    seen = parsed(CARD, virtualisation=word).virtualization
    assert (seen.hypervisor, seen.container) == (hypervisor, container)


def test_processors_and_memory_are_read() -> None:
    cpu = {"architecture": "x86_64", "vendor_name": "AuthenticAMD", "family": 23, "model": 113, "stepping": 0}
    sockets = [{"socket_populated": True, "version": "AMD Ryzen 5 3600", "socket_type": {"value": 0x31}}]
    modules = [{"size": 16777216, "serial": "SECRET"}, {"size": "0x1000000"}, {"size": 0}]
    report = parsed(
        CARD,
        hardware={"cpu": [{**cpu, "cores": 6, "siblings": 12}]},
        smbios={"processor": sockets, "memory_device": modules},
    )
    [read] = report.cpus or ()
    assert (read.name, read.family, read.model, read.upgrade) == ("AMD Ryzen 5 3600", 23, 113, 0x31)
    assert (read.cores, read.threads, report.memory.bytes) == (6, 12, 32 * 2**30)


def test_memory_whose_size_an_old_release_could_not_read_is_what_the_kernel_manages() -> None:
    memory = [{"resources": [{"type": "phys_mem", "range": "0x1000000000"}]}]
    report = parsed(CARD, hardware={"memory": memory}, smbios={"memory_device": [{"size": 0x7FFF << 10}]})
    assert report.memory.bytes == 64 * 2**30


def test_nothing_private_is_taken() -> None:
    secret = {"serial": "SECRET", "uuid": "SECRET", "asset_tag": "SECRET", "unix_device_names": ["SECRET"]}
    text = facter_json({**CARD, **secret}, smbios={"board": secret, "system": secret, "chassis": secret})
    assert "SECRET" in text
    assert "SECRET" not in repr(facter.parse(text))


def test_what_facter_cannot_tell_is_said() -> None:
    said = " ".join(parsed(CARD).provenance.problems or ())
    assert "an ACS override would not show" in said
    assert "board, firmware and slots are not known" in said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no report of nixos-facter"),
        ("{}", "no report of nixos-facter"),
        ('{"hardware": []}', "no report of nixos-facter"),
        (facter_json(CARD)[:150], r"^line 1, column \d+: the JSON ends in the middle"),
        ('{"version": 1,\n "hardware": {"pci": }}', r"^line 2, column 22: this is not JSON"),
    ],
)
def test_what_is_no_report_of_facter_is_refused_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(ParseError, match=sentence):
        facter.parse(text)


def test_a_report_behind_prose_is_found() -> None:
    report = importers.parse("My machine:\n\n```json\n" + facter_json(CARD) + "\n```\nIs that good?\n")
    assert len(report.functions) == 1


PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.text(max_size=20), st.just("0000:01:00.0")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                [
                    *("sysfs_bus_id", "sysfs_id", "value", "slot", "slot_type", "board", "range", "detail", "label"),
                    *("sysfs_iommu_group_id", "vendor", "processor", "memory_device", "size", "header_type"),
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=30,
)


@given(st.lists(st.dictionaries(st.sampled_from(list(CARD)), PLAIN, max_size=5), max_size=3), PLAIN, PLAIN)
def test_facts_of_any_type_are_taken_or_left_out(entries: list[dict[str, Any]], smbios: Any, hardware: Any) -> None:
    document = {"hardware": {"pci": [CARD, *({**CARD, **entry} for entry in entries)], "cpu": hardware}}
    report = answers(facter, json.dumps({**document, "smbios": smbios}))
    assert report is not None
    assert report.functions


@given(st.text())
def test_no_text_raises_anything_but_a_parse_error(text: str) -> None:
    answers(facter, text)
    answers(facter, '{"hardware": {"sysfs_bus_id"' + text)
