"""No secret stays in what is stored of a text, and nothing that an importer reads goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from hwdb import importers, schema
from hwdb.errors import ParseError
from hwdb.importers.redact import REMOVED, redact, redactions
from hwdb.report import canonical, to_document
from tests.importers.redact_samples import EXAMPLE, SECRETS, Secrets, texts

if TYPE_CHECKING:
    from hwdb.report import Report

FORMS = sorted(texts(EXAMPLE))
READ = [form for form in FORMS if form not in {"report", "prose"}]


def name_of(form: str) -> str:
    """Return the name of the format a sample is of."""
    return form.replace(",", " ").split()[0]


def reports(text: str) -> tuple[Report, ...] | None:
    """Return the largest report of a text and all of them; None when it holds none."""
    try:
        return (importers.parse(text), *importers.parse_all(text))
    except ParseError:
        return None


def keeps_the_laws(text: str) -> str:
    """Check both laws for a text, and return it redacted."""
    made = redact(text)
    assert reports(made) == reports(text)
    assert redact(made) == made
    assert len(made.splitlines()) == len(text.splitlines())
    return made


@pytest.mark.parametrize("form", READ)
def test_every_sample_is_of_its_format(form: str) -> None:
    assert importers.sniff(texts(EXAMPLE)[form]).name == name_of(form)


def test_every_format_of_text_has_a_sample() -> None:
    named = {name_of(form) for form in READ}
    assert {known.name for known in importers.FORMATS} - named == {"dmidecode-bin"}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40)
@given(secrets=SECRETS)
def test_no_secret_stays_in_any_format(form: str, secrets: Secrets) -> None:
    text = texts(secrets)[form]
    assert secrets.found_in(text)
    made = keeps_the_laws(text)
    assert secrets.found_in(made) == []
    for report in reports(text) or ():
        assert secrets.found_in(canonical(to_document(report)).decode()) == []


@given(secrets=SECRETS)
def test_a_report_as_json_stays_the_report_it_was(secrets: Secrets) -> None:
    text = texts(secrets)["report"]
    loaded = [schema.load(schema.decode(one.encode())) for one in (text, redact(text))]
    assert loaded[0].report.bios == loaded[1].report.bios
    assert loaded[0].report.functions == loaded[1].report.functions
    assert loaded[0].ignored == loaded[1].ignored


def test_what_was_removed_is_counted_by_kind() -> None:
    removed = dict(redactions(texts(EXAMPLE)["dmidecode"]).removed)
    assert removed["serial number"] == 3
    assert removed["asset tag"] == 2
    assert removed["UUID"] == 1
    assert redactions("IOMMU Group 1 00:01.0 PCI bridge [0604]: A [8086:460d]\n").removed == ()


def test_of_a_command_line_the_allowed_words_stay() -> None:
    line = f"Command line: BOOT_IMAGE=/vmlinuz-6.1.0 root=UUID={EXAMPLE.uuid} iommu=pt quiet pci=noaer -- iommu=off"
    assert (
        redact(line)
        == f"Command line: BOOT_IMAGE={REMOVED}vmlinuz-6.1.0 {REMOVED} iommu=pt {REMOVED} pci=noaer {REMOVED}"
    )


def test_a_host_that_is_called_like_the_board_is_removed_all_the_same() -> None:
    line = "Nov 24 10:00:00 asus kernel: "
    log = f"{line}DMI: asus asus/B550, BIOS 1.0\n{line}pci 0000:00:01.0: Adding to iommu group 0\n"
    assert keeps_the_laws(log) == log.replace(line, line.replace("asus", REMOVED))


def test_a_prompt_below_a_listing_is_no_part_of_it() -> None:
    prompt = f"[{EXAMPLE.user}@{EXAMPLE.host} ~]$"
    listing = "00:00.0 Host bridge: Example Corp. Root Complex\n\tFlags: fast devsel\n\tPhysical Slot: 3\n"
    (slot,) = importers.parse(listing + prompt).slots or ()
    assert slot.designation == "3"
    assert keeps_the_laws(listing + prompt) == f"{listing}[removed@removed ~]$"
