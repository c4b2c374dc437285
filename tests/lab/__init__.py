"""The lab: a real Debian kernel in QEMU, with an IOMMU and a PCI topology of our choosing, running the shipped client.

QEMU emulates the processor in software (TCG), so the lab runs wherever QEMU does; a guest is up in five seconds.
``make lab`` installs QEMU, ``python -m tests.lab.record`` writes down guests that replay without it.
"""
