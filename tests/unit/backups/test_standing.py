"""Who decides that a backup is the newest, and whose silence nothing speaks for."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.anchor import Anchor
from audit.tlog.checkpoint import Checkpoint
from audit.tlog.note import CosigningKey, SigningKey, signed_note
from audit.tlog.policy import Group, Policy
from audit.witnesses import Answer, Witness
from casehub.backups import standing
from casehub.backups.errors import Stopped

LOG = SigningKey("audit.casehub.example/2026", Ed25519PrivateKey.from_private_bytes(bytes(32)))
ROOT = bytes(range(32))
SEEN_AT = 1_795_618_800
HELD = {LOG.name: 8}
SIGNERS = [CosigningKey(f"w{n}.example", Ed25519PrivateKey.generate()) for n in range(3)]


@pytest.fixture(autouse=True)
def _host(settings):
    settings.LOG_HOST = "casehub.example"


def cosigned(size, *signers):
    checkpoint = Checkpoint(LOG.name, size, ROOT)
    lines = [one.sign(checkpoint.text(), SEEN_AT) for one in signers]
    return checkpoint.signed(LOG) + "".join(lines)


def answering(status, body=""):
    class Answering(Witness):
        def _ask(self, path, body_=None):
            return Answer(status, "text/plain", body)

    return Answering("SV", SIGNERS[0].public, "https://sv.example")


def elsewhere(**sizes):
    seen = [standing.Seen(who, Checkpoint(LOG.name, size, ROOT), "") for who, size in sizes.items()]
    return standing.Elsewhere({LOG.name: seen}, {LOG.name: set()})


class TestWhoHoldsMore:
    def test_is_named_with_both_sizes(self):
        (said,) = standing.ahead(elsewhere(SV=7, MX=9), {LOG.name: 8})
        assert said.startswith("MX holds 9 entries")
        assert said.endswith("this backup 8")

    @pytest.mark.parametrize("size", [9, 10])
    def test_is_nobody_if_the_backup_has_as_much(self, size):
        assert standing.ahead(elsewhere(SV=7, MX=9), {LOG.name: size}) == []

    def test_is_whoever_knows_a_log_that_the_backup_does_not(self):
        (said,) = standing.ahead(elsewhere(SV=1), {})
        assert "does not know" in said

    def test_could_be_a_quorum_that_is_silent(self):
        policy = Policy(groups={"two": Group(2, ("A", "B", "C"))}, quorum="two")
        found = elsewhere()
        for silent, unknown in (({"A"}, 0), ({"A", "B"}, 1), ({"A", "B", "C"}, 1)):
            found.unheard[LOG.name] = silent
            assert len(standing.unknown(found, policy, HELD)) == unknown

    def test_is_believed_by_the_logs_own_signature_alone(self):
        checkpoint = Checkpoint(LOG.name, 9, ROOT)
        note = checkpoint.signed(LOG)
        witness = CosigningKey("witness.sv.example", Ed25519PrivateKey.generate())
        text = note[: note.index("\n\n") + 1]
        cosigned = note + witness.sign(text, 1_795_618_800)
        seen, signers = standing.signed_by([LOG.public, witness.public], cosigned, "SV")
        assert (seen.checkpoint, seen.note) == (checkpoint, note)
        assert signers == {str(LOG.public), str(witness.public)}
        alone = signed_note(text, [witness.sign(text, 1_795_618_800)])
        with pytest.raises(ValueError, match="nobody known"):
            standing.signed_by([LOG.public, witness.public], alone, "SV")

    def test_is_told_of_another_hosts_logs_and_decides_nothing(self, settings):
        settings.LOG_HOST = "two.casehub.example"
        found = elsewhere(SV=9)
        found.unheard[LOG.name] = {"A"}
        found.cosigned[LOG.name] = {"A": 8}
        policy = Policy(groups={"one": Group(1, ("A",))}, quorum="one")
        assert standing.ahead(found, HELD) == standing.unknown(found, policy, HELD) == []
        assert standing.unasked(found, None, HELD) == []
        (told,) = standing.ahead(found, HELD, ours=False)
        assert told.startswith("SV holds 9")

    def test_could_be_whoever_is_silent_about_a_log_that_came_later(self):
        policy = Policy(groups={"one": Group(1, ("A",))}, quorum="one")
        later = "audit.casehub.example/2027"
        found = standing.Elsewhere({}, {later: {"A"}})
        assert standing.unknown(found, policy, HELD) == [f"A did not answer about {later}"]
        assert standing.unknown(found, policy, {"dir.old.example": 3}) == []  # it ends

    def test_is_asked_where_the_log_had_witnesses(self):
        found = elsewhere()
        assert standing.unasked(found, None, HELD) == []
        found.cosigned[LOG.name] = {"SV": 8, "MX": 7}
        nobody = Policy(quorum="none")
        for policy in (None, nobody):
            assert standing.unasked(found, policy, HELD) == [f"MX, SV cosigned {LOG.name}"]
        assert standing.unasked(found, Policy(quorum="SV"), HELD) == []


def asked(witness, cosigned_before=0):
    found = elsewhere()
    found.cosigned[LOG.name] = {"SV": cosigned_before}
    standing.ask(found, [witness], [LOG.public])
    return found.unheard[LOG.name], [one.checkpoint.size for one in found.seen[LOG.name]]


class TestAWitness:
    @pytest.mark.parametrize("status", [302, 403, 429, 500, 502, 503])
    def test_in_trouble_has_said_nothing(self, status):
        assert asked(answering(status, cosigned(9, SIGNERS[0]))) == ({"SV"}, [])

    def test_that_knows_no_such_log_is_believed_unless_it_had_cosigned(self):
        assert asked(answering(404)) == (set(), [])
        assert asked(answering(404), 8) == ({"SV"}, [])

    def test_that_shows_less_than_it_had_cosigned_is_not_believed(self):
        assert asked(answering(200, cosigned(8, SIGNERS[0])), 8) == (set(), [8])
        assert asked(answering(200, cosigned(7, SIGNERS[0])), 8) == ({"SV"}, [7])

    def test_speaks_by_its_own_signature(self):
        assert asked(answering(200, cosigned(9, SIGNERS[1]))) == ({"SV"}, [9])  # and the log's


class TestAKeptNote:
    @pytest.mark.parametrize(
        ("signers", "known", "left"),
        [
            (SIGNERS, 0, {"w0", "w1", "w2"}),  # what was published: anybody has old ones
            (SIGNERS[:1], 5, {"w1", "w2"}),  # what a witness shows
            (SIGNERS[:1], 6, {"w0", "w1", "w2"}),  # and had shown before the backup
            ([], 0, {"w0", "w1", "w2"}),
        ],
    )
    def test_answers_for_one_witness_at_most(self, signers, known, left):
        found = elsewhere()
        found.unheard[LOG.name] = {"w0", "w1", "w2"}
        found.cosigned[LOG.name] = {"w0": known}
        every = [Witness(f"w{n}", one.public, None) for n, one in enumerate(SIGNERS)]
        standing.keep(found, every, {LOG.name: [LOG.public]}, "kept", cosigned(5, *signers))
        assert found.unheard[LOG.name] == left
        assert [one.checkpoint.size for one in found.seen[LOG.name]] == [5]  # and is evidence


class TestTheBackupsOwnNotes:
    def taken(self, signed, published, witnesses=(), known=None):
        found = elsewhere()
        keys = [LOG.public]
        standing.own_notes(found, keys, witnesses, signed, published, known or {})
        return found

    def test_tell_up_to_where_each_witness_had_cosigned(self):
        sv = Witness("SV", SIGNERS[0].public, None)
        found = self.taken(cosigned(8), cosigned(7, SIGNERS[0]), [sv], {"SV": 5, "MX": 6})
        assert (found.known(LOG.name, "SV"), found.known(LOG.name, "MX")) == (7, 6)
        found = self.taken(cosigned(8), cosigned(7, SIGNERS[0]))  # by whom the policy has not
        assert found.cosigned[LOG.name] == {"w0.example": 1}

    def test_that_do_not_hold_are_not_what_was_signed(self):
        for notes in ((cosigned(8).replace("\n8\n", "\n9\n"), None), (None, "nonsense")):
            with pytest.raises(Stopped, match="log-not-as-signed"):
                self.taken(*notes)


class TestLogsThatEnd:
    def test_end_under_another_host_and_only_if_somebody_says_so(self, settings):
        standing.require_host([LOG.name], end_logs=False)
        with pytest.raises(Stopped, match="log-host-same"):
            standing.require_host([LOG.name], end_logs=True)
        settings.LOG_HOST = "two.casehub.example"
        standing.require_host([LOG.name], end_logs=True)
        with pytest.raises(Stopped, match="log-host-other"):
            standing.require_host([LOG.name], end_logs=False)
        standing.require_host([LOG.name, "dir.two.casehub.example"], end_logs=False)
        standing.require_host([], end_logs=False)

    def test_are_remembered_though_everybody_was_silent(self, settings, tmp_path):
        anchor = Anchor(tmp_path / "anchor")
        anchor.hold()
        found = self.silent()
        standing.remember(anchor, found)
        standing.end(anchor, HELD)
        assert not anchor.has_ended(LOG.name)
        settings.LOG_HOST = "two.casehub.example"
        standing.remember(anchor, found)
        assert not anchor.has_ended(LOG.name)
        standing.end(anchor, HELD)
        assert anchor.has_ended(LOG.name)
        assert anchor.read(LOG.name) == cosigned(8)
        anchor.release()

    def silent(self):
        seen = standing.Seen("its own", Checkpoint(LOG.name, 8, ROOT), cosigned(8))
        return standing.Elsewhere({LOG.name: [seen]}, {LOG.name: {"SV"}})
