"""Making a backup: room first, and all that can be read though something cannot."""

from __future__ import annotations

import errno
import io
import os
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

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


def fail(*_, **__):
    raise Stopped("file-unwritable", "the disk is full")


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
    monkeypatch.setattr(pieces, "named", lambda: iter([WHOLE]))
    (tmp_path / "recipients").write_text("\n".join(map(str, ALL)))
    (tmp_path / "backups").mkdir()
    return tmp_path


def command(region, *more, to="backups", **options):
    names = ["--to", f"{region}/{to}", "--recipients", region / "recipients", *more]
    return call_command("backup", *map(str, names), **options)


def looked_at(region, capsys):
    """Make a backup of which something is to be looked at; return what was said."""
    with pytest.raises(CommandError, match="It is made") as ended:
        command(region)
    assert ended.value.returncode == 3
    assert len(list((region / "backups").iterdir())) == 1
    return capsys.readouterr()


def test_a_piece_that_cannot_be_read_is_told_and_everything_else_is_there(region, capsys):
    said = looked_at(region, capsys)
    assert f"cannot be read where it lies: {CLOSED}" in said.err
    assert "files  1 pieces, 7 bytes, of /" in said.out  # and whence
    assert all(f"  to  {one}\n" in said.out for one in ALL)


@pytest.mark.parametrize("of", [".", FOLDER])
def test_a_folder_that_cannot_be_listed_is_told_with_what_was_not_written(
    region, capsys, monkeypatch, of
):
    """Its pieces lie there, and nobody could read one: exit 3, though each of them exists."""
    closed, scandir = region / "attachments" / of, os.scandir

    def scanned(place):
        if Path(place) == closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(place))
        return scandir(place)

    monkeypatch.setattr(os, "scandir", scanned)
    said = looked_at(region, capsys)
    assert f"cannot be read where it lies: {of}\n" in said.err
    assert "1 pieces that the database names are not in it" in said.err
    assert "files  0 pieces" in said.out


def test_a_folder_that_went_away_meanwhile_is_no_trouble(region, monkeypatch, capsys):
    (region / "attachments" / CLOSED).unlink()
    gone, scandir = region / "attachments" / FOLDER.replace("0", "1"), os.scandir
    gone.mkdir()

    def scanned(place):
        if Path(place) == gone:
            raise FileNotFoundError(errno.ENOENT, "No such file", str(place))
        return scandir(place)

    monkeypatch.setattr(os, "scandir", scanned)
    command(region)
    assert capsys.readouterr().err == ""


def test_what_the_database_names_and_was_not_written_is_missing(region, capsys, monkeypatch):
    (region / "attachments" / CLOSED).unlink()
    monkeypatch.setattr(pieces, "named", lambda: iter([WHOLE, CLOSED]))
    said = looked_at(region, capsys)
    assert "1 pieces that the database names are not in it" in said.err


def test_a_piece_that_no_reader_would_take_is_not_written(region, capsys, monkeypatch):
    (region / "attachments" / CLOSED).unlink()
    monkeypatch.setattr(making, "LARGEST", len(BODY) - 1)
    said = looked_at(region, capsys)
    assert f"cannot be read where it lies: {WHOLE}" in said.err
    assert "files  0 pieces" in said.out


def test_damaged_pieces_are_counted_and_the_first_are_named(region, capsys):
    (region / "attachments" / CLOSED).unlink()
    names = [f"{FOLDER}/{n:05d}-{'2' * 64}" for n in range(manifest.NAMED + 2)]
    for name in names:
        (region / "attachments" / name).write_bytes(b"rotten")
    said = looked_at(region, capsys)
    damaged = [line for line in said.err.splitlines() if "damaged where it lies" in line]
    assert [line.rpartition(" ")[2] for line in damaged[:-1]] == names[: manifest.NAMED]
    assert damaged[-1].endswith("damaged where it lies: 2 more")


def test_a_backup_without_its_folder_of_files_is_not_begun(region, settings, monkeypatch):
    settings.ATTACHMENTS = region / "nowhere"
    monkeypatch.setattr(making, "_finished", None)
    with pytest.raises(CommandError, match="attachments-elsewhere") as ended:
        command(region)
    assert ended.value.returncode == 2
    assert list((region / "backups").iterdir()) == []


def test_the_database_stands_still_no_longer_than_it_is_read(region, monkeypatch):
    still = []

    @contextmanager
    def standing():
        still.append(True)
        yield [b"a database"]
        still.clear()

    def lying(*_):
        assert still == []
        return iter([WHOLE])

    monkeypatch.setattr(databases, "standing_still", standing)
    monkeypatch.setattr(pieces, "lying_in", lying)
    command(region)


@pytest.mark.parametrize("to", ["new/", "new"])
def test_a_folder_that_is_not_there_does_not_become_a_file(region, to):
    with pytest.raises(CommandError, match=r"file-unwritable: .*new is no folder") as ended:
        command(region, to=to)
    assert ended.value.returncode == 2
    assert not (region / "new").exists()


