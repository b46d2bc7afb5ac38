"""Whom an event names: an auditor sees acts, and persons only where somebody decided that."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from datetime import datetime

from casehub.directory.models import Device, Person

from .. import pseudonyms

_ID = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
# Digests of statements lie in the directory, beside a name; those of ciphertext nobody can guess.
_DIGEST = re.compile(rb'"[0-9a-f]{32,}"')
_OF_CIPHERTEXT = (b'"kind":"messaging.', b'"kind":"requests.')


def naming_nobody_but(own: str, unmasked: Collection[tuple[str, str]]) -> Callable[[bytes], bool]:
    """
    Return what says of an event's canonical bytes that it names no person but these.

    `unmasked` are persons, each with the quarter in which they may be known. Persons are named by
    their id, their account's, or a device's.
    """
    known = {own, *(person for person, _ in unmasked)}
    whose = _names_of(known - {own})
    others = set()
    strangers = Person.objects.exclude(id__in=known)
    for names in strangers.values_list("id", "account_id", "enrolling_id"):
        others |= {str(one).encode() for one in names}
    devices = Device.objects.exclude(person_id__in=known).values_list("id", flat=True)
    others.update(str(device).encode() for device in devices)

    def says(event: bytes) -> bool:
        if _DIGEST.search(event) and not any(one in event for one in _OF_CIPHERTEXT):
            return False
        ids = _ID.findall(event)
        if not others.isdisjoint(ids):
            return False
        named = {whose[one] for one in ids if one in whose}
        if not named:
            return True
        quarter = pseudonyms.quarter_of(datetime.fromisoformat(json.loads(event)["at"]))
        return all((person, quarter) in unmasked for person in named)

    return says


def _names_of(people: Collection[str]) -> dict[bytes, str]:
    """Return what names these persons, and whom."""
    rows = Person.objects.filter(id__in=people).only("id", "account", "enrolling")
    found = {
        str(one).encode(): str(person.id)
        for person in rows
        for one in (person.id, *person.accounts)
    }
    devices = Device.objects.filter(person_id__in=people).values_list("id", "person_id")
    return found | {str(device).encode(): str(person) for device, person in devices}
