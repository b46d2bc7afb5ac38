"""
What requests leave in the log: ids, numbers, rule ids and digests of what nobody can guess.

`states` is the requesting State alone until a request is transmitted: that one is being written
concerns no other yet.
"""

from __future__ import annotations

from dataclasses import dataclass

from audit.events import Event


@dataclass(frozen=True, slots=True)
class RequestOpened(Event):
    """A request was begun in a case file, with these readers of its draft."""

    kind = "requests.request.opened"
    subject_field = "request"
    request: str
    case: str
    circle: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequestRead(Event):
    """Somebody looked into a request: its stage, its versions, who reads it."""

    kind = "requests.request.read"
    goes_on = True
    subject_field = "request"
    request: str


@dataclass(frozen=True, slots=True)
class TurnTakenUp(Event):
    """A person took the editing turn of a draft."""

    kind = "requests.turn.taken"
    subject_field = "request"
    request: str


@dataclass(frozen=True, slots=True)
class TurnGivenBack(Event):
    """A person gave the editing turn back before it ran out."""

    kind = "requests.turn.given-back"
    subject_field = "request"
    request: str


@dataclass(frozen=True, slots=True)
class VersionSaved(Event):
    """An encrypted version of a draft was stored; `digest` is SHA-256 of its ciphertext."""

    kind = "requests.version.saved"
    subject_field = "request"
    request: str
    version: int
    device: str
    digest: str


@dataclass(frozen=True, slots=True)
class AttestationMade(Event):
    """
    A person signed what screening a version gave; with `ready`, the request became ready.

    `digest` is SHA-256 of the signed bytes, which hold a salted commitment; `overridden` are the
    rules that somebody gave a reason against. `requested`, `measures`, `urgency` and `deadline` are
    codes and a day that the version disclosed, so that indicators are made of the log alone.
    """

    kind = "requests.attestation.made"
    subject_field = "request"
    request: str
    version: int
    rulebook: str
    device: str
    digest: str
    overridden: tuple[str, ...]
    ready: bool
    requested: str
    measures: tuple[str, ...]
    urgency: str
    deadline: str


@dataclass(frozen=True, slots=True)
class DraftReaderAdded(Event):
    """A person of the case was let into a draft."""

    kind = "requests.reader.added"
    subject_field = "request"
    request: str
    circle: str
    person: str


@dataclass(frozen=True, slots=True)
class DraftReaderRemoved(Event):
    """A person was shut out of a draft."""

    kind = "requests.reader.removed"
    goes_on = True
    subject_field = "request"
    request: str
    circle: str
    person: str


@dataclass(frozen=True, slots=True)
class MoveMade(Event):
    """
    A request was moved along the table of stages, by whom the table says.

    `digest` is SHA-256 of the signed bytes; `on` the day on which it was done. `said` are the codes
    of it, each as `field:value`, `proof` the hash of the document by which one State recorded what
    the other did, or nothing. Where it takes two hands `proposer` signed it first, and whose act
    this is confirmed it.

    What sends a request says what the State that it goes to sees of it from then on, in codes and a
    day that the sent version disclosed: `requested`, `measures`, `urgency`, `deadline`. That State
    has no earlier event of it. Measures stand in their order: the places that `said` names are
    among them. Of any other step all this is empty.
    """

    kind = "requests.move.made"
    subject_field = "request"
    request: str
    number: int
    step: str
    before: str
    after: str
    version: int
    on: str
    said: tuple[str, ...]
    rules: tuple[str, ...]
    evidence: tuple[str, ...]
    proof: str
    digest: str
    proposer: str = ""
    requested: str = ""
    measures: tuple[str, ...] = ()
    urgency: str = ""
    deadline: str = ""


@dataclass(frozen=True, slots=True)
class MoveProposed(Event):
    """
    Somebody signed a step that takes a second hand: it waits for that, and nothing has moved.

    `digest` is SHA-256 of the signed bytes, which the second hand names. The requested State's own
    until somebody confirms it.
    """

    kind = "requests.proposal.made"
    subject_field = "request"
    request: str
    number: int
    step: str
    digest: str
    due: str


