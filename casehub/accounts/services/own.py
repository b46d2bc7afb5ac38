"""What every change of one's own account asks first: a fresh proof, and the account's lock."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from casehub.accounts import policies
from casehub.accounts.models import Account, Session
from casehub.core.actor import Actor
from casehub.core.errors import require


def require_fresh(actor: Actor, now: datetime) -> None:
    """
    Pass only a session in which a factor was shown within the last minutes.

    :raises Refused: `step-up-needed`.
    """
    verified_at = Session.objects.values_list("verified_at", flat=True).get(id=actor.session)
    require(
        policies.why_not_change_factors(
            verified_at=verified_at, now=now, fresh_seconds=settings.STEP_UP_SECONDS
        )
    )


def own_account(actor: Actor) -> Account:
    """
    Return the caller's account, locked.

    The lock makes two removals wait for each other: together they could take the last factor.
    """
    return Account.objects.select_for_update().get(id=actor.account)
