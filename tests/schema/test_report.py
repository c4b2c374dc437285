"""A good-faith document becomes a report; what is wrong with another is said in full."""

from __future__ import annotations

from typing import Any

import pytest

from hwdb.errors import FieldProblem, InvalidReport
from hwdb.parameters import PARAMETERS
from hwdb.report import FORMAT, Acs, Board, Function, Iommu, IommuGroup, Kernel, Report, Slot, to_document
from hwdb.schema import Loaded, load, upgrade


def take(**parts: Any) -> Loaded:
    return load({"format": 1, "functions": [], **parts})


def function(**facts: Any) -> Function:
    return take(functions=[{"address": "0000:01:00.0", **facts}]).report.functions[0]


def slot(**facts: Any) -> Slot:
    (only,) = take(slots=[facts]).report.slots or ()
    return only


def problems(document: object) -> dict[str, str]:
    with pytest.raises(InvalidReport) as caught:
        load(document)
    return {problem.field: problem.reason for problem in caught.value.problems}


def test_the_least_report_is_all_unknown() -> None:
    assert load({"format": 1, "functions": []}) == Loaded(Report())


def test_null_is_unknown_and_empty_is_known() -> None:
    report = take(board=None, cpus=None, slots=[], root_buses=[], kernel={"parameters": [], "release": None}).report
    assert report == Report(slots=(), root_buses=(), kernel=Kernel(parameters=()))
    assert function(acs=None, reset_methods=[], iommu_group=None) == Function("0000:01:00.0", reset_methods=())
    assert function(acs={}).acs == Acs()


def test_nested_objects_become_their_dataclasses() -> None:
    report = take(iommu={"state": "on", "groups": [{"number": 3, "reserved_region_types": ["direct"]}]}).report
    assert report.iommu == Iommu(state="on", groups=(IommuGroup(3, reserved_region_types=("direct",)),))


def test_text_is_stripped_and_blank_text_is_unknown() -> None:
    assert take(board={"vendor": "  ASUS \n", "name": "   ", "version": ""}).report.board == Board(vendor="ASUS")


def test_placeholder_names_are_kept_as_the_firmware_spells_them() -> None:
    assert take(board={"vendor": "To Be Filled By O.E.M."}).report.board.vendor == "To Be Filled By O.E.M."


def test_an_empty_driver_means_that_none_is_bound() -> None:
    assert function(driver="").driver == ""
    assert function(driver=None).driver is None


def test_control_characters_are_replaced_and_a_note_keeps_its_lines() -> None:
    assert take(board={"name": "a\tb\x00c"}).report.board.name == "a\ufffdb\ufffdc"
    assert slot(note=" one\r\n\ttwo\x1b\ud800 ").note == "one\n\ttwo\ufffd\ufffd"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0000:0A:1F.7", "0000:0a:1f.7"),
        ("0a:00.0", "0000:0a:00.0"),
        ("00000000:0a:00.0", "0000:0a:00.0"),
        ("10000:e1:00.0", "10000:e1:00.0"),
        (" 0000:0a:00.0\n", "0000:0a:00.0"),
    ],
)
def test_one_place_has_one_spelling(given: str, kept: str) -> None:
    assert function(parent=given).parent == kept
    assert take(root_buses=[{"bus": given.strip()[: -len(":00.0")]}]).report.root_buses[0].bus == kept[:-5]  # type: ignore[index]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0000:00:01.1/00.2/07.0", "0000:00:01.1/00.2/07.0"),
        ("40:03.1", "0000:40:03.1"),
        ("0000:00:1E.0/02", "0000:00:1e.0/02"),
    ],
)
def test_port_paths(given: str, kept: str) -> None:
    assert slot(port=given).port == kept


@pytest.mark.parametrize(
    "wrong", ["00:01.1/", "00:01.1/20.0", "00:01.1/02/00.0", "00:01.1//00.0", "pci0000:00", "/00.0"]
)
def test_what_is_no_port_path(wrong: str) -> None:
    assert (
        "like 0000:00:01.1/00.2/07.0"
        in problems({"format": 1, "functions": [], "slots": [{"port": wrong}]})["slots[0].port"]
    )


def test_hex_ids_are_lowercase_text_of_their_width() -> None:
    assert function(vendor="10DE", **{"class": "0300"}, prog_if="0A").vendor == "10de"
    found = problems(
        {"format": 1, "functions": [{"address": "01:00.0", "vendor": 4318, "device": "0x1b80", "class": "03"}]}
    )
    assert found == {
        "functions[0].vendor": "It is a number; write exactly 4 hex digits as text, like '10de'.",
        "functions[0].device": "It is '0x1b80'; write exactly 4 hex digits as text, like '10de'.",
        "functions[0].class": "It is '03'; write exactly 4 hex digits as text, like '10de'.",
    }


@pytest.mark.parametrize(
    "moment", ["2024-05-31", "2024-05-31T18:00:00Z", "2024-05-31t18:00:00.5+02:00", "2024-05-31 18:00"]
)
def test_dates_are_kept_as_written(moment: str) -> None:
    assert take(provenance={"collected": moment}).report.provenance.collected == moment


