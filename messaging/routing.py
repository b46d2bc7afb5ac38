"""The socket's address."""

from django.urls import path

from .consumers import InboxConsumer

websocket_urlpatterns = [path("socket", InboxConsumer.as_asgi())]
