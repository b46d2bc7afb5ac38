"""`manage.py audit receipt`: what somebody was handed of their own act, checked."""

from __future__ import annotations

from django.core.management.base import CommandError, OutputWrapper

from audit import receipt
from audit.tlog.note import Key
from audit.tlog.policy import Policy

WRONG, UNDECIDED = 1, 2  # exit codes


def check(text: str, policy: str | None, own: list[Key], out: OutputWrapper) -> None:
    """
    Print what a receipt proves to whoever believes `policy`, or this machine's `own` keys.

    :raises CommandError: if it proves nothing, or cannot be read.
    """
    try:
        read = receipt.parse(text)
        believed = Policy(logs=list(own), quorum="none") if policy is None else Policy.parse(policy)
    except ValueError as error:
        raise CommandError(str(error), returncode=UNDECIDED) from error
    try:
        opened = read.verify(believed)
    except ValueError as error:
        raise CommandError(f"It is NOT proven: {error}", returncode=WRONG) from error
    checkpoint = opened.checkpoint
    out.write(f"Entry {read.proof.index} of {checkpoint.origin} ({checkpoint.size} entries).")
    out.write(f"Cosigned by {', '.join(opened.cosigned) or 'nobody'}.")
    out.write(read.payload.decode() if read.payload else "Its event was erased.")
