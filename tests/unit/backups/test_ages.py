"""How old a backup may be, where it goes, and who decides that it is the newest."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.tlog.checkpoint import Checkpoint
from audit.tlog.note import CosigningKey, SigningKey, signed_note
from audit.tlog.policy import Group, Policy
from casehub.backups import envelope, making, standing, unpacking
from casehub.backups.errors import Stopped
from tests.unit.backups.test_container import ALL

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DAY = timedelta(days=1)
LOG = SigningKey("audit.casehub.example/2026", Ed25519PrivateKey.from_private_bytes(bytes(32)))
ROOT = bytes(range(32))


def made_at(moment):
    return envelope.make(ALL, now=moment)[0].written()


def judged(moment):
    return unpacking.open_file(io.BytesIO(made_at(moment)), "it", now=NOW)


class TestTheAgeOfABackup:
    def test_is_35_days_at_most(self):
        assert judged(NOW - 35 * DAY).made_at == NOW - 35 * DAY
        with pytest.raises(Stopped, match="backup-expired"):
            judged(NOW - 35 * DAY - timedelta(seconds=1))

    def test_is_none_if_its_day_has_not_come(self):
        assert judged(NOW + timedelta(minutes=10))
        with pytest.raises(Stopped, match="backup-from-the-future"):
            judged(NOW + timedelta(minutes=11))


class TestAFolderOfBackups:
    def test_loses_those_that_are_too_old_and_nothing_else(self, tmp_path):
        old, young = NOW - 36 * DAY, NOW - DAY
        for moment in (old, young):
            making.place_of(tmp_path, now=moment).write_bytes(made_at(moment))
        other = tmp_path / "casehub-20200101T000000Z.backup"
        other.write_bytes(b"somebody else's")
        named = tmp_path / "before-the-move.backup"
        named.write_bytes(made_at(old))
        gone = making.expire(tmp_path, keep=35 * DAY, now=NOW)
        assert [one.name for one in gone] == ["casehub-20261019T030000Z.backup"]
        assert len(list(tmp_path.iterdir())) == 3

    def test_takes_no_second_one_of_the_same_second(self, tmp_path):
        making.place_of(tmp_path, now=NOW).write_bytes(b"")
        with pytest.raises(Stopped, match="file-there"):
            making.place_of(tmp_path, now=NOW)

    def test_or_a_file_is_where_it_goes(self, tmp_path):
        assert making.place_of(tmp_path / "one", now=NOW) == tmp_path / "one"


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
            assert len(standing.unknown(found, policy)) == unknown

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
