"""Accepting commits: compare-and-swap on the epoch, after every check that needs no secret."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from audit.queries import directory
from casehub.cases import queries as cases
from casehub.cases.waiting import waiting_for
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.directory.models import Device

from .. import chain, framing, notify, policies, queries
from ..errors import MlsRefused, StaleEpoch
from ..events import CommitAccepted
from ..models import Entry, Group, Leaf, Welcome


@dataclass(frozen=True, slots=True)
class Moved:
    """Where an accepted commit stands, and the epoch it made."""

    seq: int
    epoch: int
    chain: bytes


@dataclass(frozen=True, slots=True)
class _Checked:
    """A commit that passed the framing checks, with its devices looked up."""

    effect: framing.CommitEffect
    added: tuple[tuple[policies.Place, bytes], ...]
    digest: str


def known_device(leaf: framing.LeafNode, now: datetime) -> Device:
    """
    Return the registered device, in force, whose statement a leaf's credential repeats.

    :raises MlsRefused: `credential-unknown` if there is none, or it names other keys.
    """
    identity = framing.identity_of(leaf)
    device = (
        Device.objects.filter(id=identity.device, revoked_at=None, until__gt=now)
        .select_related("person__account", "person__state", "statement")
        .first()
    )
    if (
        device is None
        or str(device.person_id) != identity.person
        or (device.person.state_id or "") != identity.state
        or str(device.serial) != identity.serial
        or bytes(device.signature_key) != identity.signature_key
    ):
        raise MlsRefused("credential-unknown")
    return device


def _place(index: int, device: Device, now: datetime) -> policies.Place:
    return policies.Place(index, device.id, device.person_id, device.person.in_force(now))


def _check(
    group: Group,
    device: Device,
    *,
    client_id: UUID,
    commit: bytes,
    welcome: bytes | None,
    group_info: bytes,
    now: datetime,
) -> _Checked:
    """Judge the bytes under the group's present state; every refusal names its reason."""
    try:
        effect = framing.check_commit(
            framing.read_group_info(bytes(group.group_info)),
            framing.read_commit(commit),
            framing.read_group_info(group_info),
            framing.read_welcome(welcome) if welcome is not None else None,
            now=int(now.timestamp()),
        )
        # An external commit may carry no authenticated data: there the request's own id holds.
        if effect.client_id not in {None, str(client_id)}:
            raise MlsRefused("authenticated-data")
        added = tuple(
            (_place(index, known_device(leaf, now), now), reference)
            for (index, leaf), reference in zip(
                effect.added.items(), effect.added_refs or (b"",) * len(effect.added), strict=True
            )
        )
    except framing.FramingError as error:
        raise MlsRefused(error.code) from error
    if effect.is_resync:
        committer = added[0][0].device
    else:
        committer = Leaf.objects.get(group=group, index=effect.committer).device_id
    if committer != device.id:
        raise MlsRefused("sender-not-you")
    digest = hashlib.sha256(commit).hexdigest()
    return _Checked(effect, added, digest)


def _device_ids(group: Group, leaves: Iterable[int]) -> tuple[str, ...]:
    rows = Leaf.objects.filter(group=group, index__in=list(leaves)).order_by("index")
    return tuple(str(d) for d in rows.values_list("device_id", flat=True))


def _require_stated(
    effect: framing.CommitEffect, last: framing.LastStated | None, now: datetime
) -> None:
    """Refuse what browsers would stop for: another directory, or an older one than before."""
    stated = effect.directory
    known = directory.Published()
    if stated is not None:
        known = directory.published(origin=stated.log, size=stated.size)
    outgrown = known.outgrown_at
    try:
        framing.check_stated(
            stated,
            last=None if effect.is_resync and stated is not None else last,
            published=known.root,
            outgrown_at=int(outgrown.timestamp()) if outgrown is not None else None,
            ended=known.ended,
            now=int(now.timestamp()),
        )
    except framing.FramingError as error:
        raise MlsRefused(error.code) from error


def _move_roster(group: Group, checked: _Checked) -> None:
    Leaf.objects.filter(group=group, index__in=list(checked.effect.removed)).delete()
    Leaf.objects.bulk_create(
        Leaf(group=group, index=p.index, device_id=p.device, since_epoch=group.epoch)
        for p, _ in checked.added
    )