def test_a_database_that_cannot_be_read_is_not_said_to_be_the_target(region, monkeypatch):
    def broken():
        yield b"half of it"
        raise OSError(errno.EIO, "Input/output error", "casehub.sqlite3")

    monkeypatch.setattr(databases, "standing_still", lambda: nullcontext(broken()))
    with pytest.raises(CommandError, match=r"^file-unreadable: .*casehub\.sqlite3"):
        command(region)
    assert list((region / "backups").iterdir()) == []


def test_a_target_that_takes_no_more_is_said_to_be_it(region, monkeypatch):
    def full(_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CommandError, match=r"^file-unwritable: .*backup cannot be written"):
        command(region)
    assert list((region / "backups").iterdir()) == []


def test_what_lies_where_it_would_be_written_is_named(region):
    left = region / "backups" / f".one.backup.{os.getpid()}"
    left.write_bytes(b"half")
    with pytest.raises(CommandError, match=rf"^file-there: .*/{left.name} "):
        command(region, to="backups/one.backup")
    assert left.read_bytes() == b"half"


@pytest.mark.parametrize("days", ["0", "36", "a week"])
def test_days_are_said_in_numbers_of_which_a_backup_has(region, days):
    with pytest.raises(CommandError, match="argument --keep: 1 to 35 days"):
        command(region, "--keep", days)


class Closed(io.StringIO):
    """Somebody's end of a pipe, who has gone."""

    def write(self, _):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def test_a_backup_that_is_made_is_made_though_nobody_listens_and_says_so(region, capsys):
    (region / "attachments" / CLOSED).unlink()
    with pytest.raises(CommandError, match="It is made, and not all was read") as ended:
        command(region, stdout=Closed())
    assert ended.value.returncode == 3
    (made,) = (region / "backups").iterdir()
    digest = sha256(made.read_bytes()).hexdigest()
    assert f"whoever read this has gone: {made}, sha256 {digest}" in capsys.readouterr().err


def test_what_is_too_old_goes_before_a_new_one_is_made(region, monkeypatch):
    old = region / "backups" / "casehub-20200101T000000Z.backup"
    old.write_bytes(envelope.make(ALL, now=LONG_AGO)[0].written())
    monkeypatch.setattr("django.utils.timezone.now", lambda: LONG_AGO + timedelta(days=36))
    day_before = LONG_AGO + timedelta(days=35)
    young = making.place_of(region / "backups", now=day_before)
    young.write_bytes(envelope.make(ALL, now=day_before)[0].written())

    def full(*_, **__):
        assert not old.exists()
        fail()

    monkeypatch.setattr(making, "make", full)
    with pytest.raises(CommandError, match="file-unwritable"):
        command(region)
    assert young.exists()


def test_a_clock_by_which_every_backup_is_too_old_is_believed_at_the_next(
    region, monkeypatch, capsys
):
    """A machine that comes up in another year would remove all of them, and what it makes."""
    (region / "attachments" / CLOSED).unlink()
    old = [making.place_of(region / "backups", now=LONG_AGO + timedelta(n)) for n in range(2)]
    for n, one in enumerate(old):
        one.write_bytes(envelope.make(ALL, now=LONG_AGO + timedelta(n))[0].written())
    leapt = LONG_AGO + timedelta(days=37)
    monkeypatch.setattr("django.utils.timezone.now", lambda: leapt)
    with pytest.raises(CommandError, match="It is made; look at these files"):
        command(region, "--keep", "7")
    assert all(one.exists() for one in old)
    assert "If the clock is wrong, set it" in capsys.readouterr().err
    monkeypatch.setattr("django.utils.timezone.now", lambda: leapt + timedelta(hours=1))
    command(region, "--keep", "7")
    assert not any(one.exists() for one in old)
    assert len(list((region / "backups").iterdir())) == 2


def test_what_is_kept_for_less_stays_until_there_is_a_new_one(region, monkeypatch):
    """Two days old and --keep 1: it is the newest there is, until the next one is whole."""
    (region / "attachments" / CLOSED).unlink()
    monkeypatch.setattr("django.utils.timezone.now", lambda: LONG_AGO)
    before = LONG_AGO - timedelta(days=2)
    old = making.place_of(region / "backups", now=before)
    old.write_bytes(envelope.make(ALL, now=before)[0].written())
    with monkeypatch.context() as broken:
        broken.setattr(making, "make", fail)
        with pytest.raises(CommandError, match="file-unwritable"):
            command(region, "--keep", "1")
    assert old.exists()
    command(region, "--keep", "1")
    assert not old.exists()
    assert len(list((region / "backups").iterdir())) == 1


def test_what_is_no_backup_is_told_and_stays(region, capsys):
    (region / "attachments" / CLOSED).unlink()
    strange = region / "backups" / "casehub-20200101T000000Z.backup"
    strange.write_bytes(b'casehub-backup/1\n{"id":NaN}\n')
    with pytest.raises(CommandError, match="It is made"):
        command(region)
    assert f"cannot be read as one: {strange}" in capsys.readouterr().err
    assert strange.exists()
