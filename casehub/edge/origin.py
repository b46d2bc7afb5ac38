"""Under which names we answer, and which pages may open a socket: exactly our own origins."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from .headers import Application, Receive, Scope, Send
from .refusals import refusal


def has_exactly(scope: Scope, allowed: frozenset[bytes]) -> bool:
    """Return whether the handshake has one Origin header, byte for byte one of `allowed`."""
    origins = [value for name, value in scope["headers"] if name == b"origin"]
    return len(origins) == 1 and origins[0] in allowed


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Close a socket before it opened; on the wire this is HTTP 403."""
    del scope, receive
    await send({"type": "websocket.close", "code": 4403})


class ExactOrigin:
    """
    ASGI wrapper for sockets: another origin, none, or two of them are refused.

    Browsers send cookies along with a socket opened by any page, and no CSRF token; the Origin is
    what tells pages apart. A host name alone would let in another port of the same machine.
    """

    def __init__(self, application: Application, origins: Iterable[str]) -> None:
        self._application = application
        self._allowed = frozenset(origin.encode() for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the socket on, or refuse it."""
        application = self._application if has_exactly(scope, self._allowed) else refuse
        await application(scope, receive, send)


class ExactHost:
    """
    ASGI wrapper for HTTP: a request for another host than ours gets 421, whatever it asks for.

    Somebody else's name may point at our address (DNS rebinding): a page of theirs would then be
    "same origin" with us in its reader's browser.
    """

    def __init__(self, application: Application, origins: Iterable[str], *, secure: bool) -> None:
        self._application = application
        self._allowed = frozenset(urlsplit(origin).netloc.encode() for origin in origins)
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, or refuse it."""
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) == 1 and hosts[0] in self._allowed:
            await self._application(scope, receive, send)
            return
        languages = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
        answer = refusal("wrong-host", accept_language=languages, secure=self._secure)
        await send(
            {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        )
        await send({"type": "http.response.body", "body": answer.body})
