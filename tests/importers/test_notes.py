"""Notes beside a listing: what they set, what they add, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb.errors import AnnotationError
from hwdb.importers import annotate


def listing() -> dict[str, Any]:
    """Return a report with two functions and something of everything."""
    return {
        "format": 1,
        "functions": [
            {"address": "0000:00:01.0", "iommu_group": 1, "class": "0604"},
            {"address": "0000:01:00.0", "iommu_group": 2, "class": "0300", "name": "A card"},
        ],
        "board": {"vendor": "ASUS", "name": "Default string"},
        "kernel": {},
        "slots": [{"designation": "PCIEX16", "witness": "smbios"}],
        "settings": None,
    }


def test_facts_are_overwritten_and_the_rest_stays() -> None:
    added = annotate(listing(), '[board]\nname = "Prime X399-A"\n[kernel]\nrelease = "6.1"\n[bios]\nversion = "0808"\n')
    assert added["board"] == {"vendor": "ASUS", "name": "Prime X399-A"}
    assert added["kernel"] == {"release": "6.1"}
    assert added["bios"] == {"version": "0808"}
    assert added["functions"] == listing()["functions"]


def test_statements_are_added_behind_those_of_the_listing() -> None:
    text = '[[slots]]\ndesignation = "PCIEX16"\nwitness = "submitter"\n[[settings]]\nname = "IOMMU"\n'
    added = annotate(listing(), text)
    assert [slot["witness"] for slot in added["slots"]] == ["smbios", "submitter"]
    assert added["settings"] == [{"name": "IOMMU"}]


def test_a_second_notes_file_overwrites_facts_and_adds_statements() -> None:
    first = annotate(listing(), '[bios]\nversion = "1"\ndate = "a"\n[[outcomes]]\nrole = "guest_gpu"\n')
    second = annotate(first, '[bios]\nversion = "2"\n[[outcomes]]\nrole = "guest_usb"\n')
    assert second["bios"] == {"version": "2", "date": "a"}
    assert [outcome["role"] for outcome in second["outcomes"]] == ["guest_gpu", "guest_usb"]


@pytest.mark.parametrize("address", ["0000:01:00.0", "01:00.0", "00000000:01:00.0"])
def test_facts_of_a_function_are_added_by_its_address(address: str) -> None:
    added = annotate(listing(), f'[[functions]]\naddress = "{address}"\nboot_vga = true\nname = "The card"\n')
    first, second = added["functions"]
    assert first == listing()["functions"][0]
    assert second == {**listing()["functions"][1], "boot_vga": True, "name": "The card"}


def test_dates_and_times_become_iso_text() -> None:
    text = "[provenance]\ncollected = 2019-03-23\nat = 2019-03-23T10:11:12Z\ntimes = [10:11:12]\n"
    assert annotate(listing(), text)["provenance"] == {
        "collected": "2019-03-23",
        "at": "2019-03-23T10:11:12+00:00",
        "times": ["10:11:12"],
    }


def test_the_listing_itself_is_not_changed() -> None:
    given_ = listing()
    annotate(given_, '[board]\nname = "x"\n[[slots]]\n[[functions]]\naddress = "01:00.0"\nname = "y"\n')
    assert given_ == listing()


def test_empty_notes_add_nothing() -> None:
    assert annotate(listing(), "# nothing\n") == listing()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[board]\nname = "x\n', r"^the notes are not valid TOML: .*at line 2, column 10"),
        ("= 1", r"not valid TOML: .*line 1, column 1"),
        ("a = 1\na = 2\n", "not valid TOML: .*line 2"),
        ("x = " + "9" * 5000, "not valid TOML"),
        ("x = " + "[" * 5000, "nested too deeply"),
        ('[[functions]]\naddress = "02:00.0"\n', "speak of function '02:00.0', which the listing does not have"),
        ('[[functions]]\naddress = "the card"\n', "speak of function 'the card', which the listing does not have"),
        ('[[functions]]\nname = "x"\n', "has no address"),
        ("[[functions]]\naddress = []\n", "has no address"),
        ("functions = 5", r"write each below a line \[\[functions\]\]"),
        ("slots = 5", r"write each below a line \[\[slots\]\]"),
        ('slots = "PCIE1"', r"write each below a line \[\[slots\]\]"),
        ('[slots]\ndesignation = "PCIE1"\n', r"write each below a line \[\[slots\]\]"),
        ("outcomes = [1, 2]", r"write each below a line \[\[outcomes\]\]"),
    ],
)
def test_what_cannot_be_added_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(AnnotationError, match=sentence):
        annotate(listing(), text)


@pytest.mark.parametrize("text", ["board = 5", "[format]\nnumber = 1", "format = 2", "[colours]\nred = true"])
def test_facts_of_another_kind_are_left_to_the_schema(text: str) -> None:
    assert annotate(listing(), text) != listing()


@given(st.text())
def test_no_notes_raise_anything_but_an_annotation_error(text: str) -> None:
    with suppress(AnnotationError):
        annotate(listing(), text)
