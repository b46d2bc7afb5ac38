"""The edge server, real, with an application of its own (tests/servers/bare_edge.py)."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.casehub_server import PROJECT, Place
from tests.servers.configurations import Configuration, Full
from tools.region.private import spare_port

HASTY = 4  # seconds that `hasty_edge` waits for a reader
MIB = 1024 * 1024


@dataclass
class Edge:
    port: int
    process: subprocess.Popen[str]
    output: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self, network: int = 0) -> socket.socket:
        """Connect from 127.0.`network`.1: every such /24 counts as a network of its own."""
        here = (f"127.0.{network}.1", 0)
        return socket.create_connection(("127.0.0.1", self.port), 30, source_address=here)

    def exchange(self, request: bytes) -> bytes:
        """Send bytes as they are and return everything that comes back until the server closes."""
        with self.connect() as line:
            line.sendall(request)
            return b"".join(iter(lambda: line.recv(65536), b""))

    def memory(self) -> int:
        """Return the resident memory in bytes."""
        fields = Path(f"/proc/{self.process.pid}/statm").read_text().split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def start(output: Path, **limits: int) -> Edge:
    port = spare_port()
    with output.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.bare_edge", str(port), json.dumps(limits)],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.stdout.close()
    return Edge(port, process, output)


@pytest.fixture(scope="session")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    running = start(tmp_path_factory.mktemp("edge") / "output")
    yield running
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(10) == 0


@pytest.fixture
def own_edge(tmp_path: Path) -> Iterator[Edge]:
    """A server that the test itself may stop."""
    running = start(tmp_path / "output")
    yield running
    running.process.kill()
    running.process.wait()


@pytest.fixture(scope="module")
def hasty_edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    """A server that waits a few seconds for readers, and a MiB a second for much."""
    output = tmp_path_factory.mktemp("hasty") / "output"
    running = start(output, IDLE_SECONDS=HASTY, ANSWER_RATE=MIB)
    yield running
    running.process.kill()
    running.process.wait()


@pytest.fixture
def empty(configuration: Configuration, tmp_path: Path) -> Callable[[str], Place]:
    """Return `empty(name)`: a place with no table yet."""

    def one(name: str) -> Place:
        data = tmp_path / name
        data.mkdir()
        if isinstance(configuration, Full):
            return configuration._place(data, configuration.postgres.create())
        return Place(configuration.name, data)

    return one
