"""The faults by name, in the order of the page, and in which module each is."""

from __future__ import annotations

from tests.faults.strikes import (
    callers,
    clocks,
    databases,
    disks,
    dying,
    files,
    lasting,
    layers,
    lines,
    packets,
    processes,
    sockets,
    storms,
)

_PARTS = (
    processes,
    dying,
    databases,
    layers,
    lines,
    packets,
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
#  Of these the cause itself lasts ten seconds or more.
LASTING = frozenset(
    {
        "backends-ended-long",
        "line-half-open",
        "postgres-away",
        "redis-away",
        "redis-frozen",
        "renewed",
        "renewed-again",
        "slow-callers",
        "web-dies",
    }
)
