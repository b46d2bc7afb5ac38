"""The witness's key, and the list of logs it watches."""

from __future__ import annotations

import errno
import os

import pytest

from audit.tlog.note import CosigningKey, Key
from tests.unit.witness.logs import KEY, NAME, NOON, VECTORS, WITNESS
from witness import commands
from witness.errors import Stop
from witness.files import Logs, make_key, read_key


class TestAKey:
    def test_is_made_once_for_its_owner_and_printed_again(self, tmp_path, capsys):
        file = tmp_path / "key"
        assert commands.main(["key", str(file), "--name", "witness.mx.example"]) == 0
        made = capsys.readouterr().out
        assert file.stat().st_mode & 0o777 == 0o600
        assert commands.main(["vkey", str(file)]) == 0
        assert capsys.readouterr().out == made
        assert Key.parse(made.strip()) == CosigningKey.parse(file.read_text().strip()).public

    def test_has_the_private_form_of_other_implementations(self, tmp_path):
        make_key(tmp_path / "key", "witness.mx.example")
        text = (tmp_path / "key").read_text()
        assert text.startswith("PRIVATE+KEY+witness.mx.example+")
        assert text.count("\n") == 1

    def test_is_private_whatever_the_umask(self, tmp_path):
        before = os.umask(0)
        try:
            make_key(tmp_path / "key", "witness.mx.example")
        finally:
            os.umask(before)
        assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600

    def test_is_never_written_over(self, tmp_path, capsys):
        file = tmp_path / "key"
        make_key(file, "one.example")
        before = file.read_text()
        assert commands.main(["key", str(file), "--name", "two.example"]) == 1
        assert "never written over" in capsys.readouterr().err
        assert file.read_text() == before

    def test_is_whole_or_not_there(self, tmp_path, monkeypatch):
        """On a full disk, say: an empty file under its name would never be written over."""

        def full(_):
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as disk:
            disk.setattr("os.fsync", full)
            with pytest.raises(Stop, match="cannot be written: No space left"):
                make_key(tmp_path / "key", "one.example")
        assert list(tmp_path.iterdir()) == []
        make_key(tmp_path / "key", "one.example")
        assert [one.name for one in tmp_path.iterdir()] == ["key"]

    @pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb"])
    def test_has_a_name_that_notes_can_carry(self, tmp_path, name):
        with pytest.raises(Stop, match="is not the name of a key"):
            make_key(tmp_path / "key", name)
        assert not (tmp_path / "key").exists()

    def test_that_anybody_may_read_is_not_used(self, key_file):
        key_file.chmod(0o644)
        with pytest.raises(Stop, match="anybody may read"):
            read_key(key_file)
        key_file.chmod(0o440)  # as mounted secrets are
        assert read_key(key_file).public == WITNESS.public

    @pytest.mark.parametrize("content", ["", "secret words", KEY.export(), "é", "\x00"])
    def test_in_another_form_is_refused_and_not_repeated(self, tmp_path, content):
        file = tmp_path / "key"
        file.write_text(content)
        file.chmod(0o600)
        with pytest.raises(Stop, match="holds no cosigning key") as stopped:
            read_key(file)
        assert not content.strip() or content not in str(stopped.value)


class TestLogs:
    def test_are_known_by_the_names_of_their_keys(self):
        logs = Logs([VECTORS["log"]["vkey"]])
        assert logs.keys(NAME, NOON) == [KEY.public]
        assert logs.keys("audit.example/2027", NOON) == []

    def test_come_from_a_policy_too(self, tmp_path):
        file = tmp_path / "policy"
        file.write_text(
            f"# whom we believe\nlog {KEY.public} https://x.example/api/log/dir\n"
            f"witness de {WITNESS.public}\ngroup all all de\nquorum all\n"
        )
        assert Logs([], file).keys(NAME, NOON) == [KEY.public]

    @pytest.mark.parametrize(
        "text", ["", "# nothing\n", "two words\n", "x\n", f"{WITNESS.public}\n", "log x\n"]
    )
    def test_that_are_none_stop_the_beginning(self, tmp_path, text):
        file = tmp_path / "logs"
        file.write_text(text)
        with pytest.raises(Stop):
            Logs([], file)

    def test_whose_file_is_gone_stop_the_beginning_but_not_what_runs(self, tmp_path, capsys):
        file = tmp_path / "logs"
        with pytest.raises(Stop, match="cannot be read"):
            Logs([], file)
        file.write_text(f"{KEY.public}\n")
        logs = Logs([], file)
        file.unlink()
        assert logs.keys(NAME, NOON) == logs.keys(NAME, NOON) == [KEY.public]
        assert capsys.readouterr().err.count("going on with what it held before") == 1
