"""Board, system, chassis and BIOS from ``/sys/class/dmi/id``: a list of allowed files, and no other file of it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from submitter.collect.tree import Tree

_DMI = "sys/class/dmi/id"
# Serial numbers, UUIDs and asset tags stand beside these and are never opened.
_ALLOWED = {
    "board": {"vendor": "board_vendor", "name": "board_name", "version": "board_version"},
    "system": {
        "vendor": "sys_vendor",
        "name": "product_name",
        "version": "product_version",
        "family": "product_family",
        "sku": "product_sku",
    },
    "bios": {"vendor": "bios_vendor", "version": "bios_version", "date": "bios_date", "release": "bios_release"},
}


def read_dmi(tree: Tree) -> dict[str, dict[str, Any]]:
    """Return ``board``, ``system``, ``bios`` and ``chassis``, each without what the firmware leaves blank.

    Machines without DMI, such as many ARM boards, are named by their device tree.
    """
    found: dict[str, dict[str, Any]] = {
        part: {key: text for key, name in files.items() if (text := tree.text(f"{_DMI}/{name}")) is not None}
        for part, files in _ALLOWED.items()
    }
    chassis = tree.number(f"{_DMI}/chassis_type")
    found["chassis"] = {} if chassis is None else {"type": chassis & 0x7F}
    for key in ("date", "release"):
        if key in found["bios"]:
            found["bios"][key] = found["bios"][key][:64]
    if tree.names(_DMI) is None:
        model = tree.text("proc/device-tree/model") or tree.text("sys/firmware/devicetree/base/model")
        if model is not None:
            found["board"] = {"name": model}
        else:
            tree.problems.append("The firmware does not say which board this is: there is no /sys/class/dmi/id.")
    return found
