"""Logs whose keys are followed by others, and the time that it takes."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from io import StringIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command

from audit.queries import trees
from audit.tlog.note import Note, SigningKey
from audit.tlog.rotation import Rotation
from tests.integration.audit.conftest import log_named

ORIGINS = {"acts": "audit.localhost/2026", "dir": "dir.localhost"}
SLUGS = {"acts": "acts-2026", "dir": "dir"}
MONTH = timedelta(days=30)


def audit(*arguments):
    out = StringIO()
    call_command("audit", *map(str, arguments), stdout=out)
    return out.getvalue()


def findings():
    out = StringIO()
    with suppress(CommandError):
        call_command("audit", "verify", stdout=out)
    return [line for line in out.getvalue().splitlines() if line.startswith("  !!")]


def signers(slug):
    """Return the ids of the keys under the newest signed note."""
    return [line.id.hex() for line in Note.parse(trees.newest_signed(log_named(slug))).lines]


def stranger(origin):
    return SigningKey(origin, Ed25519PrivateKey.generate())


def rotated(which):
    """Have the key of a log followed by another; return the statement."""
    return Rotation.parse(audit("rotate-key", which, "--by", "operator"))
