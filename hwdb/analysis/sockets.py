"""Which socket a processor sits in: by its name where the maker's numbers tell, else as firmware says. No I/O."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwdb.importers.dmidecode_words import SOCKETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hwdb.report import Cpu

# Names of retail processors -> socket, the first that fits. Laptop processors (U, H, HX, HS ...) are soldered and
# fit none of them; a processor that comes in both kinds is left to what firmware says.
_BY_NAME = tuple(
    (re.compile(pattern), socket)
    for pattern, socket in (
        (r"Threadripper PRO [35]9\d\dWX", "sWRX8"),
        (r"Threadripper (?:PRO )?[79]9\d\dW?X", "sTR5"),
        (r"Threadripper 3[9]\d\dX", "sTRX4"),
        (r"Threadripper [12]9\d\dW?X", "TR4"),
        (r"EPYC 7[0-9A-Z]{2}[1-3]", "SP3"),
        (r"EPYC 9\d{2}[45]", "SP5"),
        (r"EPYC 8\d{2}4", "SP6"),
        (r"Ryzen [3579] (?:PRO )?[1235]\d\d0(?:X|XT|X3D|G|GE|GT|AF|F|E)?(?= |$)", "AM4"),
        (r"Ryzen [3579] (?:PRO )?4\d\d0(?:G|GE)(?= |$)|Ryzen [357] 4[15]00(?= |$)", "AM4"),
        (r"Ryzen [3579] (?:PRO )?[789]\d\d0(?:X|X3D|G|GE|F|GF)?(?= |$)", "AM5"),
        (r"i[3579]-1[234]\d00(?:K|KF|KS|F|T|TE|E)?(?= |$)", "LGA1700"),
        (r"i[3579]-1[01][1-9]\d[05](?:K|KF|F|T)?(?= |$)|i9-1[01]9\d\d(?:K|KF|F|T)?(?= |$)", "LGA1200"),
        (r"i[3579]-(?:[78]8\d\d|[79]9\d\d|109\d\d)XE?(?= |$)|i[57]-7[67]40X(?= |$)", "LGA2066"),
        (r"i7-(?:5[89]|6[89])\d\dX?K?(?= |$)", "LGA2011-3"),
        (r"i7-(?:3[89]|4[89])[2-9]\d[KX]?(?= |$)", "LGA2011"),
        (r"i[3579]-[6789]\d\d0(?:K|KF|KS|F|T)?(?= |$)", "LGA1151"),
        (r"i[357]-(?:4\d\d0|5[67]75)(?:K|S|T|C|R)?(?= |$)", "LGA1150"),
        (r"i[357]-[23]\d\d[05](?:K|S|T|P)?(?= |$)", "LGA1155"),
        (r"E3-12\d\dL? ?[Vv][34](?= |$)", "LGA1150"),
        (r"E3-12\d\dL? ?[Vv][56](?= |$)", "LGA1151"),
        (r"E3-12\d\dL?(?: ?[Vv]2)?(?= |$)", "LGA1155"),
        (r"E5-[12]6\d\d[WLA]? ?[Vv][34](?= |$)", "LGA2011-3"),
        (r"E5-[12]6\d\d[WL]?(?: 0| ?[Vv]2)?(?= |$)", "LGA2011"),
        (r"(?:Bronze|Silver|Gold|Platinum) \d[12]\d\d", "LGA3647"),
        (r"(?:Bronze|Silver|Gold|Platinum) \d3\d\d", "LGA4189"),
        (r"(?:Bronze|Silver|Gold|Platinum) \d[45]\d\d", "LGA4677"),
        (r"Xeon(?:\(R\))? W-2[12]\d\d", "LGA2066"),
        (r"FX(?:\(tm\)|\(TM\))?-[4689][13]\d\d", "AM3+"),
    )
)
_LGA1155_MODELS = (42, 58)
_SAYS_NOTHING = frozenset({"Other", "Unknown", "None", "Daughter Board", "ZIF Socket", "LIF Socket"})


def socket_of(cpus: Iterable[Cpu]) -> str | None:
    """Return the socket of a board's processors, None when neither their name nor SMBIOS type 4 tells.

    Known sockets are written as shops do: firmware calls TR4 and sTRX4 both ``SP3r2`` (SMBIOS 3.7, 7.5.5).
    """
    processors = tuple(cpus)
    for name in (" ".join((cpu.name or "").split()) for cpu in processors):
        by_name = next((socket for pattern, socket in _BY_NAME if pattern.search(name)), None)
        if by_name is not None:
            return by_name
    return next((said for cpu in processors if (said := _stated(cpu)) is not None), None)


def _stated(cpu: Cpu) -> str | None:
    if not cpu.upgrade or cpu.upgrade > len(SOCKETS) or SOCKETS[cpu.upgrade - 1] in _SAYS_NOTHING:
        return None
    socket = SOCKETS[cpu.upgrade - 1].removeprefix("Socket ").split(" (")[0].removesuffix("-1")
    # Firmware of boards for the next Core generation goes on saying so, in hundreds of 6,000 dumps of linuxhw/DMI.
    if socket == "LGA1155" and cpu.model not in {None, *_LGA1155_MODELS}:
        return None
    return socket
