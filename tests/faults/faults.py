"""The faults by name, in the order of the page, and in which module each is."""

from __future__ import annotations

from tests.faults.strikes import (
    callers,
    clocks,
    databases,
    disks,
    files,
    lasting,
    layers,
    lines,
    processes,
    sockets,
    storms,
)

_PARTS = (
    processes,
    databases,
    layers,
    lines,
    sockets,
    callers,
    clocks,
    disks,
    files,
    lasting,
    storms,
)

FAULTS = {one.name: one for part in _PARTS for one in part.FAULTS}
MODULES = {one.name: part.__name__ for part in _PARTS for one in part.FAULTS}
