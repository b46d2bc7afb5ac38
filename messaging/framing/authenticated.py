"""
The authenticated data of commits and messages, each in few possible forms.

It travels in clear, so it may hold nothing but what the server needs to recognise a retry; of a
message that is an act on another one, or on its whole thread, which act and the place; of one that
gives somebody earlier messages, to whom, how many and between which entries; of one that its author
calls urgent, that it is; and of a commit the directory by which its author judged: its log, size
and root, as everybody may read them.
There is exactly one encoding (RFC 8785) of each, which a pattern can say whole.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Final

from messaging.framing.errors import FramingError

UUID: Final = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_MESSAGE: Final = re.compile(rb'\{"client_msg_id":"(' + UUID + rb')","v":1\}')
_URGENT: Final = re.compile(rb'\{"client_msg_id":"(' + UUID + rb')","urgent":true,"v":3\}')
_ACT: Final = re.compile(
    rb'\{"about":(0|[1-9][0-9]{0,14}),"act":"(edit|withdraw|acknowledge|pin|unpin|resolve|reopen'
    rb'|ask-leave|give-leave|refuse-leave)","client_msg_id":"(' + UUID + rb')","v":2\}'
)
_NUMBER: Final = rb"([1-9][0-9]{0,14})"
_GRANT: Final = re.compile(
    rb'\{"act":"give-history","client_msg_id":"('
    + UUID
    + rb')","count":'
    + _NUMBER
    + rb',"first":'
    + _NUMBER
    + rb',"last":'
    + _NUMBER
    + rb',"to":"('
    + UUID
    + rb')","v":4\}'
)
_BARE: Final = re.compile(rb'\{"client_id":"(' + UUID + rb')","v":1\}')
_STATING: Final = re.compile(
    rb'\{"client_id":"(' + UUID + rb')","dir_log":"([a-z0-9.:/-]{1,128})"'
    rb',"dir_root":"([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])","dir_size":(0|[1-9][0-9]{0,14}),"v":2\}'
)


STALE_SECONDS: Final = 24 * 60 * 60

ASK: Final = "ask-leave"
ANSWERS: Final = ("give-leave", "refuse-leave")
"""What the author of a message says to who asked for their leave to use it elsewhere."""
WITHDRAW: Final = "withdraw"
ACTS: Final = ("edit", WITHDRAW, "acknowledge", "pin", "unpin", ASK, *ANSWERS)
"""What a message may do to another one of its thread; the text of it is not for the server."""
THREAD_ACTS: Final = ("resolve", "reopen")
"""What a message may do to its thread as a whole; why, is not for the server."""
WHOLE: Final = 0
"""What such a message is about: no entry has this number."""
GIVE: Final = "give-history"
"""What gives a person messages from before they came; it is about no single one of them."""


@dataclass(frozen=True, slots=True)
class HistoryGrant:
    """Whom a grant is for, a person's id, and how many messages of which entries it gives."""

    to: str
    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class MessageAct:
    """
    What a message does, and to what.

    One of `ACTS` and the number of the entry that it is about, or one of `THREAD_ACTS` and `WHOLE`,
    or `GIVE` with `WHOLE` and what is given.
    """

    what: str
    about: int
    grant: HistoryGrant | None = None


@dataclass(frozen=True, slots=True)
class StatedDirectory:
    """The directory that a commit's author had replayed: its log's origin, size, 32-byte root."""

    log: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class LastStated:
    """The most of the directory that a group's commits have stated: a log's origin, and a size."""

    log: str
    size: int


def message_data(data: bytes) -> tuple[str, MessageAct | None, bool]:
    """
    Return an application message's client id, what it does to another one, and if it is urgent.

    :raises FramingError: if its authenticated data is of none of the four forms.
    """
    if (plain := _MESSAGE.fullmatch(data)) is not None:
        return plain[1].decode("ascii"), None, False
    if (urgent := _URGENT.fullmatch(data)) is not None:
        return urgent[1].decode("ascii"), None, True
    if (given := _GRANT.fullmatch(data)) is not None:
        client_id, count, first, last, to = (part.decode("ascii") for part in given.groups())
        grant = HistoryGrant(to, int(first), int(last), int(count))
        return client_id, MessageAct(GIVE, WHOLE, grant), False
    if (found := _ACT.fullmatch(data)) is None:
        raise FramingError("authenticated-data", f"{len(data)} bytes")
    act = MessageAct(found[2].decode("ascii"), int(found[1]))
    if (act.what in THREAD_ACTS) is not (act.about == WHOLE):
        raise FramingError("authenticated-data", f"{len(data)} bytes")
    return found[3].decode("ascii"), act, False


def commit_data(data: bytes) -> tuple[str, StatedDirectory | None]:
    """
    Return the client's id of a commit and what it states, or refuse its authenticated data.

    The first form states nothing: those commits were made before any did.
    """
    if (bare := _BARE.fullmatch(data)) is not None:
        return bare[1].decode("ascii"), None
    if (found := _STATING.fullmatch(data)) is None:
        raise FramingError("authenticated-data", f"{len(data)} bytes")
    root = urlsafe_b64decode(found[3] + b"=")
    return found[1].decode("ascii"), StatedDirectory(found[2].decode("ascii"), int(found[4]), root)


def most_stated(last: LastStated | None, stated: StatedDirectory | None) -> LastStated | None:
    """Return the most that has been stated, `stated` included: of one log, the larger size."""
    if stated is None or (last is not None and last.log == stated.log and last.size > stated.size):
        return last
    return LastStated(stated.log, stated.size)


def check_stated(
    stated: StatedDirectory | None,
    *,
    last: LastStated | None,
    published: bytes | None,
    outgrown_at: int | None,
    ended: bool,
    now: int,
) -> None:
    """
    Check what a commit states of the directory; browsers stop a thread over what this refuses.

    `last` is the most that a commit of the group has stated, `published` the root of a published
    checkpoint of the stated size, `outgrown_at` when a larger one was, in seconds since 1970;
    `ended` says that another log has taken over. Commits once stated nothing; after one that did,
    none may be silent.

    :raises FramingError: `directory-unstated`, `-older`, `-unknown` or `-stale`.
    """
    if stated is None:
        if last is not None:
            raise FramingError("directory-unstated")
        return
    if last is not None and last.log == stated.log and stated.size < last.size:
        raise FramingError("directory-older")
    if published != stated.root:
        raise FramingError("directory-unknown")
    # The last checkpoint of a log that ended is never outgrown, and nobody replays it any more.
    if ended or (outgrown_at is not None and now - outgrown_at >= STALE_SECONDS):
        raise FramingError("directory-stale")