@dataclass(frozen=True, slots=True)
class MoveDeclined(Event):
    """A second person did not confirm a step, by a code; or whoever proposed it took it back."""

    kind = "requests.proposal.declined"
    subject_field = "request"
    request: str
    number: int
    step: str
    digest: str
    reason: str


@dataclass(frozen=True, slots=True)
class DossierRead(Event):
    """Somebody looked into a dossier: where a request stands, and what was done to it."""

    kind = "requests.dossier.read"
    goes_on = True
    subject_field = "request"
    request: str


@dataclass(frozen=True, slots=True)
class ConsultationAsked(Event):
    """
    Focal points of the requested State were asked what they think of a request, informally.

    `questions` are the codes of what they are asked, `version` the draft's that it is about; the
    summary and the answers are in the circle. `due` is until when their State may take its time.
    """

    kind = "requests.consultation.asked"
    subject_field = "consultation"
    consultation: str
    request: str
    circle: str
    state: str
    people: tuple[str, ...]
    version: int
    questions: tuple[str, ...]
    urgent: bool
    due: str


@dataclass(frozen=True, slots=True)
class ConsultationAnswered(Event):
    """
    A focal point answered for their State: the outcome's code; it binds nobody.

    `answer` is the id of the signed message in the circle that says the rest.
    """

    kind = "requests.consultation.answered"
    subject_field = "consultation"
    consultation: str
    request: str
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True)
class ConsultationEnded(Event):
    """
    The State that had asked goes on without an answer: its time was over, or it took it back.

    It is taken back as well by giving up the request that it was about.
    """

    kind = "requests.consultation.ended"
    subject_field = "consultation"
    consultation: str
    request: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ReminderGiven(Event):
    """
    Whoever is to act on a request by a day was reminded of it: of what, of which day.

    `days` is how many before it, by plan; whom it reached is whose turn it was. Nobody's act.
    """

    kind = "requests.reminder.given"
    subject_field = "request"
    request: str
    what: str
    on: str
    days: int


@dataclass(frozen=True, slots=True)
class LetterSent(Event):
    """
    Somebody who carries or drafts a request wrote to the others who do.

    `step` is the number of the move that it goes with, 0 if with none, `digest` SHA-256 of the
    ciphertext, `people` those to whom its key was sealed, `enclosures` the files that it took
    along; its words are in no event. `audience` is `both`, or `home` for what the requesting
    State's people wrote to each other: that is in the log of their State alone.
    """

    kind = "requests.letter.sent"
    subject_field = "letter"
    letter: str
    request: str
    step: int
    digest: str
    people: tuple[str, ...]
    enclosures: tuple[str, ...] = ()
    audience: str = "both"


@dataclass(frozen=True, slots=True)
class LettersShared(Event):
    """Keys of letters were sealed to those who may read them now and could not before."""

    kind = "requests.letters.shared"
    subject_field = "request"
    request: str
    letters: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnclosureBegun(Event):
    """
    Somebody began to upload an encrypted file of so many padded bytes, for a letter to come.

    Until a letter takes it along a file is its uploader's alone: it is in the log of their State.
    """

    kind = "requests.enclosure.begun"
    subject_field = "enclosure"
    enclosure: str
    request: str
    bytes: int


@dataclass(frozen=True, slots=True)
class EnclosureCompleted(Event):
    """All pieces of a file are there; `digest` is what its uploader made of them."""

    kind = "requests.enclosure.completed"
    subject_field = "enclosure"
    enclosure: str
    request: str
    bytes: int
    digest: str


@dataclass(frozen=True, slots=True)
class EnclosureRemoved(Event):
    """Somebody took back a file that no letter had taken along."""

    kind = "requests.enclosure.removed"
    subject_field = "enclosure"
    enclosure: str
    request: str


@dataclass(frozen=True, slots=True)
class EnclosureOpened(Event):
    """Somebody opened a file of a letter, or one of their own that no letter has taken along."""

    kind = "requests.enclosure.opened"
    subject_field = "enclosure"
    enclosure: str
    request: str
