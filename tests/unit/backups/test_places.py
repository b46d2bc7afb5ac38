"""A place to restore into: empty, marked while it is half full, and emptied if it may not stay."""

from __future__ import annotations

import errno
import re
import shutil
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.conf import settings as settings_
from django.core.management import CommandError, call_command

from audit import anchor as anchors
from audit.anchor import Anchor
from casehub import startup
from casehub.backups import databases, disks, envelope, restoring, standing, target
from casehub.backups.errors import Stopped
from casehub.core import marks
from tests.repo.conftest import ROOT

NAME = "casehub.sqlite3"
#  how much of a log a restore found, as whoever looks at it tells
HELD = {"audit.casehub.example/2026": 7}


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
        target.require_empty()
        (place / "attachments" / "lost+found").mkdir(parents=True)
        (place / f"{NAME}.kept").write_bytes(b"")
        target.require_empty()

    @pytest.mark.parametrize(
        "left",
        [
            *(f"{NAME}{end}" for end in ("-wal", "-shm", "-journal")),
            f".{NAME}.1a2b3c4d",
            f".{NAME}.1a2b3c4d.snapshot",
            "attachments/enclosures",
        ],
    )
    def test_holds_nothing_of_an_earlier_one(self, place, left):
        (place / "attachments").mkdir()
        (place / left).write_bytes(b"")
        with pytest.raises(Stopped, match="target-not-empty") as refused:
            target.require_empty()
        assert left.rpartition("/")[2] in str(refused.value)


def half(place):
    """Leave what a restore that was killed leaves in a place."""
    left = place / "attachments" / ".casehub-restoring-1a2b3c4d"
    left.mkdir(parents=True)
    return left


class TestWhatIsHalfRestored:
    def test_is_told_with_what_to_do_to_whoever_restores_again(self, place):
        half(place)
        (place / f".{NAME}.1a2b3c4d").write_bytes(b"half")
        said = r"^half-restored: .*-1a2b3c4d.* empty it, the database first, and restore"
        with pytest.raises(Stopped, match=said):
            target.require_empty()
        assert "empty it, the database first" in marks.why_not_start()

    def test_is_emptied_with_the_mark_last_by_the_words_of_its_page(self):
        """Else web processes start on a database that nobody verified."""
        page = (ROOT / "docs" / "backups.md").read_text(encoding="utf-8")
        (told,) = [one for one in page.split("\n\n") if one.startswith("**Killed in the middle**")]
        words = "The database goes first", "drop the database", "Then all that", "its mark last"
        places = [told.index(one) for one in words]
        assert places == sorted(places)

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
        half(place)
        with pytest.raises(CommandError, match=r"half-restored.*-1a2b3c4d"):
            call_command(*command)

    def test_is_nothing_that_was_only_tried(self, place):
        assert startup.half_restored(place / "attachments") is None
        (place / "attachments" / ".casehub-trying-1a2b3c4d").mkdir(parents=True)
        assert marks.why_not_start() is None


class Restore:
    """A restore whose backup and looks are a test's; `told` is what happened, in its order."""

    def __init__(self, place, monkeypatch, *, file):
        self.place, self.told, self.failing = place, [], {}
        self.monkeypatch = monkeypatch
        monkeypatch.setattr(databases, "is_file", lambda: file)
        monkeypatch.setattr(databases, "fill", lambda _: self.step("fill"))
        monkeypatch.setattr(databases, "empty", lambda: self.step("empty"))
        monkeypatch.setattr(databases, "let_go", lambda: None)
        monkeypatch.setattr(envelope, "unseal", lambda *_: b"")
        monkeypatch.setattr(restoring, "unpack", self.unpack)
        monkeypatch.setattr(restoring, "_let_stay", lambda *_, **__: self.step("look"))
        monkeypatch.setattr(standing, "remember", lambda *_: self.step("remember"))
        monkeypatch.setattr(standing, "end", lambda *_: self.step("end"))

    def step(self, name):
        moved = (self.place / "attachments" / "piece").exists()
        named, marked = (self.place / NAME).exists(), bool(self.marks())
        self.told.append((name, moved, named, marked))
        if name in self.failing:
            raise self.failing[name]
        return SimpleNamespace(elsewhere=None, held=dict(HELD), stays=None)

    def marks(self):
        folder, anchor = self.place / "attachments", Anchor(self.place / "anchor")
        return [*folder.glob(".casehub-restoring-*"), *([1] if anchor.unfinished.exists() else [])]

    def unpack(self, *_, database, files, proof):
        database.write_bytes(b"a database")
        (files.folder / "piece").mkdir()
        return SimpleNamespace(manifest=SimpleNamespace(logs=[]))

    def run(self):
        backup: Any = None
        return restoring.restore(backup, backup, [], restoring.Wishes(None))

    def sync_fails(self, *, when):
        """Let a folder of the anchor take no more, as soon as `when` says so of its mark."""
        sync = anchors._sync

        def failing(folder):
            if when(Anchor(self.place / "anchor").unfinished.exists()):
                raise OSError(errno.EIO, "Input/output error", str(folder))
            sync(folder)

        self.monkeypatch.setattr(anchors, "_sync", failing)

    def left(self):
        names = {str(one.relative_to(self.place)) for one in self.place.rglob("*")}
        return names - {"attachments", "anchor", "anchor/lock", "serving"}


