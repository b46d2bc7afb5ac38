r"""
What a bundle holds, byte by byte: manifest, one line an entry, and the table for people.

`entries/000001.jsonl` and so on hold a thousand lines each, in order of index; a line is canonical
JSON (RFC 8785), so that leaf and event, written out canonically, are the bytes that were hashed:

    {"event":{…},"index":469,"is":"opened","leaf":{…},"proof":"c2sp.org/tlog-proof@v1\n…","salt":"…"}

`is` says what a reader gets of the entry: `opened` (event and salt), `closed` (not for this
reader), `erased`, or `mark` (of the log itself). `proof` is a whole C2SP tlog-proof.

`statements.jsonl`, if there is one, holds what opened events name by `digest`: a line of canonical
JSON each, whose SHA-256 that is.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785

from ..commitments import SALT
from ..tlog.errors import Malformed
from ..tlog.text import from_b64, to_b64

FORMAT = "casehub-audit-bundle/1"
PART = 1000  # entries in one file
LONGEST_LINE = 256 * 1024  # bytes; an entry has 64 KiB at most, a proof less
LANGUAGES = ("es", "en", "fr")
PAGE, POLICY, CHECKPOINT = "verify.html", "policy.txt", "checkpoint.txt"
TABLE, STATEMENTS, MANIFEST = "entries.csv", "statements.jsonl", "manifest.json"
OPENED, CLOSED, ERASED, MARK = "opened", "closed", "erased", "mark"
HEAD = (
    "\ufeffindex,time,is,kind,actor,states,payload\r\n"  # with the mark by which Excel knows UTF-8
)
_FIELDS = {
    OPENED: {"event", "index", "is", "leaf", "proof", "salt"},
    CLOSED: {"index", "is", "leaf", "proof"},
    ERASED: {"index", "is", "leaf", "proof"},
    MARK: {"index", "is", "leaf", "proof"},
}
_LATEST = 253402300799  # the last second of 9999
_STATE = re.compile(r"[A-Z]{2}", re.ASCII)
_ANY = re.compile(r".*", re.DOTALL)
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)


def readme(language: str) -> str:
    """Return the name of the page that explains the bundle."""
    return f"README.{language}.txt"


def part(number: int) -> str:
    """Return the name of a file of entries, from 1."""
    return f"entries/{number:06d}.jsonl"


def names(entries: int, *, statements: bool = False) -> list[str]:
    """Return the names of all files of a bundle, in order."""
    parts = [part(number) for number in range(1, -(-entries // PART) + 1)]
    readmes = [readme(one) for one in LANGUAGES]
    named = [STATEMENTS] if statements else []
    return [*readmes, PAGE, POLICY, CHECKPOINT, *parts, TABLE, *named, MANIFEST]


def named_in(event: bytes) -> str | None:
    """Return the digest by which an event names what was signed, or None if it names nothing."""
    said = json.loads(event)["payload"].get("digest")
    return said if _matches(_HEX, said) else None


def is_state(text: str) -> bool:
    """Say whether this is how a State is named."""
    return _STATE.fullmatch(text) is not None


def from_canonical(data: bytes) -> Any:
    """
    Return a value from the one spelling that RFC 8785 gives it.

    :raises Malformed: for anything else.
    """
    try:
        value = json.loads(data)
        if rfc8785.dumps(value) == data:
            return value
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    raise Malformed("JSON, but not canonical")


def _counts(value: object, least: int = 0, most: int = 2**53 - 1) -> bool:
    return type(value) is int and least <= value <= most


@dataclass(frozen=True, slots=True)
class Filter:
    """
    Which entries were asked for, of indices `first` to `last`, both included.

    Those that concern `state`, if one is named, and whose second t is since <= t < until.
    """

    first: int
    last: int
    state: str | None = None
    since: int | None = None
    until: int | None = None

    @property
    def whole(self) -> bool:
        """Whether every entry of the range belongs to it, so that a gap can be seen."""
        return self.state is None and self.since is None and self.until is None

    def why_not(self, index: int, time: int) -> str | None:
        """Return what speaks against an entry, whomever it concerns."""
        if not self.first <= index <= self.last:
            return "it lies outside of the indices that were asked for"
        if self.since is not None and time < self.since:
            return "it is older than what was asked for"
        if self.until is not None and time >= self.until:
            return "it is newer than what was asked for"
        return None


@dataclass(frozen=True, slots=True)
class File:
    """One file: its size, the SHA-256 of its content, and of its data as it is packed."""

    name: str
    size: int
    sha256: str
    packed: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says it holds; everything in it is compared with what it does hold."""

    log: str
    size: int
    filter: Filter
    entries: int
    files: tuple[File, ...]

    def __bytes__(self) -> bytes:
        body: dict[str, Any] = {
            "entries": self.entries,
            "files": [asdict(file) for file in self.files],
            "filter": asdict(self.filter),
            "format": FORMAT,
            "log": self.log,
            "size": self.size,
        }
        return rfc8785.dumps(body)

    @classmethod
    def parse(cls, data: bytes) -> Manifest:
        """
        Read a manifest.

        :raises Malformed: if it is none.
        """
        body = from_canonical(data)
        try:
            if body.pop("format") != FORMAT:
                raise Malformed("a bundle of another form")
            files = tuple(File(**one) for one in body.pop("files"))
            chosen = Filter(**body.pop("filter"))
            made = cls(**body, filter=chosen, files=files)
        except (TypeError, KeyError, AttributeError) as error:
            raise Malformed("not a manifest") from error
        if not made._holds() or bytes(made) != data:  # every field said, none besides
            raise Malformed("not a manifest")
        return made

    def _holds(self) -> bool:
        chosen = self.filter
        times = (chosen.since, chosen.until)
        return (
            _matches(_ANY, self.log)
            and _counts(self.size, 1)
            and _counts(self.entries)
            and _counts(chosen.first)
            and _counts(chosen.last, chosen.first, self.size - 1)
            and all(one is None or _counts(one, most=_LATEST) for one in times)
            and (chosen.state is None or _matches(_STATE, chosen.state))
            and all(
                _matches(_ANY, file.name)
                and _counts(file.size)
                and _matches(_HEX, file.sha256)
                and _matches(_HEX, file.packed)
                for file in self.files
            )
        )


