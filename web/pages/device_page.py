"""Devices: where one PCI id was seen and how it behaves, and which devices most machines have."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask import render_template, url_for

from hwdb import queries
from hwdb.analysis.words import word_for
from hwdb.intake.curated import curated_notes
from hwdb.queries.company import BRIDGES
from web.addresses import MovedPermanently
from web.database import reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Blueprint

    from hwdb.queries import DeviceHit, DeviceView

# Class codes as in ``hwdb.queries.device_hits``, in the order a reader looks for them.
_SHELVES = (
    ("03", "Graphics"),
    ("0c", "USB controllers"),
    ("02", "Network"),
    ("01", "Storage"),
    ("04", "Audio and video"),
)

# What a wish calls a card of a class.
_KINDS = (("0c03", "usb"), ("0108", "nvme"), ("01", "sata"), ("02", "nic"), ("03", "gpu"))

# Linux, drivers/pci/pci.c, pci_reset_fn_methods: the ways a function can be reset, in the order they are tried.
_METHODS = {
    "device_specific": "a way of its own",
    "acpi": "by the firmware",
    "flr": "by function",
    "af_flr": "by function, as conventional PCI has it",
    "pm": "by power state",
    "bus": "by its bus",
    "cxl_bus": "by its CXL bus",
}
_USUAL = ("flr", "pm", "bus")


class Reset(NamedTuple):
    """One way to reset a device: the kernel's name and ours, and on how many of the machines that tell it is offered.

    ``machines`` is None where no machine tells.
    """

    method: str
    means: str
    machines: int | None


def add(pages: Blueprint) -> None:
    """Put the pages on the blueprint."""
    pages.add_url_rule("/devices", "devices", _devices)
    pages.add_url_rule("/devices/<ids>", "device", _device)


def _devices() -> str:
    with reading() as session:
        found = queries.common_devices(session)
    return render_template("devices.html", shelves=shelves(found))


def _device(ids: str) -> str:
    vendor, _, device = ids.partition(":")
    with reading() as session:
        found = queries.device(session, vendor, device, curated_notes())
    if found.id != ids:
        raise MovedPermanently(url_for("pages.device", ids=found.id))
    return render_template(
        "device.html",
        device=found,
        word=word_for(found.class_) if found.class_ else None,
        bridge=found.class_ in BRIDGES,
        resets=resets(found),
        need=need_of(found.class_),
    )


def shelves(devices: Sequence[DeviceHit]) -> list[tuple[str, list[tuple[DeviceHit, str]]]]:
    """Return devices by what they are for, each with the word for its class; kinds of which there are none left out."""
    by_kind = [
        (name, [(one, word_for(one.class_)) for one in devices if one.class_[:2] == kind]) for kind, name in _SHELVES
    ]
    return [(name, held) for name, held in by_kind if held]


def resets(device: DeviceView) -> list[Reset]:
    """Return the ways the kernel knows to reset a device: the usual ones, and those that a machine offers."""
    offered = {one.method: one.machines for one in device.reset_methods}
    names = [*(name for name in _METHODS if name in _USUAL or name in offered), *(set(offered) - set(_METHODS))]
    return [Reset(name, _METHODS.get(name, ""), offered.get(name, 0) if device.reset_told else None) for name in names]


def need_of(class_: str | None) -> str:
    """Return what a wish calls a card with such a device."""
    return next((kind for code, kind in _KINDS if (class_ or "").startswith(code)), "any")
