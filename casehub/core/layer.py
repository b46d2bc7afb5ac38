"""
The line to Redis, over which doorbells come: one that has fallen silent is made anew.

Whoever goes without a word (a machine without power, a cable) is found out by the kernel, with
ETIMEDOUT. In Python that is the same TimeoutError as "nothing came for a while", and redis-py takes
it for that: it would ask a dead line again at once, for ever, and let nothing else run meanwhile.
"""

from __future__ import annotations

from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer
from redis.asyncio import connection as lines
from redis.exceptions import ConnectionError as LineLost


class Line(lines.AbstractConnection):
    """A line that says so when it is lost. How long is waited for an answer ends outside of it."""

    async def _read_response_from_parser(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return await super()._read_response_from_parser(*args, **kwargs)
        except TimeoutError as error:
            raise LineLost("the line has fallen silent") from error


class _Plain(Line, lines.Connection):
    pass


class _Tls(Line, lines.SSLConnection):
    pass


class _Unix(Line, lines.UnixDomainSocketConnection):
    pass


_OURS: dict[type[lines.AbstractConnection], type[Line]] = {
    lines.Connection: _Plain,
    lines.SSLConnection: _Tls,
    lines.UnixDomainSocketConnection: _Unix,
}


def host(url: str) -> dict[str, Any]:
    """Return what the channel layer is to know of the Redis at this address: all that it says."""
    # Not as "address": the class that the scheme names would win over ours.
    said = lines.parse_url(url)
    kind = said.get("connection_class", lines.Connection)
    return {**said, "connection_class": _OURS[kind]}


class OverRedis(RedisPubSubChannelLayer):  # type: ignore[misc]  # channels_redis has no types
    """The channel layer of several processes, on lines of ours."""

    def __init__(self, *, url: str, prefix: str) -> None:
        super().__init__(hosts=[host(url)], prefix=prefix)
