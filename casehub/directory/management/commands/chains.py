"""`manage.py chains`: whether every liaison in an export of the directory's log has her chain."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.tlog.errors import Malformed
from casehub.core.errors import DomainError
from casehub.core.frames import from_b64u

from ...chain.proving import Link, Proof, prove
from ..bundled import Bundled, NotADirectory, read

WRONG, UNDECIDED = 1, 2  # exit codes


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Command(BaseCommand):
    """
    Exit codes: 0 every active liaison's chain is whole; 1 one is not, or the bundle; 2 undecided.

    It reads no database.
    """

    help = "Check every liaison's chain of keys in an export of the directory's log."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what it takes."""
        parser.add_argument("bundle", help="made by: audit export FILE --log dir --by ID")
        parser.add_argument("--policy", help="whose keys of the log and witnesses count")
        parser.add_argument("--roots", help="the States' root keys (default: this machine's)")
        parser.add_argument("--at", type=_moment, help="as of when (default: last seen)")

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Tell link by link.

        :raises CommandError: if something is missing, or it could not be decided.
        """
        del args
        found = self._read(options)
        if not found.verdict.sound:
            for one in found.verdict.findings:
                self.stdout.write(f"  !!  {one.at}: {one.why} ({one.code})")
            raise CommandError("The bundle is NOT what was signed.", returncode=WRONG)
        roots = _roots(options["roots"])
        at = options["at"] or found.at
        proofs = prove(found.entries, roots=roots, now=at)
        for proof in sorted(proofs, key=lambda one: (one.state, one.name, one.person)):
            self.stdout.write("\n".join(_told(proof)))
        active = [proof for proof in proofs if proof.active]
        broken = [proof for proof in active if proof.missing]
        words = f"{len(active)} active liaisons at {at:%Y-%m-%dT%H:%M:%SZ}"
        if options["policy"] is None:
            self.stdout.write("  --  whose log this is: name its keys with --policy")
        if broken:
            raise CommandError(f"{words}: {len(broken)} without a whole chain.", returncode=WRONG)
        self.stdout.write(f"{words}, each with her whole chain.")

    def _read(self, options: dict[str, Any]) -> Bundled:
        try:
            policy = Path(options["policy"]).read_text("utf-8") if options["policy"] else None
            with Path(options["bundle"]).open("rb") as file:
                return read(file, policy=policy)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"it cannot be read: {error}", returncode=UNDECIDED) from error
        except Malformed as error:
            raise CommandError(f"the policy: {error}", returncode=UNDECIDED) from error
        except NotADirectory as error:
            raise CommandError(f"{options['bundle']}: {error}", returncode=UNDECIDED) from error


def _roots(file: str | None) -> dict[str, bytes]:
    try:
        pinned = json.loads(Path(file).read_text("utf-8")) if file else settings.CASEHUB_ROOTS
        return {code: from_b64u(key, most=32) for code, key in pinned.items()}
    except (OSError, ValueError, AttributeError, DomainError) as error:
        raise CommandError(f"{file} holds no root keys", returncode=UNDECIDED) from error


def _told(proof: Proof) -> list[str]:
    sign = "--" if not proof.active else "!!" if proof.missing else "ok"
    head = f"  {sign}  {proof.state} {proof.name} ({proof.person})"
    if proof.why is not None:
        head += f": {proof.why}"
    if proof.missing:
        head += f"; missing: {', '.join(proof.missing)}"
    return [head, *(_line(link) for link in proof.links)]


def _line(link: Link) -> str:
    entries = f"entries {', '.join(map(str, link.entries))}" if link.entries else ""
    people = f"by {', '.join(link.people)}" if link.people else ""
    parts = [part for part in (entries, people, link.said) if part]
    return f"        {'' if link.holds else 'NO '}{link.name}: {'; '.join(parts) or 'none'}"
