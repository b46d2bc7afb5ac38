"""From an idea to a consulted draft: who, for what, and what the agencies say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from django.db import transaction

import audit.services
from casehub.calendars import terms
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused, require
from casehub.directory import services as directory
from casehub.directory.models import Notice

from .. import limits, policies
from ..events import (
    ConsultationAnswered,
    ConsultationAsked,
    ConsultationWithdrawn,
    DesignationChanged,
    DesignationConsulted,
    DesignationDrafted,
    DesignationRejected,
    DesignationRenewed,
)
from ..models import Consultation, Designation
from ..policies import LIAISON
from ..queries import hands, reading, saying, served
from ..stages import OPEN, Stage
from .moving import due, end_try, enter_stage, require_step, require_urgent, tell


@dataclass(frozen=True, slots=True)
class Draft:
    """What a draft says of a person; instants count in whole seconds, lists name a thing once."""

    name: str
    post: str
    office: UUID
    roles: Sequence[str]
    functions: Sequence[str]
    languages: Sequence[str]
    scope: Sequence[str]
    region: str | None
    deputy: UUID | None
    starts: datetime
    until: datetime
    urgent: bool


def _write(found: Designation, said: Draft, actor: Actor, now: datetime) -> None:
    """Put what was said into a row that is not saved yet, if it may be said."""
    office = reading.own_office(actor, said.office)
    starts, until = (at.astimezone(UTC).replace(microsecond=0) for at in (said.starts, said.until))
    others = hands.coordinators(actor.state, now) - {str(found.person)}
    require(
        policies.why_not_draft(
            actor_roles=actor.roles,
            roles=said.roles,
            own_office=True,
            coordinated=bool(others),
        )
    )
    require(policies.why_not_functions(said.functions, roles=said.roles))
    first = LIAISON in said.roles and not served.has_served(found.person)
    require(
        policies.why_not_term(starts=starts, until=until, urgent=said.urgent, first=first, now=now)
    )
    if said.deputy is not None:
        require(
            policies.why_not_deputy(
                person=str(found.person),
                deputy=str(said.deputy),
                known=served.may_deputize(said.deputy, actor.state, now),
            )
        )
    found.name, found.post, found.office = said.name, said.post, office
    found.roles, found.languages = ",".join(sorted(said.roles)), ",".join(sorted(said.languages))
    found.functions = ",".join(sorted(set(said.functions)))
    found.scope, found.urgent = ",".join(sorted(said.scope)), said.urgent
    found.region, found.deputy = said.region or "", said.deputy
    found.starts, found.until = starts, until
    require_urgent(found, policies.drafts(said.roles, coordinated=bool(others)), now)


@transaction.atomic
def draft_designation(*, said: Draft, actor: Actor, now: datetime) -> UUID:
    """
    Draft a designation and return its id; its person's id is drawn with it.

    :raises NotVisible: if the office is not of the actor's State.
    :raises Refused: `roles-unknown`, `roles-incompatible`, `drafted-by-another`,
        `function-not-for-role`, `term-over`, `term-too-long`, `first-term-too-long`; `deputy-self`,
        `deputy-unknown`; `urgent-coordinator`, `urgent-again`, `urgent-often`.
    """
    found = Designation(person=uuid4(), state=actor.state, drafter_id=actor.id, drafted_at=now)
    _write(found, said, actor, now)
    event = DesignationDrafted(
        states=(actor.state,),
        designation=str(found.id),
        person=str(found.person),
        roles=tuple(found.role_list),
        functions=tuple(found.function_list),
        urgent=found.urgent,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    ends = due(Stage.DRAFT, state=found.state, now=now, urgent=found.urgent, until=found.until)
    enter_stage(found, Stage.DRAFT, act=act, now=now, due_at=ends)
    return found.id


@transaction.atomic
def change_designation(*, designation: UUID, said: Draft, actor: Actor, now: datetime) -> UUID:
    """
    Change a draft, also one that was nominated: whatever was signed over it is void.

    Agencies were asked about a person in a role: if either is another now, they are asked again.
    What they said rests with what it was about, and is there again when the draft says that again.

    :raises NotVisible: as `draft_designation`, or if there is no such designation.
    :raises Refused: `designation-stage`, `designation-late`; as `draft_designation`.
    """
    found = reading.designation_for(actor, designation, lock=True)
    require_step(found, "change", now)
    voided = found.digest
    # What was asked before this was kept is about what the draft has said until now.
    found.consultations.filter(name="").update(name=found.name, roles=found.roles)
    _write(found, said, actor, now)
    forget_nomination(found)
    event = DesignationChanged(
        states=(actor.state,), designation=str(found.id), person=str(found.person), voids=voided
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    ends = due(Stage.DRAFT, state=found.state, now=now, urgent=found.urgent, until=found.until)
    enter_stage(found, Stage.DRAFT, act=act, now=now, due_at=ends)
    return found.id


def forget_nomination(found: Designation) -> None:
    """Let go of the signed body: hands under it are found by its digest, and so no more."""
    found.body, found.digest, found.serial = None, "", None
    found.nominator = found.nominated_at = None
    found.nominator_key = found.nominator_signature = None


@transaction.atomic
def ask_consultation(*, designation: UUID, agency: str, actor: Actor, now: datetime) -> UUID:
    """
    Note that an agency was asked about a draft; return the question's id.

    :raises NotVisible: if there is no such designation.
    :raises Refused: `designation-stage`, `designation-late`, `drafted-by-another`; `agency-asked`
        while an earlier question to it waits.
    """
    found = reading.designation_for(actor, designation, lock=True)
    require_step(found, "consult", now)
    _require_drafter(found, actor, now)
    waiting = [
        one
        for one in saying.consultations_of(found)
        if one.agency == agency and not one.outcome and one.due_at > now
    ]
    require(policies.why_not_ask(waits=bool(waiting)))
    row = Consultation(
        designation=found,
        agency=agency,
        name=found.name,
        roles=found.roles,
        asked_at=now,
        due_at=terms.working_days(state=found.state, since=now, days=limits.CONSULTATION_DAYS).ends,
    )
    event = ConsultationAsked(
        states=(actor.state,),
        consultation=str(row.id),
        designation=str(found.id),
        agency=agency,
    )
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save(force_insert=True)
    tell(found)
    return row.id


def _require_drafter(found: Designation, actor: Actor, now: datetime) -> None:
    if hands.nominates(found, hands.coordinators(found.state, now)) not in actor.roles:
        raise Refused("drafted-by-another")


@transaction.atomic
def answer_consultation(
    *,
    designation: UUID,
    consultation: UUID,
    outcome: str,
    date: date,
    digest: str,
    actor: Actor,
    now: datetime,
) -> UUID:
    """
    Enter what an agency answered, on which day, and the SHA-256 of its document (or nothing).

    :raises NotVisible: if there is no such question about such a designation.
    :raises Refused: `designation-stage`, `designation-late`, `drafted-by-another`,
        `consultation-answered`, `consultation-outcome`, `consultation-late`.
    """
    found = reading.designation_for(actor, designation, lock=True)
    row = found.consultations.filter(id=consultation).first()
    if row is None:
        raise NotVisible
    require_step(found, "consult", now)
    _require_drafter(found, actor, now)
    require(
        policies.why_not_answer(
            outcome=outcome,
            answered=bool(row.outcome),
            void=row.void or not row.is_about(found),
            day_ahead=date > now.date(),
            due_at=row.due_at,
            now=now,
        )
    )
    event = ConsultationAnswered(
        states=(actor.state,),
        consultation=str(row.id),
        designation=str(found.id),
        outcome=outcome,
        digest=digest,
    )
    row.outcome, row.date, row.digest = outcome, date, digest
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save()
    tell(found)
    return row.id


@transaction.atomic
def withdraw_consultation(
    *, designation: UUID, consultation: UUID, actor: Actor, now: datetime
) -> UUID:
    """
    Say that a question about a draft was noted in error, with what was answered to it.

    :raises NotVisible: if there is no such question about such a designation.
    :raises Refused: `designation-stage`, `designation-late`, `drafted-by-another`;
        `consultation-answered` if it was taken back before, `consultation-stays` if it was objected
        or not answered in time.
    """
    found = reading.designation_for(actor, designation, lock=True)
    row = found.consultations.filter(id=consultation).first()
    if row is None:
        raise NotVisible
    require_step(found, "consult", now)
    _require_drafter(found, actor, now)
    # As it stands by the clock: the round that writes a missed date down may come later.
    rests = row.void or not row.is_about(found)
    require(policies.why_not_withdraw(outcome=saying.said(row, now)[0], void=rests))
    event = ConsultationWithdrawn(
        states=(actor.state,), consultation=str(row.id), designation=str(found.id)
    )
    row.void = True
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.save()
    tell(found)
    return row.id


@transaction.atomic
def close_consultation(*, designation: UUID, actor: Actor, now: datetime) -> UUID:
    """
    Say that the agencies were consulted: what they said travels to the ministry, objections too.

    :raises NotVisible: if there is no such designation.
    :raises Refused: `designation-stage`, `designation-late`, `drafted-by-another`;
        `consultation-open` while somebody may still answer, `consultation-missing` if no agency
        but the nominating one has.
    """
    found = reading.designation_for(actor, designation, lock=True)
    require_step(found, "consulted", now)
    _require_drafter(found, actor, now)
    answers = _answers(found, now)
    waiting = [
        one for one in saying.consultations_of(found) if not one.outcome and one.due_at > now
    ]
    require(policies.why_not_consulted(answers=answers, waiting=len(waiting)))
    event = DesignationConsulted(
        states=(actor.state,),
        designation=str(found.id),
        answers=len(answers),
        objections=sum(outcome == "objection" for _, outcome in answers),
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    ends = due(Stage.CONSULTED, state=found.state, now=now, urgent=found.urgent, until=found.until)
    enter_stage(found, Stage.CONSULTED, act=act, now=now, due_at=ends)
    return found.id


def _answers(found: Designation, now: datetime) -> list[tuple[str, str]]:
    """Return (agency, outcome) of what agencies have said about what a draft says."""
    lines = saying.fields_of(found, now)["consultation"]
    return [(line["agency_kind"], line["outcome"]) for line in lines]


@transaction.atomic
def reject_designation(*, designation: UUID, reason: str, actor: Actor, now: datetime) -> UUID:
    """
    Reject a designation for good, at whatever stage before a key counts.

    One hand is enough: stopping always is. States that were told of it are told of this, too.

    :raises NotVisible: if there is no such designation.
    :raises Refused: `designation-stage` if it is over or its key counts already.
    """
    found = reading.designation_for(actor, designation, lock=True)
    require(policies.why_not_step("reject", Stage(found.stage), due_at=None, now=now))
    event = DesignationRejected(
        states=(actor.state,),
        designation=str(found.id),
        person=str(found.person),
        stage=found.stage,
        reason=reason,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    found.reason = reason
    if found.stage == Stage.CEREMONY:
        end_try(found, actor=actor, now=now)
    found.codes.filter(used_at=None, void_at=None).update(void_at=now)
    if found.approved_at is not None and found.renews_id is None:
        directory.give(
            kind=Notice.Kind.REMOVED,
            state=found.state,
            person=found.person,
            name=found.name,
            post=found.post,
            until=found.until,
            act=act,
            now=now,
        )
    enter_stage(found, Stage.REJECTED, act=act, now=now, due_at=None)
    return found.id


@transaction.atomic
def renew_designation(
    *, designation: UUID, said: Draft, rekey: bool, actor: Actor, now: datetime
) -> UUID:
    """
    Begin a new term of the same person and return its id; what the agencies said goes with it.

    Of the same person in the same roles it is consulted already, if an agency has answered;
    otherwise the agencies are asked again.

    :raises NotVisible: if there is no such designation, or no such office.
    :raises Refused: `designation-stage` unless it is in force or over by its date, `renewal-open`
        if a new term was begun already, `renewal-of-earlier` unless it is the person's newest,
        `account-closed`; as `draft_designation`.
    """
    old = reading.designation_for(actor, designation, lock=True)
    person = reading.person_of(old)
    stage = reading.shown_stage(old, person, now)
    open_ = [one.value for one in OPEN]
    require(
        policies.why_not_renew(
            stage=stage,
            begun=Designation.objects.filter(person=old.person, stage__in=open_).exists(),
            newest=reading.is_newest(old),
            closed=person is not None and person.closed,
        )
    )
    new = Designation(
        person=old.person,
        state=old.state,
        drafter_id=actor.id,
        drafted_at=now,
        renews=old,
        rekey=rekey,
    )
    _write(new, said, actor, now)
    event = DesignationRenewed(
        states=(actor.state,),
        designation=str(new.id),
        renews=str(old.id),
        person=str(old.person),
        changed=not reading.is_unchanged(new),
        rekey=rekey,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    heard = policies.why_not_consulted(answers=_answers(new, now), waiting=0) is None
    first = Stage.CONSULTED if heard else Stage.DRAFT
    ends = due(first, state=new.state, now=now, urgent=new.urgent, until=new.until)
    enter_stage(new, first, act=act, now=now, due_at=ends)
    return new.id
