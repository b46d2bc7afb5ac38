"""docs/reliability.md, from all trials that were ever written down (pure)."""

from __future__ import annotations

import re
import statistics
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence

from .results import Line, Names, by, of

_PAGE = """# Reliability

`make faults` tried these and wrote this page; [reliability.jsonl](reliability.jsonl) has every
trial. The region is the one of `compose.yaml`, run without containers (`make region`): nginx, two
web processes, PostgreSQL, Redis, what signs the log, three witnesses. Six real clients encrypt and
write into one thread, five messages a second together, and somebody opens a case file every second
or two. At a moment drawn by lot something is struck. Messages go on meanwhile and for two seconds
after it; then everything is looked at (`tests/faults/world`), in numbers:

| | What holds after each trial |
|---|---|
| I1 | what was acknowledged is stored; every member was told it, and has it, exactly once |
| I2 | sequences have no gap, the chain over them recomputes, everybody sees that order |
| I3 | what was not acknowledged is with all or none; an id sent again makes nothing twice |
| I4 | everybody decrypts what they may read, as it was written, and nothing else |
| I5 | no act without its event |
| I6 | no event without its act: of messages, keys, steps of requests, cases and who is in them |
| I7 | what a client was told step by step is what its store has; its threads are the server's |
| I8 | the log recomputes and agrees with all checkpoints before, for a watcher outside too |
| I9 | ten seconds after everybody has it, what was acknowledged is in the published log |
| I10 | no word of a message stands in the open on the servers' disks or in what they say |
| I11 | requests have gone on only as their table says |
| I12 | whoever wrote was let in at that moment |
| I13 | a minute later at most, the servers hold what is usual, and a twentieth more at most |
| I14 | no process has told of an error but of what the fault is known to cause |
| I15 | what a fault's own row says of it; no server answers an error but 503 with Retry-After |

What is usual is seen before the first fault, under traffic alone: open files, memory, keys and
clients of Redis, temporary files. Of connections to PostgreSQL it is what the pools may hold.

Who is there for one fault alone (people whose sockets return, who sends files, a process whose
clock can be moved) is there before it is struck; the memory that the servers have then,
undisturbed, is usual from then on. A clock is moved for our own code, which reads it in one place;
the machine's and the database's stay. No web process is tried whose clock goes ahead: past the time
that a session may be idle it ends everybody's, as it would if that time had come. Of people whose
sockets return there are 60, not the 500 of a whole region: two cores carry the servers and all
clients. The memory of a process is limited by a group of the kernel's (`web-starved`), and packets
go over a device of this machine on which they are spoiled one by one (`packets-bad`). Faults that
last are tried apart from the short ones of their kind: there a trial takes a minute, or five. What
each fault of a longer list is tried by, and what of it is not, stands in [loads and
faults](loads-and-faults.md).

The moments are drawn by lot. Points at which a process dies when it is told to have what signs the
log (`tests/faults/test_sequencer.py` kills it in each of its steps) and, for `web-dies`, the web:
none stands in the servers' own code, what it calls there is wrapped (`tests/servers/dying.py`).
There is no other process of work in the background; the rounds are made by the web processes. A
seed gives again whom a fault strikes, how long, and who writes in which order; the moment within
the servers' work it does not give again.

Sixty trials are wanted of each fault, and five of one that lasts ten seconds or more by itself, or
keeps messages back as long in half of its trials.

The traffic moves no request and removes nobody: of I4, I11 and I12 it tries what standing members
do; the rest, the integration tests do. That each rule is found broken where it is broken, a test
shows (`tests/unit/faults`). Each trial was judged by the rules as its commit had them. A trial in
which nobody wrote while it was struck, until everything ran again, has missed, and counts as a
failure; what takes an instant is done four times in a second, or lasts until everybody has a line
again.

{judged}

*Recovery*: of the messages that were written from a second before the fault until all ran again,
the longest time until one was with its last reader, counted from the end of what caused it (from
when it was written, if that was later): of a kill from the kill, of something that is away from its
return. *Longest*: of the same messages, the longest time from writing one until it was with its
last reader; it may be another one. *Now*: of the n trials those that the present checker has judged
and whose fault strikes as it did then (both are named by a digest of their text), and how many of
these failed. *At most*: the highest rate of failures at which so few of
these are still as likely as 5 % (Clopper and Pearson, one-sided: without a failure 1 - 0.05^(1/n),
about 3/n from thirty trials on). After one trial or two it excludes next to nothing, and of what
was never tried (n = 0) this page knows nothing.

{table}
{failures}
## Conditions

{conditions}
"""

#  The program names ten digits, and says "with changes" of a tree that is not committed.
_BY_HAND = re.compile(r" with (?!changes$)|^[0-9a-f]{1,9}$")
_NOTE = (
    "- Of these names, those of fewer than ten digits and those that say *with* what were put in by"
    " hand: the trials ran on a tree that was not committed yet, and that became that commit (with"
    " f9cf2908: its checker was committed as that; with this trial: the trial itself was). Nobody"
    " can check that they are the same to the letter."
)


