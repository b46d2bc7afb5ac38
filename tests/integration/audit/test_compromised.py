"""A log's key is trusted no more: the log ends as its witnesses saw it, and another takes over."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audit import keyring, promises
from audit.models import Log, LogEntry, Succession
from audit.queries import keys, receipts, trees
from audit.sequencing import Untrustworthy
from audit.tlog.note import Note, SigningKey
from audit.tlog.policy import Policy
from audit.tlog.proof import Proof
from audit.tlog.text import from_b64
from tests.integration.audit.conftest import log_named, proven
from tests.integration.audit.rotating import audit, findings, rotated, signers, stranger
from tests.integration.audit.test_sequencer import Stop, stopping
from tests.unit.audit.rotations import SUCCESSORS

NEXT = {"acts": ("acts-2026", "acts-2026-2"), "dir": ("dir", "dir-2")}


def compromised(which):
    """Have another log take over; return its key's line of a policy."""
    return audit("compromised", which, "--by", "operator").splitlines()[0]


class TestTheNameOfTheNext:
    @pytest.mark.parametrize("origin", SUCCESSORS)
    def test_counts_on_from_that_of_the_one_before(self, origin):
        assert keyring.after(origin) == SUCCESSORS[origin]


@pytest.mark.parametrize("which", ["acts", "dir"])
class TestALogWhoseKeyIsTrustedNoMore:
    def test_ends_and_another_begins_by_naming_its_last_checkpoint(self, going, which):
        before, after = NEXT[which]
        line = compromised(which)
        going()
        old, new = log_named(before), log_named(after)
        assert old.closed
        assert json.loads(trees.entry(old, old.size - 1))["k"] == "close"
        first = json.loads(trees.entry(new, 0))
        last = Note.parse(trees.newest_signed(old)).text
        assert (first["k"], from_b64(first["h"])) == ("open", sha256(last.encode()).digest())
        assert line == f"log {new.vkey}"
        assert new.vkey != old.vkey
        assert findings() == []
        assert proven(before) + proven(after) == LogEntry.objects.filter(log__name=which).count()

    def test_gives_no_more_signatures_after_its_end(self, going, which):
        compromised(which)
        going()
        last = trees.newest_signed(log_named(NEXT[which][0]))
        going()
        assert trees.newest_signed(log_named(NEXT[which][0])) == last
        assert trees.signed_size(log_named(NEXT[which][1])) >= 2

    def test_is_one_act_and_one_event(self, going, recorded, which):
        with recorded("audit.log.succeeded"):
            compromised(which)

    def test_stands_in_the_policy_beside_the_next_from_then_on(self, going, bench, which):
        line = compromised(which)
        assert line in keys.served(bench.now).splitlines()
        going()
        policy = Policy.parse(keys.served(bench.now))
        for slug in NEXT[which]:
            assert policy.open(trees.newest_published(log_named(slug)))

    def test_is_followed_by_one_that_may_be_followed_again(self, going, which):
        compromised(which)
        with pytest.raises(CommandError, match="no open log"):
            compromised(which)
        going()
        compromised(which)
        going()
        assert Log.objects.filter(name=which).count() == 3
        rotated(which)
        going()
        assert findings() == []
        assert len(signers(f"{NEXT[which][0]}-3")) == 2

    @pytest.mark.parametrize(
        "step", ["close", "closed", "read again", "anchored", "open", "placed"]
    )
    def test_is_closed_once_however_often_the_sequencer_dies(self, going, bench, which, step):
        compromised(which)
        bench.record(1, directory=1)
        with pytest.raises(Stop):
            bench.sequencer(passing=stopping(step)).tick()
        bench.end()
        going()
        assert Log.objects.filter(name=which).count() == 2
        closed = log_named(NEXT[which][0])
        assert trees.signed_size(closed) == closed.size
        assert findings() == []

    def test_is_succeeded_under_the_key_that_was_announced_or_not_at_all(
        self, going, bench, settings, which
    ):
        compromised(which)
        origin = Succession.objects.get().origin
        file = settings.SIGNING / f"{origin.replace('/', '%2F')}.key"
        right = file.read_text()
        file.write_text(stranger(origin).export() + "\n")
        with pytest.raises(Untrustworthy, match="announced under another key"):
            going()
        bench.end()
        file.write_text(right)
        going()
        assert findings() == []


class TestARunningSequencer:
    def test_closes_one_log_and_begins_the_next_without_a_restart(self, bench):
        one = bench.sequencer()
        bench.record(1, directory=1)
        one.tick()
        compromised("dir")
        compromised("acts")
        bench.record(1, directory=1)
        one.tick()
        assert [log_named(slug).closed for slug in ("acts-2026", "dir")] == [True, True]
        assert [proven(slug) for slug in ("acts-2026-2", "dir-2")] == [5, 2]


class TestTheYear:
    def test_goes_on_to_the_next_from_whichever_log_is_open(self, going, bench, clock):
        compromised("acts")
        going()
        bench.now = datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC)
        clock.move_to(bench.now, tick=False)
        bench.signed(2)
        assert log_named("acts-2026-2").closed
        assert proven("acts-2027") == 3
        bench.now -= timedelta(seconds=5)  # a clock that was put back opens nothing
        bench.signed(1)
        assert Log.objects.filter(name="acts").count() == 3
        assert findings() == []


class TestReceipts:
    def test_of_acts_that_waited_are_of_the_log_that_took_over(self, going, bench, settings):
        keyring.make_signing_key("audit.localhost/2026/promise")
        compromised("acts")
        (act,) = bench.record(1)
        event = LogEntry._meta.get_field("event").related_model.objects.get(id=act)
        promised = promises.promise(event=act, leaf=bytes(event.leaf), at=bench.now)
        assert promised is not None
        bench.signed(0)
        (receipt,) = receipts.of([act], actor="ana")
        assert receipt.log == "acts-2026-2"
        policy = Policy.parse(keys.served(bench.now))
        assert Proof.parse(receipt.proof).verify(bytes(event.leaf), policy)


class TestTheDatabase:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_succession SET vkey = 'another'",
            "DELETE FROM audit_succession",
            "UPDATE audit_log SET closed = (1 = 0) WHERE closed",
        ],
    )
    def test_keeps_that_another_log_takes_over(self, going, statement):
        compromised("dir")
        going()
        with (
            pytest.raises(DatabaseError, match="audit:"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    def test_changed_by_an_operator_with_all_rights_is_found(self, going, bench):
        compromised("dir")
        going()
        other = SigningKey("dir.localhost/2", stranger("dir.localhost/2").private).public
        bench.tamper(f"UPDATE audit_succession SET vkey = '{other}'")
        assert any("another key than was announced" in words for words in findings())


class TestTheCommand:
    def test_lists_the_log_that_takes_over_among_the_keys(self, going):
        line = compromised("dir")
        assert line in audit("keys", "--year", "2026").splitlines()

    def test_needs_a_log(self, bench):
        with pytest.raises(CommandError, match="no such log"):
            call_command("audit", "compromised", "dir", "--by", "operator")
