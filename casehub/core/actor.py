"""Who is acting: the one shape in which every service learns about its caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Actor:
    """
    A signed-in person, as the directory knows them at this moment.

    `id` and `account` are UUID strings, `state` is the two-letter code of the person's State,
    `session` the id of the session row and `device` the UUID string of the device which the
    session was bound to, or None before that. Roles are re-read for every act, never kept.
    """

    id: str
    account: str
    state: str
    roles: frozenset[str]
    office: str
    session: str
    device: str | None = None
    # Access of their whole State is stopped: they may do what concerns that, and nothing else.
    state_stopped: bool = False
    # Their designation is over: until this moment they read what they read before, and do nothing.
    reads_until: datetime | None = None
    # They enrol for a new key, by a code: until somebody has vouched for it they are nobody yet.
    enrolling: bool = False
    # What their designation lets a liaison or coordinator do besides (`directory.functions`).
    functions: frozenset[str] = frozenset()

    @property
    def functions_in_office(self) -> frozenset[str]:
        """The functions by which they act for others: none once their designation is over."""
        return self.functions if self.reads_until is None else frozenset()

    @property
    def roles_in_office(self) -> frozenset[str]:
        """The roles by which they decide about others: none once their designation is over."""
        return self.roles if self.reads_until is None else frozenset()


class ActorProvider(Protocol):
    """The function that knows people: it lives in a higher app, named in the settings."""

    def __call__(self, *, account: str, session: str, device: str | None) -> Actor | None:
        """Return the actor of an account, or None."""


def actor_for(*, account: str, session: str, device: str | None) -> Actor | None:
    """Return the actor behind `account`, or None if nobody (any longer) stands behind it."""
    provider: ActorProvider = import_string(settings.CASEHUB_ACTOR_PROVIDER)
    return provider(account=account, session=session, device=device)
