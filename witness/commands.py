"""What a person types: key, vkey, learn, serve, poll, mirror, status."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from . import mirroring, polling, serving
from .errors import Stop
from .files import Logs, learn, make_key, read_key
from .saying import answer, say
from .state import State, look
from .stopping import told_to_stop
from .witnessing import Witness


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="casehub-witness", description="Watch logs, and sign only what extends them."
    )
    commands = parser.add_subparsers(dest="command", required=True)

    key = commands.add_parser("key", help="make a key; print its public half")
    key.add_argument("file", type=Path)
    key.add_argument("--name", required=True, help="the witness's name, as witness.mx.example")

    vkey = commands.add_parser("vkey", help="print a key's public half again")
    vkey.add_argument("file", type=Path)

    learned = commands.add_parser("learn", help="take the key that follows on one of a log's")
    learned.add_argument(
        "statement", type=Path, help="what both keys have signed, from the keepers"
    )
    learned.add_argument("--logs", type=Path, required=True, metavar="FILE", help="file of keys")

    serve = commands.add_parser("serve", help="answer logs that send their checkpoints")
    _shared(serve)
    serve.add_argument("--listen", default="127.0.0.1:8090", metavar="HOST:PORT")

    poll = commands.add_parser("poll", help="fetch checkpoints; needs only outgoing connections")
    _shared(poll)
    poll.add_argument("--from", dest="sources", action="append", required=True, metavar="URL")
    poll.add_argument("--every", type=float, default=5, metavar="SECONDS")
    poll.add_argument("--once", action="store_true", help="one look at each, then end")

    copied = commands.add_parser("mirror", help="keep a whole copy of logs; needs no key")
    copied.add_argument("--into", type=Path, required=True, metavar="FOLDER")
    copied.add_argument("--from", dest="sources", action="append", default=[], metavar="URL")
    _logs(copied)
    copied.add_argument("--every", type=float, default=60, metavar="SECONDS")
    copied.add_argument("--once", action="store_true", help="one look at each, then end")
    copied.add_argument("--check", action="store_true", help="read the copies again, and end")

    status = commands.add_parser("status", help="what was cosigned last, also while it runs")
    status.add_argument("--state", type=Path, required=True, metavar="FOLDER")
    return parser


def _shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--key", type=Path, required=True, metavar="FILE")
    parser.add_argument("--state", type=Path, required=True, metavar="FOLDER")
    _logs(parser)


def _logs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--log", action="append", default=[], metavar="VKEY", help="repeatable")
    parser.add_argument(
        "--logs", "--policy", type=Path, metavar="FILE",
        help="one vkey a line, or a policy file; read again when it changes",
    )  # fmt: skip
    parser.add_argument("--until-eof", action="store_true", help="end when standard input does")


def _status(folder: Path) -> None:
    seen = look(folder)
    for origin, one in seen.items():
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(one.time))
        answer(f"{origin}: size {one.size}, cosigned {when}")
    if not seen:
        answer("nothing was cosigned yet")
    kept = len(list((folder / "evidence").glob("[!.]*")))
    if kept:
        answer(f"{kept} conflicts kept in {folder / 'evidence'}")


def _learn(logs: Path, statement: Path) -> None:
    said = learn(logs, statement)
    start, end = (
        time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t)) for t in (said.start, said.end)
    )
    answer(
        f"{said.origin}: {said.new.id.hex()} follows {said.old.id.hex()}; both count from {start},"
        f" the new one alone from {end}"
    )


def _watch(given: argparse.Namespace) -> int:
    key = read_key(given.key)
    logs = Logs(given.log, given.logs)
    state = State(given.state)
    try:
        witness = Witness(key, logs, state)
        stopping = told_to_stop(at_end_of_input=given.until_eof)
        if given.command == "serve":
            serving.serve(witness, given.listen, stopping)
            return 0
        return polling.poll(
            witness, given.sources, every=given.every, once=given.once, stopping=stopping
        )
    finally:
        state.close()


def _mirror(given: argparse.Namespace) -> int:
    if given.check:
        return mirroring.check(given.into)
    if not given.sources:
        raise Stop("no log to copy: give its address with --from")
    return mirroring.mirror(
        Logs(given.log, given.logs),
        given.into,
        given.sources,
        every=given.every,
        once=given.once,
        stopping=told_to_stop(at_end_of_input=given.until_eof),
    )


def main(arguments: Sequence[str]) -> int:
    """Run a command; return its exit code: 0, or 1 after one line that says why."""
    given = _arguments().parse_args(arguments)
    try:
        match given.command:
            case "key":
                answer(str(make_key(given.file, given.name)))
            case "vkey":
                answer(str(read_key(given.file).public))
            case "learn":
                _learn(given.logs, given.statement)
            case "status":
                _status(given.state)
            case "mirror":
                return _mirror(given)
            case _:
                return _watch(given)
    except Stop as reason:
        say(f"casehub-witness: {reason}")
        return 1
    except BrokenPipeError:  # whoever read the answer has enough
        return 1
    return 0
