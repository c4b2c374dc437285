"""hwdb: which slots of a motherboard isolate cleanly for PCI passthrough.

This module imports nothing: the package rides in the client's single file, where every import costs start-up time.
"""
