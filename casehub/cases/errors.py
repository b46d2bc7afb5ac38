"""What is refused around case files, besides the common errors."""

from __future__ import annotations

from collections.abc import Sequence

from casehub.core.errors import Refused


class StillUnderWay(Refused):
    """These requests out of a case, by their numbers, are under way with another State."""

    code = "requests-under-way"

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(None, numbers=list(numbers))
