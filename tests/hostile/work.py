"""How much work something is: the interpreter's own steps, which no other work on the machine makes more."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps(run: Callable[[], object]) -> int:
    """How many instructions of Python code are carried out; what C code does in one of them counts as one."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count


def growth(run: Callable[[int], object], size: int) -> float:
    """How many times as much it takes to grow from twice to four times a size, as from that size to twice it.

    What is done once, whatever the size, falls out. Where each part costs the same this is 2, and where each costs a
    step for each other part it is 4.
    """
    run(size + 1)  # What is made or imported once is there from here on, and nothing that is kept by content.
    small, middle, large = (steps(lambda times=times: run(times * size)) for times in (1, 2, 4))  # type: ignore[misc]
    return (large - middle) / (middle - small)
