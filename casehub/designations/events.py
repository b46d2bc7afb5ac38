"""What the life of a designation leaves in the log: ids, codes and digests, no names."""

from __future__ import annotations

from dataclasses import dataclass

from audit.events import Event


@dataclass(frozen=True, slots=True)
class DesignationDrafted(Event):
    """
    Somebody drafted a designation; `person` is the id that its person will have.

    `functions`: what it lets a liaison or coordinator do besides; not in entries before ADR 61.
    """

    kind = "designations.designation.drafted"
    subject_field = "designation"
    designation: str
    person: str
    roles: tuple[str, ...]
    functions: tuple[str, ...]
    urgent: bool


@dataclass(frozen=True, slots=True)
class DesignationChanged(Event):
    """A draft was changed: whatever had been signed over it is void."""

    kind = "designations.designation.changed"
    subject_field = "designation"
    designation: str
    person: str
    voids: str


@dataclass(frozen=True, slots=True)
class DesignationRenewed(Event):
    """
    A new term of somebody designated was begun; `changed`: more than its dates.

    `rekey`: they are to have another identity key.
    """

    kind = "designations.designation.renewed"
    subject_field = "designation"
    designation: str
    renews: str
    person: str
    changed: bool
    rekey: bool


@dataclass(frozen=True, slots=True)
class ConsultationAsked(Event):
    """An agency was asked about a draft: its kind."""

    kind = "designations.consultation.asked"
    subject_field = "consultation"
    consultation: str
    designation: str
    agency: str


@dataclass(frozen=True, slots=True)
class ConsultationAnswered(Event):
    """An agency's answer was entered; `digest` is SHA-256 of its document, or empty."""

    kind = "designations.consultation.answered"
    subject_field = "consultation"
    consultation: str
    designation: str
    outcome: str
    digest: str


@dataclass(frozen=True, slots=True)
class ConsultationWithdrawn(Event):
    """A question to an agency was taken back: it had been noted in error."""

    kind = "designations.consultation.withdrawn"
    subject_field = "consultation"
    consultation: str
    designation: str


@dataclass(frozen=True, slots=True)
class ConsultationLapsed(Event):
    """An agency did not answer by the date: the clock said so."""

    kind = "designations.consultation.lapsed"
    goes_on = True
    subject_field = "consultation"
    consultation: str
    designation: str


@dataclass(frozen=True, slots=True)
class DesignationConsulted(Event):
    """The consultation about a draft was closed, with so many objections."""

    kind = "designations.designation.consulted"
    subject_field = "designation"
    designation: str
    answers: int
    objections: int


@dataclass(frozen=True, slots=True)
class DesignationNominated(Event):
    """
    Somebody nominated: `signed` is SHA-256 of the bytes that they signed and others will.

    `functions` as those bytes say them; not in entries before ADR 61.
    """

    kind = "designations.designation.nominated"
    subject_field = "designation"
    designation: str
    person: str
    functions: tuple[str, ...]
    signed: str


@dataclass(frozen=True, slots=True)
class ApprovalGiven(Event):
    """A hand was put under the nomination `signed`: which of how many."""

    kind = "designations.approval.given"
    subject_field = "designation"
    designation: str
    person: str
    signed: str
    hand: int
    of: int


@dataclass(frozen=True, slots=True)
class DesignationRejected(Event):
    """A designation was rejected, for a reason of the list."""

    kind = "designations.designation.rejected"
    goes_on = True
    subject_field = "designation"
    designation: str
    person: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class DesignationLapsed(Event):
    """A designation's time for a step, or its term, was over: the clock moved it."""

    kind = "designations.designation.lapsed"
    goes_on = True
    subject_field = "designation"
    designation: str
    person: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ExpiryReminded(Event):
    """Those concerned were told that a designation ends in so many days."""

    kind = "designations.expiry.reminded"
    goes_on = True
    subject_field = "designation"
    designation: str
    days: int


@dataclass(frozen=True, slots=True)
class ReadingEnded(Event):
    """The week of reading after a designation was over, and all access: the clock said so."""

    kind = "designations.reading.ended"
    goes_on = True
    subject_field = "designation"
    designation: str
    person: str
    sessions: int


@dataclass(frozen=True, slots=True)
class QuietWarned(Event):
    """
    Those concerned were told what becomes of somebody who does not sign in, in so many days.

    `becomes` is `suspended` or `removed`, `since` the day of their last sign-in.
    """

    kind = "designations.quiet.warned"
    goes_on = True
    subject_field = "person"
    person: str
    becomes: str
    days: int
    since: str


@dataclass(frozen=True, slots=True)
class CodeMade(Event):
    """A one-time code for an enrolment was handed out; an older one is void."""

    kind = "designations.code.made"
    subject_field = "designation"
    designation: str
    person: str


@dataclass(frozen=True, slots=True)
class PersonEnrolled(Event):
    """A code was used: its person has a passkey and an account, and no right yet."""

    kind = "designations.person.enrolled"
    subject_field = "person"
    designation: str
    person: str
    account: str


@dataclass(frozen=True, slots=True)
class KeyOffered(Event):
    """A person proved that they hold an identity key; `key` is its SHA-256. Nobody vouches yet."""

    kind = "designations.key.offered"
    subject_field = "person"
    designation: str
    person: str
    key: str


@dataclass(frozen=True, slots=True)
class BindingSigned(Event):
    """A hand was put under a binding, the statement that a key is a person's: which of how many."""

    kind = "designations.binding.signed"
    subject_field = "person"
    designation: str
    person: str
    signed: str
    hand: int
    of: int


@dataclass(frozen=True, slots=True)
class ReinstatementSigned(Event):
    """A hand was put under a reinstatement: which of two."""

    kind = "designations.reinstatement.signed"
    subject_field = "person"
    person: str
    signed: str
    hand: int
    of: int


@dataclass(frozen=True, slots=True)
class StandingConfirmed(Event):
    """A coordinator confirmed their State's directory: SHA-256 of the list, and how many it has."""

    kind = "designations.standing.confirmed"
    subject_field = ""
    state: str
    digest: str
    count: int


@dataclass(frozen=True, slots=True)
class StandingMissed(Event):
    """A State's directory was not confirmed by the date."""

    kind = "designations.standing.missed"
    goes_on = True
    subject_field = ""
    state: str
    due: str


@dataclass(frozen=True, slots=True)
class OfficerInvited(Event):
    """The operator made a code with which somebody enrols whom a root will name, or has named."""

    kind = "designations.officer.invited"
    subject_field = "designation"
    designation: str
    person: str


@dataclass(frozen=True, slots=True)
class RegionalInvited(Event):
    """The operator made a code with which somebody enrols who will serve the region."""

    kind = "designations.regional.invited"
    subject_field = "designation"
    designation: str
    person: str
    role: str


@dataclass(frozen=True, slots=True)
class RegionalAdmitted(Event):
    """The operator heard the words of somebody's key and let them serve the region until a day."""

    kind = "designations.regional.admitted"
    subject_field = "designation"
    designation: str
    person: str
    role: str
    until: str


@dataclass(frozen=True, slots=True)
class RegionalDismissed(Event):
    """The operator let somebody out who served the region, or was to: at once and for good."""

    kind = "designations.regional.dismissed"
    goes_on = True
    subject_field = "designation"
    designation: str
    person: str
    role: str
    sessions: int


@dataclass(frozen=True, slots=True)
class CeremonyEntered(Event):
    """What a State's root signed offline was carried in: `statement` is its name."""

    kind = "designations.ceremony.entered"
    subject_field = "statement"
    type: str
    person: str
    statement: str
