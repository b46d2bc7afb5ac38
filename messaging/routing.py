"""The socket's address."""

from typing import Any, cast

from django.urls import path

from .consumers import InboxConsumer

# Channels routes ASGI applications with Django's `path`, whose types know only views.
websocket_urlpatterns = [path("socket", cast("Any", InboxConsumer.as_asgi()))]
