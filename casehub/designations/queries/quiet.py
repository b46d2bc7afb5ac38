"""Who has not signed in for long, since when, and what the clock has said of it so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from casehub.accounts.models import SignIn
from casehub.core.actor import Actor
from casehub.directory.models import Person, Stop

from .. import limits, policies
from ..models import Designation, QuietStep
from ..stages import OPEN, Stage

AT_ONCE = 100
_FIRST = limits.QUIET - max(limits.QUIET_WARNINGS) * limits.DAY


def silent(now: datetime) -> list[UUID]:
    """
    Return those designated, in force, for whom a step is due: they have not signed in for long.

    Officers of a ministry are named by a root and nobody's nominees: they are not asked about, so
    that somebody is left to let the others in again.
    """
    last = SignIn.objects.filter(account=OuterRef("account")).order_by("-at").values("at")[:1]
    designated = [Q(roles__contains=role) for role in sorted(policies.DESIGNATED)]
    rows = (
        Person.objects.filter(reduce(or_, designated), account__is_active=True, removed_at=None)
        .filter(valid_until__gt=now, state__isnull=False, state__stopped_at=None)
        .filter(account__opened_at__lte=now - _FIRST)
        .annotate(last=Subquery(last))
        .filter(Q(last=None) | Q(last__lte=now - _FIRST))
        .select_related("account")
        .order_by("id")
    )
    people = list(rows)
    began = _since_of(people)
    taken_of = _taken_of(began)
    due = (
        one.id
        for one in people
        if _step(one, began[one.id], taken_of.get(one.id, {}), now) is not None
    )
    return list(islice(due, AT_ONCE))


def is_asked_about(person: Person, now: datetime) -> bool:
    """Say whether somebody is to sign in at all: their term runs, and nobody has removed them."""
    signs_in = person.account is not None and person.account.is_active
    out = person.removed_at is not None or person.state_stopped or person.valid_until <= now
    return signs_in and not out and not person.role_set.isdisjoint(policies.DESIGNATED)


def since(person: Person) -> datetime:
    """
    Return since when somebody could have signed in and did not.

    From their last sign-in; from whatever let them in again after it: a new term, the end of a
    suspension, the end of their State's stop.
    """
    return _since_of([person])[person.id]


def _since_of(people: Sequence[Person]) -> dict[UUID, datetime]:
    """Return the same of each of these people, in as many questions as of one."""
    ids, accounts = [one.id for one in people], [one.account_id for one in people]
    signed_in = _latest(SignIn.objects.filter(account__in=accounts), "account", "at")
    bound = _latest(Designation.objects.filter(person__in=ids), "person", "bound_at")
    stops = Stop.objects.filter(ended_at__isnull=False)
    let_in = _latest(stops.filter(person__in=ids, kind=Stop.Kind.SUSPENDED), "person", "ended_at")
    states = {one.state_id for one in people}
    lifted = _latest(stops.filter(state__in=states, kind=Stop.Kind.STATE), "state", "ended_at")
    found = {}
    for one in people:
        assert one.account is not None  # noqa: S101 - only whoever has an account is asked about
        moments = (
            one.account.opened_at,
            signed_in.get(one.account_id),
            bound.get(one.id),
            let_in.get(one.id),
            lifted.get(one.state_id),
        )
        found[one.id] = max(at for at in moments if at is not None)
    return found


def _latest(rows: QuerySet[Any], of: str, what: str) -> dict[Any, datetime]:
    """Return the latest moment of each group of rows that has one."""
    latest = rows.order_by().values_list(of).annotate(latest=Max(what))
    return {key: at for key, at in latest if at is not None}


def taken(person: UUID, began: datetime) -> dict[str, datetime]:
    """Return when each step was taken against a silence that began then, by code."""
    return _taken_of({person: began}).get(person, {})


def _taken_of(began: Mapping[UUID, datetime]) -> dict[UUID, dict[str, datetime]]:
    """Return the same of each person, of the silence that began at their moment."""
    found: dict[UUID, dict[str, datetime]] = {}
    rows = QuietStep.objects.filter(person__in=began)
    for person, since_, step, at in rows.values_list("person_id", "since", "step", "at"):
        if since_ == began[person]:
            found.setdefault(person, {})[step] = at
    return found


def step_of(person: Person, now: datetime) -> policies.QuietStep | None:
    """Return the step that is due of somebody now, or None."""
    began = since(person)
    return _step(person, began, taken(person.id, began), now)


def _step(
    person: Person, began: datetime, said: Mapping[str, datetime], now: datetime
) -> policies.QuietStep | None:
    return policies.quiet_step(
        since=began,
        taken=said,
        suspended=person.suspended_at is not None,
        now=now,
    )


def ahead_of(person: Person) -> dict[str, Any] | None:
    """
    Return what was said to come of somebody's silence and has not: what, when, and since when.

    None if they have signed in since, or nothing was said.
    """
    began = since(person)
    return _ahead(began, taken(person.id, began))


def _ahead(began: datetime, said: Mapping[str, datetime]) -> dict[str, Any] | None:
    left = [one for one in policies.QUIET_STEPS if one.code not in said]
    if not said or not left:
        return None
    last = policies.QUIET_STEPS[len(policies.QUIET_STEPS) - len(left) - 1]
    if last.left == 0:
        return None  # it has come, and the next warning has not
    stop = next(one for one in left if one.left == 0)
    at = max(
        policies.quiet_at(stop, since=began, taken=said), said[last.code] + last.left * limits.DAY
    )
    return {"becomes": last.becomes, "at": at, "since": began}


def ahead(people: Collection[Person]) -> dict[UUID, dict[str, Any]]:
    """Return the same of each of these people of whom something was said."""
    asked = {one.id: one for one in people if one.account_id is not None}
    said = set(QuietStep.objects.filter(person__in=asked).values_list("person_id", flat=True))
    began = _since_of([asked[person] for person in said])
    taken_of = _taken_of(began)
    found = {person: _ahead(at, taken_of.get(person, {})) for person, at in began.items()}
    return {person: one for person, one in found.items() if one is not None}


def reminders_of(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Return what was said of the actor's own access in the last year, newest first."""
    own = Person.objects.get(id=actor.id)
    near = [days for days in limits.REMIND_DAYS if own.valid_until - now <= days * limits.DAY]
    by_code = {step.code: step for step in policies.QUIET_STEPS}
    back = SignIn.objects.filter(account=own.account_id, at__gte=OuterRef("at")).order_by("at")
    rows = QuietStep.objects.filter(person=own, at__gt=now - limits.LONGEST).annotate(
        back_at=Subquery(back.values("at")[:1])
    )
    return {
        "ends_at": own.valid_until,
        "reminder": min(near, default=None) if own.valid_until > now else None,
        "said": [
            {
                "becomes": by_code[row.step].becomes,
                "days": by_code[row.step].left,
                "at": row.at,
                "since": row.since,
                "back_at": row.back_at,
            }
            for row in rows.order_by("-at")
        ],
        "new_key": _new_key(own),
    }


def _new_key(own: Person) -> dict[str, Any] | None:
    """Return what their State is doing about another key for somebody: they may know nothing."""
    found = Designation.objects.filter(person=own.id, rekey=True, stage__in=OPEN).first()
    if found is None:
        return None
    used = found.codes.filter(used_at__gte=found.stage_since).aggregate(at=Max("used_at"))["at"]
    enrolled = found.stage == Stage.CEREMONY and used is not None
    at = used if enrolled else found.stage_since
    return {"stage": found.stage, "at": at, "enrolled": enrolled}
