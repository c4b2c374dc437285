"""Chipset, socket and form factor of a board: as the ids and names say, else unknown."""

from __future__ import annotations

import pytest

from hwdb.analysis.facts import BoardFacts, agreed, facts_of
from hwdb.importers.dmidecode_words import UPGRADES
from hwdb.report import Board, Chassis, Cpu, Function, Report


def machine(*ids: str, board: str | None = None, cpu: Cpu | None = None, chassis: int | None = None) -> Report:
    functions = tuple(
        Function(address=f"0000:00:{number:02x}.0", vendor=one[:4], device=one[5:]) for number, one in enumerate(ids)
    )
    cpus = None if cpu is None else (cpu,)
    return Report(functions=functions, board=Board(name=board), cpus=cpus, chassis=Chassis(type=chassis))


@pytest.mark.parametrize(
    ("ids", "board", "chipset"),
    [
        (["8086:a145"], None, "Z170"),
        (["1022:43ba", "1022:43b6"], "X399 Taichi", "X399"),
        (["1022:43c6", "1022:43d5"], "B450 TOMAHAWK MAX (MS-7C02)", "B450"),
        (["1022:43c6"], "B450D4U-V1L", "B450"),
        (["1022:43c6"], "OptiPlex 5055", "AMD 400 series"),
        (["1022:43c6"], None, "AMD 400 series"),
        (["1022:43f4"], "TUF GAMING B650-E WIFI", "B650"),
        (["1022:43f4"], "B650E AORUS MASTER", "B650E"),
        (["1022:43f4"], "MAG X670E TOMAHAWK WIFI (MS-7E12)", "X670E"),
        (["1022:57ad"], "TRX40 PRO WIFI (MS-7C60)", "TRX40"),
        # Boards are sold under the names of chipsets they do not carry.
        (["8086:8c5c"], "X99", "H81"),
        ([], "B450 TOMAHAWK MAX (MS-7C02)", None),
        (["8086:a145", "8086:a305"], None, None),
        (["10de:1b80"], "Z170-A", None),
    ],
)
def test_chipset(ids: list[str], board: str | None, chipset: str | None) -> None:
    assert facts_of(machine(*ids, board=board)).chipset == chipset


@pytest.mark.parametrize(
    ("name", "socket"),
    [
        ("AMD Ryzen 5 3600 6-Core Processor", "AM4"),
        ("AMD Ryzen 7 5800X3D 8-Core Processor", "AM4"),
        ("AMD Ryzen 9 7950X 16-Core Processor", "AM5"),
        ("AMD Ryzen 7 5800H with Radeon Graphics", None),
        ("AMD Ryzen Threadripper 1900X 8-Core Processor", "TR4"),
        ("AMD Ryzen Threadripper 3970X 32-Core Processor", "sTRX4"),
        ("AMD Ryzen Threadripper PRO 5955WX 16-Cores", "sWRX8"),
        ("AMD EPYC 7302P 16-Core Processor", "SP3"),
        ("Intel(R) Core(TM) i7-6700K CPU @ 4.00GHz", "LGA1151"),
        ("Intel(R) Core(TM) i7-4790K CPU @ 4.00GHz", "LGA1150"),
        ("Intel(R) Core(TM) i5-2500K CPU @ 3.30GHz", "LGA1155"),
        ("Intel(R) Core(TM) i7-5930K CPU @ 3.50GHz", "LGA2011-3"),
        ("Intel(R) Core(TM) i9-7900X CPU @ 3.30GHz", "LGA2066"),
        ("12th Gen Intel(R) Core(TM) i7-12700K", "LGA1700"),
        ("12th Gen Intel(R) Core(TM) i7-12700H", None),
        ("Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz", "LGA2011-3"),
        ("Intel(R) Xeon(R) CPU E5-2670 0 @ 2.60GHz", "LGA2011"),
        ("Intel(R) Xeon(R) CPU E3-1230 v6 @ 3.50GHz", "LGA1151"),
        ("AMD FX(tm)-8350 Eight-Core Processor", "AM3+"),
        ("A processor nobody knows", None),
    ],
)
def test_socket_by_the_processor(name: str, socket: str | None) -> None:
    assert facts_of(machine(cpu=Cpu(name=name))).socket == socket


@pytest.mark.parametrize(
    ("cpu", "socket"),
    [
        (Cpu(upgrade=UPGRADES["Socket AM4"]), "AM4"),
        (Cpu(upgrade=UPGRADES["Socket LGA3647-1"]), "LGA3647"),
        (Cpu(upgrade=UPGRADES["Other"]), None),
        (Cpu(upgrade=255), None),
        (Cpu(name="Intel(R) Pentium(R) CPU G630 @ 2.70GHz", upgrade=UPGRADES["Socket LGA1155"], model=42), "LGA1155"),
        # Firmware of the next generation's boards says so too.
        (Cpu(name="Intel(R) Pentium(R) CPU G3220 @ 3.00GHz", upgrade=UPGRADES["Socket LGA1155"], model=60), None),
        (Cpu(name="Intel(R) Core(TM) i7-4790 CPU @ 3.60GHz", upgrade=UPGRADES["Socket LGA1155"]), "LGA1150"),
    ],
)
def test_socket_by_the_firmware(cpu: Cpu, socket: str | None) -> None:
    assert facts_of(machine(cpu=cpu)).socket == socket


@pytest.mark.parametrize(("chassis", "form_factor"), [(10, "laptop"), (35, "mini PC"), (3, None), (23, None)])
def test_form_factor(chassis: int, form_factor: str | None) -> None:
    assert facts_of(machine(chassis=chassis)).form_factor == form_factor


def test_reports_agree_by_most_of_them() -> None:
    am4, am5 = BoardFacts(socket="AM4"), BoardFacts(socket="AM5")
    assert agreed([am4, am4, am5, BoardFacts()]).socket == "AM4"
    assert agreed([am4, am5]).socket is None
    assert agreed([]) == BoardFacts()
