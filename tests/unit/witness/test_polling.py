"""The witness as a client of a small log server: tiles, its own proofs, its lines sent."""

from __future__ import annotations

import re
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from audit.tlog.merkle import verify_consistency
from audit.tlog.text import hash_from_b64
from audit.tlog.tiles import WIDTH, parse_place
from tests.unit.witness.logs import KEY, NAME, NOON, Log, cosigned_at
from witness import fetching, polling
from witness.errors import Stop
from witness.fetching import Trouble
from witness.offers import Offer

TILE = re.compile(r"/log/tile/(\d+)/(.+)")


class Keeper(ThreadingHTTPServer):
    """Serves one log, as the test wants it to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.log = Log(1000)
        self.pending = self.log.note(3)
        self.lines = []
        self.asked = Counter()
        self.status = {}  # path -> answer instead
        self.partial = True  # whether tiles that are full now are still cut
        self.url = f"http://127.0.0.1:{self.server_address[1]}/log"
        self.sent = threading.Event()

    def handle_error(self, *_):
        """A client may go in the middle."""


class Answers(BaseHTTPRequestHandler):
    server: Keeper

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", "/log/elsewhere")
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        keeper = self.server
        keeper.asked[self.path] += 1
        if (wanted := keeper.status.get(self.path)) is not None:
            return self.answer(*wanted)
        if self.path == "/log/pending":
            return self.answer(200, keeper.pending.encode())
        if found := TILE.fullmatch(self.path):
            level, (number, width) = int(found[1]), parse_place(found[2])
            full = keeper.log.tile(level, number) is not None
            gone = width < WIDTH and full and not keeper.partial
            data = None if gone else keeper.log.tile(level, number, width)
            return self.answer(404) if data is None else self.answer(200, data)
        return self.answer(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        assert self.path == "/log/cosignatures"
        assert self.headers["Content-Type"] == "text/plain; charset=utf-8"
        if (wanted := self.server.status.get(self.path)) is not None:
            self.answer(*wanted)
            return
        self.server.lines.append(body)
        self.answer(204)
        self.server.sent.set()

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture(autouse=True)
def direct(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def keeper():
    server = Keeper()
    loop = threading.Thread(target=server.serve_forever, args=(0.05,))
    loop.start()
    yield server
    server.shutdown()
    loop.join()
    server.server_close()


@pytest.fixture
def source(witness, keeper):
    return polling.Source(witness, keeper.url)


class TestALook:
    def test_cosigns_the_first_checkpoint_without_a_proof(self, source, keeper):
        assert source.turn(NOON) == f"{NAME}: cosigned up to 3"
        assert [cosigned_at(keeper.pending, line) for line in keeper.lines] == [NOON]
        assert set(keeper.asked) == {"/log/pending"}

    def test_with_a_state_that_cannot_be_read_is_a_trouble_as_others(self, source, state):
        state._database.execute("DROP TABLE seen")
        with pytest.raises(Trouble, match="the state cannot be read: no such table"):
            source.turn(NOON)

    @pytest.mark.parametrize("partial", [True, False])
    def test_makes_its_own_proofs_from_tiles(self, source, keeper, partial):
        keeper.partial = partial
        for n, size in enumerate((3, 4, 255, 256, 257, 300, 512, 700, 1000)):
            keeper.pending = keeper.log.note(size)
            source.turn(NOON + n)
            assert cosigned_at(keeper.pending, keeper.lines[-1]) == NOON + n
        assert len(keeper.lines) == 9

    def test_of_nothing_new_sends_nothing(self, source, keeper):
        source.turn(NOON)
        assert source.turn(NOON + polling.AGAIN - 1) == f"{NAME}: nothing new since 3"
        assert len(keeper.lines) == 1

    def test_of_nothing_new_is_cosigned_again_after_an_hour(self, source, keeper):
        source.turn(NOON)
        source.turn(NOON + polling.AGAIN)
        times = [cosigned_at(keeper.pending, line) for line in keeper.lines]
        assert times == [NOON, NOON + polling.AGAIN]

    def test_sends_again_what_did_not_arrive_and_signs_nothing_anew(self, source, keeper):
        keeper.status["/log/cosignatures"] = (500,)
        with pytest.raises(Trouble, match="answers 500"):
            source.turn(NOON)
        del keeper.status["/log/cosignatures"]
        source.turn(NOON + 9)
        assert [cosigned_at(keeper.pending, line) for line in keeper.lines] == [NOON]

    def test_after_a_restart_sends_its_line_once_more(self, source, keeper, witness):
        source.turn(NOON)
        polling.Source(witness, keeper.url + "/").turn(NOON + 9)
        assert keeper.lines[0] == keeper.lines[1]


class TestAnotherHistory:
    def test_is_not_cosigned_and_kept_as_a_fork(self, source, keeper, state, capsys):
        keeper.pending = keeper.log.note(300)
        source.turn(NOON)
        keeper.log = Log(1000, turn=2)
        keeper.pending = keeper.log.note(700)
        for _ in range(2):
            with pytest.raises(Trouble, match="another history"):
                source.turn(NOON + 1)
        assert len(keeper.lines) == 1
        (kept,) = state.folder.glob("evidence/fork-*")
        assert (kept / "shown.txt").read_text() == keeper.pending
        # With the root that it had, the proof holds: the log's own signature covers another past.
        root = re.search(r"had root (\S+) at 300", (kept / "why.txt").read_text())[1]
        assert hash_from_b64(root) != Log(300).checkpoint(300).root
        offer = Offer.parse((kept / "request.txt").read_text())
        verify_consistency(300, 700, offer.proof, hash_from_b64(root), offer.checkpoint.root)
        assert capsys.readouterr().err.count("FORK") == 1

    def test_of_the_same_size_is_a_fork_too(self, source, keeper, state):
        source.turn(NOON)
        keeper.pending = Log(3, turn=1).note(3)
        with pytest.raises(Trouble, match="another root"):
            source.turn(NOON + 1)
        assert len(list(state.folder.glob("evidence/fork-*"))) == 1

    def test_that_is_shorter_is_reported(self, source, keeper, witness):
        keeper.pending = keeper.log.note(300)
        source.turn(NOON)
        keeper.pending = keeper.log.note(299)
        with pytest.raises(Trouble, match="size 299, 300 was cosigned"):
            source.turn(NOON + 1)
        assert witness.last(NAME).size == 300


class TestWrongTiles:
    @pytest.mark.parametrize(
        "answer", [(200, bytes(300 * 32)), (200, b"short"), (200, b""), (404,), (503,)]
    )
    def test_prove_nothing_against_the_log(self, source, keeper, state, answer):
        keeper.pending = keeper.log.note(200)
        source.turn(NOON)
        keeper.pending = keeper.log.note(700)
        keeper.status["/log/tile/0/000"] = answer
        with pytest.raises(Trouble):
            source.turn(NOON + 1)
        keeper.status["/log/tile/0/000"] = (200, bytes(256 * 32))
        with pytest.raises(Trouble, match="tiles are not those of size 700"):
            source.turn(NOON + 1)
        assert not list(state.folder.glob("evidence/*"))
        keeper.status.clear()
        source.turn(NOON + 2)
        assert len(keeper.lines) == 2

    def test_of_a_full_tile_below_the_root_are_noticed(self, source, keeper, state):
        # The root of 1000 leaves is made from tile 1/000; what 0/000 says must fit it.
        keeper.pending = keeper.log.note(100)
        source.turn(NOON)
        keeper.pending = keeper.log.note(1000)
        keeper.status["/log/tile/0/000"] = (200, Log(256, turn=2).tile(0, 0))
        with pytest.raises(Trouble, match="tiles are not those of size 1000"):
            source.turn(NOON + 1)
        assert not list(state.folder.glob("evidence/*"))


class TestTrouble:
    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            ((404,), "answers 404"),
            ((500,), "answers 500"),
            ((302,), "answers 302"),
            ((200, b"<html>"), "answers no checkpoint"),
            ((200, b"\xff"), "answers no checkpoint"),
            ((200, bytes(70_000)), "answers more than"),
            ((200, Log(3, key=KEY).note(3).replace("A", "B").encode()), "not signed|no checkpoint"),
        ],
    )
    def test_with_what_is_pending_is_one_line(self, source, keeper, answer, said):
        keeper.status["/log/pending"] = answer
        with pytest.raises(Trouble, match=said) as trouble:
            source.turn(NOON)
        assert "\n" not in str(trouble.value)
        assert keeper.lines == []

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:9/log",
            "http://nowhere.invalid/log",
            "http://a..b/log",
            "http://[::1]:9",
        ],
    )
    def test_with_the_network_is_one_line(self, witness, url):
        with pytest.raises(Trouble, match=r"cannot be reached: \w") as trouble:
            polling.Source(witness, url).turn(NOON)
        assert "\n" not in str(trouble.value)

    def test_with_a_server_that_drips_ends(self, source, keeper, monkeypatch):
        monkeypatch.setattr(fetching, "LONGEST", -1)
        with pytest.raises(Trouble, match="takes longer"):
            source.turn(NOON)

    def test_makes_the_looks_rarer_up_to_a_bound(self):
        assert [polling.pause(5, n) for n in (0, 1, 2, 3, 9, 5000)] == [5, 10, 20, 40, 300, 300]
        assert polling.pause(900, 7) == 900

    def test_is_said_once_and_its_end_too(self, source, keeper, capsys):
        stopping = threading.Event()
        keeper.status["/log/pending"] = (500,)
        lane = threading.Thread(target=polling._watch, args=(source, 0.01, stopping))
        lane.start()
        while keeper.asked["/log/pending"] < 3:
            pass
        keeper.status.clear()
        assert keeper.sent.wait(10)
        stopping.set()
        lane.join(10)
        said = capsys.readouterr()
        assert said.err.count("answers 500") == 1
        assert said.out.splitlines() == [f"{NAME}: cosigned up to 3"]

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "file:///etc/passwd",
            "ftp://x",
            "https://",
            "https://x/?q",
            "https://[x",
            "https://a:b@x",
        ],
    )
    def test_with_an_address_stops_the_beginning(self, witness, url):
        with pytest.raises(Stop, match="not the address of a log"):
            polling.Source(witness, url)


class TestTheCommand:
    def test_looks_once(self, start, keeper):
        process = start("poll", "--from", keeper.url, "--once")
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out) == (0, f"{NAME}: cosigned up to 3\n")
        assert err.startswith(f"{NAME}: first seen")
        assert len(keeper.lines) == 1

    def test_looks_once_in_vain(self, start, keeper):
        keeper.status["/log/pending"] = (503,)
        process = start("poll", "--from", keeper.url, "--once")
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out) == (1, "")
        assert err == f"{keeper.url}/pending answers 503\n"

    def test_looks_again_and_again_until_its_parent_goes(self, start, keeper):
        process = start("poll", "--from", keeper.url, "--every", "0.05")
        for size in (3, 300):
            assert keeper.sent.wait(20)
            keeper.sent.clear()
            keeper.pending = keeper.log.note(300)
            assert cosigned_at(keeper.log.note(size), keeper.lines[-1])
        process.stdin.close()
        assert process.wait(10) == 0

    def test_shares_what_serve_has_seen(self, start, keeper, state, witness):
        witness.add(keeper.log.body(0, 300), NOON)
        state.close()
        process = start("poll", "--from", keeper.url, "--once")
        _, err = process.communicate(timeout=20)
        assert "shows size 3, 300 was cosigned" in err
