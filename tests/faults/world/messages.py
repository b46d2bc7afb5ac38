"""I1 to I4 and I7: what members wrote, and what they obtained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from uuid import UUID

from messaging import chain

from .seen import Entry, Told, Violation, World

MESSAGE = 2


def _stored(world: World) -> dict[str, Entry]:
    """Return the messages of the thread by their ids."""
    return {
        one.client_id: one
        for one in world.stored.entries
        if one.group == world.thread and one.kind == MESSAGE
    }


def _obtained(one: Told, thread: str) -> list[tuple[int, str, str]]:
    return [(seq, id_, text) for where, seq, id_, text in one.messages if where == thread]


def _kept(one: Told, thread: str) -> list[tuple[int, str, str]]:
    return [(seq, id_, text) for where, seq, id_, text in one.kept if where == thread]


def _ways(one: Told, world: World) -> dict[str, list[tuple[int, str, str]]]:
    """Return what somebody has, as they were told it and as their store has it."""
    return {"obtained": _obtained(one, world.thread), "kept": _kept(one, world.thread)}


def delivered(world: World) -> Iterator[Violation]:
    """
    I1: what was acknowledged is there, and every member has obtained it exactly once.

    Clients tell each id once, whatever they have: so what their stores have is counted, too.
    """
    acknowledged = {id_: who for who in world.told for id_ in who.accepted}
    stored = _stored(world)
    for id_ in acknowledged.keys() - stored.keys():
        yield Violation("I1", "it was acknowledged and is not stored", id_)
    for one in world.told:
        for how, lines in _ways(one, world).items():
            counts = Counter(id_ for _, id_, _ in lines)
            for id_ in counts.keys() | acknowledged.keys():
                if counts[id_] > 1 or (counts[id_] < 1 and id_ in acknowledged):
                    yield Violation("I1", f"{how} {counts[id_]} times by {one.who}", id_)


def answered(world: World) -> Iterator[Violation]:
    """I1, I3: nobody is told that a message failed; a case is there as it was acknowledged."""
    stored = _stored(world)
    for one in world.told:
        for id_, code in one.failed.items():
            yield Violation("I1", f"{one.who} was told that it failed: {code}", id_)
            if id_ in stored:
                yield Violation("I3", f"{one.who} was told that it failed, it is stored", id_)
    for client_id, case in world.opened.items():
        if world.stored.cases.get(client_id) != [case]:
            there = world.stored.cases.get(client_id)
            yield Violation("I1", f"a case that was acknowledged as {case} is {there}", client_id)


def order(world: World) -> Iterator[Violation]:
    """I2: seqs have no gap, and the chain over them recomputes."""
    groups: dict[str, list[Entry]] = {group: [] for group in world.stored.heads}
    for entry in world.stored.entries:
        groups.setdefault(entry.group, []).append(entry)
    for group, entries in groups.items():
        entries.sort(key=lambda one: one.seq)
        head, link_of_head = world.stored.heads.get(group, (0, b""))
        if [one.seq for one in entries] != list(range(1, head + 1)):
            seqs = [one.seq for one in entries]
            yield Violation("I2", f"its head is {head}, its seqs end with {seqs[-8:]}", group)
            continue
        link = chain.first(UUID(group))
        for one in entries:
            link = chain.following(
                link,
                seq=one.seq,
                kind=one.kind,
                epoch=one.epoch,
                device=UUID(one.device),
                client_id=UUID(one.client_id),
                body=one.body,
            )
            if link != one.chain:
                yield Violation("I2", "the chain does not recompute", f"{group}#{one.seq}")
                break
        else:
            if link != link_of_head:
                yield Violation("I2", "the head's link is another one", group)


def same_order(world: World) -> Iterator[Violation]:
    """I2: every member was told that order, and has it."""
    seqs = {id_: one.seq for id_, one in _stored(world).items()}
    for one in world.told:
        for seq, id_, _ in _obtained(one, world.thread):
            if seqs.get(id_) != seq:
                what = f"{one.who} has it at {seq}, it is stored at {seqs.get(id_)}"
                yield Violation("I2", what, id_)
        for how, lines in _ways(one, world).items():
            for (before, _, _), (seq, id_, _) in pairwise(lines):
                if seq < before:
                    yield Violation("I2", f"{how} by {one.who} after what stands at {before}", id_)


def halves(world: World) -> Iterator[Violation]:
    """I3: what nobody acknowledged is with all or with none; an id has one seq, whoever says it."""
    stored = _stored(world)
    counts = Counter(
        (one.device, one.client_id) for one in world.stored.entries if one.kind == MESSAGE
    )
    for (_, id_), count in counts.items():
        if count > 1:
            yield Violation("I3", f"stored {count} times", id_)
    held = {one.who: {id_ for _, id_, _ in _obtained(one, world.thread)} for one in world.told}
    for one in world.told:
        for id_, seq in one.accepted.items():
            if id_ in stored and stored[id_].seq != seq:
                what = f"{one.who} was told {seq}, it is stored at {stored[id_].seq}"
                yield Violation("I3", what, id_)
        for id_ in one.intended.keys() - one.accepted.keys():
            holders = [who for who, ids in held.items() if id_ in ids]
            if len(holders) not in {0, len(world.told)} or bool(holders) != (id_ in stored):
                where = f"stored: {id_ in stored}, with {', '.join(holders) or 'nobody'}"
                yield Violation("I3", f"by half; {where}", id_)
    for client_id, cases in world.stored.cases.items():
        if len(cases) > 1:
            yield Violation("I3", f"{len(cases)} cases were opened under one id", client_id)


def decrypted(world: World) -> Iterator[Violation]:
    """
    I4: everybody reads, in the words in which it was written, what they may read, and no more.

    An alarm of a client is one, too: it tells of what it could not believe.
    """
    stored = _stored(world)
    written = {id_: text for one in world.told for id_, text in one.intended.items()}
    for one in world.told:
        mine = {id_: text for _, id_, text in _obtained(one, world.thread)}
        spans = [
            (reading.since, reading.until)
            for reading in world.stored.readings
            if reading.circle == world.thread and reading.person == one.person
        ]
        for id_, entry in stored.items():
            may = any(a <= entry.at and (b is None or entry.at < b) for a, b in spans)
            if may and id_ in written and mine.get(id_) != written[id_]:
                yield Violation("I4", f"{one.who} may read it, and does not", id_)
            if not may and id_ in mine:
                yield Violation("I4", f"{one.who} may not read it, and does", id_)
        for alarm in one.alarms:
            yield Violation("I4", f"an alarm: {alarm}", one.who)


def refetched(world: World) -> Iterator[Violation]:
    """I7: what a client was told step by step is what its store has; its threads, the server's."""
    for one in world.told:
        told = sorted(_obtained(one, world.thread))
        kept = sorted(_kept(one, world.thread))
        if told != kept:
            apart = {id_ for _, id_, _ in set(told) ^ set(kept)}
            yield Violation("I7", f"told and kept differ in {sorted(apart)[:8]}", one.who)
        may = {
            reading.circle
            for reading in world.stored.readings
            if reading.person == one.person
            and reading.until is None
            and reading.circle in world.stored.threads
        }
        if one.threads != may:
            apart = one.threads ^ may
            yield Violation("I7", f"it lists other threads than it reads: {sorted(apart)}", one.who)
