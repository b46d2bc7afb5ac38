"""Who was signed in when a backup was made is not after it was restored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from casehub.accounts.models import Session, SocketTicket
from casehub.backups import databases


def test_sessions_and_what_hangs_on_them_are_gone(db):
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    session = Session.objects.create(key_hash="k", created_at=now, last_seen_at=now)
    later = now + timedelta(minutes=1)
    SocketTicket.objects.create(ticket_hash="t", session=session, expires_at=later)
    databases.forget_sessions()
    assert (Session.objects.count(), SocketTicket.objects.count()) == (0, 0)
