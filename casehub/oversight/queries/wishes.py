"""What has become of a wish that takes two auditors."""

from __future__ import annotations

from datetime import datetime

from ..models import Answer, Wish


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