def _leave_welcomes(group: Group, checked: _Checked, welcome: bytes, act: int) -> None:
    Welcome.objects.bulk_create(
        Welcome(
            group=group,
            device_id=place.device,
            seq=group.head,
            chain=group.chain,
            body=welcome,
            act=act,
        )
        for place, _ in checked.added
    )
    for person in {place.person for place, _ in checked.added}:
        notify.welcome_waits(person)


@transaction.atomic
def accept_commit(
    *,
    thread: UUID,
    client_id: UUID,
    epoch: int,
    commit: bytes,
    welcome: bytes | None,
    group_info: bytes,
    actor: Actor,
    now: datetime,
) -> Moved:
    """
    Move a group to its next epoch: entry, roster, welcomes and public state in one transaction.

    `commit`, `welcome` and `group_info` are MLSMessages (RFC 9420, section 6); the group info is
    the next epoch's, with ratchet tree and external key. A retry with the same id and bytes
    returns the first result.

    :raises NotVisible: if the actor does not read the thread.
    :raises StaleEpoch: if another commit came first.
    :raises MlsRefused: if the bytes do not follow from the group's state (PROTOCOL: framing).
    :raises Refused: `id-reused`, `device-needed`, `removal-pending`, `removal-not-authorised`,
        `addition-not-entitled`, `person-limited`, `device-already-in-group`, `resync-too-soon`.
    """
    group = queries.group_for(actor, thread, lock=True)
    device = queries.device_of(actor)
    earlier = Entry.objects.filter(device=device, client_id=client_id).first()
    if earlier is not None:
        if earlier.digest != hashlib.sha256(commit).hexdigest() or earlier.group_id != thread:
            raise Refused("id-reused")
        return Moved(earlier.seq, earlier.epoch + 1, bytes(earlier.chain))
    if epoch != group.epoch:
        raise StaleEpoch(epoch=group.epoch, head=group.head)
    checked = _check(
        group,
        device,
        client_id=client_id,
        commit=commit,
        welcome=welcome,
        group_info=group_info,
        now=now,
    )
    effect = checked.effect
    resync = effect.is_resync
    change = policies.Change(
        added=tuple(place for place, _ in checked.added),
        removed=tuple(effect.removed),
        resync=resync,
    )
    waiting = waiting_for(thread, {p.person for p in change.added}, now=now) if change.added else {}
    why = policies.why_not_commit(
        change,
        places=queries.places_of([thread], now).get(thread, []),
        entitled=cases.readers_of([thread]).get(thread, set()),
        last_resync=queries.last_resync(group, device) if resync else None,
        now=now,
        waiting=waiting,
    )
    if why == "person-limited":
        raise Refused(why, until=max(waiting.values()))
    require(why)
    last = queries.most_stated(group)
    _require_stated(effect, last, now)
    group.head += 1
    group.chain = group.info_chain = chain.following(
        bytes(group.chain),
        seq=group.head,
        kind=Entry.Kind.COMMIT,
        epoch=epoch,
        device=device.id,
        client_id=client_id,
        body=commit,
    )
    event = CommitAccepted(
        states=cases.states_of([thread])[thread],
        thread=str(thread),
        seq=group.head,
        epoch=epoch,
        device=str(device.id),
        added=tuple(str(place.device) for place, _ in checked.added),
        removed=_device_ids(group, effect.removed),
        resync=resync,
        digest=checked.digest,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    Entry.objects.create(
        group=group,
        seq=group.head,
        kind=Entry.Kind.COMMIT,
        epoch=epoch,
        device=device,
        client_id=client_id,
        body=commit,
        digest=checked.digest,
        chain=group.chain,
        resync=resync,
        at=now,
        audit_event_id=act,
    )
    group.epoch += 1
    group.group_info = group_info
    group.info_seq = group.head
    # Of a device that only comes back it may be less, and counts as little as in browsers.
    most = framing.most_stated(last, effect.directory)
    group.stated_log, group.stated_size = (most.log, most.size) if most else ("", 0)
    group.audit_event_id = act
    group.save()
    _move_roster(group, checked)
    if welcome is not None:
        _leave_welcomes(group, checked, welcome, act)
    notify.thread_grew(thread)
    return Moved(group.head, group.epoch, bytes(group.chain))
