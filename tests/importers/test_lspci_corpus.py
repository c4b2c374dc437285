"""Recorded ``lspci`` and ``dmidecode`` of other people's machines and of the lab: every function, group and fact."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from hwdb import importers, schema
from hwdb.importers.combine import combine
from hwdb.importers.lspci_config import facts_in
from hwdb.report import Report, to_document
from hwdb.topology import normalise
from tests.conftest import CORPUS, missing
from tests.dumps import corpus_text, lspci_dumps, read_lspci, read_slot_table
from tests.importers.groups import groups, problems
from tests.topology.test_slot_tables import COUNTS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.corpus

# What lspci printed, as it was posted; one more has a kernel log that knows more.
FAMILY = ("lspci-v-", "lspci-vv-", "lspci-vnn-")
_DEVICE = re.compile(r"(?m)^(?:[0-9a-f]{4,}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] ")
_GROUP = re.compile(r"(?m)^\s+IOMMU group: [0-9]+$")
_HEX = re.compile(r"(?m)^[0-9a-f]{2,3}:(?: [0-9a-f]{2}){16}\n")
# A register that says 0 is not printed, and what it says of the other functions of its device is not their own.
SILENT = {"revision", "prog_if", "flr", "multifunction"}


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def recorded() -> list[Path]:
    return sorted(CORPUS.glob("lspci/*.lspci.txt"))


def laboratory() -> list[Path]:
    return sorted(CORPUS.glob("lab/*/lspci.txt"))


def forum() -> list[Path]:
    return sorted(path for path in CORPUS.glob("forum/*.txt") if path.name[4:].startswith(FAMILY))


def known(report: Report) -> dict[str, Any]:
    return {function.address: function for function in report.functions}


def test_the_corpus_is_here() -> None:
    if not recorded():
        missing("the corpus of lspci dumps", "HWDB_CORPUS names its folder")
    assert (len(recorded()), len(forum())) == (21, 10)
    assert len(laboratory()) > 50


@pytest.mark.parametrize("path", [*recorded(), *laboratory()], ids=lambda path: path.parent.name + path.name[:11])
def test_every_function_and_every_group_of_a_dump_is_read(path: Path) -> None:
    text = text_of(path)
    report = importers.parse(text)
    assert importers.sniff(text).name == "lspci"
    assert len(report.functions) == len(_DEVICE.findall(text))
    assert sum(f.iommu_group is not None for f in report.functions) == len(_GROUP.findall(text))
    loaded = schema.load(to_document(report))
    assert (loaded.report, loaded.ignored) == (report, ())


def test_buses_ports_and_widths_are_those_that_the_tests_own_reader_sees() -> None:
    for path in lspci_dumps():
        said, expected = known(importers.parse(text_of(path))), read_lspci(path)
        assert said.keys() == expected.keys()
        for address, function in expected.items():
            for key in ("secondary_bus", "subordinate_bus", "link_width_max"):
                assert getattr(said[address], key) == getattr(function, key), (path, address, key)
            assert function.port_type in {None, said[address].port_type}


@pytest.mark.parametrize("path", forum(), ids=lambda path: path.name[:3])
def test_a_posted_listing_has_the_true_groups(path: Path) -> None:
    entries = map(json.loads, (CORPUS / "forum" / "TRUTH.jsonl").read_text(encoding="utf-8").splitlines())
    truth = next(entry for entry in entries if entry["file"] == path.name)
    said = groups(importers.parse(text_of(path)))
    assert {str(group): sorted(members) for group, members in said.items() if group is not None} == truth["members"]


@pytest.mark.parametrize("path", laboratory(), ids=lambda path: path.parent.name)
def test_the_labs_words_and_bytes_agree(path: Path) -> None:
    truth = json.loads((path.parent / "groups.json").read_text(encoding="utf-8"))
    report = importers.parse(text_of(path))
    said = known(report)
    expected = {address: int(number) for number, group in truth["groups"].items() for address in group["devices"]}
    assert {address: f.iommu_group for address, f in said.items() if f.iommu_group is not None} == expected
    for address, device in truth["devices"].items():
        for key, fact in facts_in(bytes.fromhex(device["config"] or "")).items():
            found = getattr(said[address], key)
            assert found == fact or (key in SILENT and (found is None or key == "multifunction")), (address, key, found)


@pytest.mark.parametrize("name", ["NV-0A85233D", "NV-6F02A114", "NV-A688C4EB"])
def test_a_dumps_bytes_alone_say_what_its_words_say(name: str) -> None:
    text = text_of(corpus_text(name, "lspci"))
    words = known(importers.parse(_HEX.sub("", text)))
    dumped = importers.parse("".join(x for x in text.splitlines(keepends=True) if not x[0].isspace()))
    assert dumped.functions
    for function in dumped.functions:
        for key, fact in vars(function).items():
            found = getattr(words[function.address], key)
            assert fact in {None, found} or (key in SILENT and (found is None or key == "multifunction")), (key, fact)


@pytest.mark.parametrize("name", COUNTS)
def test_lspci_and_dmidecode_together_tell_the_slots(name: str) -> None:
    listed = importers.parse(text_of(corpus_text(name, "lspci")))
    table = importers.parse(text_of(corpus_text(name, "dmidecode")))
    both = combine([listed, table])
    assert (both.provenance.source, len(both.functions)) == ("lspci+dmidecode", len(listed.functions))
    assert both.bios.version is not None
    assert not any("no PCI functions" in sentence for sentence in problems(both))
    loaded = schema.load(to_document(both))
    assert (loaded.report, loaded.ignored) == (both, ())
    said = [one for one in normalise(both).slots if one.slot.witness == "smbios"]
    void = [one for one in said if one.void is not None]
    phantom = [one for one in void if one.designation is None]
    resolved = sum(one.path is not None for one in said)
    assert (resolved, len(void) - len(phantom), len(phantom), len(said) - resolved - len(void)) == COUNTS[name]


@pytest.mark.parametrize("name", COUNTS)
def test_a_slot_table_is_the_one_that_the_tests_own_reader_sees(name: str) -> None:
    path = corpus_text(name, "dmidecode")
    said = importers.parse(text_of(path)).slots or ()
    keys = ("electrical_lanes", "usage", "id", "address")
    assert [tuple(getattr(slot, key) for key in keys) for slot in said] == [
        tuple(getattr(slot, key) for key in keys) for slot in read_slot_table(path)
    ]


@pytest.mark.parametrize("option", ["nn", "n", "nnvmm", "nvmm", "vmm", "vm", "nnmm", "mm", "tv", "tvnn", "v", "nnk"])
def test_what_lspci_itself_prints_of_a_dump_agrees_with_the_dump(option: str) -> None:
    if shutil.which("lspci") is None:
        pytest.skip("lspci is missing; install the package pciutils")
    path = corpus_text("NV-6F02A114", "lspci")
    done = subprocess.run(["lspci", "-F", str(path), f"-{option}"], capture_output=True, text=True, check=True)
    said, whole = known(importers.parse(done.stdout)), known(importers.parse(text_of(path)))
    assert said.keys() == whole.keys()
    buses = {function.secondary_bus: address for address, function in whole.items() if function.secondary_bus}
    for address, function in said.items():
        expected = {**vars(whole[address]), "parent": buses.get(int(address[5:7], 16)), "iommu_group": None}
        for key, fact in vars(function).items():
            # lspci knows other names than the recorded machine's did, and one bit of each function is its own.
            assert key in {"name", "driver", "multifunction"} or fact in {None, expected[key]}, (address, key, fact)
