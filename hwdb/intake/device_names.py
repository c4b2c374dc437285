"""Loading the names of PCI devices into the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert

from hwdb import models, pciids

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_LIST = "pci.ids"


def load_device_names(session: Session, text: str) -> int:
    """Replace the device names by those of a pci.ids file, unless the database holds this version already.

    Returns:
        How many names were loaded; 0 when there was nothing to do.
    """
    version = pciids.version(text) or f"{len(text)} characters"
    loaded = session.get(models.LoadedList, _LIST)
    if loaded is not None and loaded.version == version:
        return 0
    names = {(name.vendor, name.device): name._asdict() for name in pciids.parse(text)}
    session.execute(delete(models.DeviceName))
    if names:
        session.execute(insert(models.DeviceName), list(names.values()))
    session.merge(models.LoadedList(name=_LIST, version=version))
    session.flush()
    return len(names)
