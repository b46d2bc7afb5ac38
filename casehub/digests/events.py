"""What the daily e-mail leaves in the log: whose, and how it went; no address, no count."""

from __future__ import annotations

from dataclasses import dataclass

from audit.events import Event


@dataclass(frozen=True, slots=True)
class SettingChanged(Event):
    """Somebody chose how often an e-mail tells them that there is something new."""

    kind = "digests.setting.changed"
    subject_field = "person"
    person: str
    often: str


@dataclass(frozen=True, slots=True)
class MailHanded(Event):
    """
    An e-mail of counts to somebody goes to the mail server: written down before it leaves.

    `attempt` is 1, or more where the mail server had put it off.
    """

    kind = "digests.mail.handed"
    subject_field = "person"
    person: str
    attempt: int


@dataclass(frozen=True, slots=True)
class MailFailed(Event):
    """It did not go, or nobody knows: the mail server put it `off`, `refused` it, was `silent`."""

    kind = "digests.mail.failed"
    goes_on = True
    subject_field = "person"
    person: str
    attempt: int
    why: str
