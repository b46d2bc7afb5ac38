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
class DeviceRenewed(Event):
    """A person's identity key named a device of theirs for longer; its keys are the same."""

    kind = "directory.device.renewed"
    subject_field = "device"
    directory = True
    device: str
    person: str
    digest: str


@dataclass(frozen=True, slots=True)
class DeviceAsked(Event):
    """A browser asked its person's devices to be named; `device` is what it would be called."""

    kind = "directory.device.asked"
    subject_field = "device"
    device: str
    person: str


@dataclass(frozen=True, slots=True)
class DeviceRefused(Event):
    """A person refused a browser that had asked to be a device of theirs."""

    kind = "directory.device.refused"
    subject_field = "device"
    device: str
    person: str


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


@dataclass(frozen=True, slots=True)
class PersonSuspended(Event):
    """
    A person's access was stopped; `digest` names the signed revocation, empty without one.

    `devices` and `sessions` count what ended with it. Nothing holds it up: not even a stalled log.
    Why is not in it, nor in any other event of the directory's log: all States read that.
    """

    kind = "directory.person.suspended"
    subject_field = "person"
    directory = True
    goes_on = True
    person: str
    digest: str
    devices: int
    sessions: int


@dataclass(frozen=True, slots=True)
class PersonRemoved(Event):
    """A person's access was ended for good; fields as of a suspension."""

    kind = "directory.person.removed"
    subject_field = "person"
    directory = True
    goes_on = True
    person: str
    digest: str
    devices: int
    sessions: int


@dataclass(frozen=True, slots=True)
class DeviceRevoked(Event):
    """One device of a person was stopped; `digest` names the signed revocation, if there is one."""

    kind = "directory.device.revoked"
    subject_field = "device"
    directory = True
    goes_on = True
    device: str
    person: str
    digest: str
    sessions: int


@dataclass(frozen=True, slots=True)
class StateStopped(Event):
    """Access of all people of a State was stopped; for an hour, unless a second person confirms."""

    kind = "directory.state.stopped"
    subject_field = "code"
    directory = True
    goes_on = True
    code: str
    stop: str
    digest: str
    people: int
    sessions: int


@dataclass(frozen=True, slots=True)
class StateStopConfirmed(Event):
    """A second person stands behind a State's stop: it holds until it is lifted."""

    kind = "directory.state.stop-confirmed"
    subject_field = "code"
    directory = True
    goes_on = True
    code: str
    stop: str
    digest: str


@dataclass(frozen=True, slots=True)
class StateLiftAsked(Event):
    """The first of two persons asked to lift a State's stop; `meant` is SHA-256 of what for."""

    kind = "directory.state.lift-asked"
    subject_field = "code"
    code: str
    stop: str
    meant: str


@dataclass(frozen=True, slots=True)
class StateLifted(Event):
    """A State's stop is over: by two persons, or by itself because nobody confirmed it."""

    kind = "directory.state.lifted"
    subject_field = "code"
    directory = True
    code: str
    stop: str
    digest: str
    unconfirmed: bool


@dataclass(frozen=True, slots=True)
class StopCompleted(Event):
    """The signed statement that a stop was made without came after it."""

    kind = "directory.stop.completed"
    subject_field = "stop"
    directory = True
    goes_on = True
    stop: str
    person: str
    digest: str


@dataclass(frozen=True, slots=True)
class StopReasoned(Event):
    """Why somebody or something was stopped, with the act or after it: for its own State alone."""

    kind = "directory.stop.reasoned"
    subject_field = "stop"
    goes_on = True
    stop: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class StopRepeated(Event):
    """Somebody stopped who is stopped already; `voids`: what one had begun to lift it is void."""

    kind = "directory.stop.repeated"
    subject_field = "stop"
    directory = True
    goes_on = True
    stop: str
    person: str
    digest: str
    voids: bool


@dataclass(frozen=True, slots=True)
class NoticeAcknowledged(Event):
    """A State has taken note of what all were told about one."""

    kind = "directory.notice.acknowledged"
    goes_on = True
    subject_field = "notice"
    notice: str
    state: str


@dataclass(frozen=True, slots=True)
class NoticesAcknowledged(Event):
    """A State has taken note of `count` notices at once: all that it had not, up to `notice`."""

    kind = "directory.notices.acknowledged"
    goes_on = True
    subject_field = "notice"
    notice: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class OfficeChanged(Event):
    """An office's name, kind or public telephone was changed by its State's coordinator."""

    kind = "directory.office.changed"
    subject_field = "office"
    directory = True
    office: str


@dataclass(frozen=True, slots=True)
class CompetenceEntered(Event):
    """An office became its State's central authority for an instrument, from a day on."""

    kind = "directory.competence.entered"
    subject_field = "competence"
    directory = True
    competence: str
    instrument: str
    office: str
    since: str


@dataclass(frozen=True, slots=True)
class CompetenceEnded(Event):
    """An office was said to be central authority for an instrument until a day."""

    kind = "directory.competence.ended"
    subject_field = "competence"
    directory = True
    competence: str
    until: str


@dataclass(frozen=True, slots=True)
class HoursChanged(Event):
    """A person's working hours were changed."""

    kind = "directory.hours.changed"
    subject_field = "person"
    person: str


@dataclass(frozen=True, slots=True)
class PagePrinted(Event):
    """Somebody printed a page of the directory: its list, a State or a card."""

    kind = "directory.page.printed"
    goes_on = True


@dataclass(frozen=True, slots=True)
class CardOpened(Event):
    """Somebody looked at a person's card."""

    kind = "directory.card.opened"
    goes_on = True
    subject_field = "person"
    person: str


@dataclass(frozen=True, slots=True)
class ContactChanged(Event):
    """A person's private contact was changed, by them or their State's coordinator."""

    kind = "directory.contact.changed"
    subject_field = "person"
    person: str


@dataclass(frozen=True, slots=True)
class ContactOpened(Event):
    """A person's private contact was shown: within a case, or without one to their own State."""

    kind = "directory.contact.opened"
    goes_on = True
    subject_field = "person"
    person: str
    case: str | None
