"""What the indicators leave in the log: who read which quarter."""

from __future__ import annotations

from dataclasses import dataclass

from audit.events import Event


@dataclass(frozen=True, slots=True)
class IndicatorsRead(Event):
    """Somebody read a quarter's indicators: of their State, or of the region as a whole."""

    kind = "indicators.quarter.read"
    goes_on = True
    subject_field = ""
    quarter: str
