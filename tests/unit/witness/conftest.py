"""A witness over a fresh state, and its commands as processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.witness.logs import KEY, WITNESS
from witness.files import Logs
from witness.state import State
from witness.witnessing import Witness

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture
def state(tmp_path):
    opened = State(tmp_path / "state")
    yield opened
    opened.close()


@pytest.fixture
def witness(state):
    return Witness(WITNESS, Logs([str(KEY.public)]), state)


@pytest.fixture
def key_file(tmp_path):
    file = tmp_path / "witness.key"
    file.write_text(WITNESS.export() + "\n")
    file.chmod(0o600)
    return file


@pytest.fixture
def start(tmp_path, key_file):
    """
    Return `start(command, *more)`: that command of the witness in a process of its own.

    `program` replaces `-m witness`, for processes that misbehave on purpose.
    """
    running = []

    def started(command, *more, program=("-m", "witness")):
        shared = ["--key", key_file, "--state", tmp_path / "state"]
        log = ["--log", str(KEY.public)] if "--logs" not in more else []
        parent = [] if "--once" in more else ["--until-eof"]
        process = subprocess.Popen(
            [sys.executable, *program, command, *shared, *log, *parent, *more],
            cwd=ROOT,
            env={**os.environ, "no_proxy": "*"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield started
    for process in running:
        with process:  # closes its pipes, waits for its end
            process.kill()
