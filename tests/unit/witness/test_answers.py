"""The order of checks and answers of C2SP tlog-witness, as a table."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from audit.tlog.checkpoint import Checkpoint
from audit.tlog.merkle import EMPTY_ROOT
from audit.tlog.note import Note, SigningKey, signed_note
from tests.unit.witness.logs import (
    KEY,
    NAME,
    NOON,
    VECTORS,
    WITNESS,
    Log,
    cosigned_at,
    request,
)
from witness.errors import Behind, Refused
from witness.files import Logs
from witness.witnessing import SLACK, Witness

LOG = Log(300)
FORKED = Log(300, turn=2)
STRANGER = SigningKey.from_seed("stranger.example", bytes(32))
IMPOSTOR = SigningKey.from_seed(NAME, bytes(32))  # the log's name, another key


def broken(note: str) -> str:
    """Return a note whose signature is that of another text."""
    text, _, line = note.partition("\n\n")
    return f"{text}\n\n" + LOG.note(1).partition("\n\n")[2] if line else note


@dataclass(frozen=True)
class Case:
    """What was cosigned before (nothing: None), what is offered, what the answer is."""

    name: str
    before: int | None
    body: str
    status: int
    kept: str = ""
    size: int | None = None  # told with a 409


EMPTY = Checkpoint(NAME, 0, EMPTY_ROOT).signed(KEY)
NO_ROOT = Checkpoint(NAME, 0, bytes(32)).signed(KEY)
TABLE = [
    Case("malformed", 3, "old 3\n", 400),
    Case("malformed comes before an unknown origin", 3, "old x\n\n" + LOG.note(7), 400),
    Case("old above the checkpoint", 3, request(8, [], LOG.note(7)), 400),
    Case("unknown origin", 3, Log(7, key=STRANGER).body(3, 7), 404),
    Case("signed by another key of that name", 3, Log(7, key=IMPOSTOR).body(3, 7), 403),
    Case("its signature does not hold", 3, request(3, LOG.proof(3, 7), broken(LOG.note(7))), 403),
    Case("a forged signature comes before the size", 3, request(9, [], broken(LOG.note(9))), 403),
    Case("old behind", 7, LOG.body(3, 9), 409, size=7),
    Case("old ahead", 3, LOG.body(7, 9), 409, size=3),
    Case("old where nothing was", None, LOG.body(3, 7), 409, size=0),
    Case("the size comes before the proof", 7, request(3, [], LOG.note(9)), 409, size=7),
    Case("old behind, and a fork", 7, FORKED.body(3, 7), 409, kept="fork", size=7),
    Case("size 0 with a root", None, request(0, [], NO_ROOT), 422, kept="fork"),
    Case("a proof from nothing", None, request(0, [bytes(32)], LOG.note(7)), 422),
    Case("a proof from an empty tree", 0, request(0, [bytes(32)], LOG.note(7)), 422),
    Case("a proof to the same size", 7, request(7, [bytes(32)], LOG.note(7)), 422),
    Case("a proof that fails", 3, request(3, [bytes(32)], LOG.note(7)), 422, kept="suspicion"),
    Case("no proof", 3, request(3, [], LOG.note(7)), 422, kept="suspicion"),
    Case("a fork with its own proof", 3, FORKED.body(3, 300), 422, kept="suspicion"),
    Case("the same size with another root", 7, request(7, [], FORKED.note(7)), 422, kept="fork"),
    Case("first, empty", None, request(0, [], EMPTY), 200),
    Case("first, not empty", None, LOG.body(0, 7), 200),
    Case("from an empty tree", 0, LOG.body(0, 7), 200),
    Case("larger", 3, LOG.body(3, 7), 200),
    Case("much larger", 255, LOG.body(255, 300), 200),
    Case("the same again", 7, LOG.body(7, 7), 200),
    Case("with others' signatures", 3, LOG.body(3, 7) + WITNESS.sign("x", 1), 200),
]


def kept(state):
    return sorted(place.name.partition("-")[0] for place in state.folder.glob("evidence/*"))


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.name)
def test_the_answer_is_the_specifications(case, witness, state):
    if case.before is not None:
        witness.add(LOG.body(0, case.before) if case.before else request(0, [], EMPTY), NOON)
    before = witness.last(NAME)
    if case.status == 200:
        line = witness.add(case.body, NOON + 1)
        note = Note.parse(case.body.partition("\n\n")[2])
        assert cosigned_at(signed_note(note.text, []), line) == NOON + 1
        assert witness.last(NAME).size == Checkpoint.parse(note.text).size
    else:
        with pytest.raises(Refused) as refused:
            witness.add(case.body, NOON + 1)
        assert refused.value.status == case.status
        assert isinstance(refused.value, Behind) == (case.status == 409)
        assert getattr(refused.value, "size", None) == case.size
        assert witness.last(NAME) == before
    assert kept(state) == ([case.kept] if case.kept else [])


class TestACosignature:
    def test_is_the_vectors_byte_for_byte(self, witness):
        witness.add(LOG.body(0, 3), NOON)
        line = witness.add(VECTORS["add_checkpoint_3_to_7"], NOON)
        assert LOG.note(7) + line == VECTORS["checkpoint_7"]

    def test_is_served_with_the_logs_own_signature_only(self, witness):
        place = VECTORS["monitor_path"].removesuffix("/checkpoint")
        assert witness.monitored(place) is None
        stranger = STRANGER.sign(LOG.checkpoint(7).text())
        witness.add(LOG.body(0, 7) + stranger + KEY.sign("second line, unchecked\n"), NOON)
        assert witness.monitored(place) == VECTORS["checkpoint_7"]

    def test_by_two_keys_of_a_log_in_rotation_is_one(self, state):
        second = SigningKey.from_seed(NAME, b"\x09" * 32)
        witness = Witness(WITNESS, Logs([str(KEY.public), str(second.public)]), state)
        both = LOG.body(0, 7) + second.sign(LOG.checkpoint(7).text())
        witness.add(both, NOON)
        assert witness.last(NAME).note == both.partition("\n\n")[2]
        witness.add(request(7, LOG.proof(7, 9), LOG.checkpoint(9).signed(second)), NOON)
        forged = LOG.body(9, 10) + second.sign("another text\n")
        with pytest.raises(Refused) as refused:
            witness.add(forged, NOON)
        assert refused.value.status == 403

    def test_of_one_log_says_nothing_of_another(self, state):
        other = SigningKey.from_seed("audit.example/2027", b"\x09" * 32)
        witness = Witness(WITNESS, Logs([str(KEY.public), str(other.public)]), state)
        witness.add(LOG.body(0, 7), NOON)
        witness.add(Log(5, key=other).body(0, 5), NOON)
        assert [witness.last(name).size for name in (NAME, other.name)] == [7, 5]


class TestTwoOffersAtOnce:
    def test_do_not_overtake_each_other_between_check_and_store(self, state):
        checked, go_on = threading.Event(), threading.Event()

        class Slow:
            """Signs when it may: the offer has been checked, and is not stored yet."""

            def sign(self, text, time):
                checked.set()
                assert go_on.wait(10)
                return WITNESS.sign(text, time)

        witness = Witness(Slow(), Logs([str(KEY.public)]), state)
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(witness.add, LOG.body(0, 9), NOON)
            assert checked.wait(10)
            second = pool.submit(witness.add, LOG.body(0, 7), NOON)
            with pytest.raises(TimeoutError):  # it waits: nothing was cosigned yet
                second.result(0.2)
            go_on.set()
            assert cosigned_at(LOG.note(9), first.result(10)) == NOON
            with pytest.raises(Behind, match="size 9"):
                second.result(10)


class TestTheClock:
    @pytest.mark.parametrize("now", [0, 1, 1_700_000_000])
    def test_that_was_never_set_signs_nothing(self, witness, now):
        with pytest.raises(Refused, match="not set") as refused:
            witness.add(LOG.body(0, 7), now)
        assert refused.value.status == 503
        assert witness.last(NAME) is None

    def test_that_was_put_back_a_little_repeats_the_last_time(self, witness):
        witness.add(LOG.body(0, 7), NOON)
        line = witness.add(LOG.body(7, 9), NOON - SLACK)
        assert cosigned_at(signed_note(LOG.checkpoint(9).text(), []), line) == NOON

    def test_that_was_put_back_far_signs_nothing_and_says_so_once(self, witness, capsys):
        witness.add(LOG.body(0, 7), NOON)
        for _ in range(2):
            with pytest.raises(Refused, match="behind") as refused:
                witness.add(LOG.body(7, 9), NOON - SLACK - 1)
            assert refused.value.status == 503
        assert capsys.readouterr().err.count("behind what was signed") == 1
        assert witness.last(NAME).size == 7

    def test_that_is_wrong_hides_no_fork(self, witness, state):
        witness.add(LOG.body(0, 7), NOON)
        with pytest.raises(Refused) as refused:
            witness.add(request(7, [], FORKED.note(7)), 0)
        assert refused.value.status == 422
        assert kept(state) == ["fork"]


class TestEvidence:
    def test_of_a_fork_is_two_notes_that_anybody_can_check(self, witness, state, capsys):
        witness.add(LOG.body(0, 7), NOON)
        with pytest.raises(Refused):
            witness.add(request(7, [], FORKED.note(7)), NOON + 1)
        (place,) = state.folder.glob("evidence/*")
        ours, theirs = ((place / f"{name}.txt").read_text() for name in ("cosigned", "shown"))
        assert {one.time for one in Note.parse(ours).signatures([WITNESS.public])} == {NOON}
        texts = [Checkpoint.parse(Note.parse(note).text) for note in (ours, theirs)]
        for note in (ours, theirs):
            Note.parse(note).signatures([KEY.public])
        assert texts[0].size == texts[1].size == 7
        assert texts[0].root != texts[1].root
        assert "another root" in (place / "why.txt").read_text()
        said = capsys.readouterr().err.splitlines()[-1]
        assert said.startswith(f"{NAME}: FORK: size 7 was cosigned with another root; kept in ")

    def test_is_kept_and_said_once(self, witness, state, capsys):
        witness.add(LOG.body(0, 7), NOON)
        for _ in range(3):
            with pytest.raises(Refused):
                witness.add(request(7, [], FORKED.note(7)), NOON)
        assert capsys.readouterr().err.count("FORK") == 1
        assert kept(state) == ["fork"]

    def test_of_suspicions_is_bounded_and_leaves_room_for_forks(
        self, witness, state, capsys, monkeypatch
    ):
        monkeypatch.setattr("witness.evidence.MOST", 3)
        witness.add(LOG.body(0, 7), NOON)
        for size in range(8, 14):
            with pytest.raises(Refused):
                witness.add(request(7, [], LOG.note(size)), NOON)
        with pytest.raises(Refused):
            witness.add(request(7, [], FORKED.note(7)), NOON)
        assert kept(state) == ["fork", "suspicion", "suspicion", "suspicion"]
        assert capsys.readouterr().err.count("no more are") == 1

    def test_that_cannot_be_written_changes_no_answer(self, witness, state, capsys):
        (state.folder / "evidence").write_text("in the way")
        witness.add(LOG.body(0, 7), NOON)
        with pytest.raises(Refused) as refused:
            witness.add(request(7, [], FORKED.note(7)), NOON)
        assert refused.value.status == 422
        assert "fork not kept" in capsys.readouterr().err

    def test_of_something_unsigned_is_none(self, witness, state):
        witness.add(LOG.body(0, 7), NOON)
        with pytest.raises(Refused):
            witness.add(request(7, [], broken(FORKED.note(7))), NOON)
        assert kept(state) == []
