"""
Django's session engine over our rows: keys are hashed at rest.

A dump of the database therefore holds no live session. Levels, device and challenges are columns,
changed by services; the dictionary interface exists for Django's own sake and holds nothing.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.utils import timezone

from .models import Session
from .sealing import new_token, token_hash


class SessionStore(SessionBase):
    """One request's view of its session."""

    def __init__(self, session_key: str | None = None) -> None:
        """Look at the session of a cookie's key; nothing is read before it is needed."""
        super().__init__(session_key)
        self.cookie_changed = False
        self.cookie_dropped = False

    def adopt(self, key: str) -> None:
        """Continue under a new key: the answer will carry it in its cookie."""
        self._session_key = key
        self.cookie_changed, self.cookie_dropped = True, False

    def forget(self) -> None:
        """
        Go on without the session, and leave its cookie: it opens nothing.

        An answer that deletes it may come after the one to a sign-in, which brought another: of one
        page several requests are under way at once.
        """
        self._session_key = None

    def drop(self) -> None:
        """Forget the session: the answer will delete the cookie."""
        self._session_key = None
        self.cookie_changed, self.cookie_dropped = False, True

    def load(self) -> dict[str, Any]:
        """Return the session's dictionary; an unknown key becomes no key."""
        row = Session.objects.filter(key_hash=token_hash(self.session_key or "")).first()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row.data) if row.data else {}

    def exists(self, session_key: str) -> bool:
        """Say whether this key opens a session."""
        return Session.objects.filter(key_hash=token_hash(session_key)).exists()

    def create(self) -> None:
        """Start an anonymous session."""
        # Django calls this without a clock.
        key, now = new_token(), timezone.now()  # noqa: TID251 - Django calls this, without a clock
        Session.objects.create(key_hash=token_hash(key), created_at=now, last_seen_at=now)
        self.adopt(key)
        self.modified = True

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """
        Keep the dictionary.

        :raises UpdateError: if the session is gone.
        """
        if must_create or self.session_key is None:
            self.create()
        data = self.encode(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        if not Session.objects.filter(key_hash=token_hash(self.session_key or "")).update(
            data=data
        ):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """Remove the session row."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(key_hash=token_hash(key)).delete()

    def cycle_key(self) -> None:
        """Change the key and keep the row: whoever knew the old key knows nothing now."""
        old, new = self.session_key, new_token()
        if old is None:
            self.create()
            return
        Session.objects.filter(key_hash=token_hash(old)).update(key_hash=token_hash(new))
        self.adopt(new)

    @classmethod
    def clear_expired(cls) -> None:
        """Do nothing: `services.end_expired_sessions` ends sessions and leaves a trace of it."""