class TestARestore:
    def test_names_the_database_last_and_is_marked_until_then(self, place, monkeypatch):
        one = Restore(place, monkeypatch, file=True)
        one.run()
        assert one.told == [
            ("look", False, False, True),
            ("remember", True, False, True),
            ("end", True, True, True),  # a log: no sooner than its database is there
        ]
        assert one.left() == {NAME, "attachments/piece"}

    @pytest.mark.parametrize("step", ["look", "remember", "end"])
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

    def test_whose_mark_does_not_come_to_the_disk_is_not_begun(self, place, monkeypatch):
        one = Restore(place, monkeypatch, file=True)
        one.sync_fails(when=lambda marked: marked)
        with pytest.raises(Stopped, match=r"file-unwritable: .*anchor/restoring cannot be written"):
            one.run()
        assert (one.told, one.left()) == ([], set())

    def test_that_was_stopped_can_be_tried_again_though_a_mark_stays(self, place, monkeypatch):
        """Of an empty place the anchor's mark says that it is to be emptied."""
        one = Restore(place, monkeypatch, file=True)
        one.failing["look"] = Stopped("witnesses-ahead", "x")
        with monkeypatch.context() as stuck:
            stuck.setattr(Anchor, "finish_restoring", self.stuck)
            with pytest.raises(Stopped, match="witnesses-ahead"):
                one.run()
        assert one.left() == {"anchor/restoring"}
        one.failing.clear()
        one.run()
        assert one.left() == {NAME, "attachments/piece"}

    @staticmethod
    def stuck(_):
        raise PermissionError(errno.EACCES, "Permission denied")

    def test_whose_mark_in_the_anchor_stays_is_marked_by_both_and_says_so(self, place, monkeypatch):
        """Were that of servers gone, people would work in a place that is to be emptied."""
        one = Restore(place, monkeypatch, file=True)
        monkeypatch.setattr(Anchor, "finish_restoring", self.stuck)
        said = r"mark-stays: All of it is restored .*anchor/restoring \(.*, then .*-restoring-"
        outcome = one.run()
        assert re.match(said, str(outcome.stays))
        assert outcome.held == HELD  # what was found is told all the same
        assert len(one.marks()) == 2
        assert (place / NAME).exists()

    @pytest.mark.parametrize("named", ["piece", NAME])
    def test_that_is_interrupted_as_something_has_its_name_takes_it_away(
        self, place, monkeypatch, named
    ):
        one = Restore(place, monkeypatch, file=True)

        def interrupted(name):
            real = getattr(Path, name)

            def step(was, to):
                real(was, to)
                if to.name == named:
                    raise KeyboardInterrupt

            monkeypatch.setattr(Path, name, step)

        interrupted("rename")
        interrupted("replace")
        with pytest.raises(KeyboardInterrupt):
            one.run()
        assert one.left() == set()

    def test_takes_no_name_beside_what_came_meanwhile(self, place, monkeypatch):
        one = Restore(place, monkeypatch, file=True)

        def step(*_):
            (place / f"{NAME}-wal").write_bytes(b"of another")

        monkeypatch.setattr(standing, "remember", step)
        with pytest.raises(Stopped, match="target-not-empty"):
            one.run()
        assert one.left() == {f"{NAME}-wal"}

    def test_leaves_what_came_meanwhile_where_it_is(self, place, monkeypatch):
        one = Restore(place, monkeypatch, file=True)
        others = place / "attachments" / "piece" / "others"

        def step(*_, **__):
            others.parent.mkdir()
            others.write_bytes(b"of another")
            return SimpleNamespace(elsewhere=None, held={})

        monkeypatch.setattr(restoring, "_let_stay", step)
        with pytest.raises(OSError, match="not empty"):
            one.run()
        assert others.read_bytes() == b"of another"

    def test_is_marked_first_and_last_by_the_folder_that_servers_read(self, place, monkeypatch):
        one, told = Restore(place, monkeypatch, file=True), []

        def marking(name):
            real = getattr(Anchor, name)

            def step(anchor):
                told.append((name, startup.half_restored(place / "attachments") is not None))
                real(anchor)

            monkeypatch.setattr(Anchor, name, step)

        marking("begin_restoring")
        marking("finish_restoring")
        one.run()
        assert told == [("begin_restoring", True), ("finish_restoring", True)]
        assert one.marks() == []

    def test_whose_mark_does_not_go_says_so(self, place, monkeypatch):
        one = Restore(place, monkeypatch, file=True)
        rmtree = shutil.rmtree

        def stuck(folder, *, ignore_errors=False):
            if folder.name.startswith(".casehub-restoring") and not ignore_errors:
                raise PermissionError(13, "Permission denied")
            rmtree(folder, ignore_errors=ignore_errors)

        monkeypatch.setattr(shutil, "rmtree", stuck)
        said = str(one.run().stays)
        assert re.search(r"it is done, but .*-restoring-.* remove it by hand", said)
        assert (place / NAME).exists()

    def test_has_its_marks_on_the_disk_before_anything_else(self, place, monkeypatch):
        """A loss of power must not take them and leave what they speak of."""
        one, synced = Restore(place, monkeypatch, file=True), []
        monkeypatch.setattr(disks, "sync", lambda folder: synced.append((folder, len(one.marks()))))
        one.run()
        assert synced == [(place / "attachments", 1), (place / "attachments", 0)]


