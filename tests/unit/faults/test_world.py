"""The checker finds what is broken on purpose: else its silence would mean nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from django.apps import apps

from messaging import chain
from requests_mla.states import Act, Side, Stage
from tests.faults.world import RULES, World, verify_world
from tests.faults.world.keeping import ROWS
from tests.faults.world.seen import Entry, Move, Reading, Stored, Told

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
ROOT = UUID(int=7)


def name(text: str) -> str:
    return str(uuid5(ROOT, text))


THREAD = name("thread")
PEOPLE = ("ana", "boris")
COUNT = 4
TO_COME = {"log": "acts/2027", "holds": None, "why": "its year has not begun"}


def entries() -> list[Entry]:
    link, found = chain.first(UUID(THREAD)), []
    for seq in range(1, COUNT + 1):
        who = PEOPLE[seq % 2]
        one = Entry(
            group=THREAD,
            seq=seq,
            kind=1 if seq == 1 else 2,
            epoch=1,
            device=name(f"device of {who}"),
            person=name(who),
            client_id=name(f"message {seq}"),
            body=f"ciphertext {seq}".encode(),
            chain=b"",
            at=NOW + timedelta(seconds=seq),
            event=seq,
        )
        link = chain.following(
            link,
            seq=seq,
            kind=one.kind,
            epoch=1,
            device=UUID(one.device),
            client_id=UUID(one.client_id),
            body=one.body,
        )
        found.append(replace(one, chain=link))
    return found


def move(number: int, act: Act, before: Stage, after: Stage) -> Move:
    side = str(Side.REQUESTING)
    return Move(name("request"), number, str(act), str(before), str(after), side, 20 + number)


def sound() -> World:
    """Return a small world in which everything holds."""
    rows = entries()
    stored = Stored(
        heads={THREAD: (COUNT, rows[-1].chain)},
        entries=rows,
        readings=[Reading(THREAD, name(who), NOW) for who in PEOPLE],
        moves=[
            move(1, Act.CHECK, Stage.DRAFT, Stage.SELF_CHECK),
            move(2, Act.CHECK, Stage.DRAFT, Stage.SELF_CHECK),  # after a new version
        ],
        threads={THREAD},
        cases={name("asked"): [name("case")]},
        events={
            1: "messaging.commit.accepted",
            **dict.fromkeys(range(2, COUNT + 1), "messaging.message.accepted"),
            9: "cases.case.opened",
            21: "requests.move.made",
            22: "requests.move.made",
        },
        acts={
            "messaging_entry": [1, 2, 3, 4],
            "messaging_publication": [],
            "messaging_collection": [],
            "requests_mla_move": [21, 22],
            "cases_casemember": [9],
        },
        openings={name("case"): 9},
        published=7,
    )
    stored.placed = {event: [place] for place, event in enumerate(stored.events)}
    lines = [(THREAD, one.seq, one.client_id, f"words {one.seq}") for one in rows[1:]]
    told = [
        Told(
            who,
            name(who),
            messages=list(lines),
            intended={
                one.client_id: f"words {one.seq}" for one in rows[1:] if one.person == name(who)
            },
            accepted={one.client_id: one.seq for one in rows[1:] if one.person == name(who)},
            kept=list(lines),
            threads={THREAD},
        )
        for who in PEOPLE
    ]
    return World(
        stored=stored,
        told=told,
        thread=THREAD,
        opened={name("asked"): name("case")},
        verified="  ok  every act has its event\nThe log is whole.\n",
        watched=[{"log": "acts", "holds": True}],
        sizes=[("acts", 5, 7)],
        before={"files": 40},
        after={"files": 42},
        said={"web-1": ['{"level": "INFO", "message": "well"}']},
    )


def broken(world: World, place: int, **fields: object) -> None:
    """Change a row as if the database held it so."""
    rows = world.stored.entries
    rows[place - 1] = replace(rows[place - 1], **fields)  # type: ignore[arg-type]


def unacknowledged(world: World, seq: int) -> None:
    for one in world.told:
        one.accepted.pop(name(f"message {seq}"), None)


def half(world: World) -> None:
    unacknowledged(world, 3)
    for lines in (world.told[1].messages, world.told[1].kept):
        lines.pop(1)


def twice(world: World) -> None:
    """A store has it twice, though each id was told once: as the program does it."""
    world.told[0].kept.insert(1, world.told[0].kept[0])


def otherwise(world: World) -> None:
    """What is stored is right, and somebody was told it the other way round."""
    world.told[0].messages.reverse()


def absent(world: World) -> None:
    """Nobody acknowledged it, one member has it all the same, and it is not stored."""
    unacknowledged(world, 4)
    world.stored.entries.pop()
    for lines in (world.told[0].messages, world.told[0].kept):
        lines.pop()


def removed(world: World) -> None:
    world.stored.readings[1] = replace(
        world.stored.readings[1], until=NOW + timedelta(seconds=2, milliseconds=500)
    )


BREAKS: list[tuple[str, str, Callable[[World], object]]] = [
    ("I1", "lost by one", lambda w: w.told[1].messages.pop()),
    ("I1", "obtained twice", lambda w: w.told[0].messages.append(w.told[0].messages[0])),
    ("I1", "kept twice", twice),
    ("I1", "kept by all but one", lambda w: w.told[1].kept.pop()),
    ("I1", "refused to its author", lambda w: w.told[0].failed.update({name("lost"): "too-long"})),
    ("I1", "acknowledged, not stored", lambda w: w.stored.entries.pop()),
    ("I1", "another case", lambda w: w.opened.update({name("asked"): name("other")})),
    ("I1", "no case", lambda w: w.stored.cases.clear()),
    ("I2", "a gap", lambda w: broken(w, 3, seq=5)),
    ("I2", "a head too far", lambda w: w.stored.heads.update({THREAD: (5, b"")})),
    ("I2", "other bytes", lambda w: broken(w, 3, body=b"other")),
    ("I2", "another head", lambda w: w.stored.heads.update({THREAD: (COUNT, b"other")})),
    (
        "I2",
        "another order for one",
        lambda w: w.told[0].messages.append((THREAD, 9, *w.told[0].messages.pop()[2:])),
    ),
    ("I2", "the other way round for one", otherwise),
    ("I2", "kept the other way round", lambda w: w.told[1].kept.reverse()),
    ("I3", "by half", half),
    ("I3", "failed, and stored", lambda w: w.told[0].failed.update({name("message 2"): "lost"})),
    ("I3", "with one, not stored", absent),
    ("I3", "told another seq", lambda w: w.told[0].accepted.update({name("message 2"): 8})),
    ("I3", "stored twice", lambda w: w.stored.entries.append(w.stored.entries[2])),
    ("I3", "two cases", lambda w: w.stored.cases[name("asked")].append(name("other"))),
    (
        "I4",
        "other words",
        lambda w: w.told[0].messages.append((*w.told[0].messages.pop()[:3], "other")),
    ),
    ("I4", "read after a removal", removed),
    ("I4", "an alarm", lambda w: w.told[0].alarms.append("fork")),
    ("I5", "no event", lambda w: w.stored.events.pop(3)),
    ("I5", "another's event", lambda w: w.stored.events.update({3: "cases.case.opened"})),
    ("I5", "one event of two", lambda w: w.stored.acts["messaging_entry"].append(3)),
    ("I5", "no entry", lambda w: w.stored.placed.pop(3)),
    ("I5", "told by verify", lambda w: setattr(w, "verified", "The log is whole.\n")),
    ("I6", "no row", lambda w: w.stored.acts["messaging_entry"].remove(3)),
    ("I6", "no case", lambda w: w.stored.acts["cases_casemember"].clear()),
    ("I6", "an opening without its case", lambda w: w.stored.cases.clear()),
    ("I6", "an entry of nothing", lambda w: w.stored.placed.update({77: [9]})),
    ("I6", "two entries", lambda w: w.stored.placed[3].append(9)),
    ("I7", "kept less", lambda w: w.told[0].kept.pop()),
    ("I7", "lists nothing", lambda w: w.told[0].threads.clear()),
    ("I7", "lists another's", lambda w: w.told[0].threads.add(name("other"))),
    ("I8", "not whole", lambda w: setattr(w, "verified", "  !!  a leaf\n")),
    ("I8", "nobody watched", lambda w: w.watched.clear()),
    ("I8", "the watcher objects", lambda w: w.watched.append({"log": "dir", "holds": False})),
    ("I8", "the watcher cannot say", lambda w: w.watched.append({"log": "dir", "holds": None})),
    ("I8", "the watcher saw no log", lambda w: w.watched.__setitem__(0, TO_COME)),
    ("I8", "the watcher ended otherwise", lambda w: setattr(w, "watcher", 2)),
    ("I8", "rolled back", lambda w: w.sizes.append(("dir", 5, 4))),
    ("I8", "unsigned", lambda w: setattr(w, "unsigned_seconds", 0.4)),
    ("I9", "not published", lambda w: setattr(w.stored, "published", 3)),
    ("I9", "a case is not published", lambda w: setattr(w.stored, "published", 4)),
    ("I9", "a case without an event", lambda w: w.stored.openings.clear()),
    ("I9", "no place", lambda w: w.stored.placed.update({4: []})),
    ("I10", "in the open", lambda w: w.hits.append("fallos: plain in web-1.log")),
    (
        "I11",
        "no such step",
        lambda w: w.stored.moves.append(move(3, Act.CLOSE, Stage.SELF_CHECK, Stage.CLOSED)),
    ),
    (
        "I11",
        "not from where it was",
        lambda w: w.stored.moves.append(move(3, Act.AUTHORISE, Stage.READY, Stage.AUTHORISED)),
    ),
    ("I11", "a step left out", lambda w: w.stored.moves.pop(0)),
    ("I11", "no event", lambda w: w.stored.events.pop(22)),
    ("I12", "no reader", lambda w: w.stored.readings.pop()),
    (
        "I12",
        "a reader too late",
        lambda w: w.stored.readings.append(
            replace(w.stored.readings.pop(), since=NOW + timedelta(hours=1))
        ),
    ),
    ("I13", "more files", lambda w: w.after.update(files=43)),
    ("I13", "not counted", lambda w: w.after.clear()),
    ("I14", "an error", lambda w: w.said["web-1"].append('{"level": "ERROR", "message": "m"}')),
    ("I14", "a trace", lambda w: w.said["web-1"].append("Traceback (most recent call last):")),
    *(
        ("I14", words, lambda w, words=words: w.said.update(postgres=[f"2026-11-24 [7] {words}"]))
        for words in (
            "PANIC:  no room",
            "FATAL:  the database system is in recovery mode",
            "LOG:  server process (PID 8) was terminated by signal 11: Segmentation fault",
            "ERROR:  invalid page in block 7 of relation base/1/2",
            "ERROR:  could not read blocks 7..7 in file",
            "WARNING:  page verification failed, calculated checksum 1 but expected 2",
        )
    ),
    ("I14", "nginx is out of something", lambda w: w.said.update(edge=["2026 [alert] 7#7: no"])),
]


class TestTheChecker:
    def test_finds_nothing_in_a_sound_world(self) -> None:
        assert verify_world(sound()) == []

    @pytest.mark.parametrize(
        ("rule", "breaks"), [pytest.param(r, b, id=f"{r} {w}") for r, w, b in BREAKS]
    )
    def test_finds_each_rule_broken(self, rule: str, breaks: Callable[[World], object]) -> None:
        world = sound()
        breaks(world)
        assert rule in {found.rule for found in verify_world(world)}

    def test_sees_the_order_itself_and_not_what_else_is_wrong_with_it(self) -> None:
        world = sound()
        otherwise(world)
        assert {found.rule for found in verify_world(world)} == {"I2"}

    def test_sees_a_case_that_is_not_published_for_itself(self) -> None:
        world = sound()
        world.stored.published = 4
        assert [str(found) for found in verify_world(world)] == [
            f"I9 {name('case')}: no published checkpoint covers it (4)"
        ]

    def test_lets_the_watcher_wait_for_a_year_that_has_not_begun(self) -> None:
        world = sound()
        world.watched.append(TO_COME)
        assert verify_world(world) == []

    def test_has_each_of_the_fourteen_broken(self) -> None:
        assert {rule for rule, _, _ in BREAKS} == {f"I{number}" for number in range(1, 15)}
        said = " ".join(rule.__doc__ or "" for rule in RULES)
        assert all(f"I{number}" in said for number in range(1, 15))

    def test_keeps_quiet_about_what_a_fault_is_known_to_cause(self) -> None:
        world = sound()
        line = {
            "level": "ERROR",
            "logger": "casehub.layer",
            "message": "m",
            "error": "T\nPoolTimeout",
        }
        world.said["web-1"] = [json.dumps(line)]
        world.declared = (r"casehub\.layer: m: PoolTimeout",)
        assert verify_world(world) == []

    @pytest.mark.parametrize(
        "said",
        [
            {"message": "stumbled", "error": "PoolTimeout\n and then\nCancelledError"},
            {"message": "PoolTimeout, or so", "error": "ValueError"},
            {"message": "stumbled"},
        ],
    )
    def test_forgives_no_other_error_for_words_that_stand_beside_it(self, said) -> None:
        world = sound()
        line = json.dumps({"level": "ERROR", "logger": "casehub.switchboard", **said})
        world.said["web-1"] = [line]
        world.declared = (r"casehub\.\w+: .*: PoolTimeout",)
        assert [found.rule for found in verify_world(world)] == ["I14"]

    def test_does_not_mind_what_postgresql_refuses_on_purpose(self) -> None:
        world = sound()
        world.said["postgres"] = [
            "2026-11-24 [7] ERROR:  duplicate key value violates a constraint"
        ]
        assert verify_world(world) == []

    def test_lets_a_message_be_with_nobody_if_nobody_acknowledged_it(self) -> None:
        world = sound()
        unacknowledged(world, 4)
        world.stored.entries.pop()
        world.stored.acts["messaging_entry"].remove(4)
        del world.stored.events[4], world.stored.placed[4]
        world.stored.heads[THREAD] = (3, world.stored.entries[-1].chain)
        for one in world.told:
            one.messages.pop()
            one.kept.pop()
        assert verify_world(world) == []

    def test_knows_what_every_table_of_acts_leans_on(self) -> None:
        tables = {model._meta.db_table: model for model in apps.get_models()}
        for table, kinds in ROWS.items():
            assert all(kind.startswith(kinds) for kind in tables[table].leans_on)
