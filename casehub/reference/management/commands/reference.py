"""`manage.py reference`: print docs/reference, or check that it is up to date."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from casehub.reference.pages import PAGES, SOURCES


class Command(BaseCommand):
    """Write the reference pages; with --check, only compare."""

    help = "Print docs/reference from the tables that the code reads."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --check."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare every page."""
        del args
        folder = settings.BASE_DIR / "docs" / "reference"
        stale = []
        pages = {folder / name: page for name, page in PAGES.items()}
        pages |= {settings.BASE_DIR / name: source for name, source in SOURCES.items()}
        for path, page in pages.items():
            text = page()
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            stale.append(path.name)
            if not options["check"]:
                path.write_text(text, encoding="utf-8")
        if stale and options["check"]:
            raise CommandError(f"out of date: {', '.join(stale)}; run `make fix`")
