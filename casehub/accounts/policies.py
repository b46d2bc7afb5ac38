"""Reasons against, decided from values alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

BACKUP_LIMIT = 256 * 1024  # bytes
PASSKEYS_AT_MOST = 10
METHOD_FACTOR = {"passkey": "passkey", "totp": "totp", "recovery-code": "totp"}


def why_over(
    *,
    now: datetime,
    started_at: datetime,
    last_seen_at: datetime,
    idle_seconds: int,
    absolute_seconds: int,
) -> str | None:
    """Return `absolute` or `idle` if a session is over by the clock, or None if it is not."""
    if now - started_at >= timedelta(seconds=absolute_seconds):
        return "absolute"
    if now - last_seen_at >= timedelta(seconds=idle_seconds):
        return "idle"
    return None


def why_not_factor(method: str, allowed: frozenset[str]) -> str | None:
    """
    Return why a sign-in by `method` is refused where only `allowed` factors count.

    A recovery code stands in for the code generator, so it is allowed where that is: a State that
    asks for passkeys does not want a list on paper to do instead.
    """
    return None if METHOD_FACTOR[method] in allowed else "factor-not-allowed"


def why_not_change_factors(
    *, verified_at: datetime | None, now: datetime, fresh_seconds: int
) -> str | None:
    """Return why a session may not change its account's factors: the last proof is too old."""
    if verified_at is None or now - verified_at > timedelta(seconds=fresh_seconds):
        return "step-up-needed"
    return None


def why_not_remove(factors_left: Iterable[str]) -> str | None:
    """Return why the removal that leaves `factors_left` is refused."""
    return None if list(factors_left) else "last-factor"


def why_not_add_passkey(passkeys: int) -> str | None:
    """Return why an account with so many passkeys gets no other one."""
    return None if passkeys < PASSKEYS_AT_MOST else "too-many-passkeys"


def why_not_accept_rules(*, known: bool) -> str | None:
    """Return why words are not accepted as the rules of use: others are in force."""
    return None if known else "rules-other"


def why_not_seal_with(*, mark: str, held: str) -> str | None:
    """Return why what a kit seals is not kept: another one, of mark `held`, is the person's."""
    return None if held in ("", mark) else "kit-replaced"


def why_not_keep_backup(*, size: int, replaces: str, held: str) -> str | None:
    """
    Return why a backup of so many bytes is not kept.

    `replaces` names what its browser has seen and taken over, by SHA-256 in hex, "" for nothing;
    `held` is what is there. Otherwise another browser of the person's has kept one meanwhile.
    """
    if size > BACKUP_LIMIT:
        return "backup-too-large"
    return None if replaces == held else "backup-changed"


def why_not_take_proof(*, opened: str, held: str) -> str | None:
    """
    Return why a kit does not count as proven.

    `opened` names what it opened in its person's browser, `held` what is there, by SHA-256 in hex;
    "" where there is nothing. A kit that opens what is there no more does not open what is.
    """
    return None if opened == held != "" else "kit-proof-other"
