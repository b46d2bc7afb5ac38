"""The sequencer: every event gets one place, and nothing is signed that was not read again."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from io import StringIO
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from audit import commitments, keyring, queries, services
from audit.anchor import AnchorHeld, AnchorMoved
from audit.models import AuditEvent, Log, LogEntry, SignedCheckpoint, Tile, Waiting
from audit.queries import trees
from audit.sequencing import Untrustworthy
from audit.tlog.merkle import Frontier, leaf_hash
from audit.tlog.note import Note
from tests.integration.audit.conftest import Stop, checkpoint, log_named, proven, stopping


class TestIntegrating:
    def test_gives_every_act_one_place_and_the_directory_a_second(self, bench):
        ids = bench.record(3, directory=2)
        assert bench.sequencer().tick() == 5
        assert not Waiting.objects.exists()
        placed = {name: self.events(name) for name in ("acts-2026", "dir")}
        assert placed == {"acts-2026": ids, "dir": ids[3:]}
        assert [proven(slug) for slug in ("acts-2026", "dir")] == [5, 2]

    @staticmethod
    def events(slug):
        rows = LogEntry.objects.filter(log=log_named(slug)).order_by("position")
        return list(rows.values_list("event_id", flat=True))

    def test_goes_on_over_the_borders_of_tiles(self, bench):
        one = bench.sequencer()
        for count in (1, 254, 1, 1, 300):
            bench.record(count)
            assert one.tick() == count
        assert proven("acts-2026") == 557
        lengths = Tile.objects.order_by("level", "number").values_list("data", flat=True)
        assert [len(bytes(data)) // 32 for data in lengths] == [256, 256, 45, 2]

    def test_takes_an_event_whose_id_is_lower_than_one_already_placed(self, bench):
        first, second = bench.record(), bench.record()
        bench.tamper(f"DELETE FROM audit_waiting WHERE event_id = {first[0]}")
        one = bench.sequencer()
        assert one.tick() == 1
        bench.tamper(f"INSERT INTO audit_waiting (event_id) VALUES ({first[0]})")
        assert one.tick() == 1
        assert self.events("acts-2026") == [*second, *first]

    def test_publishes_no_word_of_what_happened(self, bench):
        bench.signed(1)
        leaf = json.loads(trees.entry(log_named("acts-2026"), 0))
        assert set(leaf) == {"v", "k", "t", "c", "g"}
        assert (leaf["v"], leaf["k"], leaf["t"], len(leaf["g"])) == (1, "event", 1795532400, 2)


class TestSigning:
    def test_lets_out_a_checkpoint_that_the_logs_key_signed(self, bench):
        bench.signed(3)
        origin = "audit.localhost/2026"
        note = trees.newest_signed(log_named("acts-2026"))
        assert Note.parse(note).signatures([keyring.signing_key(origin).public])
        assert checkpoint("acts-2026").origin == origin
        assert (bench.anchor_folder / "audit.localhost%2F2026").read_text() == note

    def test_has_nothing_to_say_when_nothing_grew(self, bench):
        one = bench.sequencer()
        bench.record()
        one.tick()
        before = SignedCheckpoint.objects.count()
        assert one.tick() == 0
        assert SignedCheckpoint.objects.count() == before

    def test_goes_on_after_a_restart(self, bench):
        bench.signed(3)
        bench.signed(4)
        assert proven("acts-2026") == 7

    @pytest.mark.parametrize("step", ["integrate", "integrated", "read again"])
    def test_that_ended_before_the_anchor_moved_is_done_later(self, bench, step):
        bench.signed(2)
        bench.record(3)
        with pytest.raises(Stop):
            bench.sequencer(passing=stopping(step)).tick()
        assert checkpoint("acts-2026").size == 2
        bench.end()
        bench.sequencer().tick()
        assert proven("acts-2026") == 5


FLIPPED = {
    "sqlite": "UPDATE audit_tile SET data = CAST(zeroblob(32) || substr(data, 33) AS BLOB)",
    "postgresql": "UPDATE audit_tile SET data = set_byte(data, 0, get_byte(data, 0) # 255)",
}


class TestRefusingToSign:
    def test_after_a_flip_between_storing_and_signing(self, bench):
        def passing(step):
            if step == "integrated":
                bench.tamper(FLIPPED[connection.vendor])

        bench.record(3)
        one = bench.sequencer(passing=passing)
        with pytest.raises(Untrustworthy, match="tile 0/0"):
            one.tick()
        assert not SignedCheckpoint.objects.exists()
        with pytest.raises(Untrustworthy, match="tile 0/0"):
            one.tick()

    def test_rolls_back_when_the_tree_is_not_what_its_leaves_make(self, bench, monkeypatch):
        one = bench.sequencer()
        one.load()
        bench.record(3)
        monkeypatch.setattr("audit.tlog.merkle.root", lambda size, node: bytes(32))
        with pytest.raises(ValueError, match="its leaves make"):
            one.tick()
        monkeypatch.undo()
        assert not LogEntry.objects.exists()
        assert one.tick() == 3

    def test_after_an_error_until_everything_was_read_again(self, bench, monkeypatch):
        one = bench.sequencer(passing=stopping("anchored"))
        bench.record(2)
        with pytest.raises(Stop):
            one.tick()
        loads = []
        load = type(one).load

        def failing(self):
            loads.append("failed")
            raise Stop("a second fault")

        monkeypatch.setattr(type(one), "load", failing)
        for _ in range(2):
            with pytest.raises(Stop, match="second fault"):
                one.tick()
        monkeypatch.setattr(type(one), "load", load)
        bench.record(1)
        one.tick()
        assert loads == ["failed", "failed"]
        assert proven("acts-2026") == 3

    def test_on_a_database_that_was_restored_from_before(self, bench, tmp_path):
        bench.signed(5)
        bench.forget_everything()
        with pytest.raises(Untrustworthy, match=r"rolled back. 5 entries were signed, it holds 0"):
            bench.sequencer().tick()
        bench.end()
        bench.record(3)
        other = bench.sequencer(anchor=tmp_path / "elsewhere")
        other.tick()
        other.close()
        with pytest.raises(Untrustworthy, match=r"rolled back. 5 entries were signed, it holds 3"):
            bench.sequencer().tick()

    def test_on_another_history_of_the_same_length(self, bench, tmp_path):
        bench.signed(5)
        bench.forget_everything()
        bench.record(7)
        other = bench.sequencer(anchor=tmp_path / "elsewhere")
        other.tick()
        other.close()
        with pytest.raises(Untrustworthy, match="the anchor saw another history"):
            bench.sequencer().tick()

    def test_without_its_anchor_or_with_an_older_one(self, bench, tmp_path):
        bench.signed(2)
        shutil.copytree(bench.anchor_folder, tmp_path / "yesterday")
        bench.signed(3)
        for folder in (tmp_path / "empty", tmp_path / "yesterday"):
            with pytest.raises(Untrustworthy, match="older than what was let out"):
                bench.sequencer(anchor=folder).tick()
            bench.end()

    def test_with_a_row_that_a_migration_left_behind(self, bench):
        bench.signed(300)
        bench.tamper("DELETE FROM audit_logentry WHERE position = 17")
        with pytest.raises(Untrustworthy, match="entry 17 is missing"):
            bench.sequencer().tick()

    def test_with_an_anchor_that_another_key_signed(self, bench):
        bench.signed(2)
        shutil.rmtree(settings.SIGNING)
        with pytest.raises(Untrustworthy, match="not signed by its key"):
            bench.sequencer().tick()

    def test_with_a_log_that_has_another_name(self, bench):
        bench.signed(2)
        bench.tamper("UPDATE audit_log SET name = 'old' WHERE name = 'acts'")
        with pytest.raises(Untrustworthy, match="opened as another log"):
            bench.sequencer().tick()

    def test_without_a_key_outside_the_demo(self, bench, settings):
        settings.DEMO = False
        bench.record()
        with pytest.raises(keyring.NoKey, match="audit keys --make"):
            bench.sequencer().tick()

    def test_when_somebody_else_has_moved_the_anchor(self, bench):
        one = bench.sequencer()
        bench.record(2)
        one.tick()
        file = bench.anchor_folder / "audit.localhost%2F2026"
        file.write_text(file.read_text().replace("localhost", "elsewhere"))
        bench.record(2)
        with pytest.raises(AnchorMoved, match="somebody else"):
            one.tick()
        assert checkpoint("acts-2026").size == 2


class TestAnEntryWithoutAnEvent:
    @pytest.mark.parametrize(
        "leaf",
        [
            commitments.opening_leaf(time=1, before="another log"),
            b'{"c":"","g":[],"k":"event","t":1,"v":1}',
            b'{"t":1,"k":"close","v":1}',  # not canonical
            b'{"k":"close","t":1,"v":1,"w":"more"}',
            *(b'{"k":"close","t":%s,"v":1}' % t for t in (b"Infinity", b"9" * 30, b"-1", b'"1"')),
            b"[" * 60_000,
            b"\xff",
            b"",
        ],
        ids=lambda leaf: repr(leaf[:40]),
    )
    def test_is_not_signed_if_it_is_no_mark_of_the_log(self, bench, monkeypatch, leaf):
        bench.signed(2)
        monkeypatch.setattr(commitments, "closing_leaf", lambda *, time: leaf)
        self.close(bench)
        monkeypatch.undo()
        with pytest.raises(Untrustworthy, match="entry 2 has no event"):
            bench.sequencer().tick()
        assert checkpoint("acts-2026").size == 2

    def test_is_not_signed_as_the_end_of_a_log_that_goes_on(self, bench):
        bench.signed(2)
        self.close(bench)
        bench.tamper("UPDATE audit_log SET closed = (1 = 0)")
        with pytest.raises(Untrustworthy, match="entry 2 has no event"):
            bench.sequencer().tick()
        assert checkpoint("acts-2026").size == 2

    @pytest.mark.parametrize("end", ["another", "an earlier"])
    def test_is_not_signed_as_the_beginning_if_it_names_another_end(self, bench, monkeypatch, end):
        bench.signed(1)
        earlier = Note.parse(trees.newest_signed(log_named("acts-2026"))).text
        bench.signed(1)
        forged = commitments.opening_leaf(time=1, before=earlier if end == "an earlier" else end)
        writes = SimpleNamespace(
            closing_leaf=commitments.closing_leaf, opening_leaf=lambda **_: forged
        )
        monkeypatch.setattr("audit.services.integrating.commitments", writes)
        bench.now = datetime(2027, 1, 1, tzinfo=UTC)
        with pytest.raises(Untrustworthy, match="entry 0 has no event"):
            bench.sequencer().tick()
        assert json.loads(trees.entry(log_named("acts-2027"), 0))["k"] == "open"
        assert trees.newest_signed(log_named("acts-2027")) is None

    def test_is_not_trusted_if_the_end_that_it_names_cannot_be_read(self, bench):
        bench.signed(2)
        bench.now = datetime(2027, 1, 1, tzinfo=UTC)
        bench.signed(1)
        old = log_named("acts-2026").id
        bench.tamper(f"UPDATE audit_signedcheckpoint SET note = 'gone' WHERE log_id = {old}")
        with pytest.raises(Untrustworthy, match="entry 0 has no event"):
            bench.sequencer().load()

    def test_may_name_an_end_after_which_the_other_host_went_on(self, bench, settings):
        first = settings.LOG_HOST
        for host in (first, "second.example", first, "second.example"):
            settings.LOG_HOST = host
            bench.signed(1)
        assert Log.objects.filter(name="acts").count() == 2
        call_command("audit", "verify", stdout=StringIO())

    @staticmethod
    def close(bench):
        """Let the log end now, with whatever its last entry is: as if it were December."""
        log, tree = log_named("acts-2026"), Frontier()
        for position in range(log.size):
            tree.append(leaf_hash(trees.entry(log, position)))
        services.close_log(log=log.id, tree=tree, now=bench.now)


class TestASecondSequencer:
    # That it cannot have the database either: tests/integration/edge/test_signing.py.
    def test_cannot_have_the_anchor(self, bench):
        bench.record()
        bench.sequencer().tick()
        with pytest.raises(AnchorHeld):
            bench.sequencer().tick()


class TestTheTurnOfTheYear:
    def test_closes_one_log_and_binds_the_next_to_its_end(self, bench):
        one = bench.sequencer()
        bench.record(3)
        one.tick()
        bench.record(2)  # recorded in the old year, and not placed yet
        bench.now = datetime(2027, 1, 1, tzinfo=UTC)
        one.tick()
        bench.record(2)
        one.tick()
        assert [proven(slug) for slug in ("acts-2026", "acts-2027")] == [4, 5]
        old, new = log_named("acts-2026"), log_named("acts-2027")
        assert json.loads(trees.entry(old, 3))["k"] == "close"
        assert json.loads(trees.entry(new, 0))["k"] == "open"
        assert old.closed
        assert AuditEvent.objects.count() == LogEntry.objects.filter(event__isnull=False).count()

    @pytest.mark.parametrize(
        "step", ["close", "closed", "read again", "anchored", "let out", "open"]
    )
    def test_is_finished_after_a_crash_in_it(self, bench, step):
        bench.signed(3)
        bench.now = datetime(2027, 1, 1, tzinfo=UTC)
        bench.record(2)
        with pytest.raises(Stop):
            bench.sequencer(passing=stopping(step)).tick()
        bench.end()
        bench.sequencer().tick()
        assert [proven(slug) for slug in ("acts-2026", "acts-2027")] == [4, 3]

    def test_waits_for_the_key_of_the_new_year(self, bench, settings):
        one = bench.sequencer()
        bench.record(3)
        one.tick()
        settings.DEMO = False
        bench.now = datetime(2027, 1, 1, tzinfo=UTC)
        bench.record(2)
        one.tick()
        assert proven("acts-2026") == 5
        keyring.make_signing_key("audit.localhost/2027")
        one.tick()
        assert [proven(slug) for slug in ("acts-2026", "acts-2027")] == [6, 1]


class TestAKeyOfWhichHalfWasCopied:
    def test_is_named_and_signs_nothing(self, bench, settings):
        bench.signed(1)
        file = settings.SIGNING / "audit.localhost%2F2026.key"
        file.write_text(file.read_text()[:40])
        with pytest.raises(keyring.NoKey, match=r"2026\.key holds no signing key"):
            bench.sequencer().load()


class TestAnotherHost:
    def test_takes_over_from_the_last_checkpoint_of_a_log_that_was_lost(
        self, bench, settings, tmp_path
    ):
        bench.signed(5)
        bench.forget_everything()
        bench.record(2)
        settings.LOG_HOST = "second.example"
        bench.sequencer().tick()
        assert checkpoint("acts-2026").origin == "audit.second.example/2026"
        assert proven("acts-2026") == 2


class TestQueries:
    def test_tell_where_an_event_stands(self, bench):
        act, thing = bench.signed(1, directory=1)
        assert [(str(log), at) for log, at in trees.places_of(act)] == [("audit.localhost/2026", 0)]
        assert [(str(log), at) for log, at in trees.places_of(thing)] == [
            ("audit.localhost/2026", 1),
            ("dir.localhost", 0),
        ]
        assert queries.last_id() == thing
        assert Log.objects.count() == 2
