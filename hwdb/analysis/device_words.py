"""The figures of a device in sentences. No I/O; stays on the server."""

from __future__ import annotations

from hwdb.analysis.words import listing


def device_sentence(
    *,
    machines: int,
    observed: int,
    alone: int,
    shared: int,
    reset_told: int,
    no_reset: int,
    works: int,
    workaround: int,
    fails: int,
    methods: tuple[str, ...],
    bridge: bool,
) -> str:
    """Return what the machines on which a device was seen show of it; each figure is a number of machines."""
    if bridge:
        return f"Seen on {_machines(machines)}. It is a bridge, which stays with the host and in nobody's way."
    return " ".join(
        (
            f"Seen on {_machines(machines)}.",
            _grouped(observed, alone, shared),
            _resets(reset_told, no_reset, methods),
            _passed(works, workaround, fails),
        )
    )


def _machines(count: int) -> str:
    return "1 machine" if count == 1 else f"{count} machines"


def _grouped(observed: int, alone: int, shared: int) -> str:
    if not observed:
        return "How it is grouped is not known: no report that counts shows its group."
    if not shared:
        return f"Alone in its group on {'the one machine' if observed == 1 else f'all {observed} machines'} counted."
    if not alone:
        return (
            f"With others in its group on {'the one machine' if observed == 1 else f'all {observed} machines'} counted."
        )
    return f"Alone in its group on {alone} of {observed} machines."


def _resets(told: int, none: int, methods: tuple[str, ...]) -> str:
    if not told:
        return "How it resets is not known: no report tells."
    if none == told:
        return f"The kernel has no way to reset it on {_machines(told)} that {'tells' if told == 1 else 'tell'}."
    some = "" if told == none or not none else f", but on {none} of them it has no way to"
    return f"The kernel can reset it ({listing(methods)}) by the word of {_machines(told)}{some}."


def _passed(works: int, workaround: int, fails: int) -> str:
    counted = ((works, "works"), (workaround, "works with a workaround"), (fails, "fails"))
    said = [f"{what} on {_machines(count)}" for count, what in counted if count]
    return (
        f"Passed to a guest it {listing(said)}, as their owners say."
        if said
        else "Nobody said whether passing it to a guest works."
    )
