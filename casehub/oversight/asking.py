"""What an auditor asks for, as values and as it is kept (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A filter over the acts of one State; what is empty is open.

    `acts` holds kinds (`cases.case.read`) or areas (`cases`), `person` a pseudonym, `office` an id,
    `case` a reference. Days are those of the State's capital, both included.
    """

    acts: tuple[str, ...] = ()
    person: str = ""
    office: str = ""
    case: str = ""
    since: date | None = None
    until: date | None = None
    outcome: str = ""

    def kept(self) -> dict[str, Any]:
        """Return it as JSON values, without what is open."""
        days = {
            name: day.isoformat()
            for name, day in (("since", self.since), ("until", self.until))
            if day is not None
        }
        words = {
            name: text
            for name, text in (
                ("person", self.person),
                ("office", self.office),
                ("case", self.case),
                ("outcome", self.outcome),
            )
            if text
        }
        return {**({"acts": sorted(self.acts)} if self.acts else {}), **words, **days}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Asked:
        """Return what `kept` kept."""

        def day(name: str) -> date | None:
            return date.fromisoformat(kept[name]) if name in kept else None

        words = {name: kept.get(name, "") for name in ("person", "office", "case", "outcome")}
        return cls(
            acts=tuple(kept.get("acts", ())), since=day("since"), until=day("until"), **words
        )
