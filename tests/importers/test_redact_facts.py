"""What only looks like a secret stays byte for byte."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from hwdb.importers.redact import redact

FACTS = (
    "BIOS 1.2.0.7 with AGESA ComboAM4v2PI 1.2.0.7, before AGESA 1.0.0.4",
    "	Version: V4.6.5.3 R1.19.0 for D3161-B1x",
    "DMI: Apple Inc. Macmini8,1/Mac-7BA5B2DFE22DDD8C, BIOS 2103.100.6.0.0 (iBridge: 23.16.14242.0.0,0) 07/02/2021",
    '"bios": {"vendor": "AMI", "version": "1.2.0.7", "date": "07/02/2021"}',
    "NVRM: loading NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 18:56:32 UTC 2023",
    "firmware version 10.0.0.1, driver 7.3.1.0, v9.9.9.9, Intel ME 11.8.50.3425",
    "00:1f.2 SATA controller [0106]: Intel Corporation 200 Series PCH [8086:a282] (rev 02)",
    "0000:01:00.0 10000:e0:06.0 000a:11:00.0 ff:00.0",
    "-[0000:00]-+-00.0  Intel Corporation Device [8086:4660]",
    "pci 0000:00:01.0: Adding to iommu group 0",
    "	Bus Address: 0000:ff:1f.7",
    "00: 22 10 50 14 04 00 10 00 00 00 00 06 00 00 80 00",
    "	Memory at f7a00000 (64-bit, prefetchable) [size=256M]",
    "	Capabilities: [2a0 v1] Access Control Services",
    "	Address: 00000000fee00000  Data: 0000",
    "[    0.472565] pci 0000:00:01.0: [1022:1453] type 01 class 0x060400",
    "Linux version 6.1.0-56-amd64 (gcc (Debian 12.2.0-14) 12.2.0, GNU ld 2.40) #1 SMP Debian 6.1.25-1 (2023-04-22)",
    "Intel(R) Core(TM) i7-4790 CPU @ 3.60GHz, AMD Ryzen 7 5800X 8-Core Processor",
    "	Device tree node: /sys/firmware/devicetree/base/pciex@600c3c0000000/pci@0/ethernet@0,1",
    "hid-generic 0003:046D:C52B.0001: input,hidraw0: USB HID v1.11 Keyboard",
    "2024-12-17 14:39:28,478 DEBUG:	pci 0000:00:01.0: Adding to iommu group 0",
    "Jun 29 18:28:41 kernel: AMD-Vi: Interrupt remapping enabled",
    "/dev/disk/by-path/pci-0000:00:17.0-ata-1 /dev/input/by-path/pci-0000:0e:00.4-usb-0:1.4.1.2:1.0-event-kbd",
    "	Serial Number: Not Specified",
    "	Asset Tag: To Be Filled By O.E.M.",
    "	Subsystem: Intel Corporation Serial IO I2C Controller [8086:7270]",
    "	Kernel driver in use: serial",
    "Kernel driver in use: usb-storage, ata_piix, nvme-pci, uas",
    "lrwxrwxrwx 1 root root 0 Nov 24 10:00 0000:00:1c.0 -> ../../../../devices/pci0000:00/0000:00:1c.0",
    "usb 1-1: New USB device strings: Mfr=1, Product=2, SerialNumber=3",
    "BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable",
    "input3::capslock tpacpi::power std::vector mmc0::",
    "ROG STRIX X570-E GAMING, PRO Z690-A WIFI DDR4(MS-7D25), X9DRi-LN4+/X9DR3-LN4+",
    "tar -xf linux-image-5.4.0.1-generic; 127.0.0.1 255.255.255.0",
)


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_a_fact_stays(fact: str, end: str) -> None:
    assert redact(fact + end) == fact + end


def test_an_address_of_a_network_is_none_of_a_version() -> None:
    address = str(IPv4Address(0xC0A8B217))
    for line in ("my server {}", "other {}", "name: {}", "http://{}:8006/", "from {} port 22", "inet {}/24"):
        assert address not in redact(line.format(address))


def test_quotes_and_line_ends_stay() -> None:
    text = "> user: somebody\r\n> IOMMU Group 1 00:01.0 PCI bridge [0604]: A [8086:460d]\r\n"
    made = redact(text)
    assert made.splitlines(keepends=True)[1] == text.splitlines(keepends=True)[1]
    assert made.startswith("> user: ")
    assert "somebody" not in made
