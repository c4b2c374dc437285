"""Any bytes at all, read as ``hwdb convert`` reads them: ``python -m fuzz.importers [FOLDER] [libFuzzer's options]``.

``fuzz.one_input`` says what is to hold of each. A folder given holds seeds, and what the fuzzer finds worth keeping is
added to it; ``-max_total_time=600`` ends it after ten minutes. ``python -m fuzz.importers --seed FOLDER FILE...`` fills
a folder with real listings, cut to a length a fuzzer gets somewhere with.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

_LONGEST_SEED = 16_384


def seed(folder: Path, files: list[Path]) -> None:
    """Put the beginnings of files into a folder, named by what they hold."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        raw = file.read_bytes()[:_LONGEST_SEED]
        (folder / hashlib.sha256(raw).hexdigest()[:16]).write_bytes(raw)


def main(arguments: list[str]) -> None:
    """Fuzz until something is found, or as long as the options say."""
    if arguments[1:2] == ["--seed"]:
        seed(Path(arguments[2]), [Path(name) for name in arguments[3:]])
        return
    try:
        import atheris
    except ModuleNotFoundError:
        sys.exit("atheris is missing; `pip install 'hwdb[fuzz]'` installs it where it has a wheel, on Linux")
    # Only what is imported in here is watched, and leads the fuzzer to what it has not seen.
    with atheris.instrument_imports(include=["hwdb"]):
        from fuzz.one_input import read_one
    atheris.Setup(arguments, read_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
