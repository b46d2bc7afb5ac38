"""
Reading letters: what those wrote to each other who carry a request, and those who draft it.

Readers are the central authorities of both States in force and whoever drafts, once it was sent;
of what the requesting State's people write to each other, its own alone, once it was authorised.
Whoever leaves that post or the draft reads no more from the next look on. Letters of one audience
are counted, listed and marked without the others: no number tells that there are any.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from casehub.cases import queries as cases
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible
from casehub.core.frames import to_b64u
from casehub.directory import queries as directory

from .. import limits, policies
from ..codes import AUDIENCES, BOTH, HOME, Audience
from ..models import Enclosure, EnclosureOpening, Letter, LetterKey, LetterMark, Request
from .dossiers import dossier_for, reads_letters, written_about
from .drafts import readers_of

Shape = dict[str, Any]


def carried_for(
    actor: Actor, request: UUID, among: Collection[Audience], *, lock: bool = False
) -> Request:
    """
    Return a request of which `actor` reads the letters for one of these audiences.

    :raises NotVisible: if there is none such, or they do not read them: one answer for both.
    """
    found = dossier_for(actor, request, lock=lock)
    if not any(reads_letters(actor, found, audience) for audience in among):
        raise NotVisible
    return found


def carries(actor: Actor, request: UUID) -> bool:
    """Say whether there is a request of which `actor` reads letters, for whomever they are."""
    try:
        carried_for(actor, request, AUDIENCES)
    except NotVisible:
        return False
    return True


def states_reached(request: Request, audience: Audience) -> tuple[str, ...]:
    """Return the States of whose people a letter about a request for this audience is."""
    if audience == HOME:
        return (request.requesting_state,)
    return (request.requesting_state, request.requested_state)


def _carried_by(actor: Actor, audience: Audience) -> QuerySet[Request]:
    """Return the requests whose letters `actor` reads: those of `reads_letters`, all at once."""
    drafts = cases.readable(actor).values("id") if actor.roles & policies.MAY_READ else []
    carried = Q(circle__in=drafts)
    if actor.roles_in_office & policies.CARRIES:
        carried |= Q(requesting_state=actor.state)
        if audience == BOTH:
            carried |= Q(requested_state=actor.state)
    return written_about(Request.objects.filter(carried), audience)


def unread_letters_of(actor: Actor) -> list[Shape]:
    """
    Return about which requests others wrote what `actor` has not read, the newest first.

    How many letters and since when the newest is there; nothing of what they say, nor by whom.
    """
    marks = LetterMark.objects.filter(
        request=OuterRef("request"), audience=OuterRef("audience"), person_id=actor.id
    )
    theirs = Q()
    for audience in AUDIENCES:
        theirs |= Q(audience=audience, request__in=_carried_by(actor, audience))
    written = Letter.objects.filter(theirs).exclude(person_id=actor.id)
    read = Coalesce(Subquery(marks.values("upto")[:1]), 0)
    between = ("request__requesting_state", "request__requested_state")
    rows = written.alias(read=read).filter(audit_event_id__gt=F("read"))
    found = rows.values("request", "audience", *between).annotate(count=Count("id"), last=Max("at"))
    return [
        {
            "request": one["request"],
            "audience": one["audience"],
            "requesting_state": one[between[0]],
            "requested_state": one[between[1]],
            "count": one["count"],
            "at": one["last"],
        }
        for one in found.order_by("-last", "request", "audience")
    ]


def letter_readers_of(request: Request, audience: Audience) -> dict[UUID, bool]:
    """Return who reads a request's letters now, and whether as a central authority."""
    readers = dict.fromkeys(readers_of(request), False)
    for state in states_reached(request, audience):
        readers |= dict.fromkeys(directory.holders_of(state, policies.CARRIES), True)
    return readers


