"""Boot one guest, and hand back what it printed."""

from __future__ import annotations

import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tests.lab import config_space
from tests.lab.cpio import Archive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lab.image import Image
    from tests.lab.topology import Topology

SERVICE = "http://10.0.2.100"
"""Where a guest finds the service: the one address and port that QEMU lets it reach."""

QEMU = "qemu-system-x86_64"
# A boot takes seconds; a machine that is paused or overloaded may take much longer.
_PATIENCE = 180
_RELAY = Path(__file__).with_name("relay.py")
_PART = re.compile(r"^@@BEGIN (\S+)\n(.*?)\n?@@END \1 (\d+)$", re.MULTILINE | re.DOTALL)
_KERNEL_RUNS = "Linux version"


class NotBooted(Exception):
    """A guest did not come up or did not finish; the end of its console is in the text."""


@dataclass(frozen=True)
class Part:
    """What one command of a visit printed, and how it ended."""

    printed: str
    status: int


def boot(image: Image, topology: Topology, files: Mapping[str, bytes], port: int | None = None) -> dict[str, Part]:
    """Boot a guest, let it run ``visit`` of the files, and return its parts by name.

    Files go to ``/lab`` of the guest. With a port it has a network, which leads to that port of this machine only.

    Raises:
        NotBooted, NotRewritten: Twice: a single failure can be the emulated clock's.
    """
    overlay = Archive()
    for name, data in files.items():
        overlay.file(f"lab/{name}", data, 0o755)
    overlay.file("lab/setup", topology.setup.encode())
    overlay.file("lab/drivers", " ".join(topology.drivers).encode())
    with tempfile.TemporaryDirectory(prefix="hwdb-lab-") as folder:
        initramfs = Path(folder) / "initramfs"
        with initramfs.open("wb") as whole, image.initramfs.open("rb") as base:
            shutil.copyfileobj(base, whole)
            whole.write(overlay.finished())
        command = _command(topology, image.kernel, initramfs, port)
        try:
            return _run(command, topology)
        except (NotBooted, config_space.NotRewritten):
            return _run(command, topology)


def _command(topology: Topology, kernel: Path, initramfs: Path, port: int | None) -> list[str]:
    command = [QEMU, "-accel", "tcg", "-m", "512", "-smp", "1", "-nodefaults", "-no-user-config", "-no-reboot"]
    command += ["-display", "none", "-vga", "none", "-monitor", "none", "-serial", "stdio", *topology.options()]
    for number, structure in enumerate(topology.firmware()):
        path = initramfs.with_name(f"smbios-{number}")
        path.write_bytes(structure)
        command += ["-smbios", f"file={path}"]
    if port is not None:
        relay = shlex.join([sys.executable, "-I", "-S", str(_RELAY), str(port)]).replace(",", ",,")
        network = f"user,id=net,restrict=on,guestfwd=tcp:{SERVICE.removeprefix('http://')}:80-cmd:{relay}"
        command += ["-netdev", network]
    # Without a network the device is there all the same: it is a part of the machine.
    device = topology.network if port is not None else topology.network.removesuffix(",netdev=net")
    command += ["-device", device]
    return [*command, "-kernel", str(kernel), "-initrd", str(initramfs), "-append", _parameters(topology)]


def _parameters(topology: Topology) -> str:
    # The check of the timer fails on a busy machine, whose emulated ticks come late.
    words = ["console=ttyS0", "panic=-1", "no_timer_check"]
    if topology.iommu == "intel" and "intel_iommu" not in topology.parameters:
        words.append("intel_iommu=on")
    if topology.iommu == "amd" and _qemu_version() >= 10:
        # QEMU 10 loses interrupts of the IO-APIC under AMD-Vi when it emulates the processor.
        words.append("noapic")
    return " ".join([*words, topology.parameters]).strip()


@cache
def _qemu_version() -> int:
    printed = subprocess.run([QEMU, "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"version (\d+)", printed)
    return int(found.group(1)) if found else 0


def _run(command: list[str], topology: Topology) -> dict[str, Part]:
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said)
        limit = threading.Timer(_PATIENCE, process.kill)
        limit.start()
        try:
            console = _watch(process, topology)
        finally:
            limit.cancel()
            process.kill()
            process.wait()
        said.seek(0)
        complaints = said.read()
    parts = {name: Part(printed, int(status)) for name, printed, status in _PART.findall(console)}
    if "end" not in parts:
        raise NotBooted(f"{topology.name}: {complaints[-2000:]}\n{console[-4000:]}")
    return parts


def _watch(process: subprocess.Popen[bytes], topology: Topology) -> str:
    """Return the console, writing vendor ids once the firmware is done and the kernel has not looked yet."""
    output: IO[bytes] | None = process.stdout
    if output is None:
        raise NotBooted(f"{topology.name}: QEMU has no output")
    lines: list[str] = []
    waiting = bool(topology.rewrites) and config_space.may_be_written()
    with output:
        for raw in output:
            line = raw.decode("utf-8", "replace").replace("\r", "")
            if waiting and _KERNEL_RUNS in line:
                waiting = False
                process.send_signal(signal.SIGSTOP)
                config_space.rewrite(process.pid, topology.rewrites)
                process.send_signal(signal.SIGCONT)
            lines.append(line)
    return "".join(lines)
