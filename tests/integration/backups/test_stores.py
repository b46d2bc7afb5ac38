"""Pieces in an object store: read out of it for a backup, and restored into it or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from audit.anchor import Anchor
from casehub.backups import databases, envelope, restoring, standing, stores, target
from casehub.backups.errors import Stopped
from casehub.backups.manifest import LARGEST
from casehub.core import marks, objects
from tests.integration.backups.conftest import CANARY, piece
from tests.servers.objectstore import RealStore, ScriptedStore, kept_in

NAME = piece(CANARY)
OTHER = f"enclosures/{piece(b'of a letter')}"


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with RealStore(tmp_path_factory.mktemp("store")) as store:
        yield store


@pytest.fixture
def store(running, settings, tmp_path, monkeypatch):
    """An empty place whose files lie in a real store."""
    settings.ATTACHMENTS = tmp_path / "attachments"
    settings.ANCHOR, settings.DATA_DIR = tmp_path / "anchor", tmp_path
    monkeypatch.setattr(databases, "file", lambda: tmp_path / "casehub.sqlite3")
    monkeypatch.setattr(databases, "is_file", lambda: True)
    monkeypatch.setattr(databases, "tables", lambda: 0)
    monkeypatch.setattr(stores, "PAUSES", ())
    with kept_in(settings, running.url) as kept:
        for name in list(kept.names()):
            kept.delete(name)
        yield running


def keep(*names):
    for name in names:
        storages["attachments"].save(name, ContentFile(CANARY))


class Failing:
    """A storage that fails at the calls that a test names, from one of them on."""

    def __init__(self, monkeypatch, name, *, after=0, error=None):
        self.left, self.error = after, error or OSError(errno.EIO, os.strerror(errno.EIO))
        self._real = getattr(objects.Objects, name)
        monkeypatch.setattr(objects.Objects, name, self.called())

    def called(self):
        def call(kept, *arguments, **more):
            self.left -= 1
            if self.left < 0:
                raise self.error
            return self._real(kept, *arguments, **more)

        return call


class TestReading:
    def test_finds_every_piece_and_nothing_else(self, store, monkeypatch):
        monkeypatch.setattr(objects, "PAGE", 1)
        keep(NAME, OTHER, ".casehub-restoring-1a2b3c4d", "of-somebody/else")
        closed = []
        place = stores.here()
        assert sorted(place.lying(closed)) == sorted([NAME, OTHER])
        assert closed == []
        assert place.read(NAME, LARGEST) == CANARY

    def test_of_what_was_taken_back_meanwhile_is_as_in_a_folder(self, store):
        with pytest.raises(FileNotFoundError):
            stores.here().read(NAME, LARGEST)

    def test_says_what_a_store_that_goes_away_did_not_tell(self, store, monkeypatch):
        monkeypatch.setattr(objects, "PAGE", 1)
        keep(NAME, OTHER)
        Failing(monkeypatch, "_told", after=1)
        closed = []
        assert list(stores.here().lying(closed)) == [min(NAME, OTHER)]
        assert closed == [f"{store.url} (OSError EIO), and what follows"]

    def test_waits_for_no_more_pieces_than_a_few_of_a_store_that_gives_none(
        self, store, monkeypatch
    ):
        names = [f"{NAME.partition('/')[0]}/{index:05d}-{'0' * 64}" for index in range(9)]
        keep(*names)
        Failing(monkeypatch, "_open")
        place, closed = stores.here(), []
        for name in place.lying(closed):
            with pytest.raises(OSError, match="error"):
                place.read(name, LARGEST)
        assert closed == [f"{store.url}, from {names[stores.SILENT]} on"]


@pytest.mark.parametrize("command", ["serve", "sequence_audit", "backup"])
def test_what_is_half_restored_is_not_started_nor_backed_up(store, settings, monkeypatch, command):
    engine = "django.db.backends.postgresql"  # where another process signs
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", engine)
    keep(".casehub-restoring-1a2b3c4d")
    more = ["--to", "/nowhere", "--recipients", "/nowhere"] if command == "backup" else []
    with pytest.raises(CommandError, match=r"half-restored.*/region/one/.*-1a2b3c4d"):
        call_command(command, *more)


@pytest.mark.parametrize("command", ["serve", "backup"])
def test_what_cannot_be_seen_is_not_started_nor_backed_up(settings, tmp_path, command):
    settings.ATTACHMENTS = tmp_path
    more = ["--to", "/nowhere", "--recipients", "/nowhere"] if command == "backup" else []
    with ScriptedStore() as scripted, kept_in(settings, scripted.url):
        scripted.fails(403, "AccessDenied")
        with pytest.raises(CommandError, match=r"objects-away: .*PermissionError EACCES") as ended:
            call_command(command, *more)
    assert "secret of the store" not in str(ended.value)


class TestAnEmptyPlace:
    def test_holds_nothing_in_its_store(self, store):
        target.require_empty()
        keep(NAME)
        said = rf"^target-not-empty: {store.url} holds {NAME}"
        with pytest.raises(Stopped, match=said):
            target.require_empty()

    def test_is_not_one_that_is_half_restored(self, store):
        keep(".casehub-restoring-1a2b3c4d")
        with pytest.raises(Stopped, match=r"^half-restored: .*-1a2b3c4d"):
            target.require_empty()

    def test_is_none_where_what_is_destroyed_stays(self, store, monkeypatch):
        monkeypatch.setattr(objects.Objects, "keeps_versions", lambda _: True)
        with pytest.raises(Stopped, match=r"^objects-versioned: "):
            target.require_empty()


class Restore:
    """A restore whose backup and looks are a test's; `told` is what lay there at each step."""

    def __init__(self, store, monkeypatch):
        self.store, self.told, self.failing = store, [], {}
        monkeypatch.setattr(databases, "is_file", lambda: False)
        monkeypatch.setattr(databases, "fill", lambda _: self.step("fill"))
        monkeypatch.setattr(databases, "empty", lambda: self.step("empty"))
        monkeypatch.setattr(envelope, "unseal", lambda *_: b"")
        monkeypatch.setattr(restoring, "unpack", self.unpack)
        monkeypatch.setattr(restoring, "_let_stay", lambda *_, **__: self.step("look"))
        monkeypatch.setattr(standing, "remember", lambda *_: self.step("remember"))
        monkeypatch.setattr(standing, "end", lambda *_: self.step("end"))

    def step(self, name):
        marked = marks.why_not_start() is not None
        self.told.append((name, self.store.lies() >= {NAME, OTHER}, marked))
        if name in self.failing:
            raise self.failing[name]
        return SimpleNamespace(elsewhere=None, held={}, stays=None)

    def unpack(self, *_, database, files, proof):
        database.write_bytes(b"a database")
        for name in (NAME, OTHER):
            files.put(name, CANARY)
        assert files.has(NAME)
        assert not files.has("another")
        self.step("unpack")
        return SimpleNamespace(manifest=SimpleNamespace(logs=[]))

    def run(self):
        backup = None
        return restoring.restore(backup, backup, [], restoring.Wishes(None))


