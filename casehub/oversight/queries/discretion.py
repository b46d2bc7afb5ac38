"""Whom an event names: an auditor sees acts, and persons only where somebody decided that."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from casehub.directory.models import Device, Person

_ID = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
# Digests of statements lie in the directory, beside a name; those of ciphertext nobody can guess.
_DIGEST = re.compile(rb'"[0-9a-f]{32,}"')
_OF_CIPHERTEXT = (b'"kind":"messaging.', b'"kind":"requests.')


def naming_nobody_but(known: Collection[str]) -> Callable[[bytes], bool]:
    """
    Return what says of an event's canonical bytes that it names no person but these.

    Persons are named by their id, their account's, or a device's.
    """
    others = set()
    for person, account in Person.objects.exclude(id__in=known).values_list("id", "account_id"):
        others |= {str(person).encode(), str(account).encode()}
    devices = Device.objects.exclude(person_id__in=known).values_list("id", flat=True)
    others.update(str(device).encode() for device in devices)

    def says(event: bytes) -> bool:
        if _DIGEST.search(event) and not any(one in event for one in _OF_CIPHERTEXT):
            return False
        return others.isdisjoint(_ID.findall(event))

    return says
