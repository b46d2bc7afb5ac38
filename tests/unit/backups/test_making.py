"""Making a backup: room first, and all that can be read though something cannot."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command

from casehub.backups import databases, envelope, making, manifest, pieces
from casehub.backups.errors import Stopped
from tests.unit.backups.test_container import ALL

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
BODY = b"a piece"
FOLDER = f"{'0' * 8}-0000-4000-8000-{'0' * 12}"
WHOLE = f"{FOLDER}/00000-{sha256(BODY).hexdigest()}"
CLOSED = f"{FOLDER}/00001-{'1' * 64}"


@pytest.fixture
def region(settings, tmp_path, monkeypatch):
    """What would be read of a database, and two pieces of which one cannot be read."""
    settings.ATTACHMENTS = tmp_path / "attachments"
    (settings.ATTACHMENTS / FOLDER).mkdir(parents=True)
    (settings.ATTACHMENTS / WHOLE).write_bytes(BODY)
    (settings.ATTACHMENTS / CLOSED).symlink_to(settings.ATTACHMENTS / CLOSED)  # leads nowhere
    said = manifest.Manifest("x", LONG_AGO.isoformat(), "sqlite", [], [], "", "")
    monkeypatch.setattr(making, "manifest_of", lambda _: said)
    monkeypatch.setattr(databases, "standing_still", lambda: nullcontext([b"a database"]))
    monkeypatch.setattr(pieces, "missing_in", lambda _: 0)
    (tmp_path / "recipients").write_text("\n".join(map(str, ALL)))
    (tmp_path / "backups").mkdir()
    return tmp_path


def command(region):
    names = ["--to", region / "backups", "--recipients", region / "recipients"]
    return call_command("backup", *map(str, names))


def test_a_piece_that_cannot_be_read_is_told_and_everything_else_is_there(region, capsys):
    with pytest.raises(CommandError, match="It is made") as ended:
        command(region)
    said = capsys.readouterr()
    assert ended.value.returncode == 3
    assert f"cannot be read from the disk: {CLOSED}" in said.err
    assert "files  1 pieces, 7 bytes" in said.out
    assert all(f"  to  {one}\n" in said.out for one in ALL)
    assert len(list((region / "backups").iterdir())) == 1


def test_what_is_too_old_goes_before_a_new_one_is_made(region, monkeypatch):
    old = region / "backups" / "casehub-20200101T000000Z.backup"
    old.write_bytes(envelope.make(ALL, now=LONG_AGO)[0].written())

    def full(*_, **__):
        assert not old.exists()
        raise Stopped("file-unwritable", "the disk is full")

    monkeypatch.setattr(making, "make", full)
    with pytest.raises(CommandError, match="file-unwritable"):
        command(region)


def test_what_is_no_backup_is_told_and_stays(region, capsys):
    (region / "attachments" / CLOSED).unlink()
    strange = region / "backups" / "casehub-20200101T000000Z.backup"
    strange.write_bytes(b'casehub-backup/1\n{"id":NaN}\n')
    with pytest.raises(CommandError, match="It is made"):
        command(region)
    assert f"cannot be read as one: {strange}" in capsys.readouterr().err
    assert strange.exists()
