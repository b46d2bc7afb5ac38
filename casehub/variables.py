"""
The variables of the environment: each declared once, with what it means and what it may be.

`settings.py` reads them by name, and docs/operations.md prints them. A value that cannot be is told
by its name alone, for it may be a secret, and nothing starts. Empty counts as not set; each may
instead name a file that holds the value, as NAME_FILE.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

from casehub import buckets
from casehub.startup import SHORTEST_SECRET

YES: Final = frozenset({"1", "true", "yes", "on"})
NO: Final = frozenset({"0", "false", "no", "off"})
LAST_PORT: Final = 65535
Reader = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value may be: in words that follow "must be", and as a reader that raises if not."""

    words: str
    read: Reader


@dataclass(frozen=True, slots=True)
class Variable:
    """
    One variable; `told` is its default in words where settings.py works it out.

    `elsewhere` is one that a command or the front end's build reads, and not settings.py. `whole`:
    also the newline that a file may end with is part of it.
    """

    name: str
    kind: Kind
    meaning: str
    default: str = ""
    told: str = ""
    elsewhere: bool = False
    whole: bool = False


def _yes_or_no(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError
    return text.lower() in YES


def _number(least: int, most: int | None = None) -> Kind:
    def read(text: str) -> int:
        number = int(text)
        if number < least or (most is not None and number > most):
            raise ValueError
        return number

    until = "" if most is None else f" and at most {most}"
    return Kind(f"a whole number of at least {least}{until}", read)


def _matching(words: str, pattern: str) -> Kind:
    found = re.compile(pattern)

    def read(text: str) -> str:
        if found.fullmatch(text) is None:
            raise ValueError
        return text

    return Kind(words, read)


def _listed(text: str) -> list[str]:
    found = [part.strip() for part in text.split(",") if part.strip()]
    if not all(re.fullmatch(r"https?://[^/\s?#]+", part) for part in found):
        raise ValueError
    return found


def _lines(text: str) -> list[str]:
    found = [line for line in text.splitlines() if line.strip()]
    # Also what a key had of newlines, which a line cannot hold, was part of it: here they are `\n`.
    found += [line.replace("\\n", "\n") for line in found if "\\n" in line]
    # Each as it stands, and as a file held it that ended with a newline.
    keys = [key for line in found for key in (line, f"{line}\n")]
    if any(len(key) < SHORTEST_SECRET for key in keys[1::2]):
        raise ValueError
    return keys


FLAG: Final = Kind("1 or 0", _yes_or_no)
TEXT: Final = Kind("text", str)
SECRETS: Final = Kind(f"keys of at least {SHORTEST_SECRET} characters, one a line", _lines)
PATH: Final = Kind("a path", str)
PORT: Final = _number(1, LAST_PORT)
ORIGINS: Final = Kind("origins like https://casehub.example, separated by commas", _listed)
POSTGRES: Final = _matching(
    "a URL like postgres://USER:PASSWORD@HOST/DATABASE", r"(postgres(ql)?|sqlite)://.*"
)
REDIS: Final = _matching("a URL like redis://USER:PASSWORD@HOST:6379/0", r"(rediss?://|unix:/).+")
PLACE: Final = _matching("HOST:PORT", r"[\w.:\[\]-]+:[0-9]{1,5}")
COLLECTOR: Final = _matching("a URL like http://HOST:4318/v1/traces", r"https?://[^\s@]+")
HOST: Final = _matching("the name of a host", r"[\w.:\[\]-]+")
BUCKET: Final = Kind(buckets.WORDS, buckets.read)

VARIABLES: Final = (
    Variable("CASEHUB_DEMO", FLAG, "1: fictional region, local addresses only", "0"),
    Variable(
        "CASEHUB_ORIGINS",
        ORIGINS,
        "exact origins, comma-separated; https in production",
        told="localhost and 127.0.0.1",
    ),
    Variable(
        "CASEHUB_SECRET_KEY",
        TEXT,
        "at least 40 characters; seals shares and code generators: losing it loses them",
        told="none (the demo makes one)",
        whole=True,  # with another one nothing could be opened that was sealed under it
    ),
    Variable(
        "CASEHUB_SECRET_KEY_FALLBACKS",
        SECRETS,
        "secret keys of before, one a line, a newline in one as `\\n`: what was sealed under them"
        " opens, nothing is sealed under them any more",
        told="none",
        whole=True,
    ),
    Variable(
        "CASEHUB_EVENTS_KEY",
        TEXT,
        "base64 of 32 random bytes (`openssl rand -base64 32`); seals what events say: losing it"
        " loses that, never the proofs",
        told="none (the demo makes one)",
    ),
    Variable(
        "CASEHUB_SIGNING",
        PATH,
        "folder with the log's signing keys, only for the process that signs",
        told="`log-keys` in the data folder",
    ),
    Variable(
        "CASEHUB_PROMISES",
        PATH,
        "folder with the key of promises, for every web process",
        told="`CASEHUB_SIGNING`",
    ),
    Variable(
        "CASEHUB_ANCHOR",
        PATH,
        "folder that remembers what was signed; in production outside the data folder",
        told="`anchor` in the data folder",
    ),
    Variable(
        "CASEHUB_WITNESSES",
        PATH,
        "policy file of the witnesses whose quorum publishes the log, or `none`; for every process",
        told="none (the demo runs three)",
    ),
    Variable(
        "CASEHUB_LOG_QUEUE",
        _number(1),
        "how many events may wait for their places before changes are refused",
        "500000",
    ),
    Variable(
        "CASEHUB_LOG_HOST",
        HOST,
        "the name in the log's origins, e.g. `audit.HOST/2026`",
        told="host of the first origin",
    ),
    Variable(
        "CASEHUB_LOG_POLICY",
        PATH,
        "of the pages' build: whose keys are believed of the public log",
        told="none",
        elsewhere=True,
    ),
    Variable(
        "CASEHUB_ROOTS",
        PATH,
        'file with the States\' root keys, `{"SV": "<base64url Ed25519>", …}`; the same that the'
        " pages were built with; the demo's keys are refused",
        told="none (the demo has its own)",
    ),
    Variable(
        "CASEHUB_FRONTEND",
        PATH,
        "folder of the built pages",
        told="`frontend/dist` beside the code",
    ),
    Variable(
        "CASEHUB_ERASING",
        FLAG,
        "whether the round deletes what is due at the end of its period",
        "1",
    ),
    Variable(
        "CASEHUB_ATTACHMENTS",
        PATH,
        "folder of the encrypted files, the same for every web process",
        told="`attachments` in the data folder",
    ),
    Variable(
        "CASEHUB_OBJECTS",
        BUCKET,
        "a bucket of an object store (S3) for them instead, the same for every process that has it:"
        " `https://HOST/BUCKET/PREFIX?region=REGION`; `http` on this machine alone",
        told="none: the folder",
    ),
    Variable(
        "CASEHUB_OBJECTS_KEY", TEXT, "the access key that may list, read, write and delete under"
        " that prefix", told="none",
    ),
    Variable("CASEHUB_OBJECTS_SECRET", TEXT, "and its secret", told="none"),
    Variable(
        "CASEHUB_DATA", PATH, "data folder: of the SQLite file and the demo's keys", told="`var`"
    ),
    Variable(
        "DATABASE_URL",
        POSTGRES,
        "`postgres://…`, of the role that this process has; on a network with"
        " `?sslmode=verify-full&sslrootcert=FILE`: any option of libpq may stand there",
        told="SQLite in the data folder",
    ),
    Variable(
        "CASEHUB_APP_URL",
        POSTGRES,
        "of `database_roles`: what the web processes have as `DATABASE_URL`",
        told="none",
        elsewhere=True,
    ),
    Variable(
        "CASEHUB_SEQUENCER_URL",
        POSTGRES,
        "of `database_roles`: what the sequencer has as `DATABASE_URL`",
        told="none",
        elsewhere=True,
    ),
    Variable(
        "REDIS_URL",
        REDIS,
        "channel layer; needed as soon as there is more than one process",
        told="memory",
    ),
    Variable(
        "CASEHUB_PROCESSES", _number(1), "how many web processes share the database", "1"
    ),
    Variable(
        "CASEHUB_PROXIES",
        _number(0),
        "how many proxies stand in front; with a wrong 0 all callers share one network's limits",
        "0",
    ),
    Variable(
        "CASEHUB_METRICS",
        PLACE,
        "where this process tells its figures and whether it lives, on a network of your own",
        told="nowhere",
    ),
    Variable(
        "CASEHUB_TRACES",
        COLLECTOR,
        "which collector of OpenTelemetry is told this process's spans, on a network of your own",
        told="nobody",
    ),
    Variable("CASEHUB_TRACES_SHARE", _number(1, 100), "of how many in a hundred", "100"),
    Variable(
        "CASEHUB_LOGS",
        _matching("json or lines", "json|lines"),
        "`json`: one object a line on standard error; `lines`: for people",
        told="json (the demo: lines)",
    ),
    Variable(
        "CASEHUB_MAIL_HOST",
        HOST,
        "mail server of the daily e-mail of counts; without one none is sent, and the page says so."
        " Ignored in the demo, which keeps them in `mail` in the data folder",
        told="none",
    ),
    Variable(
        "CASEHUB_MAIL_TLS",
        _matching("starttls or tls", "starttls|tls"),
        "`starttls` or `tls` (from the first byte); a mail server whose certificate does not name"
        " it is refused",
        "starttls",
    ),
    Variable("CASEHUB_MAIL_PORT", PORT, "its port", told="587, with `tls` 465"),
    Variable(
        "CASEHUB_MAIL_USER", TEXT, "how it lets us in; empty where it knows us by our address",
        told="none",
    ),
    Variable("CASEHUB_MAIL_PASSWORD", TEXT, "and by which password", told="none"),
    Variable(
        "CASEHUB_MAIL_FROM",
        TEXT,
        "the sender, an address that takes no replies",
        told="`CaseHub <casehub@HOST>`, of the first origin",
    ),
    Variable(
        "CASEHUB_OPERATOR", TEXT, "who runs the server, as the sign-in page says", "CaseHub"
    ),
    Variable("CASEHUB_DEBUG", FLAG, "refused in production", "0"),
    Variable("PORT", _number(0, LAST_PORT), "port of `manage.py serve`; 0: any", "8000"),
)  # fmt: skip
_BY_NAME: Final = {one.name: one for one in VARIABLES}
_FILE: Final = "_FILE"


def _told(name: str) -> str:
    """Return what the environment says, of itself or in the file that it names."""
    file = os.environ.get(name + _FILE, "")
    if not file:
        return os.environ.get(name, "")
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"CaseHub does not start: {name}{_FILE} must name a file that can be read."
        raise ImproperlyConfigured(message) from error


def value(name: str) -> Any:
    """
    Return what a variable says, or its default; None where that is worked out elsewhere.

    :raises ImproperlyConfigured: if it cannot be that.
    """
    one = _BY_NAME[name]
    said = _told(name)
    said = (said if one.whole else said.strip()) or one.default
    if not said:
        return None
    try:
        return one.kind.read(said)
    except ValueError as error:
        message = f"CaseHub does not start: {name} must be {one.kind.words}."
        raise ImproperlyConfigured(message) from error


def text(name: str, default: object = "") -> str:
    """Return what a variable says, or that."""
    found = value(name)
    return str(default if found is None else found)


def unknown(environment: Iterable[str]) -> list[str]:
    """Return the names that look like ours and are none."""
    ours = {one.name for one in VARIABLES}
    named = (name for name in environment if name.startswith("CASEHUB_"))
    return sorted(name for name in named if not {name, name.removesuffix(_FILE)} & ours)
