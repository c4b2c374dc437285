"""Versions of the programs that run guests, where they are installed and answer."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from submitter.collect.tree import Tree

_QEMU = ("qemu-system-x86_64", "qemu-system-aarch64", "kvm", "qemu-kvm")
_LIBVIRT = ("libvirtd", "virtqemud", "virsh")
_FOLDERS = ("usr/bin", "usr/sbin", "usr/libexec", "usr/local/bin", "run/current-system/sw/bin")
_PATIENCE = 5
_VERSION = re.compile(r"\d+(?:\.\d+)+")


def read_programs(tree: Tree) -> dict[str, str]:
    """Return ``qemu`` and ``libvirt`` versions; programs of a recorded tree are not run."""
    if not tree.live:
        return {}
    said = {"qemu": _version(tree, _QEMU), "libvirt": _version(tree, _LIBVIRT)}
    return {key: version for key, version in said.items() if version is not None}


def _version(tree: Tree, names: Iterable[str]) -> str | None:
    found = (f"/{folder}/{name}" for name in names for folder in _FOLDERS if tree.exists(f"{folder}/{name}"))
    path = next(found, None)
    return None if path is None else _ask(path)


def _ask(path: str) -> str | None:
    """Return the version a program prints, None when it does not answer. It is told nothing of the environment."""
    # Most runs find neither program, and need not pay for this import.
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 - a fixed name in a fixed folder, and no shell
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = _VERSION.search(done.stdout.decode("utf-8", "replace"))
    return match[0][:64] if done.returncode == 0 and match else None
