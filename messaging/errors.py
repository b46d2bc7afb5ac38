"""What the delivery service refuses, besides the common errors."""

from __future__ import annotations

from casehub.core.errors import Refused


class StaleEpoch(Refused):
    """The group has moved on: catch up, then build the intent again."""

    code = "stale-epoch"

    def __init__(self, *, epoch: int, head: int) -> None:
        super().__init__(None, epoch=epoch, head=head)


class MlsRefused(Refused):
    """The framing checks refused the bytes; `why` is one of `messaging.framing.errors.CODES`."""

    code = "mls-refused"

    def __init__(self, why: str) -> None:
        super().__init__(None, why=why)
