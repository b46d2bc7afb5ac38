"""A place to restore into: empty, marked while it is half full, and emptied if it may not stay."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.anchor import Anchor
from casehub import startup
from casehub.backups import databases, envelope, restoring, standing
from casehub.backups.errors import Stopped

NAME = "casehub.sqlite3"


@pytest.fixture
def place(settings, tmp_path, monkeypatch):
    """A place without anything in it; what would be asked of a database is not."""
    settings.ATTACHMENTS = tmp_path / "attachments"
    settings.ANCHOR, settings.DATA_DIR = tmp_path / "anchor", tmp_path
    monkeypatch.setattr(databases, "file", lambda: tmp_path / NAME)
    monkeypatch.setattr(databases, "is_file", lambda: True)
    monkeypatch.setattr(databases, "tables", lambda: 0)
    return tmp_path


class TestAnEmptyPlace:
    def test_holds_nothing(self, place):
        restoring.require_empty()
        (place / "attachments" / "lost+found").mkdir(parents=True)
        (place / f"{NAME}.kept").write_bytes(b"")
        restoring.require_empty()

    @pytest.mark.parametrize(
        "left",
        [
            *(f"{NAME}{end}" for end in ("-wal", "-shm", "-journal")),
            f".{NAME}.1a2b3c4d",
            f".{NAME}.1a2b3c4d.snapshot",
            "attachments/.casehub-restoring-1a2b3c4d",
            "attachments/enclosures",
        ],
    )
    def test_holds_nothing_of_an_earlier_one(self, place, left):
        (place / "attachments").mkdir()
        (place / left).write_bytes(b"")
        with pytest.raises(Stopped, match="target-not-empty") as refused:
            restoring.require_empty()
        assert left.rpartition("/")[2] in str(refused.value)


class TestWhatIsHalfRestored:
    @pytest.mark.parametrize(
        "command",
        [
            ["serve"],
            ["sequence_audit"],
            ["backup", "--to", "/nowhere", "--recipients", "/nowhere"],
        ],
        ids=lambda command: command[0],
    )
    def test_is_not_started_nor_backed_up(self, place, settings, monkeypatch, command):
        # Where another process signs.
        engine = "django.db.backends.postgresql"
        monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", engine)
        (place / "attachments" / ".casehub-restoring-1a2b3c4d").mkdir(parents=True)
        with pytest.raises(CommandError, match=r"half-restored.*-1a2b3c4d"):
            call_command(*command)

    def test_is_nothing_that_was_only_tried(self, place):
        assert startup.half_restored(place / "attachments") is None
        (place / "attachments" / ".casehub-trying-1a2b3c4d").mkdir(parents=True)
        assert startup.why_half_restored(place / "attachments") is None


class Restore:
    """A restore whose backup and looks are a test's; `told` is what happened, in its order."""

    def __init__(self, place, monkeypatch, *, file):
        self.place, self.told, self.failing = place, [], {}
        monkeypatch.setattr(databases, "is_file", lambda: file)
        monkeypatch.setattr(databases, "fill", lambda _: self.step("fill"))
        monkeypatch.setattr(databases, "empty", lambda: self.step("empty"))
        monkeypatch.setattr(databases, "let_go", lambda: None)
        monkeypatch.setattr(envelope, "unseal", lambda *_: b"")
        monkeypatch.setattr(restoring, "unpack", self.unpack)
        monkeypatch.setattr(restoring, "_let_stay", lambda *_, **__: self.step("look"))
        monkeypatch.setattr(standing, "remember", lambda *_: self.step("remember"))

    def step(self, name):
        moved = (self.place / "attachments" / "piece").exists()
        named, marked = (self.place / NAME).exists(), bool(self.marks())
        self.told.append((name, moved, named, marked))
        if name in self.failing:
            raise self.failing[name]
        return SimpleNamespace(elsewhere=None, held={})

    def marks(self):
        folder, anchor = self.place / "attachments", Anchor(self.place / "anchor")
        return [*folder.glob(".casehub-restoring-*"), *([1] if anchor.unfinished.exists() else [])]

    def unpack(self, *_, database, files, proof):
        database.write_bytes(b"a database")
        (files / "piece").mkdir()
        return SimpleNamespace(manifest=SimpleNamespace(logs=[]))

    def run(self):
        backup: Any = None
        return restoring.restore(backup, backup, [], restoring.Wishes(None))

    def left(self):
        names = {str(one.relative_to(self.place)) for one in self.place.rglob("*")}
        return names - {"attachments", "anchor", "anchor/lock", "serving"}


class TestARestore:
    def test_names_the_database_last_and_is_marked_until_then(self, place, monkeypatch):
        one = Restore(place, monkeypatch, file=True)
        one.run()
        assert one.told == [("look", False, False, True), ("remember", True, False, True)]
        assert one.left() == {NAME, "attachments/piece"}

    @pytest.mark.parametrize("step", ["look", "remember"])
    @pytest.mark.parametrize("file", [True, False], ids=["sqlite", "postgresql"])
    def test_that_may_not_stay_leaves_nothing(self, place, monkeypatch, step, file):
        one = Restore(place, monkeypatch, file=file)
        one.failing[step] = OSError("a disk")
        with pytest.raises(OSError, match="a disk"):
            one.run()
        assert one.left() == set()
        assert ("empty" in [name for name, *_ in one.told]) is not file

    def test_is_undone_though_it_failed_while_it_was_filled(self, place, monkeypatch):
        one = Restore(place, monkeypatch, file=False)
        one.failing["fill"] = Stopped("postgres-failed", "REVOKE")
        with pytest.raises(Stopped, match="postgres-failed"):
            one.run()
        assert [name for name, *_ in one.told] == ["fill", "empty"]

    def test_that_cannot_be_undone_stays_marked(self, place, monkeypatch):
        one = Restore(place, monkeypatch, file=False)
        one.failing = {"look": Stopped("witnesses-ahead", "x"), "empty": OSError("away")}
        with pytest.raises(Stopped, match="half-restored"):
            one.run()
        assert len(one.marks()) == 2

    def test_takes_no_name_beside_what_came_meanwhile(self, place, monkeypatch):
        one = Restore(place, monkeypatch, file=True)

        def step(*_):
            (place / f"{NAME}-wal").write_bytes(b"of another")

        monkeypatch.setattr(standing, "remember", step)
        with pytest.raises(Stopped, match="target-not-empty"):
            one.run()
        assert one.left() == {f"{NAME}-wal"}
