"""
The steps, each by the services that do it: `python -m bench.costs.measured`, on an empty database.

All of it in this one process: no socket, no HTTP, nobody else. Messages go through the batcher,
as in a web process, and doorbells to Redis (posting.py); all else is called as it is by name.
Prints what was measured as one line of JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import django

from .sums import slope

if TYPE_CHECKING:
    from messaging.services import Post

    from .posting import Loop

PEOPLE = 48
FEW = 4  # members of a small thread; a large one has all people
THREADS = 12  # of each
TEXT = b"c" * 1024  # of ciphertext
SINGLE, GROUPED = 400, 640  # messages: each in a transaction of its own, and so many in one
GROUP = 32
LARGE = 100  # each in a transaction of its own, in a thread of all people
ACTS = 400
FILES, PIECES = 8, 24
SESSIONS = 240
SOCKETS = 200  # that nobody reads
OWN = (10, 50)  # threads of each
LOOKS = 20
STEPS = (
    "enter", "open", "post", "act", "read_again", "attach", "sign_in", "list_people", "beat",
)  # fmt: skip
HEARD = 200  # threads whose heads are read at once, beside those that messages were written in


@dataclass
class Told:
    """What was measured; bytes, and processor seconds."""

    work_seconds: float = 0.0  # SHA-256 of 1 MiB
    person_bytes: float = 0.0
    person_log_bytes: float = 0.0
    thread_bytes: float = 0.0
    member_bytes: float = 0.0
    message_bytes: float = 0.0
    message_wal: float = 0.0
    message_seconds: float = 0.0
    web_seconds: float = 0.0
    large_seconds: float = 0.0
    grouped_seconds: float = 0.0
    act_seconds: float = 0.0
    entry_bytes: float = 0.0
    tile_bytes: float = 0.0
    entry_seconds: float = 0.0
    again_seconds: float = 0.0
    piece_bytes: float = 0.0
    folder_bytes: float = 0.0  # of a byte of ciphertext
    blocks_bytes: float = 0.0
    piece_seconds: float = 0.0
    read_seconds: float = 0.0
    session_bytes: float = 0.0
    sign_in_bytes: float = 0.0
    look_seconds: float = 0.0
    beat_seconds: float = 0.0
    heads_seconds: float = 0.0
    statements: float = 0.0  # of a person, in the directory's log
    begin_seconds: float = 0.0  # of a statement, in a process that has read none
    change_seconds: float = 0.0  # of a statement, in one that knows all but the newest
    known_seconds: float = 0.0  # of a statement, in one that knows all
    card_bytes: float = 0.0  # of a person, in the list of all
    card_seconds: float = 0.0
    single_shares: dict[str, float] = field(default_factory=dict)  # of the web's writer
    grouped_shares: dict[str, float] = field(default_factory=dict)
    base_bytes: float = 0.0  # of memory, of a web process with nobody connected


def now() -> datetime:
    """Return the time of an act."""
    return datetime.now(UTC)  # noqa: TID251 - the bench is an edge


class Scene:
    """A case with all people in it, and what is done there."""

    def __init__(self, told: Told, loop: Loop) -> None:
        from audit.sequencing import Sequencer  # noqa: PLC0415 - Django is up now
        from tests.factories import Region  # noqa: PLC0415

        self.told, self._loop = told, loop
        self.region = Region(now())
        self.sequencer = Sequencer(clock=now)
        self.people: list[Any] = []
        self.threads: list[UUID] = []
        self._log = 0  # bytes that the log grew by, since something of it was placed

    def signed(self) -> None:
        """Let all that waits be placed and signed."""
        while self.sequencer.tick():
            pass

    def enter(self) -> None:
        """Measure what a person leaves in the directory: account, statements, device."""
        from .spent import spent  # noqa: PLC0415

        for state in ("SV", "MX", "GT"):
            self.region.seat(state)
        self.signed()
        asked = [Asked.now()]
        with spent() as took:
            self.people = [self.region.equipped(("SV", "MX", "GT")[n % 3]) for n in range(PEOPLE)]
            self.signed()
        asked.append(Asked.now())
        for name in ("begin", "change", "known"):
            sizes = [(float(one.statements), getattr(one, name)) for one in asked]
            setattr(self.told, f"{name}_seconds", max(0.0, slope(sizes[0], sizes[1])))
        self.told.statements = (asked[1].statements - asked[0].statements) / PEOPLE
        self.told.person_bytes = took.rest / PEOPLE
        self.told.person_log_bytes = took.log / PEOPLE
        self.case = self.region.case(*self.people)
        self.signed()

    def open(self) -> None:
        """Measure threads of few and of all people, and the marks of those who read them."""
        from messaging import markers  # noqa: PLC0415

        from .spent import spent  # noqa: PLC0415

        found = []
        for size in (FEW, PEOPLE):
            members = self.people[:size]
            with spent() as took:
                for _ in range(THREADS):
                    thread = self.region.thread(*members, case=self.case)
                    for one in members:
                        markers.acknowledge(actor=one.actor, thread=thread, seq=0)
                        markers.mark_read(actor=one.actor, thread=thread, seq=0)
                    self.threads.append(thread)
            found.append((float(size), took.rest / THREADS))
        self.told.member_bytes = slope(found[0], found[1])
        self.told.thread_bytes = max(0.0, found[0][1] - FEW * self.told.member_bytes)
        self.signed()

    def post(self) -> None:
        """Measure messages one by one, as on a quiet day, and in group commit."""
        from .spent import spent  # noqa: PLC0415

        told = self.told
        self._loop.write(self.posts(GROUP))  # what is loaded and made once is there before
        self.signed()
        single = [self.posts(1) for _ in range(SINGLE)]
        grouped = [self.posts(GROUP) for _ in range(GROUPED // GROUP)]
        large = [self.posts(1, THREADS, PEOPLE) for _ in range(LARGE)]
        with spent() as took:
            for posts in single:
                self._loop.write(posts)
        told.message_seconds, told.web_seconds = took.seconds / SINGLE, took.own / SINGLE
        told.message_wal = took.wal / SINGLE
        grown, self._log = took.rest, took.log
        with spent() as took:
            for posts in grouped:
                self._loop.write(posts)
        told.grouped_seconds = took.seconds / GROUPED
        told.message_bytes = (grown + took.rest) / (SINGLE + GROUPED)
        self._log += took.log
        self._loop.require_together(GROUPED, batches=len(grouped))
        with spent() as took:
            for posts in large:
                self._loop.write(posts)
        told.large_seconds = took.seconds / LARGE
        self._log += took.log

    def posts(self, count: int, first: int = 0, members: int = FEW) -> list[Post]:
        """Return so many messages, in turn for four threads from the first on, by their members."""
        from messaging.services import Post  # noqa: PLC0415
        from tests.framed import private_message  # noqa: PLC0415

        posts = []
        for number in range(count):
            thread, id_ = self.threads[first + number % 4], uuid4()
            body = private_message(thread, id=id_, ciphertext=TEXT)
            actor = self.people[number % members].actor
            posts.append(Post(actor=actor, thread=thread, epoch=0, id=id_, body=body))
        return posts

    def act(self) -> None:
        """Measure an act that only leaves its entry, and the log of all that was done so far."""
        from audit.models import LogEntry  # noqa: PLC0415
        from casehub.cases import services  # noqa: PLC0415

        from .spent import spent  # noqa: PLC0415

        told = self.told
        with spent() as took:
            for number in range(ACTS):
                actor = self.people[number % PEOPLE].actor
                services.read_case(case=self.case, actor=actor, now=now())
        told.act_seconds = took.seconds / ACTS
        self._log += took.log
        before = LogEntry.objects.count()
        with spent() as placed:
            self.signed()
        fresh = LogEntry.objects.count() - before
        told.entry_seconds = placed.seconds / fresh
        told.entry_bytes = (self._log + placed.log) / fresh
        told.tile_bytes = placed.tables["audit_tile"] / fresh

    def read_again(self) -> None:
        """Measure how long a signer that starts reads what there is."""
        from audit.models import LogEntry  # noqa: PLC0415
        from audit.sequencing import Sequencer  # noqa: PLC0415

        from .spent import spent  # noqa: PLC0415

        told = self.told
        self.sequencer.close()
        with spent() as took:
            self.sequencer = Sequencer(clock=now)
            self.sequencer.load()
        told.again_seconds = took.seconds / LogEntry.objects.count()

    def attach(self) -> None:
        """Measure files: their pieces' rows, the folder, what storing and reading them takes."""
        from django.conf import settings  # noqa: PLC0415

        from casehub.core import pieces  # noqa: PLC0415

        from .spent import lying, spent  # noqa: PLC0415

        told, uploader = self.told, self.people[0].actor
        size = max(one for one in pieces.sizes() if one <= PIECES * pieces.CHUNK)
        count, before = pieces.chunks_of(size) * FILES, lying(settings.ATTACHMENTS)
        bodies = [bytes(pieces.length_of(size, n)) for n in range(pieces.chunks_of(size))]
        self.signed()
        ids = [uuid4() for _ in range(FILES)]
        with spent() as took:
            for one in ids:
                self._upload(one, size, bodies, uploader)
        told.piece_seconds = took.seconds / count
        told.piece_bytes = took.rest / count
        with spent() as took:
            for one in ids:
                self._fetch(one, len(bodies))
        told.read_seconds = took.seconds / count
        self.signed()
        after, whole = lying(settings.ATTACHMENTS), size * FILES
        told.folder_bytes = (after[0] - before[0]) / whole
        told.blocks_bytes = (after[1] - before[1]) / whole

    def _upload(self, id_: UUID, size: int, bodies: Sequence[bytes], actor: Any) -> None:
        import hashlib  # noqa: PLC0415

        from casehub.core import pieces  # noqa: PLC0415
        from messaging import markers, services  # noqa: PLC0415

        services.begin_attachment(
            thread=self.threads[0], attachment=id_, size=size, actor=actor, now=now()
        )
        for index, body in enumerate(bodies):
            markers.keep_chunk(attachment=id_, index=index, body=body, actor=actor, now=now())
        digest = pieces.of_pieces(id_, (hashlib.sha256(body).digest() for body in bodies)).hex()
        services.complete_attachment(attachment=id_, digest=digest, actor=actor, now=now())

    def _fetch(self, id_: UUID, count: int) -> None:
        from casehub.core import piecestore  # noqa: PLC0415
        from messaging import queries, services  # noqa: PLC0415

        reader = self.people[1].actor
        services.open_attachment(attachment=id_, actor=reader, now=now())
        for index in range(count):
            digest = queries.chunk_digest_for(reader, id_, index, now())
            piecestore.read(piecestore.Kept.ATTACHMENTS, id_, index, digest)

    def sign_in(self) -> None:
        """Measure sessions, and the look each second at whether they still count."""
        from messaging.switchboard import alive  # noqa: PLC0415

        from .spent import spent  # noqa: PLC0415

        told, sessions = self.told, []
        with spent() as took:
            for number in range(SESSIONS):
                one = self.people[number % PEOPLE]
                self.region.session(one)
                sessions.append(one.session)
        told.session_bytes = took.tables["accounts_session"] / SESSIONS
        told.sign_in_bytes = (took.rest - took.tables["accounts_session"]) / SESSIONS
        found = []
        for size in (SESSIONS // 10, SESSIONS):
            alive(set(sessions[:size]), now())
            with spent() as took:
                for _ in range(LOOKS):
                    alive(set(sessions[:size]), now())
            found.append((float(size), took.seconds / LOOKS))
        told.look_seconds = max(0.0, slope(found[0], found[1]))

    def beat(self) -> None:
        """Measure a heartbeat: what its sockets are told, and the read of heads before it."""
        from messaging import queries  # noqa: PLC0415

        from .beating import beat  # noqa: PLC0415
        from .spent import spent  # noqa: PLC0415

        told = self.told
        found = [(float(SOCKETS * own), beat(SOCKETS, own)) for own in OWN]
        told.beat_seconds = slope(found[0], found[1])
        more = [self.region.thread(self.people[0], case=self.case) for _ in range(HEARD)]
        found = []
        for threads in (self.threads, [*self.threads, *more]):
            queries.heads_of(threads)
            with spent() as took:
                for _ in range(10 * LOOKS):
                    heads = queries.heads_of(threads)
            if len(heads) != len(threads):
                raise RuntimeError("a thread has no head")
            found.append((float(len(threads)), took.seconds / (10 * LOOKS)))
        told.heads_seconds = max(0.0, slope(found[0], found[1]))

    def list_people(self) -> None:
        """Measure the list of everybody, as a page asks for it."""
        from casehub.directory import queries  # noqa: PLC0415

        from .spent import spent  # noqa: PLC0415

        told = self.told
        with spent() as took:
            for _ in range(LOOKS):
                cards = queries.people_for(self.people[0].actor)
        told.card_seconds = took.seconds / LOOKS / len(cards)
        told.card_bytes = len(json.dumps(cards, default=str)) / len(cards)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question to the directory's log takes, of so many statements."""

    statements: int
    begin: float
    change: float
    known: float

    @classmethod
    def now(cls) -> Asked:
        """Ask as a process that has read nothing, one that has read nearly all, and all."""
        from casehub.directory.models import SignedStatement  # noqa: PLC0415
        from casehub.directory.queries import replaying  # noqa: PLC0415

        from .spent import spent  # noqa: PLC0415

        with spent() as begun:
            for _ in range(FEW):
                replaying._replayed = None  # noqa: SLF001 - as in a process that begins
                replaying._parsed.clear()  # noqa: SLF001
                replaying.chain()
        with spent() as changed:
            for _ in range(LOOKS):
                replaying._replayed = None  # noqa: SLF001 - as if one had come
                replaying.chain()
        with spent() as known:
            for _ in range(LOOKS):
                replaying.chain()
        took = (begun.seconds / FEW, changed.seconds / LOOKS, known.seconds / LOOKS)
        return cls(SignedStatement.objects.count(), *took)


def main() -> None:
    """Do all of it and print what was told."""
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    import casehub.urls  # noqa: F401, PLC0415 - so that every kind of act is known

    from .posting import Loop  # noqa: PLC0415
    from .profiled import profile  # noqa: PLC0415
    from .spent import fixed_work  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    told = Told(work_seconds=fixed_work())
    with Loop(now) as loop:
        scene = Scene(told, loop)
        for step in STEPS:
            getattr(scene, step)()
        profile(scene)
        scene.sequencer.close()
    told.work_seconds = (told.work_seconds + fixed_work()) / 2
    print(json.dumps(asdict(told)))


if __name__ == "__main__":
    main()
