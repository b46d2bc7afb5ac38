"""What an invitation of the installation makes: a designation in its ceremony, a person, a code."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings

from casehub.accounts import services as accounts
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused
from casehub.directory import services as directory
from casehub.directory.models import Office

from .. import codes, limits
from ..models import Designation, EnrolmentCode
from ..queries import enrolling, reading
from ..stages import Stage


def invited(
    office: Office, role: str, name: str, post: str, languages: Sequence[str], now: datetime
) -> Designation:
    """Return a designation in its ceremony, unsaved, and enter its person, who can do nothing."""
    state = office.state_id or ""
    found = Designation(
        person=uuid4(),
        state=state,
        stage=Stage.CEREMONY,
        stage_since=now,
        name=name,
        post=post,
        office=office,
        roles=role,
        languages=",".join(languages),
        scope="",
        starts=now,
        until=now + limits.LONGEST,
        drafted_at=now,
        serial=uuid4(),
    )
    found.drafter_id = found.person
    account = accounts.open_account(
        username=enrolling.username_of(found), state=state, password_hash=None, actor=None, now=now
    )
    nobody = Actor(id="", account="", state="", roles=frozenset(), office="", session="")
    directory.enter_person(
        known_as=found.person,
        account=account.id,
        state=state,
        office=office.id,
        name=name,
        post=post,
        roles=[],
        languages=languages,
        valid_until=found.until,
        fictional=settings.DEMO,
        actor=nobody,
        now=now,
    )
    return found


def waiting_for_code(person: UUID, roles: Collection[str]) -> Designation:
    """
    Return the designation of somebody who was invited and has not enrolled, held.

    :raises NotVisible: if nobody of that id waits for a code.
    :raises Refused: `enrolled-already`.
    """
    rows = Designation.objects.filter(person=person, stage=Stage.CEREMONY, roles__in=roles)
    found = reading.held(rows).select_related("office").first()
    if found is None:
        raise NotVisible
    if found.codes.filter(used_at__isnull=False).exists():
        raise Refused("enrolled-already")
    return found


def code_for(found: Designation, *, now: datetime) -> tuple[str, datetime]:
    """Save a designation and return a one-time code for it, with its end; earlier ones are void."""
    found.save()
    found.codes.filter(used_at=None, void_at=None).update(void_at=now)
    letters = "".join(secrets.choice(codes.ALPHABET) for _ in range(codes.LETTERS))
    until = now + limits.CODE_LASTS
    EnrolmentCode.objects.create(
        designation=found,
        code_hash=codes.digest_of(letters),
        made_at=now,
        expires_at=until,
        audit_event_id=found.audit_event_id,
    )
    return codes.written(letters), until
