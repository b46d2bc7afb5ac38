"""Reading how long cases are kept: classes, holds, and what was deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, require
from casehub.directory import queries as directory
from casehub.directory.models import State, Stop

from .. import limits, policies, rules
from ..models import Case, CaseMember, Circle, Erasure, Hold, Reader, Shortening
from . import dues, elsewhere

Shape = dict[str, Any]
_YEAR = timedelta(days=365)  # no class ends sooner than so many of these


def of_state(actor: Actor, *, now: datetime | None = None) -> QuerySet[Case]:
    """
    Return the cases of which `actor` is told by their office that they exist.

    With `now` none of an auditor's whose proposal has lapsed: they may hear that it has, no more.

    Coordinators: those in which their State takes part. The central authority: those of them from
    which its State asks another one for something. Auditors: those of their State that wait for
    their word.
    """
    held = actor.roles
    takes_part = Q(states__contains=actor.state) if actor.state else Q(pk__in=[])
    seen = Q(pk__in=[])
    if "coordinator" in held:
        seen |= takes_part
    if "central-authority" in held:
        drafts = Circle.objects.filter(
            case=OuterRef("pk"), kind=Circle.Kind.DRAFTING, opener__state_id=actor.state
        )
        seen |= takes_part & Q(Exists(drafts))
    if "national-auditor" in held:
        waiting = Shortening.objects.filter(case=OuterRef("pk"), answered_at=None)
        if now is not None:
            waiting = waiting.filter(proposed_at__gt=now - limits.SECOND_HAND)
        seen |= Q(state=actor.state) & Q(Exists(waiting))
    return Case.objects.filter(seen)


def office_case(actor: Actor, case: UUID) -> Case:
    """
    Return a case that `actor` is told of by their office.

    :raises NotVisible: if there is none such, or they are not: one answer for both.
    """
    found = of_state(actor).filter(id=case).first()
    if found is None:
        raise NotVisible
    return found


def holds_of(actor: Actor) -> QuerySet[Hold]:
    """
    Return the holds that the actor's State set, on what `actor` is told of by their office.

    Of a note, which nobody but those whom it was sent to reads, its coordination and its central
    authority are told that it is held: the second hand under lifting is seldom one of them.
    """
    told = Q(circle=None, case__in=of_state(actor).values("id"))
    if not actor.roles.isdisjoint(policies.MAY_AGREE_LIFT):
        told |= Q(circle__isnull=False)
    return Hold.objects.filter(state=actor.state).filter(told)


def shortenings_of(actor: Actor) -> QuerySet[Shortening]:
    """Return what was proposed for cases of the actor's State that they are told of by office."""
    mine = of_state(actor).filter(state=actor.state)
    return Shortening.objects.filter(case__in=mine.values("id"))


def require_open(case: Case) -> None:
    """
    Pass only a case to which something may be added.

    :raises Refused: `case-closed`.
    """
    require(policies.why_not_write(closed=case.closed_at is not None))


def closed_among(circles: Iterable[UUID]) -> set[UUID]:
    """Return which of `circles` belong to a closed case."""
    rows = Circle.objects.filter(id__in=list(circles), case__closed_at__isnull=False)
    return set(rows.values_list("id", flat=True))


def standing() -> QuerySet[Hold]:
    """Return the holds that stand."""
    return Hold.objects.filter(lifted_at=None)


def kept_among(circles: Iterable[UUID], *, now: datetime) -> set[UUID]:
    """
    Return which of `circles` are not deleted though their case is: held by themselves, or lately.

    What lifts a note's hold moves no date of its case, whose States are told nothing of it.
    """
    rows = _holding(now).filter(circle__in=list(circles))
    return set(rows.values_list("circle", flat=True))


def _holding(now: datetime) -> QuerySet[Hold]:
    """Return the holds of single circles that stand, or did until `limits.NOTICE` ago."""
    lately = Q(lifted_at=None) | Q(lifted_at__gt=now - limits.NOTICE)
    return Hold.objects.filter(lately, circle__isnull=False)


def held_among(circles: Iterable[UUID]) -> set[UUID]:
    """Return which of `circles` are held, by themselves or with their case."""
    whole = standing().filter(case=OuterRef("case"), circle=None)
    itself = standing().filter(circle=OuterRef("pk"))
    rows = Circle.objects.filter(id__in=list(circles)).filter(Exists(whole) | Exists(itself))
    return set(rows.values_list("id", flat=True))


def to_erase(now: datetime) -> list[UUID]:
    """Return cases whose period is over and which still have something to delete, oldest first."""
    kept = Circle.objects.filter(case=OuterRef("pk"), erasure=None).exclude(
        Exists(_holding(now).filter(circle=OuterRef("pk")))
    )
    shortest = min(one.years for one in rules.classes().values())
    since = now - shortest * _YEAR
    rows = Case.objects.filter(Exists(kept), closed_at__lte=since).exclude(
        Exists(standing().filter(case=OuterRef("pk"), circle=None))
    )
    away = _away(now)
    over = [
        case
        for case in rows.order_by("closed_at").iterator()
        if _is_over(dues.due_with(case, {}), now) and away.isdisjoint(case.state_set)
    ]
    # What their requests' closings signed is looked up of these alone: it brings no day nearer.
    due = dues.dues_of(over)
    return [case.id for case in over if _is_over(due[case.id], now)]


