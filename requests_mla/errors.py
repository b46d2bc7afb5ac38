"""What is refused around requests, besides the common errors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from casehub.core.errors import Refused


class TurnTaken(Refused):
    """Somebody else has the editing turn: who, and until when if they do not renew it."""

    code = "turn-taken"

    def __init__(self, *, person: str, until: datetime) -> None:
        super().__init__(None, person=person, until=until.isoformat().replace("+00:00", "Z"))


class VersionBehind(Refused):
    """The draft has a newer version, whose number this is: fetch it first."""

    code = "version-behind"

    def __init__(self, version: int) -> None:
        super().__init__(None, version=version)


class VersionDayFull(Refused):
    """One person's versions of 24 hours are all that the server keeps: room again in so long."""

    code = "version-day-full"

    def __init__(self, *, minutes: int) -> None:
        super().__init__(None, minutes=minutes)


class RulebookBehind(Refused):
    """The draft was screened by another rulebook than the server's, whose version this is."""

    code = "rulebook-behind"

    def __init__(self, rulebook: str) -> None:
        super().__init__(None, rulebook=rulebook)


class NotReady(Refused):
    """These blocking rules fail on what the server knows, and nobody overrode them."""

    code = "not-ready"

    def __init__(self, rules: Sequence[str]) -> None:
        super().__init__(None, rules=list(rules))


class DisclosedRefused(Refused):
    """These disclosed facts are not of the rulebook's vocabulary."""

    code = "disclosed-refused"

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(None, fields=list(fields))


class MoveBehind(Refused):
    """Another move came first: `number` is that of the newest, 0 before the first."""

    code = "move-behind"

    def __init__(self, number: int) -> None:
        super().__init__(None, number=number)


class MoveVersionBehind(VersionBehind):
    """A move is not about the newest version, whose number this is: look at it first."""

    code = "move-version-behind"


class MoveNotReady(NotReady):
    """These blocking rules fail by today's law, so that the request is not authorised or sent."""

    code = "move-not-ready"


class MoveIncomplete(Refused):
    """These fields of a move are missing, not for its act, or hold what is not known."""

    code = "move-incomplete"

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(None, fields=list(fields))
