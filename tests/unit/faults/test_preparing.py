"""Faults for which somebody is there besides: each tells if it met nobody, or not as it says."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections import Counter
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from cryptography.exceptions import InvalidTag
from django.utils import timezone

from casehub.core import pieces
from tests.faults.fault import Fault
from tests.faults.faults import FAULTS
from tests.faults.ground import Exposed, Ground, Missed
from tests.faults.strikes import clocks, files, sealed, sockets
from tests.faults.trial import tried
from tests.servers import jumping
from tests.servers.jumping import Wrong
from tools.region.region import Region


@pytest.fixture
def quick(monkeypatch):
    """Let a fault last no time."""
    monkeypatch.setattr(time, "sleep", lambda _: None)


def strike(name: str, ground: Any) -> float:
    return FAULTS[name].strike(ground, random.Random(1))


BOTH = pytest.mark.parametrize("name", ["sockets-return", "sockets-return-killed"])


class TestWhoIsThereBesides:
    def test_comes_before_it_is_struck_and_goes_after(self, quick):
        told = []

        class Besides:
            def __enter__(self):
                told.append("comes")
                return "somebody"

            def __exit__(self, *_):
                told.append("goes")

        def struck(ground: Any, _: random.Random) -> float:
            told.append(ground.beside)
            raise Missed("nobody")

        traffic = SimpleNamespace(
            stay_active=lambda: None, draw=lambda _: None, posted=[], flowing=nullcontext
        )
        ground: Any = SimpleNamespace(traffic=traffic, said=dict, noticed=[])
        fault = Fault("one", "one", struck, around=lambda *_: Besides())
        with pytest.raises(Missed):
            tried(ground, fault, 1)
        assert told == ["comes", "somebody", "goes"]


class TestSocketsThatReturn:
    @pytest.fixture
    def ground(self) -> Any:
        crowd = SimpleNamespace(
            lose=lambda: sockets.COUNT,
            wait=lambda *_: 3.0,
            since=lambda _: sockets.COUNT,
            failed=Counter(),
        )
        region = SimpleNamespace(again=lambda _: None)
        return SimpleNamespace(
            beside=crowd, noticed=[], kill=lambda _: time.monotonic(), region=region
        )

    @BOTH
    def test_are_struck(self, ground, name):
        assert strike(name, ground) > 0
        assert ground.noticed == []

    @BOTH
    def test_have_missed_if_hardly_anybody_was_there(self, ground, name):
        ground.beside.lose = lambda: 5
        with pytest.raises(Missed, match="only 5 of"):
            strike(name, ground)

    @BOTH
    def test_tell_of_who_did_not_come_back(self, ground, name):
        ground.beside.since = lambda _: sockets.COUNT - 1
        strike(name, ground)
        assert "have come back after" in ground.noticed[0]

    @BOTH
    def test_tell_of_who_came_too_late(self, ground, name):
        ground.beside.wait = lambda *_: sockets.FIGURE + 0.1
        strike(name, ground)
        assert "was back after 10.1 s" in ground.noticed[0]

    @pytest.mark.parametrize(
        ("status", "again", "told"),
        [(503, "2", 0), (503, None, 1), (502, "2", 1), (500, None, 1), (429, None, 0)],
    )
    def test_tell_of_an_error_of_the_server_but_one_that_says_when_to_ask(
        self, ground, status, again, told
    ):
        crowd = sockets.Crowd(ground, [], random.Random(1))
        crowd._told(status, again)
        crowd._loop.close()
        assert len(ground.noticed) == told


class TestAClock:
    @pytest.fixture
    def wrong(self, tmp_path) -> Wrong:
        return Wrong(tmp_path / "clock")

    @pytest.mark.parametrize("name", ["clock-of-web-jumps", "clock-of-log-jumps"])
    def test_that_nobody_looks_at_was_not_struck(self, wrong, quick, name):
        with pytest.raises(Missed, match="nobody looked"):
            strike(name, SimpleNamespace(beside=wrong))
        assert wrong.seconds == 0

    @pytest.mark.parametrize("name", ["clock-of-web-jumps", "clock-of-log-jumps"])
    def test_that_somebody_looks_at_was_and_is_right_again(self, wrong, monkeypatch, name):
        seen = []
        monkeypatch.setattr(clocks.time, "sleep", lambda _: seen.append(wrong.seconds))
        assert strike(name, SimpleNamespace(beside=wrong)) > 0
        assert seen[0] != 0
        assert wrong.seconds == 0

    def test_moves_all_that_our_code_goes_by(self, wrong, monkeypatch):
        clock = vars(timezone)
        monkeypatch.setitem(clock, "now", clock["now"])
        monkeypatch.setattr(time, "time", time.time)
        before, monotonic = clock["now"](), time.monotonic()
        jumping._follow(wrong)
        wrong.jump(-3600)
        assert (clock["now"]() - before).total_seconds() < -3590
        assert time.time() - before.timestamp() < -3590
        assert time.monotonic() >= monotonic
        assert wrong.read == 2
        wrong.jump(0)
        assert (clock["now"]() - before).total_seconds() >= 0

    def test_of_what_is_no_demo_stays(self, monkeypatch, tmp_path):
        monkeypatch.setenv("CASEHUB_DEMO", "0")
        with pytest.raises(SystemExit, match="demo"):
            jumping.main([str(tmp_path / "clock"), "serve"])

    def test_is_given_to_the_process_that_is_named_alone(self, monkeypatch, tmp_path):
        one: Any = object.__new__(Exposed)
        one.clocks, one._clock, said = {"web-2": tmp_path / "clock"}, None, []
        monkeypatch.setattr(Region, "command", lambda *_: ["python", "manage.py", "serve"])
        monkeypatch.setattr(Region, "_ours", lambda self, *_: said.append(self.command(None)))
        for name in ("web-1", "web-2", "web-1"):
            one._ours(name, "web")
        moved = ["python", "-m", "tests.servers.jumping", str(tmp_path / "clock"), "serve"]
        assert said == [["python", "manage.py", "serve"], moved, ["python", "manage.py", "serve"]]


class TestFilesOnAFullDisk:
    @pytest.fixture
    def ground(self, monkeypatch) -> Any:
        ground: Any = SimpleNamespace(
            noticed=[], words="", files=SimpleNamespace(fill=lambda: None, empty=lambda: None)
        )
        ground.beside = post = files.Post(ground, random.Random(1))
        self.full = {files.FULL: 1}

        def sleep(_: float) -> None:
            post.refusals.update(self.full)
            post.fetched += self.fetched
            post.stored += 1

        self.fetched = 1
        monkeypatch.setattr(files.time, "sleep", sleep)
        monkeypatch.setattr(files, "BACK", 0.2)
        return ground

    def test_are_struck(self, ground):
        assert strike("files-full", ground) > 0
        assert ground.noticed == []

    def test_have_missed_if_nobody_is_refused(self, ground):
        self.full = {}
        with pytest.raises(Missed, match="nobody met"):
            strike("files-full", ground)

    def test_have_missed_if_nobody_reads(self, ground):
        self.fetched = 0
        with pytest.raises(Missed, match="nobody read"):
            strike("files-full", ground)

    def test_tell_of_another_refusal(self, ground):
        self.full = {files.FULL: 1, "server-error": 1}
        strike("files-full", ground)
        assert ground.noticed == ["pieces were refused with server-error"]

    def test_tell_of_a_file_that_is_not_what_was_sent(self, ground):
        file = sealed.drawn(random.Random(1))
        for fetch in (lambda _: "other", lambda _: (_ for _ in ()).throw(InvalidTag())):
            ground.beside._same(SimpleNamespace(fetch=fetch), file)
        assert ground.noticed == ["a file is not the one that was sent", "a file does not open"]


class TestASealedFile:
    @pytest.mark.parametrize("seed", range(3))
    def test_opens_to_itself_and_to_nothing_else(self, seed):
        file = sealed.drawn(random.Random(seed))
        assert file.opened(file.pieces) == file.sha256
        each = [hashlib.sha256(one).digest() for one in file.pieces]
        assert file.digest == pieces.of_pieces(file.id, each).hex()
        other = [file.pieces[0][:-1] + bytes([file.pieces[0][-1] ^ 1]), *file.pieces[1:]]
        with pytest.raises(InvalidTag):
            file.opened(other)

    @pytest.mark.parametrize(
        ("status", "body", "kind"),
        [
            (503, {"code": "storage-full"}, sealed.Silence),
            (429, {"code": "too-many"}, sealed.Silence),
            (409, {"code": "id-reused"}, sealed.Wrong),
            (500, "a page", sealed.Wrong),
        ],
    )
    def test_is_sent_again_only_after_a_refusal_for_now(
        self, monkeypatch, tmp_path, status, body, kind
    ):
        (tmp_path / "cookies.json").write_text(json.dumps({"csrftoken": "t"}), encoding="utf-8")
        member = SimpleNamespace(client=SimpleNamespace(profile=tmp_path))
        ground: Any = SimpleNamespace(
            room=SimpleNamespace(members=[member], thread="t"), region=SimpleNamespace(url="")
        )
        mate = sealed.Mate(ground, 0)
        answer = httpx.Response(status, json=body)
        monkeypatch.setattr(sealed.httpx, "request", lambda *_, **__: answer)
        with pytest.raises(kind):
            mate.ask("PUT", "/api")


def test_a_ground_learns_what_memory_is_usual_and_nothing_else(monkeypatch):
    ground: Any = object.__new__(Ground)
    ground.before = {"web MiB": 10, "web files": 3}
    monkeypatch.setattr(Ground, "counted", lambda _: {"web MiB": 12, "web files": 9})
    ground.learn_memory()
    assert ground.before == {"web MiB": 12, "web files": 3}
