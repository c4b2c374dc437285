"""``python -m hwdb.cli``."""

from hwdb.cli import main

main()
