"""What an export for a court leaves in the log: who, which entries, digests; never its content."""

from __future__ import annotations

from dataclasses import dataclass

from audit.events import Event


@dataclass(frozen=True, slots=True)
class ExportAsked(Event):
    """
    A reader wishes to carry entries `first` to `last` of a thread to a court.

    `wish` is the SHA-256 of what they signed, `messages` how many messages lie in the range, and
    `foreign` says that it takes the consent of their coordination.
    """

    kind = "custody.export.asked"
    subject_field = "export"
    export: str
    thread: str
    first: int
    last: int
    messages: int
    wish: str
    foreign: bool


@dataclass(frozen=True, slots=True)
class ExportAgreed(Event):
    """The coordination of their State consented: `signed` is the SHA-256 of its signature."""

    kind = "custody.export.agreed"
    subject_field = "export"
    export: str
    wish: str
    signed: str


@dataclass(frozen=True, slots=True)
class ExportRefused(Event):
    """The coordination of their State refused, by a reason's code."""

    kind = "custody.export.refused"
    goes_on = True
    subject_field = "export"
    export: str
    wish: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExportMade(Event):
    """It was made: `bundle` is the SHA-256 of its list of files, `pdf` that of its PDF."""

    kind = "custody.export.made"
    subject_field = "export"
    export: str
    thread: str
    wish: str
    bundle: str
    pdf: str
