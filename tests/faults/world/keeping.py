"""I5, I6, I8 to I10, I13 and I14: the log, what leaks, and what the processes say and hold."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator

from .seen import Violation, World

#  Tables of which every act leaves a row for good, and the kinds of those acts' events. (Somebody's
#  removal from a case takes the place of their addition: nobody is removed where this is asked.)
ROWS = {
    "messaging_entry": (
        "messaging.message.",
        "messaging.thread.",
        "messaging.history.",
        "messaging.commit.",
    ),
    "messaging_publication": ("messaging.key-packages.",),
    "messaging_collection": ("messaging.welcome.", "messaging.group-info."),
    "requests_mla_move": ("requests.move.",),
    "cases_casemember": ("cases.case.opened", "cases.person."),
}
OPENED = "cases.case.opened"
ROOM = 0.05  # of what was there before
_WRONG = re.compile(
    r'"level": ?"(ERROR|CRITICAL)"|Traceback \(most recent|^(ERROR|CRITICAL)\b'
    r"|\[(crit|alert|emerg)\]"
)
#  PostgreSQL refuses many a statement on purpose (a row that is there already): that is no fault.
_WRONG_THERE = re.compile(
    r"\b(PANIC|FATAL): |\bERROR:  (could not (access|open|read|write|extend|fsync)\b|invalid page)"
    r"|was terminated by signal|because of crash of another|checksum|corrupt"
)


def acts_and_events(world: World) -> Iterator[Violation]:
    """
    I5 and I6: no act without its event, no event without its act, by id and both ways.

    Both ways of the tables above, and of cases. Of all other tables `audit verify`, which I8 reads,
    goes from the rows to their events, and not from the events to their rows.
    """
    for table, kinds in ROWS.items():
        yield from _rows(world, table, kinds)
    stored = world.stored
    opened = sum(kind == OPENED for kind in stored.events.values())
    if opened != (count := sum(map(len, stored.cases.values()))):
        yield Violation("I6", f"{opened} events of an opening, {count} cases", "cases_case")
    for event, places in stored.placed.items():
        if event not in stored.events:
            yield Violation("I6", "an entry of no event", f"event {event}")
        if len(places) > 1:
            yield Violation("I6", f"it has {len(places)} entries", f"event {event}")
    for event in stored.events.keys() - stored.placed.keys() - stored.waiting:
        yield Violation("I5", "it has no entry and does not wait for one", f"event {event}")


def _rows(world: World, table: str, kinds: tuple[str, ...]) -> Iterator[Violation]:
    events, leaning = world.stored.events, Counter(world.stored.acts.get(table, ()))
    for event, count in leaning.items():
        if not events.get(event, "").startswith(kinds):
            yield Violation("I5", f"a row without its event, or with another act's: {event}", table)
        if count > 1:
            yield Violation("I5", f"{count} rows share the event {event}", table)
    for event, kind in events.items():
        if kind.startswith(kinds) and event not in leaning:
            yield Violation("I6", f"the event {event} ({kind}) has no row", table)


def log_whole(world: World) -> Iterator[Violation]:
    """
    I8: all of the log recomputes, is never smaller than before, and is signed in time.

    That it recomputes, `audit verify` says beside the servers, with the checkpoints that were kept
    after every trial; the watcher says it from outside, in another language, with the cosignatures.
    """
    if not world.verified.endswith("The log is whole.\n"):
        yield Violation("I8", world.verified[-400:] or "it said nothing", "audit verify")
    elif "every act has its event" not in world.verified:
        yield Violation("I5", world.verified[-400:], "audit verify")
    for line in world.watched:
        if line.get("holds") is not True and line.get("why") != "its year has not begun":
            yield Violation("I8", str(line.get("why")), f"the watcher, {line.get('log')}")
    if not any(line.get("holds") is True for line in world.watched):
        yield Violation("I8", "it says of no log that it holds", "the watcher")
    if world.watcher:
        yield Violation("I8", f"it ended with {world.watcher}", "the watcher")
    for log, before, after in world.sizes:
        if after < before:
            yield Violation("I8", f"it had {before} entries and has {after}", log)
    if world.unsigned_seconds > 0:  # whoever looked has waited for it before
        what = f"an event has waited {world.unsigned_seconds:.1f} s for a signature"
        yield Violation("I8", what, "the log")


def provable(world: World) -> Iterator[Violation]:
    """I9: what was acknowledged has its place under a published checkpoint: messages and cases."""
    accepted = {id_ for one in world.told for id_ in one.accepted}
    events = {
        f"{entry.group}#{entry.seq}": entry.event
        for entry in world.stored.entries
        if entry.client_id in accepted
    }
    openings = world.stored.openings
    for where, event in [
        *events.items(),
        *((one, openings.get(one)) for one in world.opened.values()),
    ]:
        places = world.stored.placed.get(event, []) if event is not None else []
        if not places or min(places) >= world.stored.published:
            what = f"no published checkpoint covers it ({world.stored.published})"
            yield Violation("I9", what, where)


def nothing_leaks(world: World) -> Iterator[Violation]:
    """I10: what people wrote stands nowhere in the open."""
    for hit in world.hits:
        yield Violation("I10", "somebody's words in the open", hit)


def most(before: int) -> int:
    """Return how much is no more than before."""
    return before + max(1, math.ceil(before * ROOM))


def resources(world: World) -> Iterator[Violation]:
    """I13: the servers hold no more than before, give or take a twentieth."""
    for name, before in world.before.items():
        after = world.after.get(name)
        if after is None:
            yield Violation("I13", "it was counted before, and not after", name)
        elif after > most(before):
            yield Violation("I13", f"{before} before, {after} after", name)


def silence(world: World) -> Iterator[Violation]:
    """I14: no error in what processes say but what the fault is known to cause."""
    declared = [re.compile(one) for one in world.declared]
    for name, lines in world.said.items():
        wrong = _WRONG_THERE if name == "postgres" else _WRONG
        for line in lines:
            if wrong.search(line) and not any(one.fullmatch(gist(line)) for one in declared):
                yield Violation("I14", f"{gist(line)[:300]} | {line[:600]}", name)


def gist(line: str) -> str:
    """
    Return who says it, what, and which failure came out of it at last, if it is one of ours.

    What stands in between, the code's own lines and failures that others came of, excuses nothing.
    """
    try:
        said = json.loads(line)
        told = f"{said['logger']}: {said['message']}"
    except (ValueError, TypeError, KeyError):
        return line
    error = str(said.get("error", "")).strip()
    return f"{told}: {error.splitlines()[-1]}" if error else told
