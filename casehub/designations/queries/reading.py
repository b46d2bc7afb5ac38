"""Designations as those of the State see them who nominate, approve or look after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from casehub.core import roles
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible
from casehub.core.frames import to_b64u
from casehub.core.lines import folded
from casehub.directory.models import Office, Person

from .. import limits, policies
from ..models import Approval, Consultation, Designation, FirstHand
from ..policies import Hand
from ..stages import Stage
from . import quiet as silences
from .hands import coordinators, first_that_counts, mode_of, nominates, signed_by, why_void
from .saying import consultations_of, fields_of, objected_before, said, signed_body, signed_fields
from .served import Around, around
from .trying import passkeys_of, tried_by

Shape = dict[str, Any]
READERS = frozenset(roles.row_of("designations.list").who)
MANY = 500


def _visible(actor: Actor) -> QuerySet[Designation]:
    rows = Designation.objects.filter(state=actor.state)
    return rows if actor.state and actor.roles & READERS else rows.none()


def designation_for(actor: Actor, designation: UUID, *, lock: bool = False) -> Designation:
    """
    Return a designation of the actor's State; with `lock` it is held until the transaction ends.

    :raises NotVisible: if there is none such there.
    """
    rows = _visible(actor).filter(id=designation)
    if lock:
        rows = held(rows)
    found = rows.first()
    if found is None:
        raise NotVisible
    return found


def held(rows: QuerySet[Designation]) -> QuerySet[Designation]:
    """Hold rows until the transaction ends; SQLite lets one write at a time anyway."""
    return rows if connection.vendor == "sqlite" else rows.select_for_update(of=("self",))


def own_office(actor: Actor, office: UUID) -> Office:
    """
    Return an office of the actor's State.

    :raises NotVisible: if it has none such.
    """
    found = Office.objects.filter(id=office, state_id=actor.state).first()
    if found is None or not actor.state:
        raise NotVisible
    return found


def own_person(actor: Actor, person: UUID) -> Person:
    """
    Return a person of the actor's State.

    :raises NotVisible: if there is none such.
    """
    found = Person.objects.filter(id=person, state_id=actor.state).select_related("account").first()
    if found is None or not actor.state:
        raise NotVisible
    return found


def hands_of(found: Designation) -> list[Approval]:
    """Return the approvals of the present body, in order; those of earlier bodies are void."""
    if not found.digest:
        return []
    rows = found.approvals.filter(digest=found.digest).order_by("place")
    return list(rows.select_related("officer__account", "officer__state"))


def as_hands(approvals: Iterable[Approval]) -> list[Hand]:
    """Return approvals as what the policies look at."""
    return [Hand(str(one.officer_id), bytes(one.key)) for one in approvals]


def is_newest(found: Designation) -> bool:
    """Say whether no later designation of its person's was approved, or is on its way to it."""
    later = Q(person=found.person, drafted_at__gt=found.drafted_at) | Q(renews=found)
    return not Designation.objects.filter(later).exclude(stage=Stage.REJECTED).exists()


def changed(found: Designation) -> list[str]:
    """Return what a renewal says otherwise than the term before it, but for its dates."""
    old = found.renews
    if old is None:
        return []
    held = ("roles", "functions", "languages", "scope", "region", "deputy")
    attribute = {"office": "office_id"}
    names = [(one, attribute.get(one, one)) for one in ("name", "post", "office", *held)]
    other = [one for one, name in names if getattr(found, name) != getattr(old, name)]
    return [*other, "key"] if found.rekey else other


def is_unchanged(found: Designation) -> bool:
    """Say whether it renews a term with nothing new but its dates, for the same key."""
    old = found.renews
    if old is None or found.rekey or found.urgent:
        return False
    return not changed(found)


def goes_on(found: Designation, now: datetime) -> bool:
    """
    Say whether it only prolongs a term in force, without a gap, as those who verify it will judge.

    Against what was signed then: the office may have another name since.
    """
    old = found.renews
    if old is None or old.urgent or not is_unchanged(found):
        return False
    signed = signed_fields(old)
    if signed is None or old.until <= now or found.starts > old.until:
        return False
    return bool(signed["agency"] == found.office.name)


def needed(found: Designation, now: datetime) -> int:
    """Return how many approvals its nomination needs."""
    return policies.hands_needed(
        roles=found.role_list, mode=mode_of(found.state), goes_on=goes_on(found, now)
    )


