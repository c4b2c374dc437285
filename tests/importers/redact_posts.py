"""Small texts as tools print them on one machine, with its secrets at the places where they really stand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.importers import lspci_samples

if TYPE_CHECKING:
    from tests.importers.redact_samples import Secrets


def around(said: Secrets) -> str:
    """Return what people paste beside any listing, above it."""
    return f"""\
Hello, {said.mail} here, my machine is at {said.ip} and [{said.ipv6}].
{said.user}@{said.host}:~$ uname -a
Linux {said.host} 6.1.0-56-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.25-1 (2023-04-22) x86_64 GNU/Linux
{said.user}@{said.host}:~$ cat /proc/cmdline
BOOT_IMAGE=/vmlinuz-6.1.0-56-amd64 root=UUID={said.uuid} ip={said.ip} hostname={said.host} iommu=pt quiet
{said.user}@{said.host}:{said.home}/iommu$ ls -l {said.disk} {said.home}
-rw-r--r-- 1 {said.user} {said.user} 4096 Nov 24 10:00 iommu.sh
lrwxrwxrwx 1 root root 13 Nov 24 10:00 wwn-0x{said.wwn} -> ../../sda
[{said.user}@{said.host} {said.user}]# ip a; hostname; hdparm -I /dev/sda
    link/ether {said.mac} brd ff:ff:ff:ff:ff:ff
    inet {said.ip}/24 scope global eth0
    inet6 {said.ipv6}/64 scope global
Static hostname: {said.host}
     Machine ID: {said.uuid.replace("-", "")}
	Serial Number:      {said.serial}
	LU WWN Device Id: {said.wwn}
$ lspci
"""


def log(said: Secrets, stamp: str) -> str:
    """Return a log of the kernel, each line behind a stamp."""
    return f"""\
{stamp}Linux version 6.1.0-56-amd64 ({said.user}@{said.host}) (gcc 12.2.0) #1 SMP
{stamp}Command line: BOOT_IMAGE=/boot/vmlinuz-6.1.0-56-amd64 root=UUID={said.uuid} ro amd_iommu=on user={said.user}
{stamp}DMI: ASUS System Product Name/ROG STRIX B550-F, BIOS 1.2.0.7 07/02/2021
{stamp}Kernel command line: BOOT_IMAGE=/vmlinuz-6.1.0-56-amd64 root=UUID={said.uuid} amd_iommu=on user={said.user}
{stamp}systemd[1]: Hostname set to <{said.host}>.
{stamp}usb 1-1: SerialNumber: {said.serial}
{stamp}e1000e 0000:05:00.0 eth0: (PCI Express:2.5GT/s:Width x1) {said.mac}
{stamp}EXT4-fs (nvme0n1p2): mounted filesystem {said.uuid} with ordered data mode
{stamp}nvme nvme0: eui.{said.wwn} nqn.2014-08.org.nvmexpress:uuid:{said.uuid}
{stamp}nfs: server {said.ip} not responding, {said.ipv6} neither
{stamp}AMD-Vi: AMD IOMMUv2 loaded and initialized
{stamp}pci 0000:00:01.0: Adding to iommu group 0
{stamp}pci 0000:00:01.1: Adding to iommu group 1
{stamp}pci 0000:01:00.0: Adding to iommu group 1
"""


def dmidecode(said: Secrets) -> str:
    """Return a table as dmidecode prints it."""
    return f"""\
# dmidecode 3.3
Handle 0x0000, DMI type 0, 26 bytes
BIOS Information
	Vendor: American Megatrends Inc.
	Version: 1.2.0.7
	Release Date: 07/02/2021
	BIOS Revision: 5.17

Handle 0x0001, DMI type 1, 27 bytes
System Information
	Manufacturer: ASUS
	Product Name: System Product Name
	Version: System Version
	Serial Number: {said.serial} 01
	UUID: {said.uuid}
	Wake-up Type: Power Switch
	SKU Number: SKU
	Family: To be filled by O.E.M.

Handle 0x0002, DMI type 2, 15 bytes
Base Board Information
	Manufacturer: ASUSTeK COMPUTER INC.
	Product Name: ROG STRIX B550-F GAMING
	Version: Rev X.0x
	Serial Number: {said.serial}
	Asset Tag: {said.asset}

Handle 0x0009, DMI type 9, 17 bytes
System Slot Information
	Designation: PCIEX16_1
	Type: x16 PCI Express 4 x16
	Current Usage: In Use
	ID: 0
	Bus Address: 0000:00:03.1

"""


def dmidecode_strings(said: Secrets) -> str:
    """Return what a manufacturer writes into the table."""
    return f"""\
Handle 0x0011, DMI type 17, 92 bytes
Memory Device
	Size: 16 GB
	Type: DDR4
	Serial Number: {said.serial[:10]}
	Asset Tag: {said.asset}

Handle 0x0018, DMI type 11, 5 bytes
OEM Strings
	String 1: {said.mac.replace(":", "")}
	String 2: {said.serial}

Handle 0x0019, DMI type 221, 12 bytes
OEM-specific Type
	Header and Data:
		DD 0C 19 00 {said.mac.replace(":", " ")} 00 00
	Strings:
		{said.serial}
		{said.user}
"""


def vpd(said: Secrets) -> str:
    """Return lspci's output with the vital product data of a card."""
    serial = f"Device Serial Number {said.mac.replace(':', '-')}-ff-fe"
    vpd = f"""\
	Capabilities: [d0] Vital Product Data
		Product Name: Example Adapter
		Read-only fields:
			[PN] Part number: EX-1
			[SN] Serial number: {said.serial}
			[V1] Vendor specific: {said.asset} {said.host}
		End
	Kernel driver in use: vfio-pci
"""
    made = lspci_samples.VERBOSE.replace("Device Serial Number 12-34-56-ff-fe-78-9a-bc", serial)
    return made.replace("	Kernel driver in use: vfio-pci\n", vpd)


