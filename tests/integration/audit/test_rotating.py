"""A log's key follows another: both sign for thirty days, and then the new one alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError
from django.db import DatabaseError, transaction

from audit import keyring, services
from audit.models import KeyChange, LogEntry
from audit.queries import keys, trees
from audit.services import NotRotatable
from audit.tlog.errors import Unproven
from audit.tlog.note import Note
from audit.tlog.policy import Policy
from audit.tlog.rotation import Rotation
from tests.integration.audit.conftest import log_named, proven
from tests.integration.audit.rotating import (
    MONTH,
    ORIGINS,
    SLUGS,
    audit,
    findings,
    rotated,
    signers,
    stranger,
)
from tests.integration.audit.test_sequencer import Stop, stopping


@pytest.mark.parametrize("which", ["acts", "dir"])
class TestAKeyThatFollowsAnother:
    def test_signs_beside_it_for_thirty_days_and_then_alone(self, going, which):
        said = rotated(which)
        old, new = said.old.id.hex(), said.new.id.hex()
        assert signers(SLUGS[which]) == [old]
        going(record=0)  # nothing but the change itself
        assert signers(SLUGS[which]) == [old, new]
        going(29)
        assert signers(SLUGS[which]) == [old, new]
        assert findings() == []
        going(1)
        assert signers(SLUGS[which]) == [new]
        going(1)
        assert findings() == []
        assert proven("acts-2026") == 9
        assert proven("dir") == 5

    def test_stands_in_the_directory_as_the_statement_of_both(self, going, which):
        said = rotated(which)
        going(record=0)
        log = log_named("dir")
        entry = json.loads(trees.entry(log, 1))
        assert entry == {"k": "key", "n": said.note, "t": said.start, "v": 1}
        assert Rotation.parse(entry["n"]).origin == ORIGINS[which]

    def test_is_one_act_and_one_event(self, going, recorded, which):
        with recorded("audit.key.rotated"):
            rotated(which)

    def test_is_in_the_policy_before_it_signs_anything(self, going, bench, which):
        said = rotated(which)
        policy = Policy.parse(keys.served(bench.now))
        assert {said.old, said.new} <= set(policy.logs)
        assert policy.rotations == [said]
        going(30)
        text = keys.served(bench.now)
        assert f"log {said.old}\n" not in text
        assert f"log {said.new}\n" in text
        note = trees.newest_published(log_named(SLUGS[which]))
        assert Policy.parse(text).open(note, now=int(bench.now.timestamp()))

    def test_is_learned_by_who_believes_the_old_one(self, going, bench, which):
        before = Policy.parse(keys.served(bench.now))
        rotated(which)
        going(31)
        note = trees.newest_published(log_named(SLUGS[which]))
        with pytest.raises(Unproven):
            before.open(note)
        told = Policy.parse(keys.served(bench.now)).rotations
        assert before.learn(told).open(note, now=int(bench.now.timestamp()))

    def test_is_followed_by_a_third_one_once_it_is_alone(self, going, which):
        rotated(which)
        with pytest.raises(CommandError, match="under way"):
            rotated(which)
        going()
        with pytest.raises(CommandError, match="under way"):
            rotated(which)
        going(30)
        said = rotated(which)
        going()
        assert signers(SLUGS[which]) == [said.old.id.hex(), said.new.id.hex()]
        going(30)
        assert signers(SLUGS[which]) == [said.new.id.hex()]
        assert findings() == []

    def test_needs_the_old_ones_file_no_longer_than_both_sign(self, going, which, settings):
        rotated(which)
        going()
        going(30)
        settings.DEMO = False
        (settings.SIGNING / f"{ORIGINS[which].replace('/', '%2F')}.key").unlink()
        going()
        assert findings() == []

    def test_is_not_made_anew_when_the_keys_of_a_year_are_made(self, going, which, settings):
        """Each December, for instance: the log would be signed by a key that nobody knows."""
        said = rotated(which)
        going()
        going(30)
        settings.DEMO = False
        first = settings.SIGNING / f"{ORIGINS[which].replace('/', '%2F')}.key"
        first.unlink()
        assert str(said.new) in audit("keys", "--make", "--year", 2026)
        assert not first.exists()
        going()
        assert findings() == []


class TestARunningSequencer:
    def test_takes_up_a_new_key_without_a_restart_and_drops_the_old_by_itself(self, bench, clock):
        one = bench.sequencer()
        bench.record(1, directory=1)
        one.tick()
        said = rotated("acts")
        one.tick()
        assert signers("acts-2026") == [said.old.id.hex(), said.new.id.hex()]
        bench.now += MONTH
        clock.move_to(bench.now, tick=False)
        bench.record(1)
        one.tick()
        assert signers("acts-2026") == [said.new.id.hex()]

    def test_signs_nothing_more_without_the_file_of_the_new_key(self, bench, settings):
        one = bench.sequencer()
        bench.record(1, directory=1)
        one.tick()
        said = rotated("dir")
        file = settings.SIGNING / f"dir.localhost+{said.new.id.hex()}.key"
        text = file.read_text()
        file.unlink()
        with pytest.raises(keyring.NoKey, match="bring its file"):
            one.tick()
        file.write_text(text)
        one.tick()
        assert signers("dir") == [said.old.id.hex(), said.new.id.hex()]

    @pytest.mark.parametrize("which", ["acts", "dir"])
    @pytest.mark.parametrize(
        "step",
        ["integrate", "placed", "integrated", "read again", "written", "anchored", "let out"],
    )
    def test_killed_in_the_change_goes_on_with_both_keys(self, bench, which, step):
        bench.signed(1, directory=1)
        said = rotated(which)
        bench.record(1, directory=1)
        with pytest.raises(Stop):
            bench.sequencer(passing=stopping(step)).tick()
        bench.end()
        assert findings() == []
        bench.sequencer().tick()
        assert signers(SLUGS[which]) == [said.old.id.hex(), said.new.id.hex()]
        assert LogEntry.objects.filter(leaf=KeyChange.objects.get().leaf).count() == 1
        bench.end()
        assert findings() == []

    def test_killed_as_it_ends_goes_on_with_the_new_key(self, going, bench, clock):
        said = rotated("dir")
        going()
        bench.now += MONTH
        clock.move_to(bench.now, tick=False)
        bench.record(0, directory=1)
        for step in ("read again", "written", "anchored"):
            with pytest.raises(Stop):
                bench.sequencer(passing=stopping(step)).tick()
            bench.end()
            bench.record(0, directory=1)
        bench.sequencer().tick()
        bench.end()
        assert signers("dir") == [said.new.id.hex()]
        assert findings() == []

    def test_closes_the_year_under_the_key_that_followed(self, going, bench, clock):
        rotated("acts")
        going(5)
        bench.now = datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC)
        clock.move_to(bench.now, tick=False)
        bench.signed(1)
        assert log_named("acts-2026").closed
        assert signers("acts-2027") == [keyring.signing_key("audit.localhost/2027").public.id.hex()]
        assert findings() == []


class TestTheCommand:
    def test_killed_after_the_key_was_made_goes_on_with_it(self, going, settings):
        made = keyring.next_key("dir.localhost", known=keys.ever(log_named("dir")))
        assert rotated("dir").new == made.public
        assert len(list(settings.SIGNING.glob("dir.localhost+*.key"))) == 1

    def test_lists_keys_with_dates_as_a_policy(self, going, bench):
        said = rotated("dir")
        told = audit("keys", "--year", 2026)
        days = "both from 2026-11-24T15:00:00Z, alone from 2026-12-24T15:00:00Z"
        names = f"{said.new.id.hex()} follows {said.old.id.hex()}"
        assert f"# dir.localhost: {names}, {days}, not entered yet\n" in told
        going()
        told = audit("keys", "--year", 2026)
        assert f"{days}, entered\n" in told
        assert {said.old, said.new} <= set(Policy.parse(told).logs)

    def test_verifies_with_the_policy_of_before(self, going, bench, tmp_path):
        policy = tmp_path / "policy"
        policy.write_text(audit("keys", "--year", 2026))
        rotated("acts")
        rotated("dir")
        going(31)
        assert "whole" in audit("verify", "--policy", policy)

    def test_needs_a_log(self, bench, db):
        with pytest.raises(CommandError, match="no such log"):
            rotated("dir")


def kept(bench, old, new, *, start=None, end=None):
    """Keep a statement of these keys as the command would."""
    start = int(bench.now.timestamp()) if start is None else start
    said = Rotation.make(old, new, start=start, end=end or start + 86_400)
    services.rotate_key(note=said.note, actor="operator", now=bench.now)


class TestAStatement:
    def test_is_refused_about_another_key_log_or_time(self, going, bench):
        own = keyring.signing_key("dir.localhost")
        now = int(bench.now.timestamp())
        with pytest.raises(NotRotatable, match="not open"):
            kept(bench, stranger("dir.elsewhere"), stranger("dir.elsewhere"))
        with pytest.raises(NotRotatable, match="not about the key"):
            kept(bench, stranger("dir.localhost"), stranger("dir.localhost"))
        with pytest.raises(NotRotatable, match="when it is made"):
            kept(bench, own, stranger("dir.localhost"), start=now - 5)
        assert not KeyChange.objects.exists()

    def test_replayed_is_refused(self, going, bench):
        said = rotated("dir")
        going(31)
        with pytest.raises(NotRotatable, match="not about the key"):
            services.rotate_key(note=said.note, actor="operator", now=bench.now)

    def test_signed_by_one_key_alone_is_refused(self, going, bench):
        own, new = keyring.signing_key("dir.localhost"), stranger("dir.localhost")
        now = int(bench.now.timestamp())
        whole = Rotation.make(own, new, start=now, end=now + 9).note
        text, (old_line, new_line) = Note.parse(whole).text, Note.parse(whole).lines
        for line in (old_line, new_line):
            with pytest.raises(Unproven, match="signed by both"):
                services.rotate_key(note=f"{text}\n{line}", actor="operator", now=bench.now)


# A second key after one, or one that stands in the log from its beginning.
ANOTHER = (
    "INSERT INTO audit_keychange"
    " (log_id, old, new, starts_at, ends_at, note, leaf, audit_event_id{more})"
    " SELECT log_id, {old}, 'third', starts_at, ends_at, note, leaf, 1{place} FROM audit_keychange"
)
REFUSED = [
    "UPDATE audit_keychange SET new = 'another'",
    "UPDATE audit_keychange SET ends_at = '2030-01-01 00:00:00+00:00'",
    "UPDATE audit_keychange SET entry_id = NULL",
    "DELETE FROM audit_keychange",
    "UPDATE audit_log SET vkey = 'another'",
    ANOTHER.format(more="", old="old", place=""),
    ANOTHER.format(more=", entry_id", old="new", place=", 1"),
]


class TestTheDatabase:
    @pytest.mark.parametrize("statement", REFUSED)
    def test_keeps_a_change_as_it_was_made(self, going, statement):
        from django.db import connection  # noqa: PLC0415 - this test alone writes by hand

        rotated("dir")
        going()
        with (
            pytest.raises(DatabaseError, match="audit:"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
