"""Reading threads: always through the circle of whoever asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Length

from casehub.cases import queries as cases
from casehub.core import pieces
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused
from casehub.core.frames import to_b64u
from casehub.directory import queries as directory
from casehub.directory.models import Device

from .. import framing, limits
from ..models import (
    Attachment,
    Cursor,
    Entry,
    Group,
    KeyPackage,
    Opening,
    ReadMark,
    Welcome,
)
from .states import places_of as places_of
from .states import state_for as state_for
from .states import states_for as states_for

KINDS = {Entry.Kind.COMMIT: "commit", Entry.Kind.MESSAGE: "message"}
PAGE = 500  # entries at most in one answer
NEWS = 128  # and in what is handed out: as many as a batch has, for their sizes are not asked first
PAGE_BYTES = 4 * 1024 * 1024


def device_of(actor: Actor) -> Device:
    """
    Return the device that the actor's session works as.

    :raises Refused: `device-needed` if it works as none, or that device is not in force.
    """
    if actor.device is None:
        raise Refused("device-needed")
    try:
        return directory.own_device(actor, actor.device)
    except NotVisible:
        raise Refused("device-needed") from None


def group_for(actor: Actor, thread: UUID, *, lock: bool = False) -> Group:
    """
    Return the group of a circle that `actor` reads.

    :raises NotVisible: if they do not read it.
    :raises Refused: `not-started` if nobody has begun the group yet.
    """
    if lock:
        cases.hold([thread])
    cases.circle_for(actor, thread)
    rows = Group.objects.filter(circle_id=thread)
    if lock and connection.vendor != "sqlite":
        rows = rows.select_for_update()
    found = rows.first()
    if found is None:
        raise Refused("not-started")
    return found


def entry_shape(entry: Entry) -> dict[str, Any]:
    """Return an entry in its wire form."""
    return {
        "seq": entry.seq,
        "kind": KINDS[Entry.Kind(entry.kind)],
        "epoch": entry.epoch,
        "device": str(entry.device_id),
        "id": str(entry.client_id),
        "at": entry.at.isoformat().replace("+00:00", "Z"),
        "body": to_b64u(entry.body),
        "chain": to_b64u(entry.chain),
    }


def _page(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    size = 0
    for entry in entries:
        size += len(entry.body)
        if out and size > PAGE_BYTES:
            break
        out.append(entry_shape(entry))
    return out


def log_for(actor: Actor, thread: UUID, *, after: int, limit: int) -> dict[str, Any]:
    """
    Return the entries after `after`, contiguous, at most `limit` of them and 4 MiB.

    :raises NotVisible: if the actor does not read the thread.
    """
    group = group_for(actor, thread)
    rows = Entry.objects.filter(group=group, seq__gt=after).order_by("seq")
    # Their sizes first: five hundred of the largest are a hundred times what is answered.
    sizes = rows.annotate(size=Length("body")).values_list("seq", "size")[: min(limit, PAGE)]
    last, upto = after, 0
    for seq, size in sizes:
        upto += size
        if last > after and upto > PAGE_BYTES:
            break
        last = seq
    return {"head": group.head, "entries": _page(rows.filter(seq__lte=last))}


def audience(thread: UUID) -> set[str]:
    """Return the ids of the persons who may read a thread at this moment."""
    return {str(p) for p in cases.readers_of([thread]).get(thread, set())}


@dataclass(frozen=True, slots=True)
class Standing:
    """By thread of one person: its newest `seq`, how far they have read, what is kept as unread."""

    heads: dict[str, int]
    reads: dict[str, int]
    unread: dict[str, int]

    def mark(self, thread: str) -> dict[str, Any]:
        """Return the frame that tells how far a thread was read; nothing if it was never."""
        if thread in self.unread:
            return {"type": "unread", "thread": thread, "seq": self.unread[thread]}
        if thread in self.reads:
            return {"type": "read", "thread": thread, "seq": self.reads[thread]}
        return {}


@dataclass(frozen=True, slots=True)
class News:
    """What a process hands to its sockets: a page, whether more follows, and who may have it."""

    entries: list[dict[str, Any]]
    more: bool
    audience: set[str]


def news_of(after: Mapping[UUID, int]) -> dict[UUID, News]:
    """
    Return each thread's entries after the number that stands by it, and who may read them.

    Two statements for all of them; one page together, so that more may follow of a thread of which
    nothing came. Who may is asked after the entries were read: whoever was let go before one of
    them was stored is not among them.
    """
    behind = reduce(or_, (Q(group_id=thread, seq__gt=seq) for thread, seq in after.items()))
    most = min(PAGE, NEWS)
    rows = list(Entry.objects.filter(behind).order_by("group_id", "seq")[:most])
    page: dict[UUID, list[dict[str, Any]]] = {}
    for entry, shape in zip(rows, _page(rows), strict=False):
        page.setdefault(entry.group_id, []).append(shape)
    came = sum(map(len, page.values()))
    # Beyond the last one that came nothing is known, unless the rows ended there.
    cut = came < len(rows) or len(rows) == most
    whole = set(page) - {rows[came - 1].group_id} if cut else after.keys()
    readers = cases.readers_of(after)
    return {
        thread: News(
            page.get(thread, []), thread not in whole, {str(p) for p in readers.get(thread, ())}
        )
        for thread in after
    }


def heads_of(threads: Collection[UUID]) -> dict[str, int]:
    """Return the newest `seq` of each started group."""
    rows = Group.objects.filter(circle_id__in=threads).values_list("circle_id", "head")
    return {str(thread): head for thread, head in rows}


def standings_of(circles: Mapping[str, Collection[UUID]]) -> dict[str, Standing]:
    """Return how all threads of several people stand, in two statements; by person, their own."""
    heads = heads_of({circle for of_one in circles.values() for circle in of_one})
    out = {
        person: Standing({str(one): heads[str(one)] for one in mine if str(one) in heads}, {}, {})
        for person, mine in circles.items()
    }
    rows = ReadMark.objects.filter(person_id__in=circles)
    for person, thread, seq, unread in rows.values_list("person_id", "group_id", "seq", "unread"):
        one = out[str(person)]
        one.reads[str(thread)] = seq
        if unread is not None:
            one.unread[str(thread)] = unread
    return out


def cursors_of(device: str) -> dict[str, int]:
    """Return how far a device has durably processed each thread."""
    rows = Cursor.objects.filter(device_id=device).values_list("group_id", "seq")
    return {str(thread): seq for thread, seq in rows}


def commit_for(actor: Actor, thread: UUID, client_id: UUID) -> dict[str, Any]:
    """
    Answer "was my commit accepted?".

    :raises NotVisible: if it was not, or the actor does not read the thread.
    """
    group = group_for(actor, thread)
    device = device_of(actor)
    entry = Entry.objects.filter(
        group=group, device=device, client_id=client_id, kind=Entry.Kind.COMMIT
    ).first()
    if entry is None:
        raise NotVisible
    return {"seq": entry.seq, "epoch": entry.epoch + 1, "chain": to_b64u(entry.chain)}


def stock_of(device: Device, now: datetime) -> dict[str, Any]:
    """Return how many key packages a device has left for others to claim."""
    rows = KeyPackage.objects.filter(device=device, claimed_at=None, not_after__gt=now)
    return {
        "available": rows.filter(last_resort=False).count(),
        "last_resort": rows.filter(last_resort=True).exists(),
    }


def welcomes_for(actor: Actor) -> list[dict[str, Any]]:
    """Return the welcomes that wait for the actor's device, in circles they still read."""
    rows = Welcome.objects.filter(
        device=device_of(actor), group__in=cases.circles_of(actor.id)
    ).order_by("seq")
    return [
        {
            "id": w.id,
            "thread": w.group_id,
            "seq": w.seq,
            "chain": to_b64u(w.chain),
            "welcome": to_b64u(w.body),
        }
        for w in rows
    ]


