"""The client: collects a machine, shows it, and sends it when agreed to. Standard library only, Python 3.9 and later.

Its modules write ``TYPE_CHECKING = False`` instead of importing it: ``typing`` takes as long as reading a machine.
"""

VERSION = "0.1.0"
"""The version a report names; a test holds it to pyproject.toml."""
