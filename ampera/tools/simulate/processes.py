"""Processor time of the server and of the simulation. On a busy machine only these figures can be compared."""

import os
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """Of this process and its living descendants, since they began."""
    own = sum(int(field) for field in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own / TICKS + sum(processor_seconds(int(child)) for child in children)


def own_seconds() -> float:
    return time.process_time()
