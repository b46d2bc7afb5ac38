"""What the directory leaves in the log."""

from __future__ import annotations

from dataclasses import dataclass

from audit.events import Event


@dataclass(frozen=True, slots=True)
class StatementEntered(Event):
    """A signed statement of the authority chain was entered; `digest` is its name."""

    kind = "directory.statement.entered"
    subject_field = "person"
    directory = True
    type: str
    person: str
    digest: str


@dataclass(frozen=True, slots=True)
class DeviceRegistered(Event):
    """A person's identity key named a device; `digest` is the name of the statement."""

    kind = "directory.device.registered"
    subject_field = "device"
    directory = True
    device: str
    person: str
    digest: str


@dataclass(frozen=True, slots=True)
class DeviceSelected(Event):
    """A session began to work as one of its person's devices."""

    kind = "directory.device.selected"
    goes_on = True
    subject_field = "device"
    device: str


@dataclass(frozen=True, slots=True)
class StateEntered(Event):
    """A State of the Conference was entered."""

    kind = "directory.state.entered"
    subject_field = "code"
    directory = True
    code: str


@dataclass(frozen=True, slots=True)
class OfficeEntered(Event):
    """An office was entered."""

    kind = "directory.office.entered"
    subject_field = "office"
    directory = True
    office: str


@dataclass(frozen=True, slots=True)
class PersonEntered(Event):
    """A person was entered; their authority comes from signed statements alone."""

    kind = "directory.person.entered"
    subject_field = "person"
    directory = True
    person: str
    roles: tuple[str, ...]
