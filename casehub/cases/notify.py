"""Telling connected clients that their cases changed; ids only, after commit."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction


def _send(group: str, event: dict[str, object]) -> None:
    layer = get_channel_layer()
    try:
        async_to_sync(layer.group_send)(group, event)
    except Exception:
        import logging

        logging.getLogger("casehub.layer").warning("a doorbell was lost")


def ring(group: str, event: dict[str, object]) -> None:
    """Send `event` to a layer group once the transaction has committed."""
    transaction.on_commit(partial(_send, group, event))


def people_changed(people: Iterable[object], circles: Iterable[object]) -> None:
    """Tell the persons that a case, circle or welcome changed for them, and every reader's process."""
    for person in sorted({str(p) for p in people}):
        ring(f"person.{person}", {"type": "doorbell", "person": person})
    for circle in sorted({str(c) for c in circles}):
        ring(f"thread.{circle}", {"type": "doorbell", "thread": circle, "members": True})
