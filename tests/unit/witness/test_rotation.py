"""A log's key follows another: how a witness learns of it, and which of the two it takes when."""

from __future__ import annotations

import pytest

from audit.tlog.checkpoint import Checkpoint
from audit.tlog.rotation import Rotation
from tests.unit.audit.rotations import (
    END,
    FIRST,
    ORIGIN,
    START,
    STRANGER,
    UNPROVEN,
    A,
    B,
    C,
    note,
    text,
)
from tests.unit.witness.logs import WITNESS
from witness import commands
from witness.errors import Refused, Stop
from witness.files import Logs
from witness.offers import Offer
from witness.witnessing import Witness

HEAD = Checkpoint(ORIGIN, 1, bytes(range(32)))


@pytest.fixture
def logs(tmp_path):
    file = tmp_path / "logs"
    file.write_text(f"# the directory\n{A.public}")
    return file


@pytest.fixture
def learn(tmp_path, logs, capsys):
    """Return `learn(statement)`: the command's exit code, and what it says."""

    def learned(statement):
        file = tmp_path / "statement"
        file.write_text(statement)
        code = commands.main(["learn", str(file), "--logs", str(logs)])
        said = capsys.readouterr()
        return code, said.out + said.err

    return learned


def takes(state, logs, *signers, now):
    offer = Offer.make(0 if state.last(ORIGIN) is None else 1, (), HEAD.signed(*signers))
    try:
        Witness(WITNESS, Logs([], logs), state).cosign(offer, now)
    except Refused as error:
        return error.status
    return 200


class TestAWitness:
    def test_takes_the_new_key_only_once_it_was_told(self, state, logs, learn):
        assert takes(state, logs, B, now=START) == 403
        code, said = learn(FIRST.note)
        assert code == 0
        assert f"{B.public.id.hex()} follows {A.public.id.hex()}" in said
        assert takes(state, logs, B, now=START) == 200

    def test_takes_both_until_the_end_of_the_old_one_and_then_the_new_one(self, state, logs, learn):
        learn(FIRST.note)
        assert takes(state, logs, A, now=END - 1) == 200
        assert takes(state, logs, A, now=END) == 403
        assert takes(state, logs, A, B, now=END) == 200
        assert Logs([], logs).keys(ORIGIN, END) == [B.public]

    def test_takes_a_note_of_both_that_it_knows_one_of(self, state, logs):
        assert takes(state, logs, A, B, now=END) == 200

    def test_learns_while_it_runs(self, state, logs, learn):
        running = Logs([], logs)
        assert running.keys(ORIGIN, START) == [A.public]
        learn(FIRST.note)
        assert running.keys(ORIGIN, START) == [A.public, B.public]


class TestTheCommand:
    def test_says_the_same_again_and_writes_it_once(self, logs, learn):
        assert learn(FIRST.note) == learn(FIRST.note)
        assert logs.read_text() == f"# the directory\n{A.public}\n{FIRST.line()}\n"

    @pytest.mark.parametrize("what", UNPROVEN)
    def test_refuses_a_statement(self, logs, learn, what):
        before = logs.read_text()
        assert learn(UNPROVEN[what])[0] == 1
        assert logs.read_text() == before

    @pytest.mark.parametrize(
        "statement",
        [
            Rotation.make(B, C, start=START, end=END).note,
            Rotation.make(STRANGER, B, start=START, end=END).note,
            note(text(header="casehub-log-rotation/2"), A, B),
            HEAD.signed(A, B),
            "",
        ],
        ids=[
            "of a key it has not",
            "of a stranger's",
            "of another form",
            "a checkpoint",
            "nothing",
        ],
    )
    def test_refuses(self, logs, learn, statement):
        before = logs.read_text()
        assert learn(statement)[0] == 1
        assert logs.read_text() == before

    def test_refuses_a_second_key_after_one_and_an_older_statement_again(self, logs, learn):
        learn(FIRST.note)
        code, said = learn(Rotation.make(A, STRANGER, start=START, end=END).note)
        assert (code, "has another after it" in said) == (1, True)
        logs.write_text(f"{C.public}\n")
        assert learn(FIRST.note)[0] == 1

    def test_says_that_a_file_is_not_there(self, logs, tmp_path, capsys):
        code = commands.main(["learn", str(tmp_path / "none"), "--logs", str(logs)])
        assert (code, "cannot be read" in capsys.readouterr().err) == (1, True)

    def test_does_not_begin_with_a_file_that_holds_a_forged_one(self, logs):
        forged = Rotation(A.public, B.public, START, END, UNPROVEN["that only the new key signed"])
        logs.write_text(f"{A.public}\n{forged.line()}\n")
        with pytest.raises(Stop, match="line 2"):
            Logs([], logs)
