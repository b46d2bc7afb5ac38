"""Accepting messages: many in one transaction, each with its own row, event and answer."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

import audit.services
from audit.events import ActRefused, Event
from audit.promises import Promise
from casehub.accounts import queries as accounts
from casehub.cases import queries as cases
from casehub.cases.queries import keeping
from casehub.core import roles
from casehub.core.actor import Actor
from casehub.core.errors import DomainError, NotAllowed, NotVisible, Refused, SignInNeeded
from casehub.directory import queries as directory
from casehub.directory.models import Person

from .. import chain, framing, limits, notify, policies, queries, storing
from ..errors import MlsRefused, StaleEpoch
from ..models import Entry, Group
from . import acts


@dataclass(frozen=True, slots=True)
class Post:
    """One message that somebody wants stored; `body` is an MLS PrivateMessage, opaque here."""

    actor: Actor
    thread: UUID
    epoch: int
    id: UUID
    body: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """Where a message stands now; for a retry, where it stood all along."""

    id: UUID
    thread: UUID
    seq: int
    chain: bytes
    at: datetime
    event: int = 0  # in the log
    promise: Promise | None = None  # of its place there


Answer = Accepted | DomainError
Header = framing.PrivateMessageHeader | framing.FramingError


def _header_of(body: bytes) -> Header:
    try:
        return framing.read_message_header(body)
    except framing.FramingError as error:
        return error


def _act_in(header: Header) -> framing.MessageAct | None:
    return None if isinstance(header, framing.FramingError) else header.act


def _is_urgent(header: Header) -> bool:
    return not isinstance(header, framing.FramingError) and header.urgent


def _withdraws(header: Header) -> bool:
    act = _act_in(header)
    return act is not None and act.what == framing.WITHDRAW


def _hold_urgent(senders: set[UUID], now: datetime) -> Counter[UUID]:
    """Return how many messages each has called urgent in 24 hours; they call them one at a time."""
    if not senders:
        return Counter()
    if connection.vendor != "sqlite":
        people = Person.objects.filter(id__in=senders).order_by("id")
        list(people.select_for_update(no_key=True).values_list("id"))
    return queries.urgent_since(senders, now - limits.DAY)


class _Batch:
    """What one batch needs to know, read in a fixed number of statements."""

    def __init__(self, posts: Sequence[Post], now: datetime) -> None:
        self.headers = [_header_of(p.body) for p in posts]
        both = zip(posts, self.headers, strict=True)
        self.urgent = _hold_urgent({UUID(p.actor.id) for p, h in both if _is_urgent(h)}, now)
        threads = sorted({p.thread for p in posts})
        cases.hold(threads)
        rows = Group.objects.filter(circle_id__in=threads).order_by("circle_id")
        if connection.vendor != "sqlite":
            rows = rows.select_for_update()
        self.groups = {g.circle_id: g for g in rows}
        # Roles are read for every act: a socket stays open while its person's designation changes.
        doing = {acts.row_of(_act_in(header)) for header in self.headers}
        able = {role for act in doing for role in roles.table()[act].who}
        self.ended = accounts.ended_among({p.actor.session for p in posts if p.actor.session})
        senders = {UUID(p.actor.id) for p in posts}
        self.able = directory.people_with(senders, roles=frozenset(able))
        over = senders - self.able.keys()
        self.week = directory.in_their_week(over, now) if over else {}
        self.entitled = cases.readers_of(threads)
        # A note's States cost one statement more: of a foreign one that would tell that it is one.
        read = {p.thread for p in posts if UUID(p.actor.id) in self.entitled.get(p.thread, ())}
        self.states = cases.states_of(read)
        self.places = queries.places_of(threads, now)
        self.closed = keeping.closed_among(threads)
        withdrawn = {p.thread for p, h in zip(posts, self.headers, strict=True) if _withdraws(h)}
        self.held = keeping.held_among(withdrawn) if withdrawn else set()
        self.known: dict[tuple[UUID, UUID], Entry] = {
            (e.device_id, e.client_id): e
            for e in Entry.objects.filter(
                client_id__in=[p.id for p in posts],
                device_id__in={p.actor.device for p in posts if p.actor.device},
            )
        }
        self.targets = acts.Targets(
            {
                (post.thread, act.about)
                for post, header in zip(posts, self.headers, strict=True)
                if (act := _act_in(header)) is not None
            }
        )
        self.now = now
        self.grown: set[UUID] = set()
        self.grants: dict[acts.Place, framing.HistoryGrant] = {}
        self.fresh: list[tuple[Entry, Post]] = []

    def take(self, post: Post, header: Header) -> Entry:
        """
        Check one post and return its entry: a new one, unsaved, or the one of its first try.

        :raises DomainError: if it is refused.
        """
        if post.actor.session in self.ended:
            raise SignInNeeded
        if UUID(post.actor.id) in self.week:
            raise NotAllowed("designation-over", until=self.week[UUID(post.actor.id)])
        person, act = self.able.get(UUID(post.actor.id)), acts.row_of(_act_in(header))
        if person is None or not person.role_set & set(roles.table()[act].who):
            raise NotAllowed(act=act)
        device = UUID(post.actor.device) if post.actor.device else None
        group = self.groups.get(post.thread)
        entitled = self.entitled.get(post.thread, set())
        if UUID(post.actor.id) not in entitled:
            raise NotVisible
        if group is None:
            raise Refused("not-started")
        digest = hashlib.sha256(post.body).hexdigest()
        known = self.known.get((device, post.id)) if device else None
        if known is not None:
            if known.digest != digest or known.group_id != post.thread:
                raise Refused("id-reused")
            return known
        return self._accept(post, header, person, group, entitled, digest)

    def _accept(
        self,
        post: Post,
        header: Header,
        person: Person,
        group: Group,
        entitled: set[UUID],
        digest: str,
    ) -> Entry:
        device = UUID(post.actor.device) if post.actor.device else None
        places = self.places.get(post.thread, [])
        why_not = policies.why_not_post(places=places, device=device, entitled=entitled)
        if why_not is not None:
            raise Refused(why_not)
        if post.epoch != group.epoch:
            raise StaleEpoch(epoch=group.epoch, head=group.head)
        about = self._check_frame(post, header)
        why_not = policies.why_not_kept_as_is(
            closed=post.thread in self.closed,
            held=post.thread in self.held and _withdraws(header),
        )
        if why_not is not None:
            raise Refused(why_not)
        if about is not None:
            self.targets.require(post.thread, about, person.id)
            self.targets.take(post.thread, about, person.id)
        grant = None if about is None else about.grant
        if grant is not None:
            self.targets.require_grant(grant, head=group.head, places=places, entitled=entitled)
        urgent = _is_urgent(header)
        if urgent:
            why_not = policies.why_not_urgent(of_day=self.urgent[person.id])
            if why_not is not None:
                raise Refused(why_not)
            self.urgent[person.id] += 1
        assert device is not None  # noqa: S101 - the policy refused a session without device
        return self._append(post, group, device, digest, about, urgent=urgent)

    def _check_frame(self, post: Post, header: Header) -> framing.MessageAct | None:
        if isinstance(header, framing.FramingError):
            raise MlsRefused(header.code) from header
        if header.group_id != post.thread.bytes:
            raise MlsRefused("group-mismatch")
        if header.epoch != post.epoch:
            raise MlsRefused("stale-epoch")
        if header.client_id != str(post.id):
            raise MlsRefused("authenticated-data")
        return header.act

    def _append(
        self,
        post: Post,
        group: Group,
        device: UUID,
        digest: str,
        act: framing.MessageAct | None,
        *,
        urgent: bool,
    ) -> Entry:
        group.head += 1
        group.chain = chain.following(
            bytes(group.chain),
            seq=group.head,
            kind=Entry.Kind.MESSAGE,
            epoch=post.epoch,
            device=device,
            client_id=post.id,
            body=post.body,
        )
        entry = Entry(
            group=group,
            seq=group.head,
            kind=Entry.Kind.MESSAGE.value,
            epoch=post.epoch,
            device_id=device,
            client_id=post.id,
            body=post.body,
            digest=digest,
            chain=group.chain,
            act="" if act is None else act.what,
            about=None if act is None else act.about,
            urgent=urgent,
            at=self.now,
        )
        if act is not None and act.grant is not None:
            self.grants[post.thread, entry.seq] = act.grant
        self.known[device, post.id] = entry
        self.fresh.append((entry, post))
        self.grown.add(post.thread)
        return entry

    def event(self, entry: Entry) -> Event:
        """Return the event of a new entry."""
        other = self.targets.other(entry)
        grant = self.grants.get((entry.group_id, entry.seq))
        return acts.event_of(entry, self.states[entry.group_id], other=other, grant=grant)


def _refusal(post: Post, header: Header, error: DomainError) -> ActRefused:
    act = acts.row_of(_act_in(header))
    return ActRefused(states=(post.actor.state,), act=act, code=error.code, target=str(post.thread))


@transaction.atomic
def accept_messages(*, posts: Sequence[Post], now: datetime) -> list[Answer]:
    """
    Store encrypted messages in the order given and tell the members; answer each in its place.

    Group commit: the batch shares one transaction and a fixed number of statements, yet each
    message keeps its own checks, row, event and answer, and one refused leaves its neighbours
    alone. A refusal is logged here, since this transaction does not roll back for it.

    An answer is `Accepted`, or SignInNeeded (the session was ended), NotAllowed (no role of the
    actor's may post; `designation-over`: they only read any more), NotVisible (the actor does not
    read the thread), StaleEpoch (the group has moved on), MlsRefused (the frame), or Refused with
    `not-started`, `id-reused`, `device-not-in-group`, `removal-pending`; of an act on another
    message with `message-unknown`, `message-not-yours`, `message-withdrawn`, `message-own`,
    `message-act-done`, `message-edits-many`; of one on leave with `leave-own`, `leave-not-yours`,
    `leave-asks-many`; of one that gives history with `history-not-reader`, `history-range`; of an
    urgent one with `message-urgent-many`; with `case-closed`, and of a withdrawal with `case-held`.
    """
    batch = _Batch(posts, now)
    answers: list[Answer] = []
    events: list[Event] = []
    actors: list[str] = []
    for post, header in zip(posts, batch.headers, strict=True):
        try:
            entry = batch.take(post, header)
        except DomainError as error:
            events.append(_refusal(post, header, error))
            actors.append(post.actor.id)
            answers.append(error)
            continue
        answers.append(Accepted(post.id, post.thread, entry.seq, bytes(entry.chain), entry.at))
    fresh = batch.fresh
    events += [batch.event(entry) for entry, _ in fresh]
    actors += [post.actor.id for _, post in fresh]
    ids = audit.services.record_many(events, actors=actors, at=now)
    for (entry, _), event_id in zip(fresh, ids[len(ids) - len(fresh) :], strict=True):
        entry.audit_event_id = event_id
    entries = batch.known
    answers = [
        replace(one, event=entries[UUID(str(post.actor.device)), post.id].audit_event_id)
        if isinstance(one, Accepted)
        else one
        for one, post in zip(answers, posts, strict=True)
    ]
    storing.append([entry for entry, _ in fresh])
    grown = [batch.groups[thread] for thread in sorted(batch.grown)]
    storing.grow(grown)
    for group in grown:
        notify.thread_grew(group.circle_id)
    return answers