def letter_keys_of(readers: dict[UUID, bool], *, now: datetime) -> dict[UUID, set[str]]:
    """Return the public keys that the directory has of readers: to no other is a letter sealed."""
    central = {person for person, carries in readers.items() if carries}
    found = {person: {key} for person, key in directory.sealing_keys_of(central, now=now).items()}
    return found | directory.history_keys_of(readers.keys() - central)


def held_among(
    request: Request, audience: Audience, letters: list[UUID], person: UUID
) -> set[UUID]:
    """Return of which of these letters about a request a key is sealed to a person."""
    found = LetterKey.objects.filter(letter__request=request, letter__audience=audience)
    held = found.filter(letter__in=letters, person_id=person)
    return set(held.values_list("letter_id", flat=True))


def letters_for(
    actor: Actor, request: UUID, audience: Audience, *, before: int | None = None
) -> Shape:
    """
    Return a page of the letters about a request, oldest first, each with the caller's keys of it.

    Those for one audience: the newest, or those that stand just before the `before`-th. `first` is
    the place of the page's first one, from 1 on: letters are counted as they came, and none goes
    without all the others.

    :raises NotVisible: if they do not read them.
    """
    found = carried_for(actor, request, (audience,))
    readers = letter_readers_of(found, audience)
    people = directory.people_with(list(readers), roles=policies.CARRIES | policies.MAY_READ)
    written = Letter.objects.filter(request=found, audience=audience)
    rows = written.select_related("person").order_by("audit_event_id")
    end = rows.count() if before is None else before - 1
    first = max(end - limits.LETTERS_PAGE, 0)
    page = list(rows[first:end])
    own: dict[UUID, list[Shape]] = {}
    held: dict[UUID, list[str]] = {}
    sealed = LetterKey.objects.filter(letter__in=page)
    # What is sealed to others is theirs to open: of that only to which keys it is.
    for letter, key in sealed.values_list("letter_id", "key"):
        held.setdefault(letter, []).append(key)
    mine = sealed.filter(person_id=actor.id).order_by("id")
    for letter, key, wrapped in mine.values_list("letter_id", "key", "wrapped"):
        own.setdefault(letter, []).append({"key": key, "wrapped": to_b64u(wrapped)})
    files = _files_of(page)
    return {
        "readers": [
            {"person": one.id, "name": one.name, "state": one.state_id, "central": readers[one.id]}
            for one in sorted(people.values(), key=lambda one: (one.state_id or "", one.name))
        ],
        "first": first + 1,
        "letters": [
            _shape(one)
            | {"keys": own.get(one.id, []), "held": sorted(held.get(one.id, []))}
            | {"files": files.get(one.id, [])}
            for one in page
        ],
    }


def _shape(letter: Letter) -> Shape:
    return {
        "id": letter.id,
        "person": letter.person_id,
        "name": letter.person.name,
        "state": letter.state,
        "step": letter.step,
        "at": letter.at,
        "body": to_b64u(letter.body),
    }


def _files_of(letters: Sequence[Letter]) -> dict[UUID, list[Shape]]:
    """Return which files each of these letters took along, and who first opened them when."""
    sent = Enclosure.objects.filter(letter__in=letters, removed_at=None)
    # Whose it is may have looked into it before there was a letter, which is nobody else's matter.
    others = EnclosureOpening.objects.exclude(person=F("enclosure__person"))
    rows = others.filter(enclosure__in=sent).order_by("at", "person")
    opened: dict[UUID, list[Shape]] = {}
    for one in rows.values("enclosure", "person", "person__name", "person__state", "at"):
        shape = {"person": one["person"], "name": one["person__name"]}
        shape |= {"state": one["person__state"] or "", "at": one["at"]}
        opened.setdefault(one["enclosure"], []).append(shape)
    found: dict[UUID, list[Shape]] = {}
    for file in sent.order_by("id"):
        assert file.letter_id is not None  # noqa: S101 - those of letters were asked for
        shape = {"id": file.id, "size": file.size, "digest": file.digest}
        found.setdefault(file.letter_id, []).append(shape | {"opened": opened.get(file.id, [])})
    return found
