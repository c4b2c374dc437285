"""``python3 hwdb-submit.pyz`` and ``python -m submitter``."""

from submitter.cli import main

if __name__ == "__main__":
    main()
