"""`manage.py seed_demo`: make the demo region, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from casehub.core import doorbell
from casehub.demo.seed import Seeder


class Command(BaseCommand):
    """Seed fictional people and case shells into an empty database."""

    help = "Make the demo region: fictional people, one password, a few case shells."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, or say that it was done before."""
        del args, options
        if not settings.DEMO:
            raise CommandError("The demo region exists only with CASEHUB_DEMO=1.")
        with doorbell.nobody_listens(), transaction.atomic():
            made = Seeder(timezone.now(), lambda text: self.stdout.write(f"  {text}")).run()
        self.stdout.write("demo region ready" if made else "demo region was there already")
