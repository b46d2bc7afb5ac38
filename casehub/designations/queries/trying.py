"""What somebody has enrolled with in a designation, before and after its key is vouched for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from casehub.accounts import queries as accounts
from casehub.directory.models import Person

from ..models import Designation


def tried_by(found: Designation, person: Person | None) -> UUID | None:
    """Return the account that counts in a designation: for a new key, what was enrolled with."""
    if person is None:
        return None
    return person.enrolling_id if found.rekey and found.bound_at is None else person.account_id


def passkeys_of(found: Designation, person: Person | None) -> list[datetime]:
    """Return when each passkey was made that its person enrolled, the oldest first."""
    account = tried_by(found, person)
    return [] if account is None else accounts.passkeys_made(str(account))
