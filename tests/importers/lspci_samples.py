"""A small machine as lspci prints it in its several shapes, made by hand after the forms of real ones."""

from __future__ import annotations

import re
import textwrap

VERBOSE = """\
00:00.0 Host bridge [0600]: Example Corp. Root Complex [1022:1450]
	DeviceName:  Onboard IGD
	Subsystem: Example Corp. Board [1043:8747]
	Control: I/O- Mem- BusMaster- SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- SERR- FastB2B- DisINTx-
	Status: Cap- 66MHz- UDF- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- >SERR- <PERR- INTx-
	NUMA node: 0

00:01.1 PCI bridge [0604]: Example Corp. PCIe GPP Bridge [1022:1453] (rev 02) (prog-if 00 [Normal decode])
	Control: I/O- Mem- BusMaster- SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- SERR- FastB2B- DisINTx-
	Status: Cap+ 66MHz- UDF- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- >SERR- <PERR- INTx-
	Interrupt: pin A routed to IRQ 26
	NUMA node: 0
	IOMMU group: 1
	Bus: primary=00, secondary=41, subordinate=42, sec-latency=0
	Memory behind bridge: f7a00000-f7afffff [size=1M] [32-bit]
	Secondary status: 66MHz- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- <SERR- <PERR-
	Capabilities: [50] Power Management version 3
		Flags: PMEClk- DSI- D1- D2- AuxCurrent=0mA PME(D0+,D1-,D2-,D3hot+,D3cold+)
		Status: D0 NoSoftRst- PME-Enable- DSel=0 DScale=0 PME-
	Capabilities: [58] Express (v2) Root Port (Slot+), IntMsgNum 0
		DevCap:	MaxPayload 512 bytes, PhantFunc 0
			ExtTag+ RBE+ TEE-IO-
		DevCtl:	CorrErr+ NonFatalErr+ FatalErr+ UnsupReq+
		LnkCap:	Port #247, Speed 8GT/s, Width x16, ASPM L1, Exit Latency L1 <64us
			ClockPM- Surprise- LLActRep+ BwNot+ ASPMOptComp+
		LnkCtl:	ASPM Disabled; RCB 64 bytes, LnkDisable- CommClk+
		LnkSta:	Speed 2.5GT/s (downgraded), Width x8 (downgraded)
			TrErr- Train- SlotClk+ DLActive+ BWMgmt+ ABWMgmt-
		SltCap:	AttnBtn- PwrCtrl- MRL- AttnInd- PwrInd- HotPlug- Surprise-
			Slot #11, PowerLimit 75W; Interlock- NoCompl+
		SltCtl:	Enable: AttnBtn- PwrFlt- MRL- PresDet- CmdCplt- HPIrq- LinkChg-
			Control: AttnInd Unknown, PwrInd Unknown, Power- Interlock-
		LnkCap2: Supported Link Speeds: 2.5-8GT/s, Crosslink- Retimer- 2Retimers- DRS-
	Capabilities: [c0] Subsystem: Example Corp. Device [1022:1234]
	Capabilities: [150 v2] Advanced Error Reporting
		UESta:	DLP- SDES- TLP- FCP- CmpltTO- CmpltAbrt- UnxCmplt- RxOF- MalfTLP- ECRC- UnsupReq- ACSViol-
	Capabilities: [2a0 v1] Access Control Services
		ACSCap:	SrcValid+ TransBlk+ ReqRedir+ CmpltRedir+ UpstreamFwd+ EgressCtrl- DirectTrans+
		ACSCtl:	SrcValid+ TransBlk- ReqRedir+ CmpltRedir+ UpstreamFwd+ EgressCtrl- DirectTrans-
	Kernel driver in use: pcieport

41:00.0 VGA compatible controller [0300]: Example Corp. GP104 [Example 1080] [10de:1b80] (rev a1) (prog-if 00 [VGA])
	Subsystem: Another Inc. Device [1043:85aa]
	Physical Slot: 0-2
	Control: I/O+ Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- SERR- FastB2B- DisINTx+
	Status: Cap+ 66MHz- UDF- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- >SERR- <PERR- INTx-
	NUMA node: 0
	IOMMU group: 14
	Capabilities: [78] Express (v2) Legacy Endpoint, MSI 00
		DevCap:	MaxPayload 256 bytes, PhantFunc 0, Latency L0s unlimited, L1 <64us
			ExtTag+ AttnBtn- AttnInd- PwrInd- RBE+ FLReset+ SlotPowerLimit 75.000W
		DevCtl:	CorrErr- NonFatalErr- FatalErr- UnsupReq-
			RlxdOrd+ ExtTag+ PhantFunc- AuxPwr- NoSnoop+ FLReset-
		LnkCap:	Port #0, Speed 16GT/s, Width x16, ASPM L0s L1, Exit Latency L0s <1us, L1 <4us
		LnkSta:	Speed 2.5GT/s (downgraded), Width x8 (downgraded)
	Capabilities: [148 v1] Device Serial Number 12-34-56-ff-fe-78-9a-bc
	Capabilities: [160 v1] Single Root I/O Virtualization (SR-IOV)
		IOVCap:	Migration- 10BitTagReq- Interrupt Message Number: 000
		Initial VFs: 8, Total VFs: 8, Number of VFs: 2, Function Dependency Link: 00
	Kernel driver in use: vfio-pci
	Kernel modules: nouveau

41:00.1 Audio device [0403]: Example Corp. GP104 High Definition Audio Controller [10de:10f0] (rev a1)
	Subsystem: Another Inc. Device [1043:85aa]
	Physical Slot: 0-2
	Control: I/O- Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- SERR- FastB2B- DisINTx-
	Status: Cap+ 66MHz- UDF- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- >SERR- <PERR- INTx-
	NUMA node: 0
	IOMMU group: 14
	Capabilities: [60] Power Management version 3
	Capabilities: [78] Express (v2) Endpoint, MSI 00
		DevCap:	MaxPayload 256 bytes, PhantFunc 0, Latency L0s unlimited, L1 <64us
			ExtTag+ AttnBtn- AttnInd- PwrInd- RBE+ FLReset- SlotPowerLimit 75.000W

42:00.0 Ethernet controller [0200]: Example Corp. Connection (7) I219-V [8086:15bc] (rev 10)
	Subsystem: Another Inc. Device [1043:8672]
	Control: I/O- Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- SERR- FastB2B- DisINTx+
	Status: Cap+ 66MHz- UDF- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- >SERR- <PERR- INTx-
	NUMA node: 0
	IOMMU group: 7
	Capabilities: [c8] Power Management version 3
	Capabilities: [e0] PCI Advanced Features
		AFCap: TP+ FLR+
		AFCtrl: FLR-
		AFStatus: TP-
	Kernel driver in use: e1000e

"""

