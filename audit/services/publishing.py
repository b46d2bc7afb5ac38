"""From signed to published: the log's own note first, then the cosignatures of a quorum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from ..models import (
    Cosignature,
    Dispute,
    PublishedCheckpoint,
    Sighting,
    SignedCheckpoint,
    Submission,
)
from ..tlog.errors import Unproven
from ..tlog.policy import Policy

AGAIN = timedelta(hours=1)  # after which witnesses are asked about the same tree once more
LEAST = timedelta(seconds=1)  # between two notes that go to the witnesses: never one an act
GRACE = timedelta(milliseconds=500)  # for witnesses that are about to answer, beyond the quorum
PATIENCE = timedelta(seconds=15)  # then a larger tree takes the place of one without a quorum


@transaction.atomic
def publish(*, log: int, size: int, note: str, now: datetime, witnessed: bool = False) -> None:
    """
    Keep a signed note; the same one twice is kept once.

    Without witnesses it is published with the log's word alone. It was signed no earlier than the
    one before it: where a clock was put back, acts that other processes date would else seem to be
    later than what covers them, and `audit verify` says so of one who forges dates.
    """
    before = SignedCheckpoint.objects.filter(log_id=log, size__lt=size).order_by("-size")
    last = before.values_list("at", flat=True).first()
    _, fresh = SignedCheckpoint.objects.get_or_create(
        log_id=log, size=size, defaults={"note": note, "at": max(now, last or now)}
    )
    published = PublishedCheckpoint.objects.filter(log_id=log, size__gte=size)
    if not witnessed and (fresh or not published.exists()):
        PublishedCheckpoint.objects.create(log_id=log, size=size, note=note, at=now)


@transaction.atomic
def submit(*, log: int, now: datetime) -> Submission | None:
    """
    Return the note that witnesses are to cosign now, or None if there is nothing to ask.

    It stays the same until it is published, so that a witness who comes by every few seconds
    signs the same note as the others; if a quorum does not come, a larger tree replaces it.
    """
    newest = SignedCheckpoint.objects.filter(log_id=log).order_by("-size").first()
    if newest is None:
        return None
    lies = Submission.objects.filter(log_id=log).first()
    last = PublishedCheckpoint.objects.filter(log_id=log).order_by("-size", "-id").first()
    published = (
        last is not None
        and lies is not None
        and (last.size > lies.size or (last.size == lies.size and last.at >= lies.at))
    )
    if last is not None and last.size == newest.size and now - last.at < AGAIN:
        return lies  # for those who come late
    if lies is not None:
        age = now - lies.at
        if lies.size == newest.size and not published and age < AGAIN:
            return lies
        if age < (LEAST if published else PATIENCE) and age >= timedelta(0):
            return lies
        lies.delete()
    return Submission.objects.create(log_id=log, size=newest.size, note=newest.note, at=now)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of asking one witness: its line, or what is the matter."""

    line: str | None = None
    trouble: str = ""


@transaction.atomic
def hear(*, submission: Submission, heard: Mapping[str, Heard], now: datetime) -> None:
    """Keep what witnesses said about the note that lies before them, by name in the policy."""
    current = Submission.objects.filter(id=submission.id).exists()
    for name, said in heard.items():
        if said.line is not None and current:
            Cosignature.objects.get_or_create(
                submission_id=submission.id, witness=name, defaults={"line": said.line}
            )
        seen, _ = Sighting.objects.get_or_create(log_id=submission.log_id, witness=name)
        if said.line is not None:
            seen.size, seen.seen_at = max(seen.size, submission.size), now
            seen.trouble, seen.since = "", None
        elif seen.trouble != said.trouble:
            seen.trouble, seen.since = said.trouble, now
        seen.save()


@transaction.atomic
def publish_cosigned(*, submission: Submission, policy: Policy, now: datetime) -> bool:
    """
    Publish the note that lies before the witnesses, if enough of them have signed it.

    A line that comes after the quorum is published too: more witnesses prove more.
    """
    lines = list(
        Cosignature.objects.filter(submission_id=submission.id)
        .order_by("witness")
        .values_list("line", flat=True)
    )
    note = submission.note + "".join(lines)
    try:
        policy.open(note)
    except Unproven:
        return False
    newest = PublishedCheckpoint.objects.filter(log_id=submission.log_id).aggregate(m=Max("size"))
    if (newest["m"] or 0) > submission.size:
        return False
    same = PublishedCheckpoint.objects.filter(log_id=submission.log_id, size=submission.size)
    if same.filter(note=note).exists():
        return False
    PublishedCheckpoint.objects.create(
        log_id=submission.log_id, size=submission.size, note=note, at=now
    )
    return True


@transaction.atomic
def dispute(*, log: int, witness: str, theirs: str, ours: str, now: datetime) -> None:
    """Keep two notes of ours that contradict each other; once for each witness and note."""
    Dispute.objects.get_or_create(
        log_id=log, witness=witness, theirs=theirs, defaults={"ours": ours, "at": now}
    )
