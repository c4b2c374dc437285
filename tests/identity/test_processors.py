"""What a processor is called, and which spellings are one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb.identity import cpu_key, cpu_name, is_unknown_cpu


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("AMD Ryzen Threadripper 1900X 8-Core Processor", "AMD Ryzen Threadripper 1900X"),
        ("AMD Ryzen Threadripper 1900X 8-Core Processor            ", "AMD Ryzen Threadripper 1900X"),
        ("Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz", "Intel Core i7-8700K"),
        ("12th Gen Intel(R) Core(TM) i7-12700K", "12th Gen Intel Core i7-12700K"),
        ("Intel(R) Xeon(R) CPU E5-2670 0 @ 2.60GHz", "Intel Xeon E5-2670 0"),
        ("AMD FX(tm)-8350 Eight-Core Processor", "AMD FX-8350"),
        ("AMD Phenom(tm) II X4 965 Processor", "AMD Phenom II X4 965"),
        ("AMD Ryzen 5 3400G with Radeon Vega Graphics", "AMD Ryzen 5 3400G with Radeon Vega Graphics"),
        ("AMD EPYC 7282 16-Core Processor", "AMD EPYC 7282"),
        ("AMD Ryzen Threadripper PRO 3955WX 16-Cores", "AMD Ryzen Threadripper PRO 3955WX"),
        ("AMD Athlon(tm) X4 840 Quad Core Processor", "AMD Athlon X4 840"),
        ("AMD Athlon(tm) Dual Core Processor 4850e{.", "AMD Athlon 4850e"),
        ("Pentium(R) Dual-Core  CPU      E5300  @ 2.60GHz", "Pentium Dual-Core E5300"),
        ("Intel(R) Pentium(R) 4 CPU 3.00GHz", "Intel Pentium 4 3.00GHz"),
        ("Intel® Core™ i5", "Intel Core i5"),
        ("Processor", "Processor"),
        ("AMD Eng Sample: 100-000000314-02_30/16_N", "AMD Eng Sample: 100-000000314-02_30/16_N"),
        ("Not Specified", "Unknown processor"),
    ],
)
def test_a_processor_is_called_what_people_call_it(text: str, name: str) -> None:
    assert cpu_name(text) == name


@pytest.mark.parametrize(
    "spellings",
    [
        ["Intel(R) Core(TM) i7-6700K CPU @ 4.00GHz", "Intel Core i7-6700K", "Core i7-6700K", "intel core i7 6700k"],
        ["AMD Ryzen 5 3600 6-Core Processor", "AMD Ryzen 5 3600", "Ryzen 5 3600"],
        ["12th Gen Intel(R) Core(TM) i7-12700K", "Intel Core i7-12700K"],
        ["Intel(R) Xeon(R) CPU E5-2670 0 @ 2.60GHz", "Intel(R) Xeon(R) CPU E5-2670 @ 2.60GH"],
        ["AMD A10-7850K Radeon R7, 12 Compute Cores 4C+8G", "AMD A10-7850K APU with Radeon(TM) R7 Graphics"],
        ["AMD Ryzen 7 8845HS w/ Radeon 780M Graphics", "AMD Ryzen 7 8845HS"],
        ["Intel(R) Core(TM)2 Quad CPU    Q6600  @ 2.40GHz", "Intel(R) Core(TM)2 Quad CPU Q6600 @"],
    ],
)
def test_spellings_of_one_processor_are_one(spellings: list[str]) -> None:
    assert len(set(map(cpu_key, spellings))) == 1


@pytest.mark.parametrize(
    "processors",
    [
        ["AMD Ryzen 5 3600", "AMD Ryzen 5 3600X", "AMD Ryzen 5 2600", "AMD Ryzen 7 3600"],
        ["Intel Xeon E5-2670", "Intel Xeon E5-2670 v2", "Intel Xeon E5-2670 v3"],
        ["Intel Core i7-6700", "Intel Core i7-6700K", "Intel Core i7-6700T"],
        ["Intel(R) Pentium(R) 4 CPU 3.00GHz", "Intel(R) Pentium(R) 4 CPU 2.80GHz"],
        ["Genuine Intel(R) CPU 0000 @ 2.60GHz", "Genuine Intel(R) CPU 0000 @ 1.80GHz"],
        ["AMD Eng Sample: 100-000000314-02_30/16_N", "AMD Eng Sample: 100-000000996-01"],
        ["AMD Athlon(tm) 64 X2 Dual Core Processor 5000+", "AMD Athlon(tm) 64 Processor 5000+"],
    ],
)
def test_different_processors_are_different(processors: list[str]) -> None:
    assert len(set(map(cpu_key, processors))) == len(processors)


@pytest.mark.parametrize(
    "text",
    [
        *("", "Not Specified", "To Be Filled By O.E.M.", "Null", "<BAD INDEX>", "CPU Version", "0" * 32, None),
        *("AMD", "Intel(R)", "AMD Processor model unknown", "Genuine Intel(R) CPU", "C1", "+8G"),
        *("RHEL-9.2.0 PC (Q35 + ICH9, 2009)", "pc-q35-6.2"),
    ],
)
def test_what_names_no_processor_is_unknown(text: str | None) -> None:
    assert is_unknown_cpu(text)


@given(st.text(max_size=200))
def test_every_text_has_a_name_and_a_key(text: str) -> None:
    assert cpu_name(text) == " ".join(cpu_name(text).split())
    assert isinstance(cpu_key(text), str)
