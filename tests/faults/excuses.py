"""Which errors processes may speak of while something is away (I14 excuses these, no others)."""

from __future__ import annotations

#  What processes say (`gist`, from end to end) while the database is away: each of them by whoever
#  says it and in all its words, and which failure came of it at last. Not among it: a task whose
#  error nobody awaits (asyncio), and an answer that says that the server is broken.
AWAY = r"django\.request: Service Unavailable: \(withheld\)"  # an answer that asks to try again
_SAYERS = (
    AWAY,
    r"casehub\.audit: the sequencer stumbled",
    r"casehub\.audit: the witnesses could not be asked",
    r"casehub\.batching: a batch of \d+ was rolled back",
    r"casehub\.cases: what was said in a case could not be deleted now",
    r"casehub\.(designations|digests): [a-z_]+ could not be done now",
    r"casehub\.rates: refusals could not be recorded yet",
    r"casehub\.requests: a day of a request was not reminded of now",
    r"casehub\.rounds: a round was not finished",
    r"casehub\.switchboard: the switchboard's _(listen|serve|beat|sweep) stumbled",
)


def because(failures: str, *more: str) -> str:
    """Return the expression of what those say who met one of these failures."""
    return rf"({'|'.join((*_SAYERS, *more))}): ({failures})"


#  PostgreSQL's own lines begin with the time and the number of the process.
_THERE = r"[\w:. +-]+\[\d+\] "
#  Without a number, or with one of a connection that ended.
_GONE = (
    r"(OperationalError|InterfaceError|AdminShutdown|PoolTimeout|ConnectionTimeout)"
    r"( (57P0[123]|08\w{3}))?"
)
NO_DATABASE = (
    AWAY,
    because(_GONE, r"casehub\.storage: try-again"),
    rf"{_THERE}FATAL:  terminating connection due to (administrator|immediate shutdown) command",
    rf"{_THERE}FATAL:  the database system is (starting up|shutting down|in recovery mode)",
    rf"{_THERE}FATAL:  the database system is not (yet )?accepting connections",
)
#  What Redis' absence makes those say who speak with it.
_LAYER = (
    r"channels_redis\.pubsub: Unexpected exception (in receive task|while cleaning-up channel:)"
    r"|casehub\.switchboard: the switchboard's _listen stumbled"
)
_CUT = r"(ConnectionError|ConnectionRefusedError|ConnectionResetError|TimeoutError)( E[A-Z]+)?"
NO_LAYER = (rf"({_LAYER}): {_CUT}",)
#  PostgreSQL, of somebody who is killed while it tells them something.
ORPHANED = (rf"{_THERE}FATAL:  connection to client lost",)
_FILES = r"(LOG|ERROR|FATAL|PANIC):  could not (access|create|extend|open|write)( to)?( log)? file"
NO_ROOM = (
    because(r"(OperationalError|DiskFull) 53100", r"casehub\.storage: storage-full"),
    rf"{_THERE}{_FILES} [^:]*: No space left on device",
    rf"{_THERE}ERROR:  could not write blocks \d+\.\.\d+ in file [^:]*: No space left on device",
    #  A recovery ends with a checkpoint, for which there is no room either: PostgreSQL gives up.
    rf"{_THERE}FATAL:  checkpoint request failed",
    rf"{_THERE}LOG:  [a-z ]+ \(PID \d+\) was terminated by signal 6: Aborted",
    rf"{_THERE}WARNING:  terminating connection because of crash of another server process",
)
NO_ROOM_FOR_FILES = (AWAY, r"casehub\.files: storage-full: OSError ENOSPC")
