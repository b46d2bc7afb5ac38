"""Reading encrypted files that go with letters: their uploader's until a letter took them along."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from casehub.cases.queries import keeping
from casehub.core import pieces
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused
from casehub.directory import queries as directory

from .. import limits
from ..codes import AUDIENCES, BOTH, HOME, Audience
from ..models import Enclosure, Proposal
from .letters import carried_for, carries

Shape = dict[str, Any]


def _carried(actor: Actor, id_: UUID, *, lock: bool = False) -> Enclosure:
    """
    Return a file about a request of which the actor reads the letter that took it along, if any.

    What is not there is asked about as what is not seen: a request of that id, of which there is
    none; and so is another's file that no letter took along, and one of a letter that another
    State's people wrote to each other. By the time that it takes nobody learns which files there
    are.
    """
    theirs = Q(person=actor.id) | Q(letter__audience=BOTH)
    theirs |= Q(letter__audience=HOME, request__requesting_state=actor.state)
    rows = Enclosure.objects.filter(theirs, id=id_, removed_at=None)
    request, audience = rows.values_list("request_id", "letter__audience").first() or (id_, None)
    # Before a letter took it along it may still go with one for either audience.
    among = [one for one in AUDIENCES if audience in {None, one}]
    carried_for(actor, request, among)
    found = (rows.select_for_update(no_key=True, of=("self",)) if lock else rows).first()
    if found is None:
        raise NotVisible
    return found


def audience_of(enclosure: Enclosure) -> Audience | None:
    """Return for whom the letter is that took a file along, or None before one did."""
    if enclosure.letter is None:
        return None
    return HOME if enclosure.letter.audience == HOME else BOTH


def enclosing_for(actor: Actor, id_: UUID, *, lock: bool = False) -> Enclosure:
    """
    Return a file that the actor uploads or uploaded, about a request whose letters they read.

    :raises NotVisible: if there is none such, or it was taken back.
    """
    found = _carried(actor, id_, lock=lock)
    if str(found.person_id) != actor.id:
        raise NotVisible
    return found


def enclosure_for(actor: Actor, id_: UUID) -> Enclosure:
    """
    Return a whole file: the actor's own, or of a letter that they read.

    :raises NotVisible: if there is none such, or not all of it is there yet.
    """
    found = _carried(actor, id_)
    if found.completed_at is None:
        raise NotVisible
    return found


def enclosing_state(actor: Actor, id_: UUID) -> Shape:
    """
    Return how an upload stands: which of its pieces are missing.

    :raises NotVisible: as `enclosing_for`.
    """
    found = enclosing_for(actor, id_)
    there = set(found.pieces.values_list("index", flat=True))
    return {
        "size": found.size,
        "completed": found.completed_at is not None,
        "missing": [i for i in range(pieces.chunks_of(found.size)) if i not in there],
    }


def piece_digest_for(actor: Actor, id_: UUID, index: int, now: datetime) -> str:
    """
    Return the SHA-256 of one piece, for somebody who has opened its file.

    :raises NotVisible: as `enclosure_for`, or there is no such piece.
    :raises Refused: `attachment-not-opened`, also if they or their State were stopped since.
    """
    found = enclosure_for(actor, id_)
    opened = found.openings.filter(person_id=actor.id, last__gt=now - limits.OPENING_LASTS)
    last = opened.values_list("last", flat=True).first()
    if last is None or directory.any_cut_off_since(actor.state, [(UUID(actor.id), last)]):
        raise Refused("attachment-not-opened")
    digest = found.pieces.filter(index=index).values_list("digest", flat=True).first()
    if digest is None:
        raise NotVisible
    return digest


def _bytes_of(rows: QuerySet[Enclosure]) -> int:
    total: int | None = rows.aggregate(total=Sum("size"))["total"]
    return total or 0


def enclosed_since(person: UUID, since: datetime) -> int:
    """
    Return how many bytes a person has begun to upload since then.

    What was given up counts until its pieces are gone: else beginning and giving up would fill the
    disk faster than it is swept.
    """
    rows = Enclosure.objects.filter(person_id=person, begun_at__gt=since)
    return _bytes_of(rows.filter(Q(swept=False) | Q(completed_at__isnull=False)))


def enclosed_about(request: UUID, person: UUID) -> int:
    """Return how many bytes of a person's lie about a request."""
    return _bytes_of(Enclosure.objects.filter(request=request, person_id=person, swept=False))


def begun_about(request: UUID, person: UUID) -> int:
    """Return how many files of a person's were begun about a request, also those that are gone."""
    return Enclosure.objects.filter(request=request, person_id=person).count()


def loose_about(request: UUID, person: UUID) -> int:
    """Return how many files of a person's about a request no letter has taken along."""
    rows = Enclosure.objects.filter(request=request, person_id=person)
    return rows.filter(letter=None, removed_at=None).count()


def unfinished_of(actor: Actor, now: datetime) -> int:
    """
    Return how many uploads the actor has begun, neither finished nor given up, and can go on with.

    Not those that only the clock ends: about what they read no more, or in a case that is closed.
    """
    rows = Enclosure.objects.filter(
        person_id=actor.id,
        completed_at=None,
        removed_at=None,
        begun_at__gt=now - limits.UPLOAD_LASTS,
        request__case__closed_at=None,
    )
    by_request = dict(rows.values_list("request").annotate(number=Count("id")))
    if sum(by_request.values()) < limits.MOST_UPLOADS:
        return sum(by_request.values())  # most often: then nobody asks what they read
    return sum(number for one, number in by_request.items() if carries(actor, one))


def overdue(now: datetime, *, most: int) -> dict[UUID, UUID]:
    """
    Return files that nobody finished in time, or that no letter took along, each with its circle.

    Not whole ones under a legal hold. Where their uploader proposed a step the time is counted from
    when that ended: it may name them as handed over, and they leave with it once it is confirmed.
    """
    held = keeping.standing().filter(
        Q(case=OuterRef("request__case"), circle=None) | Q(circle=OuterRef("request__circle"))
    )
    rows = Enclosure.objects.filter(letter=None, removed_at=None, swept=False)
    rows = rows.filter(begun_at__lte=now - limits.UPLOAD_LASTS)
    mine = Proposal.objects.filter(request=OuterRef("request"), person=OuterRef("person"))
    ended = mine.alias(ended=Coalesce("decided_at", "lapses_at"))
    waiting = ended.filter(ended__gt=now - limits.UPLOAD_LASTS)
    over = Q(completed_at=None) | ~Exists(held) & ~Exists(waiting)
    late = rows.filter(over).order_by("begun_at")
    return dict(late.values_list("id", "request__circle")[:most])


def enclosures_to_sweep(*, most: int, but: Collection[UUID]) -> list[UUID]:
    """Return files that are no more and whose pieces still lie in the storage, `but` these."""
    rows = Enclosure.objects.filter(letter=None, removed_at__isnull=False, swept=False)
    found = rows.exclude(id__in=but).order_by("begun_at")
    return list(found.values_list("id", flat=True)[:most])
