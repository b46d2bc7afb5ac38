"""The page of a run: docs/benchmarks.md, its figures as JSON, and a chart."""

from __future__ import annotations

from tests.servers.casehub_server import PROJECT

from .chart import chart
from .results import Run, dumped
from .table import text

DOCS = PROJECT / "docs"
_PAGE = """# Beside others

`WRITE=1 make bench-peers` measured this and wrote this page; [benchmarks.json](benchmarks.json) has
the same figures. What is measured: messages that are on disk before they are acknowledged and reach
every member's open line. A part in which one that was acknowledged did not arrive, or came twice,
is not told. CaseHub does everything that it does for real, the signed log included; its rates are
raised, as everybody's are. Figures of different runs are not to be compared: the machine and what
else it did stand above the table, and how busy it was before and after each server. Who ran while
it was busier than for others had less of it: look at their processor seconds, not at their rates.

Waits are taken from when a message was due, at times fixed before the run, so that a slow answer
hides no queue. "The most" keeps {flying} messages on their way. Nobody encrypts anything here:
browsers do that, and it is no load of a server.

Where CaseHub's time goes stands under the most: processor seconds of the web (of these its loops,
which read and write sockets; the rest asks and writes in threads), PostgreSQL, what signs the log,
and Redis. "1,000 that wait" are those of the waits, which come nearly alone: what each takes is the
time that its sender waits, on one core. What the web's threads do then, `make bench-costs` tells by
a profile ([scaling.md](scaling.md#where-the-writers-time-goes)).

![Most deliveries a second](benchmarks.svg)

```text
{table}```
"""


def page(run: Run, *, flying: int) -> str:
    """Return the page (pure)."""
    return _PAGE.format(table=text(run), flying=flying)


def write(run: Run, *, flying: int) -> None:
    """Write page, figures and chart."""
    (DOCS / "benchmarks.md").write_text(page(run, flying=flying), encoding="utf-8")
    (DOCS / "benchmarks.json").write_text(dumped(run), encoding="utf-8")
    (DOCS / "benchmarks.svg").write_text(chart(run), encoding="utf-8")