def at_most(failures: int, trials: int) -> float:
    """Return the rate that so many failures exclude with 95 %."""
    if failures >= trials:
        return 1.0
    low, high = failures / trials, 1.0
    for _ in range(60):  # halving: the tail of the binomial falls as the rate rises
        rate = (low + high) / 2
        if _tail(failures, trials, rate) > 0.05:  # noqa: PLR2004 - 95 %
            low = rate
        else:
            high = rate
    return high


def _tail(failures: int, trials: int, rate: float) -> float:
    """Return how likely it is to see so few failures, or fewer."""
    term = total = (1 - rate) ** trials
    for count in range(failures):
        term *= (trials - count) / (count + 1) * rate / (1 - rate)
        total += term
    return total


def _judged(lines: Sequence[Line], names: Names) -> str:
    """Say how many trials the present checker has judged, and of the others what they are."""
    now, every = len(by(lines, names)), len(lines)
    if now == every:
        return (
            "All trials below were struck as their fault strikes now, and judged by the checker as"
            f" it is now (`{names.checker}`)."
        )
    told = f"None of the {every} trials below was"
    if now:
        told = f"Of the {every} trials below {now} were"
    told = (
        f"**{told} judged by the checker as it is now** (`{names.checker}`) after a strike by the"
        " present text of its fault."
    )
    unnamed = sum("checker" not in one.under for one in lines)
    if not unnamed:
        return told
    return (
        f"{told} Of the others {unnamed} do not name theirs: those looked at less, excused more"
        " errors, and did not see of every fault whether it had struck anything. What has gone well"
        " by them may not have gone well."
    )


def _row(name: str, does: str, lines: Sequence[Line], names: Names) -> str:
    if not lines:
        return f"| `{name}`: {does} | 0 | | 0 | | | | | | |"
    failed, now = _failed(lines), by(lines, names)
    recoveries = [one.recovery for one in lines]
    longest = [one.longest for one in lines]
    cells = (
        f"`{name}`: {does}",
        str(len(lines)),
        str(failed),
        str(len(now)),
        str(_failed(now)) if now else "",
        f"{100 * at_most(_failed(now), len(now)):.1f} %" if now else "",
        f"{statistics.median(recoveries):.1f}",
        f"{max(recoveries):.1f}",
        f"{statistics.median(longest):.1f}",
        f"{max(longest):.1f}",
    )
    return f"| {' | '.join(cells)} |"


def _failed(lines: Sequence[Line]) -> int:
    return sum(bool(one.violations) for one in lines)


def _table(lines: Sequence[Line], faults: Mapping[str, str], now: Names) -> str:
    head = (
        "| Fault | n | Failures | Now | Failures | At most"
        " | Recovery, median, s | max | Longest, median, s | max |\n"
        "|---|---|---|---|---|---|---|---|---|---|\n"
    )
    rows = (_row(name, does, of(lines, name), now) for name, does in faults.items())
    return head + "".join(f"{row}\n" for row in rows)


def _failures(lines: Sequence[Line]) -> str:
    failed = [one for one in lines if one.violations]
    if not failed:
        return ""
    told = "".join(f"- {_told(one)}\n" for one in failed)
    return f"\n## Failures\n\nOf all runs, also of those before their mend:\n\n{told}"


def _told(one: Line) -> str:
    commit = one.under.get("commit", "?")
    where = f"`{one.fault}`, seed {one.seed}, commit {commit}, {one.at}"
    return f"{where}: {len(one.violations)} violations, the first: {_short(one.violations[0])}"


def _short(words: str) -> str:
    flat = " ".join(words.split()).replace("`", "'").replace("|", "/").replace("<", "(")
    return flat if len(flat) <= 160 else f"{flat[:159]}…"  # noqa: PLR2004 - of a line's room


def _conditions(lines: Sequence[Line]) -> str:
    loads = [one.load for one in lines]
    seeds = [one.seed for one in lines]
    times = sorted(one.at for one in lines)
    messages = sum(one.messages for one in lines)
    span = f"from {times[0]} to {times[-1]}, {messages:,} messages"
    low, middle, high = min(loads), statistics.median(loads), max(loads)
    told = [
        f"- {len(lines)} trials {span}, seeds {min(seeds)} to {max(seeds)}",
        f"- load average as trials ended: {low:.1f} to {high:.1f}, median {middle:.1f}",
    ]
    for name in ("checker", "commit", "machine", "versions", "disk"):
        counts = Counter(one.under.get(name, "not noted") for one in lines)
        told += [f"- {name}: {value} ({count})" for value, count in counts.most_common()]
    if any(_BY_HAND.search(one.under.get("commit", "")) for one in lines):
        told.append(_NOTE)
    return "\n".join(told)


def page(lines: Sequence[Line], faults: Mapping[str, str], now: Names) -> str:
    """
    Return the page; `faults` are what each name does, in the order of the table.

    `now` names what strikes and judges now, as trials name theirs.
    """
    if not lines:
        return _PAGE.format(
            judged="", table="Nothing was tried yet.\n", failures="", conditions="None."
        )
    return _PAGE.format(
        judged=textwrap.fill(_judged(lines, now), 100),
        table=_table(lines, faults, now),
        failures=_failures(lines),
        conditions=_conditions(lines),
    )
