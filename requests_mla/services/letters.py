"""Writing to those who carry or draft a request: what is written is sealed to each of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce, Length

import audit.services
from casehub.cases.queries.keeping import require_open
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused
from casehub.core.retries import digest_of, require_same

from .. import limits, notify, queries
from ..codes import BOTH, HOME, Audience
from ..events import LetterSent, LettersShared
from ..models import Enclosure, Letter, LetterKey, Request
from ..states import Side


@dataclass(frozen=True, slots=True)
class Sealed:
    """A letter's key as it was sealed to one public key of a person."""

    person: UUID
    key: str
    wrapped: bytes


@transaction.atomic
def send_letter(
    *,
    request_id: UUID,
    letter: UUID,
    step: int,
    body: bytes,
    keys: Sequence[Sealed],
    actor: Actor,
    now: datetime,
    audience: Audience = BOTH,
    enclosures: Sequence[UUID] = (),
) -> None:
    """
    Store what the actor wrote about a request, under its author's own id `letter`.

    The files `enclosures` go along: from now on whoever reads the letter opens them. One for the
    requesting State's own people goes with no step: `step` is 0.

    :raises NotVisible: if the actor does not read what is written about it.
    :raises Refused: `case-closed`; `letter-step` if there is no such move to both States,
        `letter-readers` if it is sealed to somebody who does not read it (any more), or to a key
        that the directory does not have of them, `letter-share-full`, `id-reused`;
        `attachment-incomplete` if a file is not whole, not theirs, or in a letter already.
    """
    found = queries.carried_for(actor, request_id, (audience,), lock=True)
    sealed = [f"{one.person} {one.key} {one.wrapped.hex()}" for one in keys]
    files = sorted(f"enclosure {one}" for one in enclosures)
    # A letter to both States is asked for as it was before there were others.
    apart = [] if audience == BOTH else [f"for {audience}"]
    asked = digest_of(found.id, step, body.hex(), *sealed, *files, *apart)
    known = Letter.objects.filter(id=letter).first()
    if known is not None:
        if str(known.person_id) != actor.id:
            raise Refused("id-reused")
        require_same(known.request_digest, asked)
        return
    require_open(found.case)
    if step and (audience == HOME or step not in _steps_of_both(found)):
        raise Refused("letter-step")
    readers = _require_readers(found, audience, keys, now)
    mine = Letter.objects.filter(request=found, person_id=actor.id)
    room = mine.aggregate(number=Count("id"), size=Coalesce(Sum(Length("body")), 0))
    if room["number"] >= limits.LETTER_SHARE or room["size"] + len(body) > limits.LETTERS_BYTES:
        raise Refused("letter-share-full")
    along = _require_loose(found, enclosures, actor)
    digest = hashlib.sha256(body).hexdigest()
    event = LetterSent(
        states=queries.states_reached(found, audience),
        letter=str(letter),
        request=str(found.id),
        step=step,
        digest=digest,
        people=tuple(sorted({str(one.person) for one in keys})),
        enclosures=tuple(map(str, along)),
        audience=audience,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    sent = Letter.objects.create(
        id=letter,
        request=found,
        person_id=actor.id,
        state=actor.state,
        audience=audience,
        step=step,
        at=now,
        body=body,
        digest=digest,
        request_digest=asked,
        audit_event_id=act,
    )
    Enclosure.objects.filter(id__in=along).update(letter=sent)
    _give([(letter, one) for one in keys], act)
    notify.request_changed(found.id, readers)


@transaction.atomic
def share_letters(
    *,
    request_id: UUID,
    keys: Sequence[tuple[UUID, Sealed]],
    actor: Actor,
    now: datetime,
    audience: Audience = BOTH,
) -> None:
    """
    Give keys of letters to those who may read them and cannot yet: who came into office later.

    What somebody else has given meanwhile stays as it is; if nothing is left nothing happens.

    :raises NotVisible: if the actor does not read what is written, or holds no key of one of these,
        which are all for that audience.
    :raises Refused: `letter-readers` if one of them does not read it, or the key is not theirs.
    """
    found = queries.carried_for(actor, request_id, (audience,), lock=True)
    letters = sorted({letter for letter, _ in keys})
    if queries.held_among(found, audience, letters, UUID(actor.id)) != set(letters):
        raise NotVisible
    readers = _require_readers(found, audience, [sealed for _, sealed in keys], now)
    there = set(LetterKey.objects.filter(letter__in=letters).values_list("letter_id", "key"))
    fresh = {(letter, one.key): one for letter, one in keys if (letter, one.key) not in there}
    if not fresh:
        return
    event = LettersShared(
        states=queries.states_reached(found, audience),
        request=str(found.id),
        letters=tuple(sorted({str(letter) for letter, _ in fresh})),
        people=tuple(sorted({str(one.person) for one in fresh.values()})),
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    _give([(letter, one) for (letter, _), one in fresh.items()], act)
    notify.request_changed(found.id, readers)


def _require_loose(request: Request, enclosures: Sequence[UUID], actor: Actor) -> list[UUID]:
    """
    Hold the actor's files that a letter is to take along, and return them in their order.

    :raises Refused: `attachment-incomplete` if one is not whole, another's, about another request,
        taken back, or in a letter already.
    """
    wanted = sorted(set(enclosures))
    rows = Enclosure.objects.select_for_update(no_key=True).order_by("id")
    found = rows.filter(
        id__in=wanted,
        request=request,
        person_id=actor.id,
        letter=None,
        removed_at=None,
        completed_at__isnull=False,
    )
    if list(found.values_list("id", flat=True)) != wanted:
        raise Refused("attachment-incomplete")
    return wanted


def _steps_of_both(request: Request) -> set[int]:
    """Return the numbers of the moves that the requested State is told of."""
    moves = queries.moves_of(request)
    told = queries.seen_by(Side.REQUESTED, request, moves).moves
    return {one.number for one in told}


def _require_readers(
    request: Request, audience: Audience, keys: Sequence[Sealed], now: datetime
) -> set[UUID]:
    """
    Return who reads what is written, or refuse what is sealed to anybody or anything else.

    A key under another's name would keep them out: it is held, and opens nothing of theirs.
    """
    readers = queries.letter_readers_of(request, audience)
    known = queries.letter_keys_of(readers, now=now)
    if any(one.key not in known.get(one.person, set()) for one in keys):
        raise Refused("letter-readers")
    return set(readers)


def _give(keys: Sequence[tuple[UUID, Sealed]], act: int) -> None:
    rows: dict[tuple[UUID, str], LetterKey] = {}
    for letter, one in keys:
        row = LetterKey(
            letter_id=letter, person_id=one.person, key=one.key, wrapped=one.wrapped, act=act
        )
        rows[letter, one.key] = row
    LetterKey.objects.bulk_create(rows.values())