def virsh(said: Secrets) -> str:
    """Return what libvirt says of devices, PCI functions and others."""
    return f"""\
<device>
  <name>block_sda_Example_SSD_{said.serial}</name>
  <parent>scsi_0_0_0_0</parent>
  <capability type='storage'><serial>{said.serial}</serial></capability>
</device>
<device>
  <name>net_enp5s0_{said.mac.replace(":", "_")}</name>
  <capability type='net'><interface>enp5s0</interface><address>{said.mac}</address></capability>
</device>
<device>
  <name>computer</name>
  <capability type='system'>
    <hardware><vendor>ASUS</vendor><serial>{said.serial}</serial><uuid>{said.uuid}</uuid></hardware>
    <firmware><vendor>AMI</vendor><version>1.2.0.7</version></firmware>
  </capability>
</device>
<device>
  <name>pci_0000_02_00_1</name>
  <path>/sys/devices/pci0000:00/0000:00:01.1/0000:02:00.1</path>
  <parent>pci_0000_00_01_1</parent>
  <driver><name>vfio-pci</name></driver>
  <capability type='pci'>
    <class>0x020000</class>
    <domain>0</domain><bus>2</bus><slot>0</slot><function>1</function>
    <product id='0x1521'>I350 Gigabit Network Connection</product>
    <vendor id='0x8086'>Intel Corporation</vendor>
    <capability type='vpd'><fields access='readonly'><serial_number>{said.serial}</serial_number></fields></capability>
    <iommuGroup number='12'>
      <address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>
      <address domain='0x0000' bus='0x02' slot='0x00' function='0x1'/>
    </iommuGroup>
  </capability>
</device>
"""


def facter(said: Secrets) -> str:
    """Return a report of nixos-facter."""
    card = {
        "base_class": {"value": 2},
        "sub_class": {"value": 0},
        "vendor": {"value": 0x8086},
        "device": {"value": 0x15BC},
        "sysfs_id": "/devices/pci0000:00/0000:00:1f.6",
        "sysfs_bus_id": "0000:00:1f.6",
        "sysfs_iommu_group_id": 7,
        "driver": "e1000e",
        "unix_device_names": [said.disk, f"/dev/disk/by-uuid/{said.uuid}", "/dev/disk/by-path/pci-0000:00:1f.6-ata-1"],
        "serial": said.serial,
        "hw_address": said.mac,
        "resources": [{"type": "hwaddr", "address": said.mac}, {"type": "inet", "address": said.ip}],
    }
    smbios = {
        "bios": {"vendor": "AMI", "version": "1.2.0.7", "date": "07/02/2021"},
        "board": {"manufacturer": "ASUS", "product": "B550", "serial": said.serial, "asset_tag": said.asset},
        "system": {
            "manufacturer": "ASUS",
            "product": "System",
            "serialNumber": {"value": said.serial},
            "uuid": said.uuid,
        },
    }
    document = {
        "version": 1,
        "system": "x86_64-linux",
        "virtualisation": "none",
        "hostname": said.host,
        "hardware": {"network_controller": [card]},
        "smbios": smbios,
        "files": [f"{said.home}/x", f"\\Users\\{said.user}\\y", said.ipv6, said.mail],
    }
    return json.dumps(document, indent=1) + "\n"


def iommu_info(said: Secrets) -> dict[str, object]:
    """Return what iommu.info's script uploads."""
    device = {
        "slot": "00:00.0",
        "dev_class": "Host bridge [0600]",
        "vendor": {"name": "Intel", "vendorid": "8086"},
        "device": "Device [a700]",
    }
    return {
        "board": {"name": "CB1076", "version": "G2", "serial": said.serial, "asset_tag": said.asset},
        "bios": {"version": "1.2.0.7", "date": "2025-06-20"},
        "product": {"name": "CBxx76", "uuid": said.uuid, "sku": "x"},
        "user": said.user,
        "host": said.host,
        "addresses": [said.mac, said.ip, said.ipv6],
        "groups": [{"iommugroup": "1", "devices": [device]}],
    }


def report(said: Secrets) -> str:
    """Return a report in our own format, with keys that it has not."""
    document = {
        "format": 1,
        "board": {"vendor": "ASUS", "name": "B550", "serial": said.serial, "asset": {"asset_tag": said.asset}},
        "bios": {"version": "1.2.0.7"},
        "system": {"uuid": said.uuid, "hostname": said.host},
        "functions": [{"address": "0000:00:00.0", "iommu_group": 0, "mac": said.mac}],
        "outcomes": [{"note": f"ask {said.mail} at {said.ip} or {said.ipv6}, see {said.home}/log"}],
    }
    return json.dumps(document)


def qubes(said: Secrets) -> str:
    """Return a report for the hardware list of Qubes OS."""
    return f"""\
---
layout:
  'hcl'
type:
  'Desktop'
hvm:
  'yes'
iommu:
  'yes'
brand: |
  ASRock
model: |
  X399 Taichi
bios: |
  P3.90
serial: {said.serial}
versions:
- works:
    'yes'
  qubes: |
    R4.0
  kernel: |
    5.4.88-1
  remark: |
    Works at {said.ip} with MAC {said.mac}.
    Serial number: {said.serial}
    Write to {said.mail}
  credit: |
    {said.user} {said.host}
  link: |
    https://example.org/u/{said.user}
"""
