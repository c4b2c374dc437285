"""The kernel: release, distribution, the few allowed words of its command line, and whether ACS is overridden."""

from __future__ import annotations

from hwdb.parameters import spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from submitter.collect.tree import Tree

_CMDLINE, _LOG = "proc/cmdline", "dev/kmsg"
_LONGEST_PARAMETER, _MOST_PARAMETERS = 1000, 64
# What the out-of-tree patch prints once it is told to act (drivers/pci/quirks.c of the patched kernels).
_OVERRIDDEN = b"PCIe ACS overrides enabled"
_LARGEST_LOG = 1 << 23


def read_kernel(tree: Tree) -> dict[str, Any]:
    """Return what the report says of the kernel."""
    said: dict[str, Any] = {
        "release": tree.text("proc/sys/kernel/osrelease"),
        "distribution": _distribution(tree),
        "parameters": _parameters(tree),
    }
    said["acs_override"] = _overridden(tree, said["parameters"])
    return {key: fact for key, fact in said.items() if fact is not None}


def _distribution(tree: Tree) -> str | None:
    for path in ("etc/os-release", "usr/lib/os-release"):
        for line in (tree.read(path) or b"").decode("utf-8", "replace").splitlines():
            key, _, value = line.partition("=")
            if key == "PRETTY_NAME":
                return value.strip().strip("\"'")[:200] or None
    return None


def _parameters(tree: Tree) -> list[str] | None:
    """Return the allowed words of the command line, None when it cannot be read. The rest is not looked at further."""
    whole = tree.read(_CMDLINE, 1 << 16)
    if whole is None:
        return None
    allowed = [word for word in map(spelled, _words(whole.decode("utf-8", "replace"))) if word is not None]
    kept = [word for word in allowed if len(word) <= _LONGEST_PARAMETER][:_MOST_PARAMETERS]
    if len(kept) < len(allowed):
        tree.problems.append("The kernel's command line has more or longer parameters than a report can hold.")
    return kept


def _words(cmdline: str) -> Iterator[str]:
    """Yield the kernel's own parameters: a double quote holds blanks together, ``--`` ends them (next_arg)."""
    quoted, word = False, ""
    for character in f"{cmdline.strip()} ":
        if character == '"':
            quoted = not quoted
        elif character.isspace() and not quoted:
            if word == "--":
                return
            if word:
                yield word
            word = ""
        else:
            word += character


def _overridden(tree: Tree, parameters: list[str] | None) -> bool | None:
    """Return whether the override acts: the patch does nothing without its parameter, so the command line tells."""
    if any(word.startswith("pcie_acs_override") for word in parameters or ()):
        return True
    if _OVERRIDDEN in (_log(tree) or b""):
        return True
    return None if parameters is None else False


def _log(tree: Tree) -> bytes | None:
    """Return the kernel log where it may be read; it is searched for one sentence and kept nowhere.

    ``/dev/kmsg`` gives one record a read, and would wait for the next one at its end.
    """
    return tree.records(_LOG, _LARGEST_LOG) if tree.live else tree.read(_LOG, _LARGEST_LOG)
