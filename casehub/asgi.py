"""The application as the server calls it: Django behind HTTP, the inbox behind the socket."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casehub.settings")
django = get_asgi_application()

from casehub.edge.headers import Headers  # noqa: E402 - Django's apps are ready only from here on
from casehub.edge.origin import ExactOrigin, refuse  # noqa: E402
from messaging.routing import websocket_urlpatterns  # noqa: E402

sockets = URLRouter([*websocket_urlpatterns, re_path(r"", refuse)])
application = Headers(
    ProtocolTypeRouter(
        {"http": django, "websocket": ExactOrigin(sockets, settings.ORIGINS)},
    ),
    secure=settings.SECURE,
)
