"""Telling connected clients that their cases changed; ids only, after commit."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

log = logging.getLogger("casehub.layer")


def _send(group: str, event: dict[str, object]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group, event)
    except Exception:  # noqa: BLE001 - only a doorbell: without it clients catch up within 15 s
        log.warning("a doorbell was lost")


def ring(group: str, event: dict[str, object]) -> None:
    """Send `event` to a layer group once the transaction has committed."""
    transaction.on_commit(partial(_send, group, event))


def people_changed(people: Iterable[object], circles: Iterable[object]) -> None:
    """Tell persons that a case, circle or welcome changed for them, and the readers' processes."""
    for person in sorted({str(p) for p in people}):
        ring(f"person.{person}", {"type": "doorbell", "person": person})
    for circle in sorted({str(c) for c in circles}):
        ring(f"thread.{circle}", {"type": "doorbell", "thread": circle, "members": True})


def signal(people: Iterable[object], *, about: object, frame: dict[str, object]) -> None:
    """
    Have `frame` pushed to every open socket of these persons: ids and numbers, never content.

    Of several that wait about the same thing (`about`: its id) a person gets the newest.
    """
    for person in sorted({str(p) for p in people}):
        about_it = {"about": str(about), "signal": frame}
        ring(f"person.{person}", {"type": "doorbell", "person": person, **about_it})
