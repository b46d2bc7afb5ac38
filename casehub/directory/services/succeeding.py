"""Beside the account that counts, one that is enrolled with: its beginning, and its two ends."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from casehub.accounts import services as accounts
from casehub.core.actor import Actor
from casehub.directory.models import Device, Person

from .stopping import cut, held_person


def begin_enrolling(*, person: UUID, account: UUID) -> None:
    """Let somebody enrol with an account for a new key; what they have until now goes on."""
    Person.objects.filter(id=person).update(enrolling=account)


def let_go(*, person: UUID, actor: Actor | None, now: datetime) -> int:
    """
    Close what somebody has enrolled with and nobody has vouched for; return how many sessions end.

    Of a person without a role that is the account they have: the next try opens another. What a
    person with roles signs in with stays.
    """
    found = held_person(person)
    tried = [found.enrolling_id] if found.role_set else found.accounts
    Person.objects.filter(id=person, enrolling__in=tried).update(enrolling=None)
    Person.objects.filter(id=person, account__in=tried).update(account=None)
    return sum(
        accounts.retire_account(account=one, actor=actor, now=now)
        for one in tried
        if one is not None
    )


def succeed(*, person: UUID, act: int, actor: Actor, now: datetime) -> None:
    """
    Put what somebody has enrolled with in the place of what they had: their new key counts.

    Whatever opened the earlier account ends with it, and so do the devices that the earlier key
    named: whoever has lost it may have lost them too. Without a new account nothing happens.
    """
    found = held_person(person)
    if found.enrolling_id is None:
        return
    earlier = found.account_id
    Person.objects.filter(id=person).update(account=found.enrolling_id, enrolling=None)
    if earlier is not None:
        accounts.retire_account(account=earlier, actor=actor, now=now)
    devices = list(
        Device.objects.filter(person=person, revoked_at=None).values_list("id", flat=True)
    )
    Device.objects.filter(id__in=devices).update(revoked_at=now)
    cut(people=[person], devices=devices, for_good=True, act=act, now=now)
