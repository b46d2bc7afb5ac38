"""The key ceremony up to the key: a code on paper, a passkey, an account, an identity key."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import transaction

import audit.services
from casehub.accounts import queries as account_queries
from casehub.accounts import services as accounts
from casehub.accounts.models import Account
from casehub.accounts.services.own import require_fresh
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.directory import services as directory
from casehub.directory.models import Person

from .. import codes, limits, policies
from ..events import CodeMade, KeyOffered, PersonEnrolled
from ..models import Designation, EnrolmentCode
from ..queries import enrolling, hands, reading, saying
from ..stages import Stage
from .moving import about_key, due, end_try, enter_stage, require_step, tell


@transaction.atomic
def make_code(*, designation: UUID, actor: Actor, now: datetime) -> tuple[str, datetime]:
    """
    Make a one-time code for the person's enrolment and return it, the only time, with its end.

    It goes to the person by a way of the State's own, in their hands or by official letter. One
    made before is void. It is refused once the person has enrolled in this ceremony: whoever could
    hand out another code then could take their place.

    :raises NotVisible: if there is no such designation.
    :raises Refused: `step-up-needed`; `designation-stage`, `designation-late`;
        `bound-by-another`; `enrolled-already`; `person-suspended`, `account-closed`.
    """
    require_fresh(actor, now)
    found = reading.designation_for(actor, designation, lock=True)
    require_step(found, "code", now)
    if policies.binders(found.role_list) not in actor.roles:
        raise Refused("bound-by-another")
    if found.renews_id is not None and not found.rekey:
        raise Refused("designation-stage")  # the same key goes on: its binding is all that is left
    require(enrolling.why_closed_to(found))
    begins = found.stage != Stage.CEREMONY
    if not begins and found.codes.filter(used_at__gte=found.stage_since).exists():
        raise Refused("enrolled-already")
    event = CodeMade(states=(actor.state,), designation=str(found.id), person=str(found.person))
    act = audit.services.record(event, actor=actor.id, at=now)
    found.codes.filter(used_at=None, void_at=None).update(void_at=now)
    letters = "".join(secrets.choice(codes.ALPHABET) for _ in range(codes.LETTERS))
    ends = (
        due(Stage.CEREMONY, state=found.state, now=now, urgent=found.urgent, until=found.until)
        if begins
        else found.due_at
    )
    assert ends is not None  # noqa: S101 - a ceremony always has an end
    until = min(now + limits.CODE_LASTS, ends)
    EnrolmentCode.objects.create(
        designation=found,
        code_hash=codes.digest_of(letters),
        made_at=now,
        expires_at=until,
        audit_event_id=act,
    )
    if begins:
        end_try(found, actor=actor, now=now)
        enter_stage(found, Stage.CEREMONY, act=act, now=now, due_at=ends)
    else:
        found.audit_event_id = act
        found.save(update_fields=["audit_event_id"])
        tell(found, *about_key(found))
    return codes.written(letters), until


@transaction.atomic
def enrol(
    *,
    code: str,
    ceremony: dict[str, Any] | None,
    credential: dict[str, Any],
    name: str,
    session: str,
    actor: Actor | None = None,
    now: datetime,
) -> str:
    """
    Use a code up: register the passkey, open the account, make the session full; return its key.

    Nobody is signed in before, so `actor` is None. The person has no right yet: their roles come
    with the binding. Somebody designated who is to have a new key has another account until then,
    in which they are nobody: a code opens nothing that was theirs. An unknown, used, old or void
    code is answered alike; so is one from before its person was stopped or closed their account.

    :raises Refused: `enrolment-refused`, `passkey-refused`.
    :raises SignInNeeded: if the session that asked for the challenge is gone.
    """
    del actor
    row = enrolling.code_row(code, now)
    if row is None or (ceremony or {}).get("code") != row.code_hash:
        raise Refused("enrolment-refused")
    # The condition again, in the UPDATE: of two at once, one wins.
    unused = EnrolmentCode.objects.filter(id=row.id, used_at=None, void_at=None)
    if unused.update(used_at=now) != 1:
        raise Refused("enrolment-refused")
    found = row.designation
    if Person.objects.filter(id=found.person).exists():
        directory.held_person(found.person)  # a stop comes before this or after
        if enrolling.why_closed_to(found, made_at=row.made_at) is not None:
            raise Refused("enrolment-refused")
    account = _account(found, now)
    accounts.enrol_passkey(
        account=account,
        ceremony=ceremony,
        credential=credential,
        name=name,
        actor=_as_actor(found, account, session),
        now=now,
    )
    event = PersonEnrolled(
        states=found.concerned,
        designation=str(found.id),
        person=str(found.person),
        account=str(account.id),
    )
    act = audit.services.record(event, actor=str(found.person), at=now)
    row.used_at, row.audit_event_id = now, act
    row.save(update_fields=["used_at", "audit_event_id"])
    found.audit_event_id = act
    found.save(update_fields=["audit_event_id"])
    tell(found, *about_key(found))
    return accounts.complete_sign_in(
        session=session,
        account=account,
        method="passkey",
        actor=_as_actor(found, account, session),
        now=now,
    )


def _as_actor(found: Designation, account: Account, session: str) -> Actor:
    """Return the enrolled person as an actor: of no role."""
    return Actor(
        id=str(found.person),
        account=str(account.id),
        state=found.state,
        roles=frozenset(),
        office=found.office.name,
        session=session,
    )


def _account(found: Designation, now: datetime) -> Account:
    """
    Return an account opened now, in which nothing of an earlier one is.

    Only an officer's was opened with their invitation, and nobody has enrolled with it.
    """
    person = reading.person_of(found)
    prepared = None if person is None or person.role_set or found.rekey else person.account
    if prepared is not None and prepared.is_active and not _enrolled(prepared):
        return prepared
    username = enrolling.username_of(found)
    if Account.objects.filter(username=username).exists():  # of an earlier try, or of their term
        username = f"{username}.{uuid4().hex[:8]}"
    account = accounts.open_account(
        username=username, state=found.state, password_hash=None, actor=None, now=now
    )
    if person is None:
        directory.enter_person(
            known_as=found.person,
            account=account.id,
            state=found.state,
            office=found.office_id,
            name=found.name,
            post=found.post,
            roles=[],
            languages=found.language_list,
            scope=found.scope_list,
            valid_until=found.until,
            fictional=settings.DEMO,
            actor=_as_actor(found, account, ""),
            now=now,
        )
    elif person.role_set or found.rekey:
        directory.begin_enrolling(person=person.id, account=account.id)
    else:
        Person.objects.filter(id=person.id).update(account=account)
    return account


def _enrolled(account: Account) -> bool:
    return bool(account_queries.enrolled_factors(str(account.id)))


@transaction.atomic
def offer_key(*, key: bytes, proof: bytes, actor: Actor, now: datetime) -> UUID:
    """
    Offer one's own identity key, with the proof that one holds it; return the designation's id.

    Until somebody has heard its six words and signed the binding, it counts for nothing; offered
    again, it takes the earlier one's place.

    :raises NotVisible: if nobody has designated the actor.
    :raises Refused: `designation-stage`, `designation-late`; `signature-refused`; `key-known` if
        it was somebody else's, or another took its place.
    """
    own = enrolling.own_designation(actor)
    found = reading.held(Designation.objects.filter(id=own.id)).select_related("office").get()
    if found.stage != Stage.CEREMONY:
        raise Refused("designation-stage")
    require_step(found, "code", now)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(proof, enrolling.proof_input(found, key))
    except (InvalidSignature, ValueError) as error:
        raise Refused("signature-refused") from error
    if hands.is_key_of_another(key, found.person) or hands.is_replaced(key, found.person):
        raise Refused("key-known")
    event = KeyOffered(
        states=found.concerned,
        designation=str(found.id),
        person=actor.id,
        key=saying.body_digest(key),
    )
    found.key, found.key_at = key, now
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    found.save(update_fields=["key", "key_at", "audit_event_id"])
    tell(found)
    return found.id
