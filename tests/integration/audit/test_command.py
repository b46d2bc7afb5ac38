"""`manage.py audit`: what a person at a terminal is told, and the exit code of it."""

from __future__ import annotations

import threading
from base64 import b64encode
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit import keyring
from audit.queries import rereading, trees
from audit.tlog.policy import Policy
from audit.tlog.proof import Proof
from tests.integration.audit.bundling import witness, witnessed_policy
from tests.integration.audit.conftest import log_named


def audit(*arguments):
    out = StringIO()
    call_command("audit", *map(str, arguments), stdout=out)
    return out.getvalue()


def refused(*arguments):
    """Return exit code and words of what is expected to fail."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("audit", *map(str, arguments), stdout=out)
    return error.value.returncode, out.getvalue() + str(error.value)


def accounted_for():
    """Read everything again: each act has its event, and each event its entry."""
    told = audit("verify")
    assert "every event has its entry; 0 wait for it" in told
    assert "every act has its event" in told
    assert told.endswith("The log is whole.\n")


@pytest.fixture
def kept(bench, tmp_path):
    """The checkpoint of two entries, as an auditor keeps it, of a log that went on."""
    bench.signed(2)
    file = tmp_path / "kept"
    file.write_text(trees.newest_signed(log_named("acts-2026")))
    bench.signed(3)
    return file


class TestVerify:
    def test_finds_everything_as_it_was_signed(self, bench):
        bench.signed(3, directory=2)
        bench.record(1)
        told = audit("verify")
        assert "audit.localhost/2026: 5 entries, 5 of them signed, 1 checkpoints" in told
        assert "6 events are what they were; 0 were erased" in told
        assert "every event has its entry; 1 wait for it" in told
        assert told.endswith("The log is whole.\n")

    def test_agrees_with_a_checkpoint_that_somebody_kept(self, kept):
        assert "whole" in audit("verify", "--checkpoint", kept)

    def test_takes_keys_from_a_policy(self, bench, tmp_path):
        bench.signed(1, directory=1)
        policy = tmp_path / "policy"
        policy.write_text(audit("keys", "--year", 2026))
        assert "whole" in audit("verify", "--policy", policy)

    @pytest.mark.parametrize("content", ["", "quorum none\n", None])
    def test_decides_nothing_without_a_key_for_a_log(self, bench, tmp_path, content):
        bench.signed(1)
        policy = tmp_path / "policy"
        if content is not None:
            policy.write_text(content)
        code, words = refused("verify", "--policy", policy)
        assert code == 2
        assert "policy" in words

    def test_says_so_when_the_kept_file_is_the_proof_of_an_entry(self, bench, tmp_path):
        bench.signed(3)
        proof = tmp_path / "entry.tlog-proof"
        proof.write_text(audit("prove", "acts-2026", 1))
        code, words = refused("verify", "--checkpoint", proof)
        assert (code, "this is a proof of one entry" in words) == (2, True)

    def test_decides_nothing_with_a_kept_file_that_no_log_signed(self, kept):
        kept.write_text(kept.read_text().replace("\n2\n", "\n3\n"))
        code, words = refused("verify", "--checkpoint", kept)
        assert (code, "does not hold" in words) == (2, True)


class TestProve:
    def test_prints_a_proof_that_a_stranger_can_check(self, bench):
        bench.signed(5)
        log = log_named("acts-2026")
        policy = Policy.parse(audit("keys", "--year", 2026))
        for position in range(5):
            proof = Proof.parse(audit("prove", "acts-2026", position))
            opened = proof.verify(trees.entry(log, position), policy)
            assert (proof.index, opened.checkpoint.size) == (position, 5)
        assert audit("prove", "audit.localhost/2026", 0) == audit("prove", "acts-2026", 0)

    def test_shows_that_the_log_extends_what_somebody_kept(self, kept):
        told = audit("prove", "acts-2026", "--since", kept)
        assert told == "The 5 entries of audit.localhost/2026 begin with those 2.\n"

    def test_raises_the_alarm_when_it_does_not(self, bench, kept, tmp_path):
        bench.forget_everything()
        bench.record(7)
        other = bench.sequencer(anchor=tmp_path / "elsewhere")
        other.tick()
        code, words = refused("prove", "acts-2026", "--since", kept)
        assert code == 1
        assert words.startswith("SECURITY: audit.localhost/2026 does not extend")

    @pytest.mark.parametrize("wish", [("acts-2026",), ("acts-2026", "5"), ("acts-2027", "0")])
    def test_says_what_there_is_when_asked_for_what_is_not(self, bench, wish):
        bench.signed(5)
        assert refused("prove", *wish)[0] == 2


class TestKeys:
    def test_are_made_once_by_a_person_outside_the_demo(self, bench, settings):
        settings.DEMO = False
        assert refused("keys", "--year", 2026) == (
            2,
            "audit.localhost/2026 has no key: make one with `manage.py audit keys --make`",
        )
        first = audit("keys", "--make", "--year", 2026)
        assert audit("keys", "--make", "--year", 2026) == first
        assert [key.name for key in Policy.parse(first).logs] == [
            "audit.localhost/2026",
            "dir.localhost",
            "audit.localhost/2026/promise",
        ]
        with pytest.raises(FileExistsError):
            keyring.make_signing_key("dir.localhost")

    def test_are_printed_as_the_policy_that_this_region_publishes_under(
        self, bench, settings, tmp_path
    ):
        bench.signed(1)
        own = log_named("acts-2026").vkey
        settings.WITNESSES = tmp_path / "policy"
        settings.WITNESSES.write_text(
            witnessed_policy([witness(number) for number in (1, 2, 3)], own)
        )
        policy = Policy.parse(audit("keys", "--year", 2026))
        assert (len(policy.witnesses), policy.quorum) == (3, "all")
        assert [key.name for key in policy.logs].count("audit.localhost/2026") == 1
        # December: the keys of the year to come, under the same witnesses.
        coming = Policy.parse(audit("keys", "--make", "--year", 2027))
        assert (len(coming.witnesses), coming.quorum) == (3, "all")
        assert {"audit.localhost/2026", "audit.localhost/2027"} < {key.name for key in coming.logs}

    def test_are_printed_alone_before_the_file_of_the_witnesses_is_written(
        self, bench, settings, tmp_path
    ):
        settings.DEMO = False
        settings.WITNESSES = tmp_path / "policy"
        text = audit("keys", "--make", "--year", 2026)
        assert Policy.parse(text).quorum == "none"
        assert "CASEHUB_WITNESSES names a file that is not there yet" in text

    def test_are_not_printed_without_witnesses_that_cannot_be_read(self, bench, settings, tmp_path):
        settings.WITNESSES = tmp_path / "policy"
        settings.WITNESSES.write_text("quorum nobody\n")
        assert refused("keys", "--make", "--year", 2026)[0] == 2


class TestAnchor:
    def test_that_was_lost_is_put_back_after_everything_was_verified(self, bench):
        bench.signed(3)
        file = bench.anchor_folder / "audit.localhost%2F2026"
        before = file.read_text()
        file.unlink()
        assert refused("verify")[0] == 1
        assert audit("anchor") == "put back: audit.localhost/2026\n"
        assert file.read_text() == before
        assert audit("anchor") == "put back: nothing was missing\n"
        bench.signed(1)

    def test_that_is_older_is_brought_up_after_everything_was_verified(self, bench):
        """As of yesterday, from a copy: what signs refuses it, and so goes nobody on."""
        bench.signed(3)
        file = bench.anchor_folder / "audit.localhost%2F2026"
        older = file.read_text()
        bench.signed(1)
        newest = file.read_text()
        file.write_text(older)
        assert audit("anchor") == "put back: audit.localhost/2026\n"
        assert file.read_text() == newest
        bench.signed(1)

    def test_that_is_older_is_left_as_it_is_where_it_tells_of_another_history(self, bench):
        bench.signed(3)
        file = bench.anchor_folder / "audit.localhost%2F2026"
        origin, size, _, *rest = file.read_text().split("\n")
        bench.signed(1)
        other = "\n".join([origin, size, b64encode(bytes(32)).decode(), *rest])
        file.write_text(other)
        assert refused("anchor")[0] == 1
        assert file.read_text() == other

    def test_is_not_put_back_on_a_log_that_was_changed(self, bench):
        bench.signed(3)
        (bench.anchor_folder / "audit.localhost%2F2026").unlink()
        bench.tamper("UPDATE audit_auditevent SET actor = 'boris'")
        code, words = refused("anchor")
        assert (code, "columns" in words) == (1, True)
        assert not (bench.anchor_folder / "audit.localhost%2F2026").exists()

    @pytest.mark.parametrize("what", ["verify", "anchor"])
    def test_that_cannot_be_read_decides_nothing(self, bench, what):
        bench.signed(1)
        file = bench.anchor_folder / "audit.localhost%2F2026"
        file.unlink()
        file.mkdir()  # as unreadable for whoever may read all files
        code, words = refused(what)
        assert (code, "Is a directory" in words) == (2, True)

    def test_is_not_touched_under_a_running_sequencer(self, bench):
        bench.record()
        bench.sequencer().tick()
        assert refused("anchor")[0] == 2


class TestErase:
    def test_is_in_the_log_and_leaves_it_whole(self, bench):
        bench.signed(3)
        audit("erase", "acts-2026", 1, "--ground", "LED 16(2)", "--by", "operator")
        bench.signed(0)
        told = audit("verify")
        assert "3 events are what they were; 1 were erased" in told
        assert refused("erase", "acts-2026", 1, "--ground", "LED 16(2)", "--by", "op")[0] == 2


class TestBesideAServer:
    """Whoever reads for minutes reads what was there when they began: it grows meanwhile."""

    def test_that_goes_on_writing_and_signing_it_finds_nothing_wrong(self, bench, monkeypatch):
        bench.signed(3, directory=1)
        head, grown = rereading.head, []

        def growing(db, log):
            found = head(db, log)
            if not grown:
                grown.append(log)
                beside(lambda: bench.signed(2, directory=1))
            return found

        monkeypatch.setattr(rereading, "head", growing)
        assert audit("verify").endswith("The log is whole.\n")
        assert grown
        accounted_for()

    def test_that_fails_meanwhile_it_tells_its_error_and_not_that_of_the_end(self, bench):
        message = "the disk is gone"
        with pytest.raises(OSError, match=message), rereading.as_of_one_moment(connection):
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")  # as SQLite does by itself where it cannot read
            raise OSError(message)


def beside(work):
    """Do something over another connection, to its end."""

    def go():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=go)
    thread.start()
    thread.join(30)
