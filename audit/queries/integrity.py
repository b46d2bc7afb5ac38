"""How far the log is recorded, signed and cosigned, and how its witnesses are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..models import (
    Cosignature,
    Dispute,
    Log,
    LogEntry,
    PublishedCheckpoint,
    Sighting,
    Submission,
    Waiting,
)
from ..tlog.errors import Unproven
from ..tlog.policy import Policy
from . import keys
from .standing import database_now, queued, waiting_since
from .trees import published_size, signed_size, slug_of

SILENT = "silent"


@dataclass(frozen=True, slots=True)
class WitnessState:
    """
    One witness of a log: when it last cosigned and up to which size; `trouble` names what is wrong.

    Codes of `trouble`: silent, unknown-log, refused, nonsense, clock, disputes; empty if none. One
    that is silent is so for every log: a quiet log would ask it no sooner than in an hour.
    """

    name: str
    seen_at: datetime | None
    size: int
    trouble: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class LogState:
    """
    One log, sizes in entries: stored, signed by the log, published under the witnesses' quorum.

    `cosigned` is how many witnesses stand under the published checkpoint, `needed` how many at
    least must; both 0 for a log without witnesses. `waiting` events have no place yet, the oldest
    of them for `waiting_for`.
    """

    name: str
    origin: str
    size: int
    signed: int
    published: int
    published_at: datetime | None
    cosigned: int
    needed: int
    waiting: int
    waiting_for: timedelta | None
    witnesses: tuple[WitnessState, ...]
    disputed: bool


def states() -> list[LogState]:
    """Return how every log stands that has not been closed and published to its end."""
    policy = keys.configured()
    waiting = Waiting.objects.count()
    waits = _ago(waiting_since())
    found = []
    for log in Log.objects.order_by("id"):
        last = PublishedCheckpoint.objects.filter(log=log).order_by("-size", "-id").first()
        if log.closed and last is not None and last.size == log.size:
            continue
        acts = log.name == "acts"
        found.append(
            LogState(
                name=slug_of(log),
                origin=log.origin,
                size=log.size,
                signed=signed_size(log),
                published=last.size if last else 0,
                published_at=last.at if last else None,
                cosigned=cosigned(last.note, policy) if last else 0,
                needed=policy.needed if policy else 0,
                waiting=waiting if acts else 0,
                waiting_for=waits if acts else None,
                witnesses=_witnesses(log, policy),
                disputed=disputed(log.id, policy),
            )
        )
    return found


def behind_for(origin: str) -> timedelta | None:
    """Return how long ago the oldest unpublished act of a log was queued, None if all are out."""
    log = Log.objects.get(origin=origin)
    return _ago(queued(LogEntry.objects.filter(log=log, position__gte=published_size(log))))


def _ago(since: datetime | None) -> timedelta | None:
    return None if since is None else database_now() - since


def moment(posix: int) -> datetime:
    """Return the moment of a cosignature."""
    return datetime.fromtimestamp(posix, tz=UTC)


def cosigned(note: str, policy: Policy | None) -> int:
    """Return how many witnesses of the policy stand under a published note."""
    if policy is None:
        return 0
    try:
        return len(policy.open(note).cosigned)
    except Unproven:
        return 0


def _witnesses(log: Log, policy: Policy | None) -> tuple[WitnessState, ...]:
    seen = {one.witness: one for one in Sighting.objects.filter(log=log)}
    silences = dict(
        Sighting.objects.filter(trouble=SILENT, since__isnull=False)
        .order_by("-since")  # so that the first silence stays
        .values_list("witness", "since")
    )
    never = Sighting(log=log)
    return tuple(
        _state(name, seen.get(name, never), silences.get(name))
        for name in (policy.witnesses if policy else ())
    )


def _state(name: str, own: Sighting, silent_since: datetime | None) -> WitnessState:
    trouble, since = own.trouble, own.since
    if not trouble and silent_since and (own.seen_at is None or own.seen_at <= silent_since):
        trouble, since = SILENT, silent_since
    return WitnessState(name, own.seen_at, own.size, trouble, since)


def disputed(log: int, policy: Policy | None) -> bool:
    """Say whether a witness of the policy holds a note of ours that this tree contradicts."""
    known: Collection[str] = policy.witnesses if policy else ()
    return Dispute.objects.filter(log_id=log, witness__in=list(known)).exists()


def disputes() -> list[Dispute]:
    """Return what witnesses hold against our logs, oldest first."""
    return list(Dispute.objects.order_by("id"))


def sighted(log: Log) -> dict[str, int]:
    """Return up to where each witness, by its name in the policy, has cosigned a log."""
    found = Sighting.objects.filter(log=log, size__gt=0)
    return dict(found.values_list("witness", "size"))


def submission_of(log: Log) -> Submission | None:
    """Return the note that lies before a log's witnesses."""
    return Submission.objects.filter(log=log).first()


def answered(submission: Submission) -> set[str]:
    """Return the witnesses that have cosigned it."""
    found = Cosignature.objects.filter(submission_id=submission.id)
    return set(found.values_list("witness", flat=True))
