"""What takes two auditors, as it is told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from casehub.core.http import Strict


class WishHand(Strict):
    """A second auditor's hand: the SHA-256 (hex) of what their page showed of the wish."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class WishOut(Schema):
    """A wish and what became of it. `mine`: the reader asked it, so somebody else decides."""

    id: UUID
    ground: str
    reference: str
    state: Literal["open", "expired", "agreed", "refused", "over"]
    asked_at: datetime
    asked_by: str
    open_until: datetime
    decided_at: datetime | None
    decided_by: str | None
    mine: bool
