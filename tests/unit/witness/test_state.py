"""What a witness remembers: on the disk first, only forward, one process."""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import replace

import pytest

from audit.tlog.note import SigningKey
from tests.unit.witness.logs import KEY, NAME, NOON, WITNESS, Log
from witness import state as state_module
from witness.errors import Refused, Stop
from witness.files import Logs
from witness.state import FILE, State, look
from witness.witnessing import Witness

LOG = Log(20)


def seen(folder):
    return look(folder)[NAME]


class TestAState:
    def test_is_there_after_a_restart(self, witness, state):
        witness.add(LOG.body(0, 7), NOON)
        before = witness.last(NAME)
        state.close()
        again = State(state.folder)
        try:
            assert again.last(NAME) == before
            with pytest.raises(Refused, match="size 7"):
                Witness(WITNESS, Logs([str(KEY.public)]), again).add(LOG.body(0, 9), NOON)
        finally:
            again.close()

    def test_is_on_the_disk_before_the_signature_leaves(self, witness, state):
        line = witness.add(LOG.body(0, 7), NOON)
        assert seen(state.folder).cosignature == line
        sync = state._database.execute("PRAGMA synchronous").fetchone()
        assert sync == (3,)  # EXTRA

    def test_is_not_written_for_the_same_again_within_a_second(self, witness, state):
        line = witness.add(LOG.body(0, 7), NOON)
        written = state._database.total_changes
        assert witness.add(LOG.body(7, 7), NOON) == line
        assert state._database.total_changes == written
        assert witness.add(LOG.body(7, 7), NOON + 1) != line
        assert state._database.total_changes == written + 1

    def test_is_one_file_between_requests(self, witness, state):
        # Whoever copies it copies all of it: no write-ahead log beside it.
        witness.add(LOG.body(0, 7), NOON)
        assert {file.name for file in state.folder.iterdir()} == {FILE, "lock"}

    def test_on_a_full_disk_lets_no_signature_out_and_goes_on_later(self, state, capsys):
        # A name so long that its row needs pages of its own.
        long = SigningKey.from_seed("x" * 9000, b"\x09" * 32)
        witness = Witness(WITNESS, Logs([str(KEY.public), str(long.public)]), state)
        witness.add(LOG.body(0, 7), NOON)
        state._database.execute("PRAGMA max_page_count = 1")  # no more than there are
        for _ in range(2):
            with pytest.raises(Refused) as refused:
                witness.add(Log(5, key=long).body(0, 5), NOON)
            assert refused.value.status == 500
        assert capsys.readouterr().err.count("full") == 1
        assert witness.last(long.name) is None
        state._database.execute("PRAGMA max_page_count = 1000")
        witness.add(Log(5, key=long).body(0, 5), NOON)
        assert [witness.last(name).size for name in (NAME, long.name)] == [7, 5]


class TestABeginning:
    """An empty file under the state's name is refused for ever: so none is left there."""

    def test_that_was_killed_is_made_again(self, tmp_path):
        (tmp_path / f"{FILE}.new").write_bytes(b"")
        (tmp_path / f"{FILE}.new-journal").write_bytes(b"half")
        State(tmp_path).close()
        assert {file.name for file in tmp_path.iterdir()} == {FILE, "lock"}
        State(tmp_path).close()

    def test_on_a_full_disk_leaves_nothing_under_its_name(self, tmp_path, monkeypatch):
        full = "PRAGMA max_page_count = 1;" + state_module._SCHEMA
        with monkeypatch.context() as disk:
            disk.setattr(state_module, "_SCHEMA", full)
            with pytest.raises(Stop, match="full"):
                State(tmp_path)
        assert not (tmp_path / FILE).exists()
        State(tmp_path).close()

    def test_finds_a_file_that_was_emptied_and_does_not_begin_anew(self, tmp_path):
        (tmp_path / FILE).write_bytes(b"")
        with pytest.raises(Stop, match="not a witness's"):
            State(tmp_path)


class TestAFolderThatCannotBeLocked:
    def test_is_not_told_as_another_witness(self, tmp_path, monkeypatch):
        def no_locks(*_):
            raise OSError(errno.ENOLCK, "No locks available")

        monkeypatch.setattr("fcntl.flock", no_locks)
        with pytest.raises(Stop, match="cannot be used: No locks available"):
            State(tmp_path)


class TestTheDatabaseItself:
    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE seen SET size = 6",
            "UPDATE seen SET time = time - 1",
            "UPDATE seen SET root = zeroblob(32)",
            "UPDATE seen SET origin = 'other'",
            "DELETE FROM seen",
            "REPLACE INTO seen VALUES ('" + NAME + "', 1, zeroblob(32), '', '', 1)",
        ],
    )
    def test_goes_neither_back_nor_away(self, witness, state, change):
        witness.add(LOG.body(0, 7), NOON)
        with pytest.raises(sqlite3.IntegrityError, match="a witness does not"):
            state._database.execute(change)
        assert witness.last(NAME).size == 7

    def test_holds_against_a_step_that_goes_back(self, witness, state):
        witness.add(LOG.body(0, 7), NOON)
        with pytest.raises(sqlite3.IntegrityError):
            state.move(NAME, lambda last: replace(last, size=3))
        assert witness.last(NAME).size == 7


class TestAFolder:
    def test_serves_one_process(self, state):
        with pytest.raises(Stop, match="another witness runs"):
            State(state.folder)

    def test_is_looked_at_while_it_is_in_use(self, witness, state):
        witness.add(LOG.body(0, 7), NOON)
        assert seen(state.folder).size == 7

    def test_that_is_a_file_is_refused(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(Stop, match="cannot be used"):
            State(tmp_path / "file")

    @pytest.mark.parametrize("content", [b"", b"garbage", b"SQLite format 3\x00" + bytes(200)])
    def test_with_a_damaged_file_is_refused(self, tmp_path, content):
        (tmp_path / FILE).write_bytes(content)
        with pytest.raises(Stop, match="cannot be used"):
            State(tmp_path)

    def test_with_somebody_elses_database_is_refused(self, tmp_path):
        other = sqlite3.connect(tmp_path / FILE)
        other.execute("CREATE TABLE t (x)")
        other.close()
        with pytest.raises(Stop, match="not a witness's"):
            State(tmp_path)

    def test_is_free_again_after_a_refusal(self, tmp_path):
        (tmp_path / FILE).write_bytes(b"garbage")
        with pytest.raises(Stop):
            State(tmp_path)
        (tmp_path / FILE).unlink()
        State(tmp_path).close()

    def test_that_does_not_exist_cannot_be_looked_at(self, tmp_path):
        with pytest.raises(Stop, match="cannot be read"):
            look(tmp_path)