def last_resync(group: Group, device: Device) -> datetime | None:
    """Return when a device last came back to a group by an external commit."""
    rows = Entry.objects.filter(group=group, device=device, resync=True).order_by("-seq")
    return rows.values_list("at", flat=True).first()


def most_stated(group: Group) -> framing.LastStated | None:
    """Return the most that a commit of a group has stated of the directory, if one has."""
    if group.stated_size is not None:
        last = framing.LastStated(group.stated_log, group.stated_size)
        return last if last.log else None
    # The group is older than the columns: its next commit keeps what is read here.
    most = None
    commits = Entry.objects.filter(group=group, kind=Entry.Kind.COMMIT).order_by("seq")
    for body in commits.values_list("body", flat=True):
        data = framing.read_commit(bytes(body)).authenticated_data
        most = framing.most_stated(most, framing.commit_data(data)[1] if data else None)
    return most


def urgent_since(people: Collection[UUID], since: datetime) -> Counter[UUID]:
    """Return how many messages each of these persons has called urgent since then."""
    rows = Entry.objects.filter(urgent=True, device__person_id__in=people, at__gt=since)
    return Counter(rows.values_list("device__person_id", flat=True))


def _attachments(actor: Actor, id_: UUID, *, lock: bool) -> QuerySet[Attachment]:
    # One statement, whether there is no such file or one of strangers.
    found = Attachment.objects.filter(
        id=id_, removed_at=None, circle__in=cases.readable(actor).values("id")
    ).select_related("circle")
    # Its row alone: not the circle's, which every message of it takes.
    return found.select_for_update(of=("self",)) if lock and _locks() else found


