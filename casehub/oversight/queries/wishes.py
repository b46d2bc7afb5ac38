"""What has become of a wish that takes two auditors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from casehub.core.retries import digest_of

from ..models import Answer, Wish

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(at: datetime) -> str:
    """Return a moment as whole milliseconds since 1970."""
    return str((at - _EPOCH) // timedelta(milliseconds=1))


def wish_digest(what: str, wish: Wish, said: Mapping[str, Any], *subject: str) -> str:
    """
    Return the SHA-256 (hex) of what a second auditor is shown; `wishDigest` in browsers says alike.

    `what` is the kind of wish, `subject` what it is about, `said` the fields of its event.
    """
    return digest_of(
        "casehub-oversight-wish/1",
        what,
        str(wish.id),
        str(said.get("ground", "")),
        str(said.get("reference", "")),
        wish.asker.name,
        milliseconds(wish.asked_at),
        *subject,
    )


def answer_to(wish: Wish) -> Answer | None:
    """Return what the second auditor said, None before they have."""
    found: Answer | None = getattr(wish, "decision", None)
    return found


def stage_of(wish: Wish, *, now: datetime) -> str:
    """Return open, expired, agreed, refused or over."""
    answer = answer_to(wish)
    if answer is None:
        return "open" if wish.open_until > now else "expired"
    if not answer.agreed:
        return "refused"
    return "agreed" if answer.until is not None and answer.until > now else "over"


def asked_shape(
    wish: Wish, said: Mapping[str, Any], *, reader: str, now: datetime
) -> dict[str, Any]:
    """Return who asked on what ground (empty once erased), and what the second auditor said."""
    answer = answer_to(wish)
    return {
        "id": wish.id,
        "ground": said.get("ground", ""),
        "reference": said.get("reference", ""),
        "state": stage_of(wish, now=now),
        "asked_at": wish.asked_at,
        "asked_by": wish.asker.name,
        "open_until": wish.open_until,
        "decided_at": answer.decided_at if answer else None,
        "decided_by": answer.decider.name if answer else None,
        "mine": str(wish.asker_id) == reader,
    }
