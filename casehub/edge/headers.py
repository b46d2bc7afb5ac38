"""The headers that every answer carries, whether Django, WhiteNoise or the server made it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]
Pairs = list[tuple[bytes, bytes]]

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; "
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
_FIXED: Final = re.compile(r"/static/app/assets/.+|/api/log/[^/]+/tile/.+")
FOREVER: Final = b"public, max-age=31536000, immutable"
NEVER: Final = b"no-store"
OK: Final = (200, 206, 304)
# Replaced or left out: nobody inside may loosen the policy, or let other pages read our files.
_NOT_OURS: Final = {b"cache-control", b"server", b"access-control-allow-origin"}


def caching(path: str, status: int) -> bytes:
    """Return the Cache-Control for an answer: for ever what never changes, else never."""
    return FOREVER if status in OK and _FIXED.match(path) else NEVER


def protection(*, secure: bool) -> Pairs:
    """Return the headers against the browser's own powers; `secure` adds HSTS."""
    return [*_ALWAYS, _STRICT_TRANSPORT] if secure else list(_ALWAYS)


class Headers:
    """
    ASGI wrapper that puts the headers on every HTTP answer.

    It replaces what the application said under the same name: nobody inside may loosen the policy.
    """

    def __init__(self, application: Application, *, secure: bool) -> None:
        self._application = application
        self._protection = protection(secure=secure)
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
                cache = (b"cache-control", caching(scope["path"], message["status"]))
                message = {**message, "headers": [*kept, *self._protection, cache]}
            await send(message)

        await self._application(scope, receive, dressed)
