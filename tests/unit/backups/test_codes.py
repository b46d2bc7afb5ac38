"""Every code by which a backup is not made or not restored is seen to be said."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.db.migrations.loader import MigrationLoader

from audit.anchor import Anchor
from audit.queries import keys, verifying
from casehub import startup
from casehub.backups import (
    databases,
    errors,
    manifest,
    pieces,
    recipients,
    restoring,
    standing,
    target,
)
from casehub.backups.errors import Stopped
from casehub.backups.management.commands import restore
from tests.repo.conftest import ROOT

ORIGIN = "audit.casehub.example/2026"
PLACES = ("tests/unit/backups", "tests/integration/backups")


def test_no_code_is_without_one():
    """What a test makes up, or only tells of, is seen nowhere."""
    files = [file for place in PLACES for file in (ROOT / place).glob("test_*.py")]
    told = [text for file in files for text in _expected(file.read_text(encoding="utf-8"))]
    seen = {code for text in told for code in re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", text)}
    assert [code for code in errors.WORDS if code not in seen] == []


def _expected(source: str) -> Iterator[str]:
    """Yield each text of a test but those of `Stopped(…)`, of names and of what only tells."""
    tree = ast.parse(source)
    aside = {
        id(text)
        for one in ast.walk(tree)
        if (isinstance(one, ast.Call) and ast.unparse(one.func).endswith("Stopped"))
        or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        for text in ast.walk(one)
    }
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in aside:
            yield one.value


def test_what_is_the_demos_is_backed_up_as_no_region(settings, tmp_path):
    settings.DATA_DIR, settings.DEMO = tmp_path, False
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "identity-keys.json").write_text("{}")
    with pytest.raises(CommandError, match=r"^another-s-data: .*identity-keys\.json") as ended:
        call_command("backup", "--to", str(tmp_path), "--recipients", "/nowhere")
    assert ended.value.returncode == 2


def test_an_anchor_that_somebody_signs_with_is_held(settings, tmp_path):
    settings.ANCHOR = tmp_path / "anchor"
    other = Anchor(settings.ANCHOR)
    other.hold()
    with pytest.raises(Stopped, match=r"^anchor-held: .* Stop what signs"), target.held_anchor():
        pass
    other.release()
    with target.held_anchor():
        pass


def test_a_folder_that_somebody_serves_is_left_alone(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(databases, "is_file", lambda: True)
    held = startup.hold(tmp_path)
    assert held is not None
    with held, pytest.raises(Stopped, match=r"^server-runs: "), target.no_server():
        pass
    with target.no_server():
        pass


@pytest.mark.parametrize("wrong", ["what is none", "no database"])
def test_a_database_that_is_not_copied_is_said_in_words(monkeypatch, tmp_path, wrong):
    file = tmp_path / "casehub.sqlite3"
    if wrong == "no database":
        file = tmp_path / "gone" / "casehub.sqlite3"
    else:
        file.write_bytes(b"no database " * 100)
    monkeypatch.setattr(databases, "file", lambda: file)
    monkeypatch.setattr(databases, "is_file", lambda: True)
    said = r"^file-unwritable: The copy of .* was not made: "
    with pytest.raises(Stopped, match=said), databases.standing_still():
        pass
    assert [one.name for one in tmp_path.glob(".*")] == []


def test_a_program_of_postgresqls_that_is_not_here_is_named(monkeypatch):
    monkeypatch.setattr(databases.connection, "get_connection_params", dict)
    with (
        pytest.raises(Stopped, match=r"^clients-missing: pg_nowhere is not here"),
        databases._program("pg_nowhere"),
    ):
        pass


def test_more_keys_than_a_header_holds_are_refused():
    states = ["SV", "MX"] * recipients.MOST
    found = [recipients.Recipient(state, bytes([n] * 32)) for n, state in enumerate(states, 1)]
    assert len(recipients.together(found[: recipients.MOST])) == recipients.MOST
    with pytest.raises(Stopped, match=f"^recipients-many: .* at most {recipients.MOST} keys"):
        recipients.together(found[: recipients.MOST + 1])


class TestLookedAt:
    """What is said of a database that was read out of a backup."""

    @pytest.fixture
    def examined(self, monkeypatch):
        monkeypatch.setattr(databases, "sound", lambda: "")
        monkeypatch.setattr(keys, "held", list)
        monkeypatch.setattr(keys, "known", lambda *_, **__: self.known)
        monkeypatch.setattr(standing, "sizes", lambda: {ORIGIN: 1})
        monkeypatch.setattr(standing, "look", lambda *_, **__: standing.Elsewhere())
        monkeypatch.setattr(standing, "unasked", lambda *_: ["SV cosigned it"])
        monkeypatch.setattr(restoring, "_verified", lambda *_: verifying.Report())
        monkeypatch.setattr(restoring.trees, "current", list)
        monkeypatch.setattr(pieces, "missing_in", lambda _: 0)
        self.known = {ORIGIN: []}
        applied = sorted(map(list, MigrationLoader(None).disk_migrations))

        def look(migrations=applied):
            said = manifest.Manifest("x", "NOW", "sqlite", migrations, [], "", "")
            unpacked = cast("Any", SimpleNamespace(manifest=said, contents=None))
            wishes, files = restoring.Wishes(None), cast("Any", SimpleNamespace(has=None))
            return restoring._examine(unpacked, wishes, files=files, anchor=None)

        return look

    def test_a_log_whose_key_nobody_knows_is_not_believed(self, examined):
        self.known = {}
        with pytest.raises(Stopped, match=f"^log-key-unknown: No key is known for {ORIGIN}"):
            examined()

    def test_witnesses_whom_nobody_asks_speak_against_it(self, examined):
        (refused,) = examined().refused
        assert str(refused).startswith("witnesses-unasked: SV cosigned it, and the policy at hand")

    def test_what_an_older_release_wrote_may_be_beyond_this_one(self, examined, monkeypatch):
        def unread(*_):
            raise DatabaseError("no such column")

        monkeypatch.setattr(restoring, "_verified", unread)
        with pytest.raises(Stopped, match=r"^release-newer: .*and \d+ more"):
            examined([])
        with pytest.raises(DatabaseError):  # of this release itself: a fault, and nobody's release
            examined()

    def test_a_note_that_cannot_be_read_is_told(self, examined, monkeypatch):
        def unreadable(*_, **__):
            raise ValueError("note-1: it is no note")

        monkeypatch.setattr(standing, "look", unreadable)
        with pytest.raises(Stopped, match=r"^witnesses-unreadable: note-1: it is no note"):
            examined()


@pytest.mark.parametrize("text", ["nonsense", None], ids=["nonsense", "not there"])
def test_a_policy_that_cannot_be_read_is_named(tmp_path, text):
    file: Path = tmp_path / "policy"
    if text is not None:
        file.write_text(text)
    code = "witnesses-unreadable" if text else "file-unreadable"
    with pytest.raises(Stopped, match=f"^{code}: {file}"):
        restore._policy(str(file))
