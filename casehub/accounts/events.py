"""What accounts leave in the log: ids, methods and reasons, never a name that somebody typed."""

from __future__ import annotations

from dataclasses import dataclass

from audit.events import Event


@dataclass(frozen=True, slots=True)
class AccountOpened(Event):
    """An account came to be."""

    kind = "accounts.account.opened"
    subject_field = "account"
    account: str


@dataclass(frozen=True, slots=True)
class AccountClosed(Event):
    """Somebody closed their own account for good; `sessions` of its sessions ended with it."""

    kind = "accounts.account.closed"
    goes_on = True
    subject_field = "account"
    account: str
    sessions: int


@dataclass(frozen=True, slots=True)
class SignInCompleted(Event):
    """A second factor was shown: the session is full from here on."""

    kind = "accounts.sign-in.completed"
    goes_on = True
    subject_field = "account"
    account: str
    session: str
    method: str


@dataclass(frozen=True, slots=True)
class SignInRenewed(Event):
    """A full session showed a factor again, for acts that want a fresh one."""

    kind = "accounts.sign-in.renewed"
    goes_on = True
    subject_field = "account"
    account: str
    session: str
    method: str


@dataclass(frozen=True, slots=True)
class SignInRefused(Event):
    """A proof was refused; `account` is empty if the name or credential is nobody's."""

    kind = "accounts.sign-in.refused"
    goes_on = True
    subject_field = "account"
    account: str
    method: str
    why: str


@dataclass(frozen=True, slots=True)
class SessionEnded(Event):
    """
    A full session is over.

    `reason` is signed-out, ended-elsewhere (by its own person, from another session), idle,
    absolute, replaced, closed, device-revoked, suspended, removed or state-stopped.
    """

    kind = "accounts.session.ended"
    goes_on = True
    subject_field = "account"
    account: str
    session: str
    reason: str


@dataclass(frozen=True, slots=True)
class PasskeyAdded(Event):
    """A passkey was registered; `credential` is SHA-256 of the credential id."""

    kind = "accounts.passkey.added"
    subject_field = "factor"
    account: str
    factor: str
    credential: str


@dataclass(frozen=True, slots=True)
class PasskeyRemoved(Event):
    """A passkey was removed."""

    kind = "accounts.passkey.removed"
    goes_on = True
    subject_field = "factor"
    account: str
    factor: str


@dataclass(frozen=True, slots=True)
class TotpOffered(Event):
    """The seed of a code generator was shown to its owner; no factor before `totp.added`."""

    kind = "accounts.totp.offered"
    subject_field = "account"
    account: str


@dataclass(frozen=True, slots=True)
class TotpAdded(Event):
    """A code generator was enrolled; the one before it, if any, is void."""

    kind = "accounts.totp.added"
    subject_field = "factor"
    account: str
    factor: str


@dataclass(frozen=True, slots=True)
class RecoveryCodesMade(Event):
    """A new sheet of recovery codes was made; the sheet before it, if any, is void."""

    kind = "accounts.recovery-codes.made"
    subject_field = "account"
    account: str
    count: int


@dataclass(frozen=True, slots=True)
class UnlockShareGiven(Event):
    """The server gave out its half of the key of one browser's local store."""

    kind = "accounts.unlock-share.given"
    goes_on = True
    subject_field = "install"
    account: str
    install: str


@dataclass(frozen=True, slots=True)
class FactorPolicySet(Event):
    """A State said which factors one of its roles may use."""

    kind = "accounts.factor-policy.set"
    subject_field = "role"
    role: str
    passkey: bool
    totp: bool


@dataclass(frozen=True, slots=True)
class RulesAccepted(Event):
    """A person accepted the rules of use; `digest` is SHA-256 of the words in their language."""

    kind = "accounts.rules.accepted"
    subject_field = "account"
    account: str
    digest: str


@dataclass(frozen=True, slots=True)
class BackupKept(Event):
    """A browser left what it had sealed under a recovery kit; `digest` is SHA-256 of it."""

    kind = "accounts.backup.kept"
    goes_on = True
    subject_field = "account"
    account: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class BackupGiven(Event):
    """A browser fetched what lies sealed under its person's recovery kit."""

    kind = "accounts.backup.given"
    goes_on = True
    subject_field = "account"
    account: str
    digest: str


@dataclass(frozen=True, slots=True)
class KitMade(Event):
    """A person has a recovery kit on paper; the one before it, if any, seals nothing any more."""

    kind = "accounts.kit.made"
    subject_field = "account"
    account: str


@dataclass(frozen=True, slots=True)
class KitProven(Event):
    """A person showed to their own browser that they still hold their recovery kit."""

    kind = "accounts.kit.proven"
    subject_field = "account"
    account: str
