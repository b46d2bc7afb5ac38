"""The headers that every answer carries, whether Django, WhiteNoise or the server made it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]
Pairs = list[tuple[bytes, bytes]]

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types svelte-trusted-html"
)
# Everything that a page could ask a browser for, refused, except the passkey it signs in with.
_NOTHING: Final = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "compute-pressure",
    "cross-origin-isolated",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "keyboard-map",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "private-state-token-issuance",
    "private-state-token-redemption",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "unload",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY: Final = ", ".join(
    [
        *(f"{feature}=()" for feature in _NOTHING),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)
_ALWAYS: Final[Pairs] = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", PERMISSIONS_POLICY.encode()),
    (b"x-frame-options", b"DENY"),
]
_STRICT_TRANSPORT: Final = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")

# Vite puts a hash of the content into the names in this folder, and a tile of the log is named by
# how much of the tree it holds: such a file never changes.
FIXED: Final = re.compile(r"/static/app/assets/.+|/api/log/[^/]+/tile/.+")
PAGES: Final = re.compile(r"/static/app/[^/]+")  # the same for everybody, until the next version
FOREVER: Final = b"public, max-age=31536000, immutable"
NEVER: Final = b"no-store"
OK: Final = (200, 206, 304)
# Replaced or left out: nobody inside may loosen the policy, or let other pages read our files.
_NOT_OURS: Final = {b"cache-control", b"server", b"access-control-allow-origin", b"date"}


def caching(path: str, status: int) -> bytes:
    """Return the Cache-Control for an answer: for ever what never changes, else never."""
    return FOREVER if status in OK and FIXED.match(path) else NEVER


def protection(*, secure: bool) -> Pairs:
    """Return the headers against the browser's own powers; `secure` adds HSTS."""
    return [*_ALWAYS, _STRICT_TRANSPORT] if secure else list(_ALWAYS)


# Pages of ours that stand in a frame and show what others have written: see docs/adr/0037.
FRAMED: Final = ("/static/app/viewer.html", "/static/app/viewer-pdf.html")
_META: Final = re.compile(
    r'<meta http-equiv="Content-Security-Policy" content="(default-src \'none\'; [^"]+)">'
)
_AGAIN: Final = b"no-cache"


def isolated(page: str) -> bytes | None:
    """
    Return the policy under which a framed page is served; None if the page names none.

    It is the page's own, which knows the digests of its one script and its one style, and what only
    a header may say: that its origin is nobody's, and that it stands in our own pages alone.
    """
    found = _META.search(page)
    if found is None:
        return None
    return f"{found[1]}; frame-ancestors 'self'; sandbox allow-scripts".encode()


class Headers:
    """
    ASGI wrapper that puts the headers on every HTTP answer.

    It replaces what the application said under the same name: nobody inside may loosen the policy.
    `framed` gives the policies of the few pages that stand in a frame, by their path; `clock` the
    time, in UTC, that each answer says it was made at (RFC 9110, 6.6.1): by it a browser sees
    whether its own clock is far from it.
    """

    def __init__(
        self,
        application: Application,
        *,
        secure: bool,
        clock: Callable[[], datetime],
        framed: Mapping[str, bytes] | None = None,
    ) -> None:
        self._application = application
        self._protection = protection(secure=secure)
        self._framed = framed or {}
        self._clock = clock
        self._ours = {name for name, _ in self._protection} | _NOT_OURS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application, its answers dressed."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [
                    (name, value)
                    for name, value in message.get("headers", [])
                    if name.lower() not in self._ours
                ]
                date = (b"date", format_datetime(self._clock(), usegmt=True).encode())
                dress = [*self._dress(scope["path"], message), date]
                message = {**message, "headers": [*kept, *dress]}
            await send(message)

        await self._application(scope, receive, dressed)

    def _dress(self, path: str, message: Message) -> Pairs:
        own = self._framed.get(path)
        if own is None or message["status"] not in OK:
            return [*self._protection, (b"cache-control", caching(path, message["status"]))]
        instead = {b"content-security-policy": own, b"x-frame-options": b"SAMEORIGIN"}
        worn = [(name, instead.get(name, value)) for name, value in self._protection]
        # Asked about each time, and sent only if it is another one: it is as large as a photograph.
        return [*worn, (b"cache-control", _AGAIN)]
