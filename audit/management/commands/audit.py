"""`manage.py audit`: verify the log, prove, export, keep keys and anchor, erase an event."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection
from django.utils import timezone

from audit import keyring, policies, services, states
from audit.anchor import Anchor, AnchorHeld
from audit.errors import LogStalled
from audit.management import bundling, receiving, rotating
from audit.models import Log
from audit.queries import health, integrity, keys, trees, verifying
from audit.tlog.checkpoint import Checkpoint
from audit.tlog.merkle import consistency_path, inclusion_path, verify_consistency
from audit.tlog.note import Key, Note
from audit.tlog.policy import Policy
from audit.tlog.proof import HEADER, Proof

WRONG, UNDECIDED, LOOK = 1, 2, 3  # exit codes
_NO_POLICY = "CASEHUB_WITNESSES must name a policy file"


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read", returncode=UNDECIDED) from error


def _is_behind(anchored: str | None, note: str) -> bool:
    """Say whether what is anchored is nothing, or older than what was let out."""
    if anchored is None:
        return True
    return trees.checkpoint_of(anchored).size < trees.checkpoint_of(note).size


class Command(BaseCommand):
    """
    Exit codes: 0 all is as it was signed; 1 something is not; 2 it could not be decided.

    Of `status`: 0 green, 1 red, 3 amber.

    `verify` and `prove` change nothing and may run beside the server.
    """

    help = "Watch and verify the log, prove an entry, export a bundle, keep keys, erase an event."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be done."""
        does = parser.add_subparsers(dest="what", required=True)
        status = does.add_parser("status", help="say what is the matter, if anything, by code")
        status.add_argument("--json", action="store_true", help="for programs")
        verify = does.add_parser("verify", help="read everything again and compare it")
        verify.add_argument("--policy", help="whose keys count (default: this machine's)")
        verify.add_argument(
            "--checkpoint", action="append", default=[], help="one that somebody kept; repeatable"
        )
        verify.add_argument("--bundle", help="instead: what was exported; needs no database")
        bundling.add_export(does.add_parser("export", help="write entries that can be checked"))
        prove = does.add_parser("prove", help="print a proof that can be carried away")
        prove.add_argument("log", help="name or origin of a log, e.g. acts-2026")
        prove.add_argument("position", type=int, nargs="?", help="of the entry, from 0")
        prove.add_argument("--since", help="instead: that the log extends this kept checkpoint")
        carried = does.add_parser("receipt", help="check what somebody was handed of their own act")
        carried.add_argument("file", help="a .tlog-proof with entry and event in its extra line")
        carried.add_argument("--policy", help="whose keys count (default: this machine's)")
        keys = does.add_parser("keys", help="print the policy that readers check by, with dates")
        keys.add_argument("--make", action="store_true", help="make those that are missing")
        keys.add_argument("--year", type=int, default=timezone.now().year)
        rotating.add_rotate(does.add_parser("rotate-key", help="let another key follow a log's"))
        rotating.add_compromised(
            does.add_parser("compromised", help="close a log whose key is trusted no more")
        )
        does.add_parser("anchor", help="put a lost anchor back, after verifying everything")
        does.add_parser("disputes", help="print what witnesses hold against this log")
        erase = does.add_parser("erase", help="take away what an entry's event said")
        erase.add_argument("log", help="name or origin of a log")
        erase.add_argument("position", type=int)
        erase.add_argument("--ground", required=True, help="provision or decision; no names")
        erase.add_argument("--by", required=True, help="id of who decides")

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Do one of them.

        :raises CommandError: with what is wrong, in words.
        """
        del args
        does: dict[str, Callable[[dict[str, Any]], None]] = {
            "status": self._status,
            "verify": self._verify,
            "prove": self._prove,
            "receipt": self._check_receipt,
            "export": self._export,
            "keys": self._print_keys,
            "rotate-key": lambda options: rotating.rotate(options, self.stdout),
            "compromised": lambda options: rotating.compromised(options, self.stdout),
            "anchor": self._put_anchor_back,
            "disputes": self._disputes,
            "erase": self._erase,
        }
        try:
            does[options["what"]](options)
        except DatabaseError as error:
            message = f"the database cannot be read: {error}"
            raise CommandError(message, returncode=UNDECIDED) from error
        except (OSError, keyring.BrokenKey) as error:  # the anchor's disk, or another user's
            raise CommandError(str(error), returncode=UNDECIDED) from error

    # ------------------------------------------------------------------ status

    def _status(self, options: dict[str, Any]) -> None:
        try:
            found = health.findings(timezone.now())
        except (ValueError, OSError) as error:
            raise CommandError(f"{_NO_POLICY} ({error})", returncode=UNDECIDED) from error
        level = policies.level_of(found)
        if options["json"]:
            told = {"level": level, "findings": [asdict(one) for one in found]}
            self.stdout.write(DjangoJSONEncoder(sort_keys=True).encode(told))
        else:
            self.stdout.write(level)
            for one in found:
                since = f"since {one.since.isoformat(timespec='seconds')}" if one.since else ""
                count = "" if one.count is None else str(one.count)
                words = (one.level, one.code, one.subject, count, since)
                self.stdout.write(f"  {'  '.join(word for word in words if word)}")
        if level is not states.Level.GREEN:
            code = WRONG if level is states.Level.RED else LOOK
            raise CommandError("docs/operations.md says what each code means.", returncode=code)

    # ------------------------------------------------------------------ verify

    def _keys(self, policy: str | None) -> dict[str, list[Key]]:
        if policy is None:
            return keys.known(keys.held(), backwards=True)
        try:
            return keys.known(Policy.parse(_read(policy)).logs)
        except ValueError as error:
            raise CommandError(f"{policy}: {error}", returncode=UNDECIDED) from error

    def _kept(self, file: str, keys: dict[str, list[Key]]) -> verifying.Kept:
        text = _read(file)
        if text.startswith(f"{HEADER}\n"):
            message = (
                f"{file}: this is a proof of one entry: what was kept of a log is a checkpoint"
            )
            raise CommandError(message, returncode=UNDECIDED)
        try:
            note = Note.parse(text)
            checkpoint = Checkpoint.parse(note.text)
            note.signatures(keys.get(checkpoint.origin, []))
        except ValueError as error:
            raise CommandError(f"{file}: {error}", returncode=UNDECIDED) from error
        return verifying.Kept(checkpoint, file)

    def _report(
        self, options: dict[str, Any], without_anchor: Sequence[str] = ()
    ) -> verifying.Report:
        keys = self._keys(options.get("policy"))
        missing = set(Log.objects.values_list("origin", flat=True)) - set(keys)
        if missing:
            raise CommandError(
                f"no key is known for {', '.join(sorted(missing))}: name a policy file",
                returncode=UNDECIDED,
            )
        return verifying.verify(
            connection,
            keys=keys,
            anchor=Anchor(settings.ANCHOR),
            without_anchor=without_anchor,
            kept=[self._kept(file, keys) for file in options.get("checkpoint", ())],
        )

    def _verify(self, options: dict[str, Any]) -> None:
        if options["bundle"] is not None:
            policy = None if options["policy"] is None else _read(options["policy"])
            bundling.verify(options["bundle"], policy, self.stdout)
            return
        report = self._report(options)
        for words in report.sound:
            self.stdout.write(f"  ok  {words}")
        for words in report.findings:
            self.stdout.write(f"  !!  {words}")
        if report.findings:
            raise CommandError("The log is NOT what was signed.", returncode=WRONG)
        self.stdout.write("The log is whole.")

    # ------------------------------------------------------------------ prove

    def _log(self, name: str) -> tuple[Log, str]:
        log = trees.log_of(name) or Log.objects.filter(origin=name).first()
        note = trees.newest_published(log) if log is not None else None
        if log is None or note is None:
            known = ", ".join(trees.slug_of(one) for one in trees.current()) or "none yet"
            raise CommandError(f"no signed log {name} (there are: {known})", returncode=UNDECIDED)
        return log, note

    def _prove(self, options: dict[str, Any]) -> None:
        log, note = self._log(options["log"])
        if options["since"] is not None:
            self._prove_since(log, note, options["since"])
            return
        position, size = options["position"], trees.checkpoint_of(note).size
        if position is None or not 0 <= position < size:
            message = f"say which entry: 0 to {size - 1}"
            raise CommandError(message, returncode=UNDECIDED)
        path = inclusion_path(position, size, trees.node_of(log))
        proof = Proof(position, tuple(path), note)
        entry = trees.entry(log, position) or b""
        policy = Policy(logs=keys.ever(log), quorum="none")
        try:
            proof.verify(entry, policy)
        except ValueError as error:
            raise CommandError(f"entry {position}: {error}", returncode=WRONG) from error
        self.stdout.write(str(proof), ending="")

    def _prove_since(self, log: Log, note: str, file: str) -> None:
        kept = self._kept(file, self._keys(None)).checkpoint
        head = trees.checkpoint_of(note)
        try:
            if kept.origin != head.origin:
                raise ValueError(f"it is of {kept.origin}")  # noqa: TRY301 - said like the others
            path = consistency_path(kept.size, head.size, trees.node_of(log))
            verify_consistency(kept.size, head.size, path, kept.root, head.root)
        except ValueError as error:
            message = f"SECURITY: {log.origin} does not extend {file}: {error}. Keep both files."
            raise CommandError(message, returncode=WRONG) from error
        self.stdout.write(f"The {head.size} entries of {log.origin} begin with those {kept.size}.")

    def _check_receipt(self, options: dict[str, Any]) -> None:
        own = [key for keys in self._keys(options["policy"]).values() for key in keys]
        policy = _read(options["policy"]) if options["policy"] is not None else None
        receiving.check(_read(options["file"]), policy, own, self.stdout)

    def _export(self, options: dict[str, Any]) -> None:
        log, _ = self._log(options["log"])
        bundling.export(log, options, self.stdout, self.stderr)

    # ------------------------------------------------------------------ keys, anchor, erasing

    def _keys_of(self, year: int, *, make: bool) -> list[Key]:
        found = []
        origins = keyring.origins(year)
        names = [*origins.values(), keyring.promise_name(origins["acts"])]
        for origin in (*names, *rotating.successors(origins.values())):
            if make and not keyring.has_key_file(origin) and rotating.known_key(origin) is None:
                keyring.make_signing_key(origin)
            try:
                found.append(rotating.first_key(origin))
            except keyring.NoKey as error:
                raise CommandError(str(error), returncode=UNDECIDED) from error
        return found

    def _print_keys(self, options: dict[str, Any]) -> None:
        made = self._keys_of(options["year"], make=options["make"])
        try:
            self.stdout.write(rotating.as_policy(made, timezone.now()), ending="")
        except (ValueError, OSError) as error:
            raise CommandError(f"{_NO_POLICY} ({error})", returncode=UNDECIDED) from error

    def _put_anchor_back(self, options: dict[str, Any]) -> None:
        anchor = Anchor(settings.ANCHOR)
        try:
            anchor.hold()
        except AnchorHeld as error:
            raise CommandError(f"{error}: stop it first", returncode=UNDECIDED) from error
        try:
            notes = {log.origin: trees.newest_signed(log) for log in trees.current()}
            held = {origin: anchor.read(origin) for origin in notes}
            lost = {
                origin: note
                for origin, note in notes.items()
                if note is not None and _is_behind(held[origin], note)
            }
            # One that is older is compared with the log as ever, before it is brought up.
            gone = [origin for origin in lost if held[origin] is None]
            findings = self._report(options, without_anchor=gone).findings
            if findings:
                message = "The log is NOT what was signed: " + "; ".join(findings)
                raise CommandError(message, returncode=WRONG)
            for origin, note in lost.items():
                anchor.swap(origin, held[origin], note)
        finally:
            anchor.release()
        self.stdout.write(f"put back: {', '.join(lost) or 'nothing was missing'}")

    def _disputes(self, _: dict[str, Any]) -> None:
        """Both notes bear the log's signature: together they prove it to anybody."""
        found = list(integrity.disputes())
        for one in found:
            when = one.at.isoformat(timespec="seconds")
            self.stdout.write(f"{one.witness} holds, since {when} at the latest:\n\n{one.theirs}")
            self.stdout.write(f"This log says:\n\n{one.ours}")
        if found:
            raise CommandError(f"SECURITY: {len(found)} disputes. Keep this.", returncode=WRONG)
        self.stdout.write("No witness holds anything against this log.")

    def _erase(self, options: dict[str, Any]) -> None:
        log, _ = self._log(options["log"])
        try:
            services.erase(
                origin=log.origin,
                position=options["position"],
                ground=options["ground"],
                actor=options["by"],
                now=timezone.now(),
            )
        except (services.NotErasable, LogStalled) as error:
            raise CommandError(str(error), returncode=UNDECIDED) from error
        self.stdout.write("erased; the entry and its proof stay, and the erasure is in the log")