def person_of(found: Designation) -> Person | None:
    """Return the person's row in the directory, there from enrolment on."""
    rows = Person.objects.filter(id=found.person)
    return rows.select_related("account", "state").first()


def shown_stage(found: Designation, person: Person | None, now: datetime) -> Stage:
    """
    Return the stage as it is: stopping and time come before what a row says.

    Whoever is stopped is stopped by the directory, at once; the sweep writes an end down later.
    """
    stage = Stage(found.stage)
    if stage is not Stage.ACTIVE:
        return stage
    if person is not None and getattr(person, "removed_at", None) is not None:
        return Stage.REMOVED
    if found.until <= now:
        return Stage.EXPIRED
    if person is not None and person.suspended_at is not None:
        return Stage.SUSPENDED
    return stage


def _flags(found: Designation, now: datetime) -> list[str]:
    """Return what those who sign should look at twice."""
    flags = []
    nominator = found.nominator or found.drafter
    if nominator.office_id == found.office_id:
        flags.append("same-office")
    others = Person.objects.filter(state_id=found.state).exclude(id=found.person)
    if folded(found.name) in map(folded, others.values_list("name", flat=True)):
        flags.append("same-name")
    if any(line["outcome"] == "objection" for line in fields_of(found, now)["consultation"]):
        flags.append("objection")
    if objected_before(found):
        flags.append("objection-before")
    if found.urgent:
        flags.append("urgent")
    if found.rekey:
        flags.append("new-key")
    return flags


def reminder(found: Designation, stage: Stage, now: datetime) -> int | None:
    """Return the smallest of 60, 30 and 7 days that lie before the end of a term in force."""
    if stage not in {Stage.ACTIVE, Stage.SUSPENDED}:
        return None
    near = [days for days in limits.REMIND_DAYS if found.until - now <= days * limits.DAY]
    return min(near, default=None)


def read_on_until(found: Designation, person: Person | None, now: datetime) -> datetime | None:
    """Return until when the person of a term that is over reads on, or None if they do not."""
    if person is None or person.valid_until != found.until or not person.in_week(now):
        return None
    return person.reads_until


def row_shape(
    found: Designation,
    person: Person | None,
    now: datetime,
    *,
    among: Collection[str],
    around: Around,
    quiet: Shape | None = None,
) -> Shape:
    """
    Return a designation as a line of a list; `quiet`: what comes of its person's silence.

    `among` are the coordinators of its State.
    """
    deputy = around.names.get(found.deputy) if found.deputy else None
    stage = shown_stage(found, person, now)
    due_at = found.due_at
    if stage == Stage.SUSPENDED and person is not None and person.suspended_at is not None:
        due_at = person.suspended_at + limits.STOP_DECIDED
    return {
        "id": found.id,
        "person": found.person,
        "state": found.state,
        "stage": stage.value,
        "since": found.stage_since,
        "due_at": due_at,
        "overdue": due_at is not None and due_at <= now,
        "name": found.name,
        "post": found.post,
        "office": {"id": found.office_id, "name": found.office.name},
        "roles": found.role_list,
        "functions": found.function_list,
        "drafts": nominates(found, among),
        "languages": found.language_list,
        "scope": found.scope_list,
        "region": found.region or None,
        "deputy": {"id": found.deputy, "name": deputy} if deputy is not None else None,
        "first": policies.LIAISON in found.role_list and found.person not in around.served,
        "starts": found.starts,
        "until": found.until,
        "urgent": found.urgent,
        "renews": found.renews_id,
        "rekey": found.rekey,
        "reminder": reminder(found, stage, now),
        "reads_until": read_on_until(found, person, now),
        "quiet": quiet if stage in {Stage.ACTIVE, Stage.SUSPENDED} else None,
    }


