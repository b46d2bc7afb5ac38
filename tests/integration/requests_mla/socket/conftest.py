"""Open sockets of a draft's readers, over a database that really commits."""

from __future__ import annotations

from tests.integration.messaging.socket.conftest import _closing, now, region
from tests.integration.messaging.socket.conftest import opened as listening

__all__ = ["_closing", "listening", "now", "region"]
