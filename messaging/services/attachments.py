"""Attachments: begun, completed and taken back by their uploader, opened by readers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

import audit.services
from casehub.cases import queries as cases
from casehub.cases.queries import keeping
from casehub.core import pieces
from casehub.core.actor import Actor
from casehub.core.errors import BadFrame, Refused, require
from casehub.directory.models import Person

from .. import limits, policies, queries
from ..events import AttachmentBegun, AttachmentCompleted, AttachmentOpened, AttachmentRemoved
from ..models import Attachment, Opening


@transaction.atomic
def begin_attachment(
    *, thread: UUID, attachment: UUID, size: int, actor: Actor, now: datetime
) -> None:
    """
    Begin to upload a file of `size` padded bytes into a thread, under its uploader's own id.

    :raises NotVisible: if the actor does not read the thread.
    :raises BadFrame: if `size` is none that files are padded to.
    :raises Refused: `attachment-uploads-many`, `attachment-day-full`, `attachment-case-full`,
        `device-needed`, `case-closed`; `id-reused` if the id is taken by anything but this same
        upload.
    """
    circle = cases.circle_for(actor, thread)
    device = queries.device_of(actor)
    if not pieces.is_padded(size):
        raise BadFrame(why="not a padded size")
    known = Attachment.objects.filter(id=attachment).first()
    if known is not None:
        same = (known.circle_id, known.person_id, known.size, known.removed_at)
        if same != (thread, UUID(actor.id), size, None):
            raise Refused("id-reused")
        return
    person = UUID(actor.id)
    _in_turn(person, circle.case_id)
    require(policies.why_not_kept_as_is(closed=_closed(thread), held=False))
    require(
        policies.why_not_begin(
            size=size,
            of_day=queries.uploaded_since(person, now - limits.DAY),
            of_case=queries.kept_in_case(circle.case_id, now),
            unfinished=queries.unfinished(person),
        )
    )
    event = AttachmentBegun(
        states=cases.states_of([thread])[thread],
        attachment=str(attachment),
        thread=str(thread),
        device=str(device.id),
        bytes=size,
    )
    Attachment(
        id=attachment,
        circle=circle,
        person_id=person,
        device=device,
        size=size,
        begun_at=now,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    ).save(force_insert=True)


def _closed(circle: UUID) -> bool:
    return bool(keeping.closed_among([circle]))


def _in_turn(person: UUID, case: UUID) -> None:
    """Let those who spend the same budgets come one after the other; SQLite has one writer."""
    if connection.vendor == "sqlite":
        return
    cases.hold_case(case)
    list(Person.objects.filter(id=person).select_for_update(no_key=True).values_list("id"))


@transaction.atomic
def complete_attachment(*, attachment: UUID, digest: str, actor: Actor, now: datetime) -> None:
    """
    Say that all pieces are there, and which they are: from now on readers may open the file.

    `digest` is what the uploader made of their pieces, as `pieces.of_pieces` does (hex).

    :raises NotVisible: if it is no upload of the actor's.
    :raises Refused: `attachment-incomplete` while pieces are missing, `attachment-differs` if they
        are others than the uploader's, `device-needed`; `attachment-case-full` if it was begun more
        than a day ago and its room has been taken since; `case-closed`.
    """
    known = queries.upload_for(actor, attachment)
    is_late = known.begun_at <= now - limits.DAY
    if (
        is_late
    ):  # in the order in which a stop takes the same rows: the person before what is theirs
        _in_turn(known.person_id, known.circle.case_id)
    cases.hold([known.circle_id])  # as whoever closes the case does
    found = queries.upload_for(actor, attachment, lock=True)
    device = queries.device_of(actor)
    digests = list(found.chunks.order_by("index").values_list("digest", flat=True))
    if len(digests) != pieces.chunks_of(found.size):
        raise Refused("attachment-incomplete")
    if pieces.of_pieces(found.id, map(bytes.fromhex, digests)).hex() != digest:
        raise Refused("attachment-differs")
    if found.completed_at is not None:
        return
    require(policies.why_not_kept_as_is(closed=_closed(found.circle_id), held=False))
    if is_late:
        of_case = queries.kept_in_case(found.circle.case_id, now)
        require(policies.why_not_kept(size=found.size, of_case=of_case))
    event = AttachmentCompleted(
        states=cases.states_of([found.circle_id])[found.circle_id],
        attachment=str(found.id),
        thread=str(found.circle_id),
        device=str(device.id),
        bytes=found.size,
        digest=digest,
    )
    found.completed_at, found.digest = now, digest
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    found.save(update_fields=["completed_at", "digest", "audit_event_id"])


@transaction.atomic
def remove_attachment(*, attachment: UUID, actor: Actor, now: datetime) -> None:
    """
    Take back what one has uploaded, finished or not; its pieces are destroyed within the minute.

    :raises NotVisible: if it is no upload of the actor's.
    :raises Refused: `device-needed`; `case-held` for a whole one under a legal hold: nobody could
        ever open what was not finished.
    """
    known = queries.upload_for(actor, attachment)
    cases.hold([known.circle_id])  # as whoever sets a hold does
    found = queries.upload_for(actor, attachment, lock=True)
    device = queries.device_of(actor)
    held = found.completed_at is not None and bool(keeping.held_among([found.circle_id]))
    require(policies.why_not_kept_as_is(closed=False, held=held))
    event = AttachmentRemoved(
        states=cases.states_of([found.circle_id])[found.circle_id],
        attachment=str(found.id),
        thread=str(found.circle_id),
        device=str(device.id),
    )
    found.removed_at = now
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    found.save(update_fields=["removed_at", "audit_event_id"])


@transaction.atomic
def open_attachment(*, attachment: UUID, actor: Actor, now: datetime) -> Attachment:
    """
    Note that the actor opens a file: for a time their device may fetch its pieces.

    :raises NotVisible: if it is of no circle that they read, removed, or not whole yet.
    :raises Refused: `device-needed`.
    """
    found = queries.attachment_for(actor, attachment)
    device = queries.device_of(actor)
    event = AttachmentOpened(
        states=cases.states_of([found.circle_id])[found.circle_id],
        attachment=str(found.id),
        thread=str(found.circle_id),
        device=str(device.id),
    )
    Opening.objects.create(
        attachment=found,
        person_id=actor.id,
        device=device,
        at=now,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    return found
