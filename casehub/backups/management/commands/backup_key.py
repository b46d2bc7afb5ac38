"""`manage.py backup_key`: a State's key for backups, made where no network is."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from casehub.backups import recipients
from casehub.backups.errors import Stopped
from casehub.backups.management import asking
from casehub.calendars.zones import STATES
from casehub.ceremony.management.asking import new_passphrases


class Command(BaseCommand):
    """
    The key file stays with the State; its recipient line goes to whoever makes backups.

    It needs no network and no database, and writes over nothing.
    """

    help = "Make a State's key for backups, offline, or print the public line of one."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what it takes."""
        does = parser.add_subparsers(dest="what", required=True)
        make = does.add_parser("make", help="make a key")
        make.add_argument("--state", required=True, help="two letters, e.g. SV")
        make.add_argument("--hands", type=int, choices=(1, 2), default=1, help="passphrases")
        make.add_argument("--key", required=True, help="the key file to write: it stays with you")
        make.add_argument("--out", required=True, help="the public line to write, to be handed out")
        show = does.add_parser("show", help="print the public line of a key file")
        show.add_argument("key")

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Do it.

        :raises CommandError: with what is wrong, by its code.
        """
        del args
        with asking.said_to_a_person():
            if options["what"] == "make":
                self._make(options)
            else:
                self.stdout.write(str(recipients.of_file(asking.read(options["key"]))[0]))

    def _make(self, options: dict[str, Any]) -> None:
        state = options["state"]
        if state not in STATES:
            raise Stopped(
                "key-unreadable", f"no State: {state}; one of {', '.join(sorted(STATES))}"
            )
        words = new_passphrases(options["hands"], f"the new key of {state}")
        text = recipients.make(state, passphrases=words)
        line = str(recipients.of_file(text)[0])
        asking.write(options["key"], text, secret=True)
        asking.write(options["out"], line + "\n", secret=False)
        self.stdout.write(line)
