"""A State makes its key for backups where no network is, and hands out a line of it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from functools import partial

import pytest
from django.core.management import CommandError, call_command

from casehub.backups import recipients
from casehub.backups.management import asking
from tests.repo.conftest import ROOT
from tests.unit.backups.test_container import CHEAP, WORDS_OF

WORDS = [WORDS_OF["SV"], WORDS_OF["MX"]]


@pytest.fixture
def key(tmp_path, monkeypatch):
    """Make a key, with what somebody types; return the files."""
    monkeypatch.setattr(recipients, "make", partial(recipients.make, cost=CHEAP))

    def made(*typed, hands=1, state="SV"):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{words}\n" for words in typed)))
        files = ["--key", f"{tmp_path}/key", "--out", f"{tmp_path}/out"]
        call_command("backup_key", "make", "--state", state, "--hands", str(hands), *files)
        return tmp_path / "key", tmp_path / "out"

    return made


@pytest.mark.parametrize("words", [WORDS[:1], WORDS], ids=["one hand", "two hands"])
def test_a_key_opens_with_what_was_typed_and_its_line_is_handed_out(key, words, capsys):
    twice = [one for one in words for _ in range(2)]  # as at a ceremony: each twice, in turn
    file, line = key(*twice, hands=len(words))
    assert file.stat().st_mode & 0o777 == 0o600
    (told,) = recipients.parse(line.read_text(), where="out")
    opened = recipients.unlock(file.read_text(), passphrases=words)
    assert opened.recipient == told
    assert told.state == "SV"
    capsys.readouterr()
    call_command("backup_key", "show", str(file))
    assert capsys.readouterr().out == line.read_text()


def test_its_machine_has_nothing_to_configure(key):
    file, line = key(WORDS[0], WORDS[0])
    command = [sys.executable, "manage.py", "backup_key", "show", str(file)]
    bare = {"PATH": os.environ["PATH"]}
    done = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (line.read_text(), "")


def test_keys_are_opened_by_the_next_lines_of_the_input(key, monkeypatch, capsys):
    file, _ = key(WORDS[0], WORDS[0], WORDS[1], WORDS[1], hands=2)
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{words}\n" for words in WORDS)))
    (holder,) = asking.unlocked([str(file)])
    assert holder.recipient.state == "SV"
    assert "of the second person" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "state", "why"),
    [
        ([WORDS[0], WORDS[1]], "SV", "key-unreadable: The two were not the same"),
        (["short", "short"], "SV", "key-unreadable"),
        ([WORDS[0], WORDS[0]], "XX", "key-unreadable: no State: XX"),
    ],
)
def test_what_is_no_key_is_not_written(key, tmp_path, typed, state, why):
    with pytest.raises(CommandError, match=why) as refused:
        key(*typed, state=state)
    assert refused.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", ["key", "out"])
def test_nothing_is_written_over(key, tmp_path, there):
    (tmp_path / there).write_text("before")
    with pytest.raises(CommandError, match=f"file-there: .*{there} is there already"):
        key(WORDS[0], WORDS[0])
    assert (tmp_path / there).read_text() == "before"
