"""The recorded listings of other people: every one yields the functions and groups that are true of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hwdb import importers, schema
from hwdb.errors import ParseError
from hwdb.importers import dmesg, group_listing, lsiommu, markdown_table, sysfs_paths, tree
from hwdb.report import Report, to_document
from tests.conftest import CORPUS, missing

FORUM = CORPUS / "forum"
OURS = (tree, lsiommu, group_listing, sysfs_paths, dmesg, markdown_table)
# lspci -v and its like, Proxmox's table and libvirt's XML have importers of their own.
OTHERS = ("lspci-v", "lspci-vv", "lspci-vnn", "pvesh", "libvirt")
NOT_LISTINGS = "not-a-listing"

DIFFERENT: dict[str, str] = {}
"""Files whose report is not what TRUTH.jsonl says, each with the reason."""

WITHOUT_FUNCTIONS = {
    "119-ls-iommu-nobdf-quickpassthrough.txt": "it names devices without their addresses",
}
WITHOUT_GROUPS = {
    "115-arch-oneline-no-iommu-am3plus-rd990.txt": "off",
    "147-arch-oneline-empty-number-gigabyte-b450i-aorus-pro-wifi.txt": None,
}


def truths() -> dict[str, dict[str, Any]]:
    if not FORUM.is_dir():
        missing("the corpus of forum listings", "HWDB_CORPUS names its folder")
    entries = map(json.loads, (FORUM / "TRUTH.jsonl").read_text(encoding="utf-8").splitlines())
    return {entry["file"]: entry for entry in entries if (FORUM / entry["file"]).is_file()}


def text_of(file: str) -> str:
    return (FORUM / file).read_bytes().decode("utf-8", errors="replace")


def is_true(report: Report, truth: dict[str, Any]) -> bool:
    """Whether every function, and no other, stands in its group; one that the text puts in several, in one of them."""
    groups: dict[str, set[int]] = {}
    for group, addresses in truth["members"].items():
        for address in addresses:
            groups.setdefault(address, set()).add(int(group))
    said = {f.address: f.iommu_group for f in report.functions if f.iommu_group is not None}
    return said.keys() == groups.keys() and all(said[address] in groups[address] for address in said)


def is_ours(file: str) -> bool:
    kind = file.split("-", 1)[1]
    return not kind.startswith((*OTHERS, NOT_LISTINGS)) and file not in WITHOUT_FUNCTIONS


@pytest.mark.corpus
def test_every_listing_yields_exactly_the_true_functions_and_groups() -> None:
    ours = {file: truth for file, truth in truths().items() if is_ours(file)}
    reports = {file: next(m for m in OURS if m.sniff(text_of(file))).parse(text_of(file)) for file in ours}
    differ = [file for file, truth in ours.items() if not is_true(reports[file], truth)]
    print(f"\n{len(ours) - len(differ)} of {len(ours)} listings are exactly true, {len(differ)} differ")
    assert differ == list(DIFFERENT)
    assert len(ours) > 100


@pytest.mark.corpus
def test_every_text_is_recognised_and_its_report_is_one_the_schema_takes() -> None:
    for file, truth in truths().items():
        if not is_ours(file):
            continue
        report = importers.parse(text_of(file))
        assert is_true(report, truth), file
        loaded = schema.load(to_document(report))
        assert (loaded.report, loaded.ignored) == (report, ()), file


@pytest.mark.corpus
def test_every_listing_of_the_corpus_is_of_one_machine() -> None:
    several = [file for file in truths() if is_ours(file) and len(importers.parse_all(text_of(file))) != 1]
    assert several == []


@pytest.mark.corpus
@pytest.mark.parametrize(("file", "state"), list(WITHOUT_GROUPS.items()))
def test_a_listing_without_group_numbers_puts_nothing_in_group_0(file: str, state: str | None) -> None:
    truths()
    report = importers.parse(text_of(file))
    assert report.functions
    assert {f.iommu_group for f in report.functions} == {None}
    assert report.iommu.state == state
    assert report.provenance.problems


@pytest.mark.corpus
@pytest.mark.parametrize("file", list(WITHOUT_FUNCTIONS))
def test_a_listing_without_addresses_is_refused_with_advice(file: str) -> None:
    truths()
    with pytest.raises(ParseError, match="print the addresses too"):
        importers.parse(text_of(file))


@pytest.mark.corpus
def test_what_is_no_listing_is_not_taken_for_one() -> None:
    texts = [text_of(file) for file in truths() if file.split("-", 1)[1].startswith(NOT_LISTINGS)]
    assert len(texts) == 2
    for module in OURS:
        assert not any(module.sniff(text) for text in texts)
        for text in texts:
            with pytest.raises(ParseError):
                module.parse(text)


@pytest.mark.corpus
def test_the_formats_of_others_are_left_to_them() -> None:
    files = [file for file in truths() if file.split("-", 1)[1].startswith(OTHERS)]
    assert len(files) > 10
    assert [(file, m.__name__) for file in files for m in OURS if m.sniff(text_of(file))] == []


@pytest.mark.corpus
def test_machines_posted_in_two_ways_are_the_same() -> None:
    same = [("010", "011"), ("012", "013", "014"), ("051", "053", "054"), ("066", "067"), ("072", "073")]
    files = {file[:3]: file for file in truths()}
    for numbers in same:
        first, *others = (importers.parse(text_of(files[number])) for number in numbers if number in files)
        grouped = {f.address: f.iommu_group for f in first.functions}
        for other in others:
            assert {f.address: f.iommu_group for f in other.functions} == grouped, numbers


@pytest.mark.corpus
def test_two_machines_in_one_text_are_two_reports() -> None:
    files = [file for file in truths() if file[:3] in {"046", "047", "050"}]
    apart = [importers.parse(text_of(file)) for file in files]
    together = importers.parse_all("\n".join(map(text_of, files)))
    assert [r.functions for r in together] == [r.functions for r in apart]
    largest = importers.parse("\n".join(map(text_of, files)))
    assert len(largest.functions) == max(len(r.functions) for r in apart)
    assert sum("begins another listing" in said for said in largest.provenance.problems or ()) == len(files) - 1
