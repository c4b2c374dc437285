"""What the client keeps on this machine: its keys, one for each service, and which reports it sent.

The folder is ``$XDG_STATE_HOME/hwdb``, else ``~/.local/state/hwdb``; under sudo that of the user who called it. Each
service has a file of its own, named by the service, so that no service ever sees a key made for another.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from urllib.parse import urlsplit

from submitter.document import replace
from submitter.errors import NotDone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PRIVATE = 0o600
_FOLDER = 0o700


class State:
    """The client's folder, made when something is first kept in it."""

    def __init__(self) -> None:
        self._owner = _caller()
        home = _home(self._owner)
        stated = os.environ.get("XDG_STATE_HOME", "")
        # The specification has relative paths ignored.
        base = stated if os.path.isabs(stated) else os.path.join(home, ".local", "state")
        self.folder = os.path.join(base, "hwdb")
        self._home = home

    @property
    def sent(self) -> str:
        """Return where the report last sent of this machine is kept."""
        return os.path.join(self.folder, "sent.json")

    def shown(self, path: str) -> str:
        """Return a path as it is printed: with ``~`` for the home folder, whose name may tell who its owner is."""
        home = self._home.rstrip("/")
        return f"~{path[len(home) :]}" if home and path.startswith(f"{home}/") else path

    def keep(self, name: str, whole: bytes) -> str:
        """Write a file into the folder, readable to its owner only, and return its path.

        Raises:
            NotDone: The folder cannot be made or written.
        """
        path = os.path.join(self.folder, name)
        try:
            self._make(self.folder)
            replace(path, whole, _PRIVATE, self._owner)
        except OSError as error:
            raise NotDone(
                f"{self.shown(path)} cannot be written: {error.strerror}; set XDG_STATE_HOME to a folder that can"
            ) from error
        return path

    def _make(self, folder: str) -> None:
        if os.path.isdir(folder):
            return
        self._make(os.path.dirname(folder))
        os.mkdir(folder, _FOLDER)
        if self._owner is not None:
            os.chown(folder, *self._owner)

    def account(self, server: str) -> Account:
        """Return what is kept about one service, empty before the first report.

        Raises:
            NotDone: The file is there and cannot be understood: it is left alone, since it holds the only keys.
        """
        name = re.sub(r"[^A-Za-z0-9.-]", "_", urlsplit(server).netloc.casefold()) + ".json"
        path = os.path.join(self.folder, name)
        try:
            with open(path, "rb") as opened:
                machines = json.loads(opened.read())["machines"]
        except FileNotFoundError:
            machines = []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotDone(
                f"{self.shown(path)} cannot be read ({type(error).__name__}); it holds the keys to your reports, so "
                "mend it or move it away"
            ) from error
        return Account(self, name, machines)


class Account:
    """Keys and reports of one service.

    Each machine has a key: this one, and others whose collected reports are sent from here, told apart by their
    hardware, so that the service counts each.

    Args:
        state: Where it is kept.
        name: Of its file.
        machines: ``{"key", "here", "marks", "reports": [{"id", "page", "sent"}]}`` each.
    """

    def __init__(self, state: State, name: str, machines: list[dict[str, Any]]) -> None:
        self._state, self._name, self.machines = state, name, machines

    def machine(self, document: dict[str, Any] | None, *, here: bool = False) -> dict[str, Any] | None:
        """Return what is kept of a machine, None when nothing is.

        Args:
            document: A report of it; None when only ``here`` is known.
            here: Whether it is the machine this runs on, which stays itself whatever cards are changed.
        """
        mark = None if document is None else mark_of(document)
        alike = [one for one in self.machines if mark is not None and mark in one["marks"]]
        own = [one for one in self.machines if here and one["here"]]
        return next(iter([*own, *alike]), None)

    def key(self, document: dict[str, Any], *, here: bool) -> str:
        """Return the key of a machine, made and kept before it is first used.

        Raises:
            NotDone: It cannot be kept.
        """
        machine = self.machine(document, here=here)
        if machine is None:
            machine = {"key": secrets.token_urlsafe(32), "here": here, "marks": [], "reports": []}
            self.machines.append(machine)
        machine["here"] = machine["here"] or here
        machine["marks"] = list(dict.fromkeys([*machine["marks"], mark_of(document)]))[-32:]
        self.save()
        key: str = machine["key"]
        return key

    def is_here(self, key: str) -> bool:
        """Return whether a key is the one of the machine this runs on."""
        return any(machine["key"] == key and machine["here"] for machine in self.machines)

    def reports(self) -> list[tuple[dict[str, Any], str]]:
        """Return every report sent from here, oldest first, each with its key."""
        return [(report, machine["key"]) for machine in self.machines for report in machine["reports"]]

    def add(self, key: str, report: dict[str, Any]) -> None:
        """Note that a report was sent under a key."""
        for machine in self.machines:
            if machine["key"] == key:
                machine["reports"] = [one for one in machine["reports"] if one["id"] != report["id"]] + [report]
        self.save()

    def forget(self, report_id: str) -> None:
        """Note that a report is gone. Keys stay: later reports of the machine come under the same."""
        for machine in self.machines:
            machine["reports"] = [one for one in machine["reports"] if one["id"] != report_id]
        self.save()

    def save(self) -> None:
        """Write the file.

        Raises:
            NotDone: It cannot be written.
        """
        self._state.keep(self._name, json.dumps({"machines": self.machines}, indent=1).encode())


def mark_of(document: dict[str, Any]) -> str:
    """Return what reports of one machine have in common: its board and its functions. It stays on this machine."""
    places = sorted(
        [str(one.get(key)) for key in ("address", "vendor", "device", "subsystem_vendor", "subsystem_device")]
        for one in document["functions"]
        if isinstance(one, dict)
    )
    names = [document.get("board"), document.get("system"), places]
    return hashlib.sha256(json.dumps(names, sort_keys=True).encode()).hexdigest()


def _caller() -> tuple[int, int] | None:
    """Return user and group id of the user who called sudo, None without sudo."""
    ids = os.environ.get("SUDO_UID", ""), os.environ.get("SUDO_GID", "")
    if os.geteuid() != 0 or not (ids[0].isdigit() and ids[1].isdigit()) or int(ids[0]) == 0:
        return None
    return int(ids[0]), int(ids[1])


def _home(owner: tuple[int, int] | None) -> str:
    if owner is not None:
        import pwd

        try:
            return pwd.getpwuid(owner[0]).pw_dir
        except KeyError:
            pass
    return os.path.expanduser("~")
