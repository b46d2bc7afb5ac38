"""PostgreSQL's programs: one that nobody waits for any more is ended, not waited for."""

from __future__ import annotations

import os
import time
from contextlib import nullcontext

import pytest

from casehub.backups import databases


@pytest.fixture
def patient(tmp_path, monkeypatch):
    """A program that takes its time."""
    program = tmp_path / "patient"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(databases.connection, "get_connection_params", dict)
    return program.name


def test_a_program_is_ended_by_what_ends_this_one(patient):
    before = time.monotonic()
    with pytest.raises(OSError, match="a full disk"), databases._program(patient) as running:
        raise OSError("a full disk")
    assert running.returncode == -9
    assert time.monotonic() - before < 30


def test_a_program_is_ended_while_it_is_waited_for(patient, monkeypatch):
    def interrupted(*_, **__):
        monkeypatch.undo()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), databases._program(patient) as running:
        monkeypatch.setattr(running, "wait", interrupted)
    assert running.returncode == -9


def test_the_tables_are_counted_by_nobody_who_stays(monkeypatch):
    """An open connection lays files beside SQLite's, which a restore refuses."""
    told = []
    monkeypatch.setattr(databases, "is_file", lambda: False)
    monkeypatch.setattr(databases, "let_go", lambda: told.append("let go"))
    monkeypatch.setattr(databases, "connection", Connection(told))
    assert databases.tables() == 2
    assert told == ["counted", "let go"]


class Connection:
    """A database with two tables."""

    def __init__(self, told):
        self.told, self.introspection = told, self

    def cursor(self):
        return nullcontext()

    def table_names(self, _):
        self.told.append("counted")
        return ["one", "two"]
