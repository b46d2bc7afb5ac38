"""The application as the server calls it: Django behind HTTP, the inbox behind the socket."""

import os
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casehub.settings")
django = get_asgi_application()

# Django's apps are ready only from here on.
from casehub.edge.headers import Headers  # noqa: E402
from casehub.edge.origin import ExactHost, ExactOrigin, refuse  # noqa: E402
from messaging.routing import websocket_urlpatterns  # noqa: E402

# Django's stubs know `re_path` for views only; Channels uses it for sockets too.
elsewhere: Any = re_path(r"", refuse)  # type: ignore[arg-type]
routes: list[Any] = [*websocket_urlpatterns, elsewhere]
application = Headers(
    ProtocolTypeRouter(
        {
            "http": ExactHost(django, settings.ORIGINS, secure=settings.SECURE),
            "websocket": ExactOrigin(URLRouter(routes), settings.ORIGINS),
        }
    ),
    secure=settings.SECURE,
)