def test_unknown_fields_and_words_are_ignored_and_listed() -> None:
    loaded = load(
        {
            "format": 1,
            "functions": [{"address": "01:00.0", "vendor_serial": "x", "port_type": "optical", "acs": {"bits": 1}}],
            "slots": [{"witness": "oracle", "kind": "PCIE"}],
            "iommu": {"state": ""},
            "weather\x00": {"deep": True},
        }
    )
    assert loaded.ignored == (
        "functions[0].vendor_serial",
        "functions[0].port_type",
        "functions[0].acs.bits",
        "slots[0].witness",
        "weather\ufffd",
    )
    assert loaded.report.functions == (Function("0000:01:00.0", acs=Acs()),)
    assert loaded.report.slots == (Slot(kind="pcie"),)


def test_at_most_a_hundred_ignored_fields_are_listed_and_cut() -> None:
    ignored = take(**{f"{i:03}{'x' * 100}": i for i in range(200)}).ignored
    assert len(ignored) == 100
    assert ignored[7] == "007" + "x" * 61


def test_only_allow_listed_kernel_parameters_are_kept() -> None:
    words = [
        "iommu=pt",
        "root=UUID=1234",
        "intel_iommu=on,sm_on",
        "iommu=pt secret",
        "pcie-acs-override=downstream",
        "ro",
    ]
    loaded = take(kernel={"parameters": words})
    assert loaded.report.kernel.parameters == ("iommu=pt", "intel_iommu=on,sm_on", "pcie_acs_override=downstream")
    assert loaded.ignored == tuple(f"kernel.parameters[{i}]" for i in (1, 3, 5))
    assert take(kernel={"parameters": sorted(PARAMETERS)}).report.kernel.parameters == tuple(sorted(PARAMETERS))


def test_slots_and_outcomes_may_name_functions_that_are_not_listed() -> None:
    report = take(outcomes=[{"function": "01:00.0"}], slots=[{"occupant": "02:00.0"}]).report
    assert report.functions == ()
    assert report.outcomes


def test_a_function_listed_twice_names_both_places() -> None:
    found = problems({"format": 1, "functions": [{"address": a} for a in ("00:00.0", "01:00.0", "0000:00:00.0")]})
    assert found == {
        "functions[2].address": "It is 0000:00:00.0, as functions[0] already is; list every function once."
    }


def test_all_problems_are_named_at_once() -> None:
    document = {
        "functions": [{"address": "00:00.0"}, {"address": "x", "flr": 0}, None],
        "board": "ASUS",
        "cpus": [{"cores": -1}],
        "memory": {"bytes": "16 GB"},
    }
    assert problems(document) == {
        "functions[1].address": "It is 'x'; write a PCI address like 0000:01:00.0.",
        "functions[1].flr": "It is a number; write true or false, or leave it out when not known.",
        "functions[2]": "It is null; a report cannot be understood without it.",
        "board": "It must be an object, in curly brackets.",
        "cpus[0].cores": "It is out of range; write a number from 0 to 65535.",
        "memory.bytes": "It is text; write a whole number without quotes.",
        "format": "It is missing or blank; a report cannot be understood without it.",
    }


def test_the_list_of_problems_ends_somewhere() -> None:
    assert len(problems({"format": 1, "functions": [{}] * 4096})) == 50


def test_a_newer_format_says_who_is_too_old() -> None:
    with pytest.raises(
        InvalidReport, match=rf"^format: It is {FORMAT + 1}, and this service reads formats up to {FORMAT}"
    ) as caught:
        load({"format": FORMAT + 1, "functions": "whatever that means by then"})
    assert caught.value.problems == (FieldProblem("format", caught.value.problems[0].reason),)


def test_large_memory_and_lone_numbers() -> None:
    assert take(memory={"bytes": 2**53}).report.memory.bytes == 2**53
    assert function(numa_node=-1, link_width=16.0).link_width == 16


def test_loading_leaves_the_document_alone() -> None:
    document = {"format": 1, "functions": [{"address": "01:00.0", "class": "0300"}], "new": 1}
    load(document)
    assert document == {"format": 1, "functions": [{"address": "01:00.0", "class": "0300"}], "new": 1}


def test_older_documents_go_through_every_step() -> None:
    steps = {1: lambda d: {**d, "b": d["a"]}, 2: lambda d: {**d, "c": d["b"]}}
    assert upgrade({"format": 1, "a": 7}, steps, target=3) == {"format": 3, "a": 7, "b": 7, "c": 7}
    assert upgrade({"format": 3, "a": 7}, steps, target=3) == {"format": 3, "a": 7}


@pytest.mark.parametrize("version", [None, "1", 0, -5, True, 10**9])
def test_what_is_no_older_format_is_left_to_the_schema(version: object) -> None:
    assert upgrade({"format": version}) == {"format": version}


def test_what_a_report_writes_has_all_parts() -> None:
    assert load(to_document(Report())) == Loaded(Report())
