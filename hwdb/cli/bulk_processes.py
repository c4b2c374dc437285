"""Reading on all cores, in processes that may fail, hang or be killed without taking the import with them."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
import traceback
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING

from hwdb.cli.bulk_reading import FAILED, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import FrameType

    from hwdb.cli.bulk_reading import Input

_SECONDS = 120
_MEMORY = 3 * 1024**3
# How many inputs are on their way at once, over all processes: what they gave waits in memory.
_MOST_UNDER_WAY = 256
_LARGEST_CHUNK = 16


class _TookTooLong(Exception):
    """Reading one input took longer than any honest one takes."""


def read_all(inputs: Iterable[Input]) -> Iterator[tuple[Input, tuple[Reading, ...]]]:
    """Yield inputs with what they gave, in their order; they are fetched as the reading goes on.

    What goes wrong while reading one is its reading's outcome. An input that ends its process is found by reading
    those that were under way again, one by one.
    """
    processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    size = max(1, min(_LARGEST_CHUNK, _MOST_UNDER_WAY // (2 * processes)))
    left = iter(inputs)
    pool = _pool(processes)
    under_way: deque[tuple[list[Input], Future[list[tuple[Reading, ...]]]]] = deque()
    try:
        while True:
            while len(under_way) < 2 * processes and (chunk := _next(left, size)):
                under_way.append((chunk, _submit(pool, chunk)))
            if not under_way:
                return
            chunk, future = under_way.popleft()
            if isinstance(future.exception(), BrokenProcessPool):
                pool.shutdown()
                pool = _pool(processes)
                again = [chunk, *(other for other, _ in under_way)]
                under_way.clear()
                yield from ((each, _alone(each)) for chunk in again for each in chunk)
            else:
                yield from zip(chunk, future.result(), strict=True)
    finally:
        pool.shutdown(cancel_futures=True)


def _next(left: Iterator[Input], size: int) -> list[Input]:
    return [each for _, each in zip(range(size), left, strict=False)]


def _submit(pool: ProcessPoolExecutor, chunk: list[Input]) -> Future[list[tuple[Reading, ...]]]:
    try:
        return pool.submit(read_chunk, chunk)
    except BrokenProcessPool as error:
        # It broke between two looks at it; what was under way is read again all the same.
        failed: Future[list[tuple[Reading, ...]]] = Future()
        failed.set_exception(error)
        return failed


def _alone(one: Input) -> tuple[Reading, ...]:
    """Read an input in a process of its own."""
    with _pool(1) as pool:
        try:
            return pool.submit(read_chunk, [one]).result()[0]
        except BrokenProcessPool:
            return (Reading(one.files, outcome=FAILED, reason="the process that read it was ended"),)


def _pool(processes: int) -> ProcessPoolExecutor:
    # A fresh interpreter each: one that is copied would share the open database.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_begin)


def _begin() -> None:
    """Set up a process that reads: it is stopped by its parent, ends with it, and has bounds."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, _interrupt)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY if hard < 0 else min(_MEMORY, hard), hard))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        # Nobody waits for what is being read any more.
        os._exit(1)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise _TookTooLong


def read_chunk(chunk: Sequence[Input]) -> list[tuple[Reading, ...]]:
    """Return what each input gave; runs in a process that reads."""
    return [_guarded(one) for one in chunk]


def _guarded(one: Input) -> tuple[Reading, ...]:
    try:
        signal.alarm(_SECONDS)
        try:
            return one.read()
        finally:
            signal.alarm(0)
    except _TookTooLong:
        reason = f"reading it took more than {_SECONDS} seconds"
    except Exception as error:  # noqa: BLE001 (one input that a parser stumbles over stops no other)
        reason = f"{type(error).__name__} {place_of(error)}"
    return (Reading(one.files, outcome=FAILED, reason=reason),)


def place_of(error: Exception) -> str:
    """Return where an error was raised; never its message, which may hold what stands in the input."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "somewhere"