def _is_over(due: datetime | None, now: datetime) -> bool:
    return due is not None and due <= now


def _lift_shape(hold: Hold, *, now: datetime | None) -> Shape | None:
    if hold.lift_asked_at is None:
        return None
    if now is not None and not policies.is_pending(hold.lift_asked_at, now=now):
        return None
    return {
        "asker": hold.lift_asker_id,
        "at": hold.lift_asked_at,
        "lapses_at": hold.lift_asked_at + limits.SECOND_HAND,
    }


def hold_shape(hold: Hold, actor: Actor, *, now: datetime | None) -> Shape:
    """Return a hold; of another State's that one is being lifted is not told."""
    own = hold.state == actor.state
    return {
        "id": hold.id,
        "circle": hold.circle_id,
        "state": hold.state,
        "ground": hold.ground,
        "at": hold.at,
        "lift": _lift_shape(hold, now=now) if own else None,
    }


def _shortening_shape(row: Shortening) -> Shape:
    return {
        "id": row.id,
        "was": row.was,
        "retention": row.retention,
        "proposer": row.proposer_id,
        "proposed_at": row.proposed_at,
        "lapses_at": row.proposed_at + limits.SECOND_HAND,
    }


def circles_kept(circles: Iterable[UUID], actor: Actor) -> dict[UUID, Shape]:
    """
    Return of notes' circles until when they are kept, and the hold of `actor`'s State on each.

    A wish to lift it is told also once it has lapsed: `lapses_at` says so.
    """
    rows = list(Circle.objects.filter(id__in=list(circles)).select_related("case"))
    own = Hold.objects.filter(circle__in=rows, state=actor.state)
    holds = {hold.circle_id: hold_shape(hold, actor, now=None) for hold in own & standing()}
    lifted = own.filter(lifted_at__isnull=False).order_by("lifted_at")
    until = {hold.circle_id: hold.lifted_at + limits.NOTICE for hold in lifted if hold.lifted_at}
    ends = dues.dues_of(row.case for row in rows)
    return {
        row.id: {
            "closed_at": row.case.closed_at,
            "delete_at": max(due, until.get(row.id, due)) if (due := ends[row.case_id]) else None,
            "retention": row.case.retention,
            "hold": holds.get(row.id),
        }
        for row in rows
    }


def _case_shape(
    case: Case,
    actor: Actor,
    *,
    holds: list[Hold],
    shortening: Shortening | None,
    inside: bool,
    by_office: bool,
    under_way: list[str],
    kept: Mapping[str, date],
    now: datetime,
) -> Shape:
    own = case.state == actor.state
    return {
        "case": case.id,
        "reference": case.reference,
        "state": case.state,
        "states": sorted(case.state_set),
        "retention": case.retention,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "delete_at": dues.due_with(case, kept),
        # What another State signed is told by the date alone.
        "kept_until": kept.get(actor.state),
        "erased_at": case.erased_at,
        "inside": inside,
        "by_office": by_office,
        "under_way": under_way,
        "holds": [hold_shape(one, actor, now=now) for one in holds],
        "shortening": _shortening_shape(shortening) if own and shortening else None,
    }


def keeping_for(actor: Actor, *, office: bool = True, now: datetime) -> Shape:
    """
    Return how long each case is kept that `actor` is in or is told of by their office.

    Without `office` of the latter only those that wait for a second hand, for they may be many.
    The holds of their State on single notes, to whoever may lift them; of these, too.
    And which circles they ever read were deleted: their browsers delete what they kept of them.
    """
    inside = set(
        Case.objects.filter(members__person_id=actor.id, members__removed_at=None).values_list(
            "id", flat=True
        )
    )
    told = of_state(actor, now=now)
    noted = standing().filter(circle__isnull=False) & holds_of(actor)
    if not office:
        noted = noted.filter(lift_asked_at__gt=now - limits.SECOND_HAND)
        waits = standing().filter(case=OuterRef("pk"), state=actor.state)
        waits = waits.filter(lift_asked_at__gt=now - limits.SECOND_HAND)
        told = told.filter(Exists(waits) | Q(id__in=inside))
    by_office = set(told.values_list("id", flat=True))
    rows = list(Case.objects.filter(id__in=inside | by_office).order_by("-opened_at", "id"))
    holds: dict[UUID, list[Hold]] = {}
    for hold in standing().filter(case__in=rows, circle=None).order_by("at", "id"):
        holds.setdefault(hold.case_id, []).append(hold)
    pending = {
        row.case_id: row
        for row in Shortening.objects.filter(case__in=rows, answered_at=None).order_by(
            "proposed_at"
        )
        if policies.is_pending(row.proposed_at, now=now)
    }
    #  told to whoever may close it: of a draft that they do not read no more than its number
    mine = {row.id for row in rows if row.state == actor.state} & inside
    waits_for = elsewhere.under_way(mine)
    kept = elsewhere.kept_until(row.id for row in rows)
    return {
        "classes": [
            {"code": one.code, "years": one.years, "source": one.source}
            for one in rules.classes().values()
        ],
        "cases": [
            _case_shape(
                case,
                actor,
                holds=holds.get(case.id, []),
                shortening=pending.get(case.id),
                inside=case.id in inside,
                by_office=case.id in by_office,
                under_way=waits_for.get(case.id, []),
                kept=kept.get(case.id, {}),
                now=now,
            )
            for case in rows
        ],
        "notes": [hold_shape(one, actor, now=now) for one in noted.order_by("at", "id")],
        "erased": _erased_for(actor),
    }