def _locks() -> bool:
    return connection.vendor != "sqlite"


def upload_for(actor: Actor, id_: UUID, *, lock: bool = False) -> Attachment:
    """
    Return an attachment that the actor uploads or has uploaded to a circle that they read.

    :raises NotVisible: if there is none such: another's, one that was removed, one swept away.
    """
    found = _attachments(actor, id_, lock=lock).filter(person_id=actor.id).first()
    if found is None:
        raise NotVisible
    return found


def attachment_for(actor: Actor, id_: UUID) -> Attachment:
    """
    Return a whole attachment of a circle that the actor reads.

    :raises NotVisible: if there is none such, or not all of it is there yet.
    """
    found = _attachments(actor, id_, lock=False).filter(completed_at__isnull=False).first()
    if found is None:
        raise NotVisible
    return found


def upload_state(actor: Actor, id_: UUID) -> dict[str, Any]:
    """
    Return how an upload stands: which of its pieces are missing.

    :raises NotVisible: as `upload_for`.
    """
    found = upload_for(actor, id_)
    there = set(found.chunks.values_list("index", flat=True))
    return {
        "size": found.size,
        "completed": found.completed_at is not None,
        "missing": [i for i in range(pieces.chunks_of(found.size)) if i not in there],
    }


def chunk_digest_for(actor: Actor, id_: UUID, index: int, now: datetime) -> str:
    """
    Return the SHA-256 of one piece, for a device that has opened its file.

    :raises NotVisible: as `attachment_for`, or there is no such piece.
    :raises Refused: `attachment-not-opened`, `device-needed`.
    """
    found = attachment_for(actor, id_)
    device = device_of(actor)
    opened = Opening.objects.filter(
        attachment=found, person_id=actor.id, device=device, at__gt=now - limits.OPENING_LASTS
    )
    if not opened.exists():
        raise Refused("attachment-not-opened")
    digest = found.chunks.filter(index=index).values_list("digest", flat=True).first()
    if digest is None:
        raise NotVisible
    return digest


def _bytes_of(rows: QuerySet[Attachment]) -> int:
    total: int | None = rows.aggregate(total=Sum("size"))["total"]
    return total or 0


def uploaded_since(person: UUID, since: datetime) -> int:
    """
    Return how many bytes a person has begun to upload since then, but for what was given up.

    That counts until its pieces are gone: else beginning and giving up would fill the disk faster
    than it is swept.
    """
    rows = Attachment.objects.filter(person_id=person, begun_at__gt=since)
    return _bytes_of(rows.filter(Q(swept=False) | Q(completed_at__isnull=False)))


def kept_in_case(case: UUID, now: datetime) -> int:
    """
    Return how many bytes the attachments of a case have together.

    What was begun more than a day ago and is still not whole does not count: nobody else is to be
    kept from the case's room by it. It is looked at again when it is completed.
    """
    rows = Attachment.objects.filter(circle__case_id=case, removed_at=None)
    counted = Q(completed_at__isnull=False) | Q(begun_at__gt=now - limits.DAY)
    return _bytes_of(rows.filter(counted))


def unfinished(person: UUID) -> int:
    """Return how many uploads a person has begun and neither finished nor given up."""
    rows = Attachment.objects.filter(person_id=person, completed_at=None, removed_at=None)
    return rows.count()


def abandoned(now: datetime, *, most: int) -> list[UUID]:
    """Return uploads that nobody has finished in time, the oldest first, at most `most`."""
    rows = Attachment.objects.filter(
        completed_at=None, removed_at=None, begun_at__lte=now - limits.UPLOAD_LASTS
    )
    return list(rows.order_by("begun_at").values_list("id", flat=True)[:most])


def to_sweep(*, most: int, but: Collection[UUID]) -> list[UUID]:
    """Return attachments that are no more and whose pieces lie in the storage yet, `but` these."""
    rows = Attachment.objects.filter(removed_at__isnull=False, swept=False)
    found = rows.exclude(id__in=but).order_by("removed_at")
    return list(found.values_list("id", flat=True)[:most])