def shape(found: Designation, now: datetime) -> Shape:
    """Return all that those of the State may know of a designation."""
    person = person_of(found)
    made = passkeys_of(found, person)
    approvals = hands_of(found)
    code = found.codes.filter(used_at=None, void_at=None, expires_at__gt=now).first()
    first = first_that_counts(FirstHand.Kind.BINDING, found.person, now)
    quiet = silences.ahead([person] if person else [])
    among = coordinators(found.state, now)
    body = signed_body(found)
    row = row_shape(
        found, person, now, among=among, around=around([found]), quiet=quiet.get(found.person)
    )
    return row | {
        "drafted_by": _who(found.drafter),
        "drafted_at": found.drafted_at,
        "nominated_by": _who(found.nominator),
        "nominated_at": found.nominated_at,
        "consultations": [_consultation(one, now) for one in consultations_of(found)],
        "objected_before": [
            {"agency": one.agency, "date": said(one, now)[1], "name": one.name or found.name}
            | {"roles": [role for role in one.roles.split(",") if role] or found.role_list}
            for one in objected_before(found)
        ],
        "flags": _flags(found, now),
        "binds": policies.binders(found.role_list),
        "mode": mode_of(found.state),
        "hands": len(approvals) if found.approved_at else needed(found, now),
        "fields": fields_of(found, now),
        "body": to_b64u(body) if body is not None else None,
        "digest": found.digest,
        "nomination": _signature(found.nominator_key, found.nominator_signature),
        "nomination_void": why_void(found, found.nominator, found.nominated_at, now),
        "approvals": [
            {
                "officer": _who(one.officer),
                "at": one.at,
                "key": to_b64u(one.key),
                "signature": to_b64u(one.signature),
                "void": why_void(found, one.officer, one.at, now),
            }
            for one in approvals
        ],
        "approved_at": found.approved_at,
        "statement": found.statement,
        "serial": found.serial,
        "code_until": code.expires_at if code else None,
        "enrolled": tried_by(found, person) is not None,
        "passkeys": len(made),
        "passkeys_made": made,
        "key": to_b64u(found.key) if found.key is not None else None,
        "key_at": found.key_at,
        "binding": first_shape(first),
        "bound_at": found.bound_at,
        "reason": found.reason,
    }


def first_shape(first: FirstHand | None) -> Shape | None:
    """Return a statement that waits for its second hand, or None."""
    if first is None:
        return None
    return {
        "body": to_b64u(first.body),
        "digest": first.digest,
        "signer": _who(first.signer),
        "key": to_b64u(first.key),
        "signature": to_b64u(first.signature),
        "at": first.at,
        "due_at": first.due_at,
    }


def _who(person: Person | None) -> Shape | None:
    return None if person is None else {"id": person.id, "name": person.name, "post": person.post}


def _signature(
    key: bytes | memoryview | None, signature: bytes | memoryview | None
) -> Shape | None:
    if key is None or signature is None:
        return None
    return {"key": to_b64u(key), "signature": to_b64u(signature)}


def _consultation(one: Consultation, now: datetime) -> Shape:
    outcome, day, digest = said(one, now)
    return {
        "id": one.id,
        "agency": one.agency,
        "asked_at": one.asked_at,
        "due_at": one.due_at,
        "outcome": outcome,
        "date": day,
        "digest": digest,
    }


def designations_for(actor: Actor, *, now: datetime) -> list[Shape]:
    """Return the designations of the actor's State, the newest first."""
    rows = _visible(actor).select_related("office").order_by("-drafted_at", "id")[:MANY]
    return _listed(list(rows), actor, now)


def _listed(rows: Sequence[Designation], actor: Actor, now: datetime) -> list[Shape]:
    known = Person.objects.select_related("account", "state")
    people = known.in_bulk([one.person for one in rows])
    quiet = silences.ahead(people.values())
    among = {state: coordinators(state, now) for state in {one.state for one in rows}}
    signed, others = signed_by(actor, rows, among), around(rows)
    return [
        row_shape(
            one,
            people.get(one.person),
            now,
            among=among[one.state],
            around=others,
            quiet=quiet.get(one.person),
        )
        | {"signed": one.id in signed}
        for one in rows
    ]


def read_designation(actor: Actor, designation: UUID, *, now: datetime) -> Shape:
    """
    Return one designation.

    :raises NotVisible: if there is none such in the actor's State.
    """
    return shape(designation_for(actor, designation), now)


def concerned(state: str) -> list[UUID]:
    """Return who is told of a step of a designation: coordinators and officers of the State."""
    people = Person.objects.filter(state_id=state, suspended_at=None, removed_at=None)
    return [one.id for one in people if one.role_set & {policies.COORDINATOR, policies.MINISTRY}]