class TestARestore:
    def test_is_marked_in_the_store_from_before_the_first_piece_to_the_end(
        self, store, monkeypatch
    ):
        one = Restore(store, monkeypatch)
        one.run()
        steps = ["unpack", "fill", "look", "remember", "end"]
        assert one.told == [(step, True, True) for step in steps]
        assert store.lies() == {NAME, OTHER}
        assert marks.why_not_start() is None

    @pytest.mark.parametrize("step", ["unpack", "fill", "look", "remember", "end"])
    def test_that_may_not_stay_leaves_nothing(self, store, monkeypatch, step):
        one = Restore(store, monkeypatch)
        one.failing[step] = Stopped("witnesses-ahead", "x")
        with pytest.raises(Stopped, match="witnesses-ahead"):
            one.run()
        assert store.lies() == set()
        assert marks.why_not_start() is None
        target.require_empty()

    def test_leaves_what_came_meanwhile_where_it_is(self, store, monkeypatch):
        one = Restore(store, monkeypatch)
        one.failing["look"] = Stopped("witnesses-ahead", "x")
        real = one.step

        def step(name):
            keep("of-somebody/else")
            return real(name)

        monkeypatch.setattr(restoring, "_let_stay", lambda *_, **__: step("look"))
        with pytest.raises(Stopped, match="witnesses-ahead"):
            one.run()
        assert store.lies() == {"of-somebody/else"}

    def test_that_cannot_be_undone_stays_marked(self, store, settings, monkeypatch):
        one = Restore(store, monkeypatch)
        one.failing["look"] = Stopped("witnesses-ahead", "x")
        Failing(monkeypatch, "delete_all")
        with pytest.raises(Stopped, match=rf"half-restored.*{store.url}: OSError EIO"):
            one.run()
        assert "empty" in [name for name, *_ in one.told]  # the database went all the same
        assert marks.why_not_start().startswith("half-restored: ")
        assert Anchor(settings.ANCHOR).unfinished.exists()

    def test_whose_mark_cannot_be_made_is_not_begun(self, store, monkeypatch):
        one = Restore(store, monkeypatch)
        Failing(monkeypatch, "_save")
        with pytest.raises(Stopped, match=r"^objects-away: "):
            one.run()
        assert (one.told, store.lies()) == ([], set())

    def test_whose_store_goes_away_half_way_leaves_nothing(self, store, monkeypatch):
        one = Restore(store, monkeypatch)
        Failing(monkeypatch, "_save", after=2)  # the mark and a piece
        with pytest.raises(Stopped, match=r"^objects-away: "):
            one.run()
        assert (one.told, store.lies()) == ([], set())

    def test_brings_a_piece_again_that_the_store_did_not_take_at_once(self, store, monkeypatch):
        monkeypatch.setattr(stores, "PAUSES", (0, 0))
        failing = Failing(monkeypatch, "_save", after=1)
        one = stores.AtOnce(storages["attachments"])
        one.put(NAME, CANARY)
        monkeypatch.setattr(stores.time, "sleep", lambda _: setattr(failing, "left", 9))
        one.put(OTHER, CANARY)
        assert store.lies() == {NAME, OTHER}

    def test_whose_mark_does_not_go_says_so_and_is_not_served(self, store, monkeypatch):
        one = Restore(store, monkeypatch)
        Failing(monkeypatch, "delete")
        said = str(one.run().stays)
        assert said.startswith("mark-stays: All of it is restored")
        assert f"{store.url}/.casehub-restoring-" in said
        assert marks.why_not_start().startswith("half-restored: ")
        assert store.lies() >= {NAME, OTHER}

    def test_that_is_interrupted_once_all_is_there_takes_no_piece_from_its_database(
        self, store, monkeypatch
    ):
        one = Restore(store, monkeypatch)

        def interrupted():
            raise KeyboardInterrupt

        monkeypatch.setattr(restoring.os, "sync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            one.run()
        assert "empty" not in [name for name, *_ in one.told]
        assert store.lies() == {NAME, OTHER}


def test_what_a_folder_took_is_moved_and_can_be_undone(tmp_path):
    target_ = tmp_path / "attachments"
    target_.mkdir()
    one = stores.Beside(tmp_path / "files", target_)
    one.put(NAME, CANARY)
    assert one.has(NAME)
    with ExitStack() as undoing:
        one.settle(undoing)
        assert (target_ / NAME).read_bytes() == CANARY
    assert list(target_.iterdir()) == []
