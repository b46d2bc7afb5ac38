"""A copy of a log in another house: whole, rehashed, and never another history."""

from __future__ import annotations

import re

import pytest

from audit.tlog import tiles
from audit.tlog.text import to_b64
from audit.tlog.tiles import WIDTH, parse_place
from tests.unit.witness.logs import KEY, NAME, NOON, Log
from witness import commands, fetching, mirroring
from witness.fetching import NotThere, Trouble
from witness.files import Logs

URL = "http://log.example/log"
ENTRIES = re.compile(rf"{URL}/tile/entries/(.+)")


class Keeper:
    """Hands out a log's checkpoint and entries, as the test wants it to."""

    def __init__(self):
        self.log, self.note, self.partial = Log(70_000), "", True
        self.asked = []

    def show(self, size, log=None):
        self.log = log or self.log
        self.note = self.log.note(size)

    def get(self, url, most):
        self.asked.append(url.removeprefix(f"{URL}/"))
        if url == f"{URL}/checkpoint":
            return self.note.encode()
        number, width = parse_place(ENTRIES.fullmatch(url)[1])
        if width < WIDTH and not self.partial:
            raise NotThere(f"{url} answers 404")
        data = tiles.bundle(self.log.entries[number * WIDTH : number * WIDTH + width])
        assert len(data) <= most
        return data


@pytest.fixture
def keeper(monkeypatch):
    found = Keeper()
    monkeypatch.setattr(fetching, "get", found.get)
    return found


@pytest.fixture
def folder(tmp_path):
    return mirroring.folder_of(tmp_path, NAME)


@pytest.fixture
def source(keeper, tmp_path):
    return mirroring.Source(Logs([str(KEY.public)]), URL, tmp_path)


def files_of(folder):
    return {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}


def expected(size):
    """Return the files that C2SP tlog-tiles gives a tree of this size."""
    found = {"checkpoint"}
    for level, number, width in tiles.tiles_of(size):
        found.add(tiles.path_of(level, number, width))
        if level == 0:
            found.add(tiles.path_of(None, number, width))
    return found


class TestACopy:
    @pytest.mark.parametrize("steps", [(1,), (3, 255, 256, 257), (600, 1000), (300, 70_000)])
    def test_has_the_files_of_the_tree_however_it_grew(self, source, keeper, folder, steps):
        for size in steps:
            keeper.show(size)
            assert source.turn(NOON) == f"{NAME}: kept up to {size}"
        assert files_of(folder) == expected(steps[-1])
        assert (folder / "checkpoint").read_text() == keeper.note
        for level, number, width in tiles.tiles_of(steps[-1]):
            kept = (folder / tiles.path_of(level, number, width)).read_bytes()
            assert kept == keeper.log.tile(level, number, width)
        assert mirroring.Mirror(folder).check().size == steps[-1]

    def test_fetches_no_entry_twice_but_those_of_a_cut_bundle(self, source, keeper):
        keeper.show(600)
        source.turn(NOON)
        keeper.asked.clear()
        keeper.show(700)
        source.turn(NOON)
        assert keeper.asked == ["checkpoint", "tile/entries/002.p/188"]

    def test_takes_the_full_bundle_where_the_cut_one_is_gone(self, source, keeper, folder):
        keeper.show(300)
        keeper.partial = False
        source.turn(NOON)
        assert mirroring.Mirror(folder).check().size == 300

    def test_goes_on_after_it_was_killed_in_the_middle(self, source, keeper, folder, monkeypatch):
        keeper.show(100)
        source.turn(NOON)
        keeper.show(900)
        with monkeypatch.context() as broken:
            broken.setattr(mirroring.Mirror, "keep", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                source.turn(NOON)
        assert mirroring.Mirror(folder).check().size == 100
        keeper.show(950)
        source.turn(NOON)
        assert mirroring.Mirror(folder).check().size == 950


class TestAnotherHistory:
    #  what the log shows after 300 entries were kept
    SHOWN = [(300, 10), (200, None), (500, 10), (500, 299)]

    @pytest.mark.parametrize(("size", "turn"), SHOWN)
    def test_leaves_the_copy_as_it_was_and_its_checkpoint_beside(
        self, source, keeper, folder, size, turn
    ):
        keeper.show(300)
        source.turn(NOON)
        first = keeper.note
        keeper.show(size, Log(1000, turn=turn))
        with pytest.raises(Trouble, match="the copy stays as it was"):
            source.turn(NOON)
        assert (folder / "checkpoint").read_text() == first
        assert mirroring.Mirror(folder).check().size == 300
        (kept,) = (folder / "conflicts").iterdir()
        assert kept.read_text() == keeper.note

    def test_of_what_is_new_is_found_by_the_root(self, source, keeper, folder):
        keeper.show(300)
        source.turn(NOON)
        honest = keeper.log.note(500)
        keeper.show(500, Log(1000, turn=400))
        keeper.note = honest
        with pytest.raises(Trouble, match="another root"):
            source.turn(NOON)
        assert mirroring.Mirror(folder).check().size == 300

    def test_that_the_log_did_not_sign_is_nothing(self, source, keeper, folder):
        keeper.show(300)
        keeper.note = keeper.note.replace(to_b64(keeper.log.checkpoint(300).root), "A" * 43 + "=")
        with pytest.raises(Trouble, match="not signed by"):
            source.turn(NOON)
        assert not folder.exists()


class TestTheCommand:
    def test_checks_what_is_kept(self, source, keeper, folder, tmp_path, capsys):
        keeper.show(600)
        source.turn(NOON)
        check = ["mirror", "--check", "--into", str(tmp_path)]
        assert commands.main(check) == 0
        assert capsys.readouterr().out == f"{NAME}: 600 entries are what was signed\n"
        bundle = folder / "tile" / "entries" / "001"
        bundle.write_bytes(bundle.read_bytes().replace(b"entry 300", b"entry 3OO"))
        assert commands.main(check) == 1
        assert "not what was signed" in capsys.readouterr().err

    def test_copies_once_and_says_so(self, keeper, tmp_path, capsys):
        keeper.show(5)
        given = ["--into", str(tmp_path), "--from", URL, "--log", str(KEY.public), "--once"]
        assert commands.main(["mirror", *given]) == 0
        assert capsys.readouterr().out == f"{NAME}: kept up to 5\n"
