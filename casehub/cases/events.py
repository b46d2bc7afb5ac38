"""What case files leave in the log."""

from __future__ import annotations

from dataclasses import dataclass

from audit.events import Event


@dataclass(frozen=True, slots=True)
class CaseOpened(Event):
    """A case file was opened, in its owner's State alone."""

    kind = "cases.case.opened"
    subject_field = "case"
    case: str
    reference: str
    circle: str
    retention: str


@dataclass(frozen=True, slots=True)
class StateProposed(Event):
    """
    Somebody proposed to open a case to one more State; `digest` is the SHA-256 of what that is.

    Their own State's alone until its coordination consents.
    """

    kind = "cases.state.proposed"
    subject_field = "case"
    case: str
    joining: str
    state: str
    urgent: bool
    digest: str


@dataclass(frozen=True, slots=True)
class StateConsented(Event):
    """The owner State's coordination consented to the proposal of this digest."""

    kind = "cases.state.consented"
    subject_field = "case"
    case: str
    joining: str
    state: str
    digest: str


@dataclass(frozen=True, slots=True)
class StateAccepted(Event):
    """A State accepted the proposal of this digest: from now on it takes part in the case."""

    kind = "cases.state.accepted"
    subject_field = "case"
    case: str
    joining: str
    state: str
    digest: str


@dataclass(frozen=True, slots=True)
class StateRefused(Event):
    """The owner State's coordination, or the State that was asked, refused: by a reason's code."""

    kind = "cases.state.refused"
    goes_on = True
    subject_field = "case"
    case: str
    joining: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class StateWithdrawn(Event):
    """The owner State took a proposal back."""

    kind = "cases.state.withdrawn"
    goes_on = True
    subject_field = "case"
    case: str
    joining: str
    state: str


@dataclass(frozen=True, slots=True)
class StateObjected(Event):
    """A State that is in the case objected to opening it to another one."""

    kind = "cases.state.objected"
    goes_on = True
    subject_field = "case"
    case: str
    joining: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class CaseRead(Event):
    """Somebody looked into a case file: who is in it, which threads it has."""

    kind = "cases.case.read"
    goes_on = True
    subject_field = "case"
    case: str


@dataclass(frozen=True, slots=True)
class PersonAdded(Event):
    """A person was let into a case file and some of its circles."""

    kind = "cases.person.added"
    subject_field = "case"
    case: str
    person: str
    circles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonRemoved(Event):
    """
    A person was shut out of a case file, its title and its threads.

    If somebody of their own State did it, they left the drafts of the case as well, which are not
    named: the event concerns all States of the case.
    """

    kind = "cases.person.removed"
    goes_on = True
    subject_field = "case"
    case: str
    person: str
    circles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThreadOpened(Event):
    """A thread was opened in a case file, with these readers."""

    kind = "cases.thread.opened"
    subject_field = "circle"
    circle: str
    case: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReaderAdded(Event):
    """A person of the case was let into one thread."""

    kind = "cases.reader.added"
    subject_field = "circle"
    circle: str
    case: str
    person: str


@dataclass(frozen=True, slots=True)
class ReaderRemoved(Event):
    """A person was shut out of one thread."""

    kind = "cases.reader.removed"
    goes_on = True
    subject_field = "circle"
    circle: str
    case: str
    person: str


@dataclass(frozen=True, slots=True)
class CaseClosed(Event):
    """A case was closed by its State: from now on the period of its class runs."""

    kind = "cases.case.closed"
    subject_field = "case"
    case: str
    retention: str


@dataclass(frozen=True, slots=True)
class CaseReopened(Event):
    """A closed case goes on: no period runs."""

    kind = "cases.case.reopened"
    goes_on = True
    subject_field = "case"
    case: str


@dataclass(frozen=True, slots=True)
class RetentionChanged(Event):
    """A case is kept longer than before: its class, and what it was."""

    kind = "cases.retention.changed"
    goes_on = True
    subject_field = "case"
    case: str
    retention: str
    was: str


@dataclass(frozen=True, slots=True)
class ShorteningProposed(Event):
    """A coordination proposed to keep a case less long; `digest` is the SHA-256 of what that is."""

    kind = "cases.retention.proposed"
    subject_field = "case"
    case: str
    shortening: str
    retention: str
    was: str
    digest: str


@dataclass(frozen=True, slots=True)
class RetentionShortened(Event):
    """The State's auditor agreed to the proposal of this digest: the case is kept less long."""

    kind = "cases.retention.shortened"
    subject_field = "case"
    case: str
    shortening: str
    retention: str
    was: str
    digest: str


@dataclass(frozen=True, slots=True)
class ShorteningRefused(Event):
    """It came to nothing: refused by the auditor, or taken back by the coordination."""

    kind = "cases.retention.refused"
    goes_on = True
    subject_field = "case"
    case: str
    shortening: str


@dataclass(frozen=True, slots=True)
class HoldPlaced(Event):
    """
    A State set a legal hold, on a ground of a fixed list: nothing is deleted.

    `held` is the case, or the circle of a note that the State was sent.
    """

    kind = "cases.hold.placed"
    goes_on = True
    subject_field = "held"
    held: str
    hold: str
    ground: str


@dataclass(frozen=True, slots=True)
class HoldLiftAsked(Event):
    """The first of two people of the State that set a hold wants it lifted; `digest` says what."""

    kind = "cases.hold.lift-asked"
    subject_field = "held"
    held: str
    hold: str
    digest: str


@dataclass(frozen=True, slots=True)
class HoldLiftRefused(Event):
    """Somebody of that State said no, or the first took it back: the hold stands."""

    kind = "cases.hold.lift-refused"
    goes_on = True
    subject_field = "held"
    held: str
    hold: str


@dataclass(frozen=True, slots=True)
class HoldLifted(Event):
    """The second of two people lifted a hold, under the same digest."""

    kind = "cases.hold.lifted"
    subject_field = "held"
    held: str
    hold: str
    digest: str


@dataclass(frozen=True, slots=True)
class CaseErased(Event):
    """
    What was said in a case was deleted at the end of its period: in which circles, which class.

    Drafts and notes, of which not all States of the case know, have events of their own.
    """

    kind = "cases.case.erased"
    subject_field = "case"
    case: str
    retention: str
    circles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CircleErased(Event):
    """What was said in a draft's circle or a note's was deleted with its case."""

    kind = "cases.circle.erased"
    subject_field = "circle"
    circle: str
    retention: str