def _matches(pattern: re.Pattern[str], text: object) -> bool:
    return isinstance(text, str) and pattern.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `event` and `salt` only if it is opened; both and `leaf` as they were hashed."""

    index: int
    condition: str
    leaf: bytes
    proof: str
    event: bytes | None = None
    salt: bytes | None = None

    def __bytes__(self) -> bytes:
        # Leaf and event are canonical already, and stand in the order of the keys.
        proof = rfc8785.dumps(self.proof)
        head = b"" if self.event is None else b'"event":' + self.event + b","
        tail = b"" if self.salt is None else b',"salt":"' + to_b64(self.salt).encode() + b'"'
        index, condition = str(self.index).encode(), self.condition.encode()
        return (
            b"{" + head + b'"index":' + index + b',"is":"' + condition + b'","leaf":' + self.leaf
            + b',"proof":' + proof + tail + b"}\n"
        )  # fmt: skip

    @classmethod
    def parse(cls, line: bytes) -> Entry:
        """
        Read a line without its end.

        :raises Malformed: if it is none.
        """
        if len(line) > LONGEST_LINE:
            raise Malformed("too long")
        body = from_canonical(line)
        if not isinstance(body, dict) or not isinstance(body.get("is"), str):
            raise Malformed("not an entry")
        condition = body["is"]
        leaf = body.get("leaf")
        if set(body) != _FIELDS.get(condition) or not isinstance(leaf, dict):
            raise Malformed("not an entry")
        event = leaf.get("k") == "event"
        sound = (
            _counts(body["index"])
            and isinstance(body["proof"], str)
            and _counts(leaf.get("t"), most=_LATEST)
            and event == (condition != MARK)
            and (not event or isinstance(leaf.get("c"), str))
            and (condition != OPENED or (_is_event(body["event"]) and type(body["salt"]) is str))
        )
        opened = condition == OPENED
        salt = from_b64(body["salt"]) if sound and opened else None
        if not sound or (salt is not None and len(salt) != SALT):
            raise Malformed("not an entry")
        return cls(
            index=body["index"],
            condition=condition,
            leaf=rfc8785.dumps(leaf),
            proof=body["proof"],
            event=rfc8785.dumps(body["event"]) if opened else None,
            salt=salt,
        )


def _is_event(body: object) -> bool:
    return (
        isinstance(body, dict)
        and all(isinstance(body.get(key), str) for key in ("actor", "at", "kind"))
        and isinstance(body.get("payload"), dict)
        and isinstance(body.get("states"), list)
        and all(isinstance(one, str) for one in body["states"])
    )


def instant(time: int) -> str:
    """Return POSIX seconds as a person reads them: UTC, e.g. `2026-11-24T17:00:00Z`."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def row(entry: Entry) -> bytes:
    """Return an entry's line in the table."""
    time = json.loads(entry.leaf)["t"]
    said = ["", "", "", ""]
    if entry.event is not None:
        body = json.loads(entry.event)
        payload = rfc8785.dumps(body["payload"]).decode()
        said = [body["kind"], body["actor"], " ".join(body["states"]), payload]
    cells = [str(entry.index), instant(time), entry.condition, *said]
    return (",".join(map(_cell, cells)) + "\r\n").encode()


def _cell(text: str) -> str:
    """Quote where RFC 4180 asks for it; what a spreadsheet would compute is made a plain text."""
    if text.startswith(("=", "+", "-", "@", "\t", "\r")):
        text = "'" + text
    if any(one in text for one in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
