"""The application as the server calls it: Django behind HTTP, the inbox behind the socket."""

import os
from typing import Any

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import re_path
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casehub.settings")
django.setup(set_prefix=False)

# Django's apps are ready only from here on.
from casehub.edge.handler import Handler  # noqa: E402
from casehub.edge.headers import FRAMED, Headers, isolated  # noqa: E402
from casehub.edge.origin import ExactHost, ExactOrigin, refuse  # noqa: E402
from messaging.routing import websocket_urlpatterns  # noqa: E402

# Django's stubs know `re_path` for views only; Channels uses it for sockets too.
elsewhere: Any = re_path(r"", refuse)  # type: ignore[arg-type]
routes: list[Any] = [*websocket_urlpatterns, elsewhere]


def _framed() -> dict[str, bytes]:
    """Return the policies of the pages that were built to stand in a frame."""
    found = {}
    for path in FRAMED:
        file = settings.FRONTEND_DIST / path.rpartition("/")[2]
        policy = isolated(file.read_text(encoding="utf-8")) if file.is_file() else None
        if policy is not None:
            found[path] = policy
    return found


application = Headers(
    ProtocolTypeRouter(
        {
            "http": ExactHost(Handler(), settings.ORIGINS, secure=settings.SECURE),
            "websocket": ExactOrigin(URLRouter(routes), settings.ORIGINS),
        }
    ),
    secure=settings.SECURE,
    clock=timezone.now,
    framed=_framed(),
)