SHORT = """\
00:00.0 Host bridge: Example Corp. Root Complex
	Subsystem: Example Corp. Device 8747
	Flags: fast devsel

00:01.1 PCI bridge: Example Corp. PCIe GPP Bridge (prog-if 00 [Normal decode])
	Flags: bus master, fast devsel, latency 0, IRQ 26, NUMA node 1, IOMMU group 1
	Bus: primary=00, secondary=41, subordinate=42, sec-latency=0
	Capabilities: [58] Express Root Port (Slot-), MSI 00
	Capabilities: [150] Advanced Error Reporting
	Capabilities: [2a0] Access Control Services
	Kernel driver in use: pcieport

41:00.0 USB controller: Example Corp. Device 43ba (rev 02) (prog-if 30 [XHCI])
	Flags: fast devsel, IRQ 36, IOMMU group 14
	Capabilities: <access denied>
	Kernel driver in use: xhci_hcd

"""

TREE = """\
-+-[0000:40]-+-00.0  Example Corp. Root Complex [1022:1450]
 |           +-01.1-[41]----00.0  Example Corp. NVMe Controller [144d:a804]
 |           \\-03.1-[42-44]--+-00.0-[43]--
 |                           \\-01.0-[44]--+-00.0  Example Corp. GP104 [Example 1080] [10de:1b80]
 |                                        \\-00.1  Example Corp. Device [10de:10f0]
 \\-[0000:00]-+-00.0  Example Corp. Root Complex [1022:1450]
             \\-07.0  Example Corp. Dummy Host Bridge [1022:1452]
"""

RECORDS = """\
Slot:	41:00.0
Class:	VGA compatible controller [0300]
Vendor:	NVIDIA Corporation [10de]
Device:	GP104 [GeForce GTX 1080] [1b80]
SVendor:	Another Inc. [1043]
SDevice:	Device [85aa]
PhySlot:	3
Rev:	a1
ProgIf:	00
Driver:	vfio-pci
Module:	nouveau
NUMANode:	1
IOMMUGroup:	14

Slot:	41:00.1
Class:	Audio device [0403]
Vendor:	NVIDIA Corporation [10de]
Device:	GP104 High Definition Audio Controller [10f0]
PhySlot:	3
Rev:	a1
IOMMUGroup:	14

"""

QUOTED = """\
41:00.0 "VGA compatible controller [0300]" "NVIDIA Corporation [10de]" "GP104 [1b80]" -ra1 -p00 "Other [1043]" "[85aa]"
41:00.1 "Audio device [0403]" "NVIDIA Corporation [10de]" "GP104 High Definition Audio Controller [10f0]" -ra1 "" ""
"""


def broken_by_mail(text: str) -> str:
    """Return a text as a mail program breaks it: at 72 columns, tabs as blanks, what is left over at the margin."""
    broken = []
    for line in text.expandtabs(8).splitlines():
        kept = textwrap.wrap(line, 72, drop_whitespace=False, break_long_words=False)
        broken += [part.lstrip() if number else part for number, part in enumerate(kept or [""])]
    return "\n".join(broken) + "\n"


def without_indentation(text: str) -> str:
    """Return a text as some forums show it."""
    return re.sub(r"(?m)^[ \t]+", "", text)
