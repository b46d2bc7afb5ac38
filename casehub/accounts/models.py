"""Accounts, their factors, sessions and what hangs on a session."""

from __future__ import annotations

import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django_otp.plugins.otp_totp.models import TOTPDevice

from casehub.core.models import HeadRow

from . import sealing


class Account(AbstractBaseUser, HeadRow):
    """
    Something to sign in with. Who stands behind it is the directory's knowledge.

    There are no superusers and no permissions here: rights follow from roles, object by object.
    """

    leans_on = ("accounts.account.opened", "accounts.account.closed")

    last_login = None  # sign-ins have their own table

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=2, blank=True)  # empty: a regional account
    is_active = models.BooleanField(default=True)
    opened_at = models.DateTimeField()

    objects = BaseUserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.id)


class Level(models.TextChoices):
    """How far a session has come. Nothing but signing in is open below FULL."""

    ANONYMOUS = "anonymous"
    PASSWORD = "password"  # noqa: S105 - the name of a factor
    FULL = "full"


class Session(models.Model):
    """
    One browser's session. The cookie holds the key, this row only the key's SHA-256.

    `id` is not secret and stays while the key changes at every step up. `started_at` is when the
    session became full, `verified_at` when a factor was last shown. `idle_seconds` and
    `whole_seconds` are the limits of the roles that its person had then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_hash = models.CharField(max_length=64, unique=True)
    data = models.TextField(blank=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE)
    level = models.CharField(max_length=9, choices=Level.choices, default=Level.ANONYMOUS)
    method = models.CharField(max_length=16, blank=True)
    device = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField()
    idle_seconds = models.PositiveIntegerField(default=15 * 60)
    whole_seconds = models.PositiveIntegerField(default=12 * 3600)
    ended_at = models.DateTimeField(null=True)
    # The open WebAuthn challenge; a column and not part of `data`, so that taking it is atomic.
    ceremony: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(
        null=True
    )

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(fields=["account", "ended_at"]),
            models.Index(fields=["last_seen_at"]),
        )
        constraints = (
            models.CheckConstraint(
                name="session_level_has_an_account",
                condition=Q(level=Level.ANONYMOUS, account=None)
                | Q(level=Level.PASSWORD, account__isnull=False, started_at=None)
                | Q(level=Level.FULL, account__isnull=False, started_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class SignIn(HeadRow):
    """One full sign-in and its end; stays when the session row is long gone."""

    leans_on = ("accounts.sign-in.completed", "accounts.sign-in.renewed", "accounts.session.ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    session = models.UUIDField(unique=True)
    method = models.CharField(max_length=16)
    device = models.UUIDField(null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, blank=True)

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=["account", "at"]),)
        constraints = (
            models.CheckConstraint(
                name="sign_in_end_has_a_reason",
                condition=Q(ended_at=None, end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class TotpDevice(TOTPDevice):  # type: ignore[misc]  # the library has no types
    """A code generator whose seed is sealed: a thief of the database can compute no code."""

    class Meta:
        proxy = True
        default_permissions = ()

    drift: int

    def keep_key(self, key: bytes) -> None:
        """Seal the 20-byte seed into the column that would otherwise hold it in hex."""
        sealed = sealing.seal(key, purpose="totp", bound_to=str(self.user_id))
        self.key = urlsafe_b64encode(sealed).decode()

    @property
    def bin_key(self) -> bytes:
        """The seed."""
        sealed = urlsafe_b64decode(self.key)
        return sealing.unseal(sealed, purpose="totp", bound_to=str(self.user_id))

    def verify_token(self, token: str) -> bool:
        """
        Check a code and use it up: neither it nor an older one counts again.

        The library would also follow a generator's clock further and further away from ours, so
        that whoever types the next code early a few times is refused the present one.
        """
        right: bool = super().verify_token(token)
        if right and self.drift:
            self.drift = 0
            self.save(update_fields=["drift"])
        return right


class Factor(HeadRow):
    """The act of enrolling a second factor, and of removing it: the device row itself goes then."""

    leans_on = ("accounts.passkey.added", "accounts.passkey.removed", "accounts.totp.added")

    class Kind(models.TextChoices):
        """What kind of factor."""

        PASSKEY = "passkey"
        TOTP = "totp"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # By name: the library looks up the account model while its own module loads.
    credential = models.OneToOneField(
        "django_otp_webauthn.WebAuthnCredential", null=True, on_delete=models.SET_NULL
    )
    totp = models.OneToOneField(TOTPDevice, null=True, on_delete=models.SET_NULL)
    sealed_name = models.BinaryField()  # a person typed it
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=["account", "removed_at"]),)

    def __str__(self) -> str:
        return str(self.id)


class TotpOffer(HeadRow):
    """
    A code generator that its owner was shown and has not confirmed: no factor, opens nothing.

    One row an account, by its key. Only the `session` that was shown the seed may confirm it.
    """

    leans_on = ("accounts.totp.offered",)

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.PROTECT)
    session = models.UUIDField()
    sealed = models.BinaryField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.account_id)


class RecoverySheet(HeadRow):
    """The present sheet of recovery codes of an account."""

    leans_on = ("accounts.recovery-codes.made",)

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.PROTECT)
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.account_id)


class RecoveryCode(models.Model):
    """One code, kept as SHA-256: 80 random bits leave nothing to guess."""

    sheet = models.ForeignKey(RecoverySheet, related_name="codes", on_delete=models.CASCADE)
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class SocketTicket(models.Model):
    """A pass for opening one socket, for one session, once, within seconds."""

    ticket_hash = models.CharField(primary_key=True, max_length=64)
    session = models.ForeignKey(Session, on_delete=models.CASCADE)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.session_id)


class UnlockShare(HeadRow):
    """The server's half of the key of one browser's local store; alone it opens nothing."""

    leans_on = ("accounts.unlock-share.given",)

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    install = models.UUIDField()
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["account", "install"], name="one_share_per_install"),
        )

    def __str__(self) -> str:
        return str(self.install)


class FactorPolicy(HeadRow):
    """Which second factors one State lets one role use. No row: both."""

    leans_on = ("accounts.factor-policy.set",)

    state = models.CharField(max_length=2)
    role = models.CharField(max_length=32)
    passkey = models.BooleanField(default=True)
    totp = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["state", "role"], name="one_factor_policy_per_role"),
            models.CheckConstraint(
                name="factor_policy_allows_something", condition=Q(passkey=True) | Q(totp=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.role}"


class Backup(HeadRow):
    """
    What a person's browser has sealed under the key of their printed recovery kit.

    The server can neither read it nor tell whether it is one: it keeps the newest, one an account.
    """

    leans_on = ("accounts.backup.kept", "accounts.backup.given")

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.PROTECT)
    body = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.account_id)


class Kit(HeadRow):
    """
    Which recovery kit is a person's: what no other kit seals is kept.

    `mark` (64 hex digits) follows from the kit's key, and the key not from it.
    """

    leans_on = ("accounts.kit.made", "accounts.backup.kept")

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.PROTECT)
    mark = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.account_id)


class KitProof(HeadRow):
    """
    On which day a person last showed their own browser that their recovery kit opens the backup.

    The day alone: what they typed stays there, and at what hour they did is in the log.
    """

    leans_on = ("accounts.kit.proven",)

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.PROTECT)
    day = models.DateField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}"


class RulesAcceptance(HeadRow):
    """That a person has accepted the rules of use in the words of one language."""

    leans_on = ("accounts.rules.accepted",)

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["account", "digest"], name="rules_accepted_once"),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.digest[:12]}"
