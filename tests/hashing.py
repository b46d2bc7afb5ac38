"""Passwords in the tests that need no server of their own."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Quick(Argon2PasswordHasher):
    """
    Argon2 at its least cost.

    It is slow so that nobody tries many passwords, and no test is about how slow. Servers that
    tests start have the project's own settings, with the whole cost.
    """

    time_cost = 1
    memory_cost = 1024  # KiB
    parallelism = 1
