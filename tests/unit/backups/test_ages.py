"""How old a backup may be, and where it goes."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime, timedelta

import pytest

from casehub.backups import envelope, making, unpacking
from casehub.backups.errors import Stopped
from tests.unit.backups.test_container import ALL

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DAY = timedelta(days=1)


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
        folder = tmp_path / "casehub-20200101T000001Z.backup"
        folder.mkdir()  # cannot be read, and keeps nothing from its end
        gone, strange = making.expire(tmp_path, keep=35 * DAY, now=NOW)
        assert [one.name for one in gone] == ["casehub-20261019T030000Z.backup"]
        assert strange == [other, folder]
        assert len(list(tmp_path.iterdir())) == 4

    def test_loses_what_was_never_finished_by_its_header_or_else_its_own_date(self, tmp_path):
        old, young = NOW - 36 * DAY, NOW - DAY
        names = [f".{making.place_of(tmp_path, now=one).name}.7" for one in (old, young)]
        for name, moment in zip(names, (old, young), strict=True):
            (tmp_path / name).write_bytes(made_at(moment) + b"half")
        empty = [tmp_path / f"{names[0][:-1]}{n}" for n in (8, 9)]
        for file, moment in zip(empty, (old, young), strict=True):
            file.write_bytes(b"casehub-ba")  # killed before its header
            os.utime(file, (moment.timestamp(), moment.timestamp()))
        strangers = tmp_path / ".casehub.sqlite3.7"
        strangers.write_bytes(b"")
        os.utime(strangers, (old.timestamp(), old.timestamp()))
        gone, strange = making.expire(tmp_path, keep=35 * DAY, now=NOW)
        assert gone == [tmp_path / names[0], empty[0]]
        assert strange == []
        assert {one.name for one in tmp_path.iterdir()} == {
            names[1],
            empty[1].name,
            strangers.name,
        }

    def test_takes_no_second_one_of_the_same_second(self, tmp_path):
        making.place_of(tmp_path, now=NOW).write_bytes(b"")
        with pytest.raises(Stopped, match="file-there"):
            making.place_of(tmp_path, now=NOW)

    def test_or_a_file_is_where_it_goes(self, tmp_path):
        assert making.place_of(tmp_path / "one", now=NOW) == tmp_path / "one"