def _erased_for(actor: Actor) -> list[Shape]:
    read = Reader.objects.filter(person_id=actor.id).values("circle")
    been = set(CaseMember.objects.filter(person_id=actor.id).values_list("case", flat=True))
    rows = Erasure.objects.filter(circle__in=read).select_related("circle__case")
    drafts = Circle.objects.filter(erasure__isnull=False, id__in=read, request__isnull=False)
    requests = dict(drafts.values_list("id", "request__id"))
    return [
        {
            "circle": row.circle_id,
            "kind": row.circle.kind,
            # Of a note the case is known to whoever was in it; their State may have joined since.
            "case": row.circle.case_id
            if row.circle.kind != Circle.Kind.NOTE or row.circle.case_id in been
            else None,
            # Who hangs a request on a circle is above this app: by name alone.
            "request": requests.get(row.circle_id),
            "retention": row.retention,
            "at": row.at,
        }
        for row in rows.order_by("at", "circle_id")
    ]


def digest_of_lift(hold: Hold) -> str:
    """Return the SHA-256 (hex) of what the second hand under lifting names."""
    assert hold.lift_asked_at is not None  # noqa: S101 - asked by callers
    return policies.lift_digest(
        hold=str(hold.id),
        reference=hold.case.reference if hold.circle_id is None else "",
        state=hold.state,
        ground=hold.ground,
        at=hold.at,
        asker=str(hold.lift_asker_id),
        asked=hold.lift_asked_at,
    )


def digest_of_shortening(row: Shortening) -> str:
    """Return the SHA-256 (hex) of what the auditor agrees to."""
    return policies.shortening_digest(
        case=str(row.case_id),
        reference=row.case.reference,
        was=row.was,
        retention=row.retention,
        proposer=str(row.proposer_id),
        at=row.proposed_at,
    )


def is_stopped_since(state: str, person: UUID | None, at: datetime) -> bool:
    """Say whether somebody, or their whole State, was stopped since they gave a hand at `at`."""
    return person is not None and directory.any_cut_off_since(state, [(person, at)])


def away_among(states: Iterable[str], *, now: datetime) -> bool:
    """
    Say whether one of these States cannot have set a hold: its access is stopped, or just was.

    One that comes back has `limits.NOTICE` to look what fell due meanwhile.
    """
    return not _away(now).isdisjoint(states)


def _away(now: datetime) -> set[str]:
    stopped = State.objects.filter(stopped_at__isnull=False)
    back = Stop.objects.filter(kind=Stop.Kind.STATE, ended_at__gt=now - limits.NOTICE)
    return {*stopped.values_list("code", flat=True), *back.values_list("state", flat=True)}


def deletions_before(actor: Actor, until: datetime) -> list[datetime]:
    """Return when what was said in the actor's cases is deleted, of those not held, by `until`."""
    rows = Case.objects.filter(
        members__person_id=actor.id,
        members__removed_at=None,
        closed_at__isnull=False,
        erased_at=None,
    ).exclude(Exists(standing().filter(case=OuterRef("pk"), circle=None)))
    ends = dues.dues_of(rows).values()
    return [at for at in ends if at is not None and at <= until]


def hands_wanted(actor: Actor, *, now: datetime) -> list[datetime]:
    """
    Return until when each wish to lift a hold waits for the actor's own second hand.

    Not what waits for an auditor: they have no list of deadlines, and find it with the cases.
    """
    if actor.roles_in_office.isdisjoint(policies.MAY_AGREE_LIFT):
        return []
    lifts = (
        holds_of(actor)
        .filter(lifted_at=None, lift_asked_at__gt=now - limits.SECOND_HAND)
        .exclude(lift_asker_id=UUID(actor.id))
    )
    asked = lifts.values_list("lift_asked_at", flat=True)
    return [at + limits.SECOND_HAND for at in asked if at is not None]
