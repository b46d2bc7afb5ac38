"""What the sequencer says while the database is away; test_signing.py has it held by another."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import OperationalError, connection


class TestTheLockOfTheDatabase:
    def test_is_not_called_held_while_the_database_is_away(self, bench, monkeypatch):
        """Else who reads what it says looks for a second sequencer, and there is none."""
        if connection.vendor != "postgresql":
            pytest.skip("SQLite's lock is no connection's")
        away = connection.copy()
        away.settings_dict["OPTIONS"].pop("pool", None)
        away.settings_dict["HOST"] = str(settings.ANCHOR)  # where no server listens
        monkeypatch.setattr("audit.sequencing.connection", SimpleNamespace(copy=lambda: away))
        with pytest.raises(OperationalError, match="No such file or directory"):
            bench.sequencer().tick()
