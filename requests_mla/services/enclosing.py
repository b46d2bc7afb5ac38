"""Encrypted files that go with letters: begun, completed, taken back, opened."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.cases import queries as cases
from casehub.cases.queries.keeping import held_among, require_open
from casehub.core import pieces
from casehub.core.actor import Actor
from casehub.core.errors import BadFrame, NotVisible, Refused
from casehub.directory import queries as directory
from casehub.directory.services import hold_hands

from .. import limits, notify, queries
from ..codes import AUDIENCES
from ..events import EnclosureBegun, EnclosureCompleted, EnclosureOpened, EnclosureRemoved
from ..models import Enclosure, EnclosureOpening


@transaction.atomic
def begin_enclosure(
    *, request_id: UUID, enclosure: UUID, size: int, actor: Actor, now: datetime
) -> None:
    """
    Begin to upload a file of `size` padded bytes, for a letter about a request.

    :raises NotVisible: if the actor does not read what is written about it.
    :raises BadFrame: if `size` is none that files are padded to.
    :raises Refused: `attachment-uploads-many`, `attachment-day-full`, `enclosure-share-full`,
        `case-closed`; `id-reused` if the id is taken by anything but this same upload.
    """
    found = queries.carried_for(actor, request_id, AUDIENCES)
    if not pieces.is_padded(size):
        raise BadFrame(why="not a padded size")
    person = UUID(actor.id)
    known = Enclosure.objects.filter(id=enclosure).first()
    if known is not None:
        same = (known.request_id, known.person_id, known.size, known.removed_at)
        if same != (found.id, person, size, None):
            raise Refused("id-reused")
        return
    # In the order in which a stop takes them: State and person before their circles. Whoever was
    # stopped since the door let them in begins nothing that this stop would not have ended.
    hold_hands(actor.state, [person])
    if not directory.people_with([person], roles=actor.roles):
        raise NotVisible
    found = queries.carried_for(actor, request_id, AUDIENCES, lock=True)
    require_open(found.case)
    if queries.unfinished_of(actor, now) >= limits.MOST_UPLOADS:
        raise Refused("attachment-uploads-many")
    if queries.loose_about(found.id, person) >= limits.LOOSE_ENCLOSURES:
        raise Refused("attachment-uploads-many")
    if queries.begun_about(found.id, person) >= limits.ENCLOSURES_SHARE:
        raise Refused("enclosure-share-full")
    if queries.enclosed_since(person, now - limits.DAY) + size > limits.ENCLOSURE_DAY_BYTES:
        raise Refused("attachment-day-full")
    if queries.enclosed_about(found.id, person) + size > limits.ENCLOSURE_SHARE_BYTES:
        raise Refused("enclosure-share-full")
    event = EnclosureBegun(
        states=(actor.state,), enclosure=str(enclosure), request=str(found.id), bytes=size
    )
    Enclosure(
        id=enclosure,
        request=found,
        person_id=person,
        size=size,
        begun_at=now,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    ).save(force_insert=True)


@transaction.atomic
def complete_enclosure(*, enclosure: UUID, digest: str, actor: Actor, now: datetime) -> None:
    """
    Say that all pieces are there, and which they are: from now on a letter may take it along.

    `digest` is what the uploader made of their pieces, as `pieces.of_pieces` does (hex).

    :raises NotVisible: if it is no upload of the actor's.
    :raises Refused: `attachment-incomplete` while pieces are missing, `attachment-differs` if they
        are others than the uploader's; `case-closed`.
    """
    known = queries.enclosing_for(actor, enclosure)
    cases.hold([known.request.circle_id])  # as whoever closes the case does
    found = queries.enclosing_for(actor, enclosure, lock=True)
    digests = list(found.pieces.order_by("index").values_list("digest", flat=True))
    if len(digests) != pieces.chunks_of(found.size):
        raise Refused("attachment-incomplete")
    if pieces.of_pieces(found.id, map(bytes.fromhex, digests)).hex() != digest:
        raise Refused("attachment-differs")
    if found.completed_at is not None:
        return
    require_open(found.request.case)
    event = EnclosureCompleted(
        states=(actor.state,),
        enclosure=str(found.id),
        request=str(found.request_id),
        bytes=found.size,
        digest=digest,
    )
    found.completed_at, found.digest = now, digest
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    found.save(update_fields=["completed_at", "digest", "audit_event_id"])


@transaction.atomic
def remove_enclosure(*, enclosure: UUID, actor: Actor, now: datetime) -> None:
    """
    Take back what no letter took along, finished or not; its pieces are destroyed within minutes.

    :raises NotVisible: if it is no upload of the actor's.
    :raises Refused: `enclosure-sent` once it went with a letter: that is between two States;
        `case-held` for a whole one under a legal hold: what is not finished nobody ever opens.
    """
    known = queries.enclosing_for(actor, enclosure)
    cases.hold([known.request.circle_id])  # as whoever sets a hold does
    found = queries.enclosing_for(actor, enclosure, lock=True)
    if found.letter_id is not None:
        raise Refused("enclosure-sent")
    if found.completed_at is not None and held_among([found.request.circle_id]):
        raise Refused("case-held")
    event = EnclosureRemoved(
        states=(actor.state,), enclosure=str(found.id), request=str(found.request_id)
    )
    found.removed_at = now
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    found.save(update_fields=["removed_at", "audit_event_id"])


@transaction.atomic
def open_enclosure(*, enclosure: UUID, actor: Actor, now: datetime) -> int:
    """
    Note that the actor opens a file, and return its padded size: for a time they may fetch it.

    :raises NotVisible: if it is in no letter that they read nor their own, or not whole yet.
    """
    known = queries.enclosure_for(actor, enclosure)
    cases.hold([known.request.circle_id])  # as whoever deletes the case does
    found = queries.enclosure_for(actor, enclosure)
    audience = queries.audience_of(found)
    event = EnclosureOpened(
        # Until a letter takes it along a file is its uploader's alone.
        states=queries.states_reached(found.request, audience) if audience else (actor.state,),
        enclosure=str(found.id),
        request=str(found.request_id),
    )
    last = {"last": now, "audit_event_id": audit.services.record(event, actor=actor.id, at=now)}
    _, is_first = EnclosureOpening.objects.update_or_create(
        enclosure=found,
        person_id=actor.id,
        defaults=last,
        create_defaults=last | {"at": now},
    )
    if is_first and audience and str(found.person_id) != actor.id:  # what readers are told
        readers = queries.letter_readers_of(found.request, audience)
        notify.request_changed(found.request_id, readers)
    return found.size
