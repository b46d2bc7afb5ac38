"""
The vocabulary of the log: what an event is.

Each app declares its own events as frozen dataclasses that inherit from `Event`; the log knows
only this base. A payload holds opaque ids, codes, numbers and hex digests, never words that a
person typed: whoever reads the log learns who did what and when, not what was said.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

type_registry: dict[str, type[Event]] = {}
Value = str | int | bool | None | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """
    One act. `kind` is `app.subject.past-tense`; `subject_field` names the id it is about.

    `states` lists the two-letter codes of the concerned States: later their auditors find by it
    what they are entitled to see, so it belongs in every event.
    """

    kind: ClassVar[str] = ""
    subject_field: ClassVar[str] = ""
    # Whether it changes who is who, and so also stands in the log of the directory.
    directory: ClassVar[bool] = False
    # Whether it is done even while the log is stalled: reading, coming and going, refusals, and
    # what takes a right away, which nobody may hold up by stopping the log.
    goes_on: ClassVar[bool] = False

    states: tuple[str, ...]

    def __init_subclass__(cls) -> None:
        """Register the kind; two classes may not share one (slots make dataclass run it twice)."""
        known = type_registry.get(cls.kind)
        if cls.kind and known is not None and known.__qualname__ != cls.__qualname__:
            message = f"two events named {cls.kind}"
            raise TypeError(message)
        if cls.kind:
            type_registry[cls.kind] = cls

    @property
    def subject(self) -> str:
        """The id of the thing acted on, or an empty string."""
        return str(getattr(self, self.subject_field)) if self.subject_field else ""

    def payload(self) -> dict[str, Value]:
        """Return the event's own fields, by name; `states` stands beside them, not in them."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "states"}


@dataclass(frozen=True, slots=True)
class ActRefused(Event):
    """A known person's act was refused: who, which act, why, on what."""

    kind = "core.act.refused"
    goes_on = True
    subject_field = "target"
    act: str
    code: str
    target: str


@dataclass(frozen=True, slots=True)
class ProofAsked(Event):
    """
    A known person's act waits for a fresh proof of who they are: who, which act, on what.

    No refusal: the act is as allowed as before. A proof that fails is one, of the signing in.
    """

    kind = "core.proof.asked"
    goes_on = True
    subject_field = "target"
    act: str
    target: str


@dataclass(frozen=True, slots=True)
class CallersRefused(Event):
    """Anonymous or over-rate callers were turned away: a count for one minute."""

    kind = "core.callers.refused"
    goes_on = True
    subject_field = ""
    code: str
    minute: str
    count: int


@dataclass(frozen=True, slots=True)
class EventErased(Event):
    """What an entry of the log had recorded was erased; the entry stays."""

    kind = "audit.event.erased"
    subject_field = "entry"
    entry: str
    ground: str


@dataclass(frozen=True, slots=True)
class KeyRotated(Event):
    """A log is given another key: its id, the one before it, and in what time both sign."""

    kind = "audit.key.rotated"
    subject_field = "key"
    log: str
    key: str
    after: str
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class LogSucceeded(Event):
    """A log's key is trusted no more: which log takes over, and the id of its key."""

    kind = "audit.log.succeeded"
    goes_on = True
    subject_field = "key"
    log: str
    successor: str
    key: str


@dataclass(frozen=True, slots=True)
class BundleExported(Event):
    """Entries of a log were carried away, with what their events say: which, and how many."""

    kind = "audit.bundle.exported"
    goes_on = True
    subject_field = ""
    log: str
    size: int
    first: int
    last: int
    state: str | None
    since: int | None
    until: int | None
    entries: int
