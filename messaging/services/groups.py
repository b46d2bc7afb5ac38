"""Beginning groups, joining them, and coming back to them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.cases import queries as cases
from casehub.cases.queries.keeping import require_open
from casehub.cases.waiting import waiting_for
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused

from .. import chain, framing, notify, queries
from ..errors import MlsRefused
from ..events import GroupInfoRead, GroupStarted, WelcomeCollected
from ..models import Collection, Group, Leaf, Welcome
from .commits import known_device


@transaction.atomic
def start_group(
    *, thread: UUID, client_id: UUID, group_info: bytes, actor: Actor, now: datetime
) -> bytes:
    """
    Begin the MLS group of a circle at epoch 0 and return the first link of its log (32 bytes).

    :raises NotVisible: if the actor does not read the circle.
    :raises Refused: `already-started`, `device-needed`, `case-closed`; `person-limited` while the
        actor's own key is too fresh for what several States read.
    :raises MlsRefused: if the GroupInfo is not that of a new group with the actor's device alone.
    """
    cases.hold([thread])  # as whoever closes the case does
    circle = cases.circle_for(actor, thread)
    device = queries.device_of(actor)
    known = Group.objects.filter(circle=circle).first()
    if known is not None:
        if known.client_id == client_id and bytes(known.group_info) == group_info:
            return chain.first(thread)
        raise Refused("already-started")
    require_open(circle.case)
    # Whoever begins a group is in it as whoever is let in: theirs is a leaf that others will read.
    waiting = waiting_for(thread, [UUID(actor.id)], now=now)
    if waiting:
        raise Refused("person-limited", until=max(waiting.values()))
    try:
        info = framing.read_group_info(group_info)
        identity = framing.check_first_group_info(info, group_id=thread.bytes)
        known_device(next(leaf for leaf in info.tree if isinstance(leaf, framing.LeafNode)), now)
    except framing.FramingError as error:
        raise MlsRefused(error.code) from error
    if identity.device != str(device.id):
        raise MlsRefused("sender-not-you")
    event = GroupStarted(
        states=cases.states_of([thread])[thread],
        thread=str(thread),
        device=str(device.id),
        digest=hashlib.sha256(group_info).hexdigest(),
    )
    group = Group(
        circle=circle,
        chain=chain.first(thread),
        info_chain=chain.first(thread),
        group_info=group_info,
        stated_size=0,
        client_id=client_id,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    group.save(force_insert=True)
    Leaf.objects.create(group=group, index=0, device=device, since_epoch=0)
    notify.thread_grew(thread)
    return chain.first(thread)


@transaction.atomic
def collect_welcome(*, welcome: UUID, actor: Actor, now: datetime) -> None:
    """
    Destroy a welcome whose device has joined durably.

    :raises NotVisible: if it is another device's, or gone.
    """
    device = queries.device_of(actor)
    found = Welcome.objects.filter(id=welcome, device=device).select_related("group").first()
    if found is None:
        raise NotVisible
    event = WelcomeCollected(
        states=cases.states_of([found.group_id])[found.group_id],
        thread=str(found.group_id),
        device=str(device.id),
    )
    Collection.objects.create(
        group=found.group,
        device=device,
        at=now,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    found.delete()


@transaction.atomic
def read_group_info(*, thread: UUID, actor: Actor, now: datetime) -> Group:
    """
    Return the group's public state to a device of its roster that lost its own.

    :raises NotVisible: if the actor does not read the thread, or the device is not in the roster.
    """
    group = queries.group_for(actor, thread)
    device = queries.device_of(actor)
    if not Leaf.objects.filter(group=group, device=device).exists():
        raise NotVisible
    event = GroupInfoRead(
        states=cases.states_of([thread])[thread], thread=str(thread), device=str(device.id)
    )
    Collection.objects.create(
        group=group,
        device=device,
        at=now,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    return group