class TestAFolderForAWhile:
    """What a disk that fails as it is made leaves, and says."""

    @pytest.fixture
    def failing(self, monkeypatch):
        def fails(_):
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(disks, "sync", fails)

    def test_that_does_not_come_to_the_disk_is_gone(self, tmp_path, failing):
        with (
            pytest.raises(Stopped, match=r"cannot be written: .*Input/output error\.$"),
            disks.scratch(tmp_path, "restoring"),
        ):
            pass
        assert list(tmp_path.iterdir()) == []

    def test_that_does_not_go_either_is_named_after_what_failed(
        self, tmp_path, failing, monkeypatch
    ):
        def stuck(_):
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(Path, "rmdir", stuck)
        said = r"Input/output error; .*/\.casehub-restoring-\w+ is left there: remove it by hand"
        with pytest.raises(Stopped, match=said), disks.scratch(tmp_path, "restoring"):
            pass


class TestATry:
    """What is whole though nobody would restore it now: the region went on."""

    @pytest.fixture
    def tried(self, place, monkeypatch):
        def unpack(*_, **__):
            return SimpleNamespace(manifest=SimpleNamespace(logs=[self]))

        self.origin, self.refused = f"audit.{settings_.LOG_HOST}/2026", []
        monkeypatch.setattr(databases, "pointed_at", lambda _: nullcontext())
        monkeypatch.setattr(envelope, "unseal", lambda *_: b"")
        monkeypatch.setattr(restoring, "unpack", unpack)
        told = SimpleNamespace(refused=self.refused)
        monkeypatch.setattr(restoring, "_examine", lambda *_, **__: told)

        def rehearsed(**wishes):
            wished, backup = restoring.Wishes(None, **wishes), cast("Any", None)
            said = restoring.rehearse(backup, backup, [], wished, place / "tries")
            return [reason.code for reason in said.refused]

        return rehearsed

    def test_says_what_a_restore_would_say(self, tried):
        self.refused.append(Stopped("witnesses-ahead", "x"))
        assert tried(end_logs=True) == ["witnesses-ahead", "log-host-same"]

    def test_of_another_host_says_so(self, tried, settings):
        settings.LOG_HOST = "two.casehub.example"
        assert tried() == ["log-host-other"]

    def test_of_what_nobody_knows_more_says_nothing(self, tried):
        assert tried() == []
