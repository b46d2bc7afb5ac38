"""
The edge server with a small application of its own: `python -m tests.servers.bare_edge PORT`, and
limits that are others than usual as a JSON object.

It shows what the server does before any application could, and sockets whose application is slow
(`/slow`), talks without end (`/flood`) or echoes (anything else).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from datetime import UTC, datetime

from asgiref.sync import async_to_sync, sync_to_async
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
get_asgi_application()

from casehub.core.storage import Cut  # noqa: E402 - apps are ready only now
from casehub.edge import limits  # noqa: E402
from casehub.edge.headers import Headers  # noqa: E402
from casehub.edge.limits import MIB  # noqa: E402
from casehub.edge.management.commands.serve import endpoint  # noqa: E402
from casehub.edge.server import EdgeServer  # noqa: E402
from casehub.edge.unread import BY_PIECES  # noqa: E402

NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)
LONG = {"/large": 8 * MIB, "/stream": 32 * MIB}  # bytes of answers: at once, and by pieces
left = set()


async def http(scope, receive, send):
    """Answer with the number of bytes received; fail at /fail, late at /late, never at /hung."""
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    if scope["path"] == "/fail":
        message = "on purpose"
        raise RuntimeError(message)
    if scope["path"] in {"/late", "/hung"}:
        print("asked", file=sys.stderr, flush=True)
    if scope["path"] == "/late":
        await asyncio.sleep(2)
    if scope["path"] == "/hung":
        await asyncio.to_thread(time.sleep, 60)
    if scope["path"] == "/abandoned":
        await abandoned()
    if scope["path"] in {"/whole", "/cut", "/broken"}:
        await begun(scope["path"], send)
        return
    if scope["path"] in LONG:
        await at_length(scope["path"], send)
        return
    body = json.dumps({"bytes": size, "path": scope["path"]}).encode()
    headers = [(b"content-length", str(len(body)).encode()), (b"server", b"told-by-the-app")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def begun(path, send):
    """Send a piece of an answer; then end it, cut it off or fall."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"piece", "more_body": True})
    if path == "/cut":
        raise Cut
    if path == "/broken":
        message = "on purpose"
        raise RuntimeError(message)
    await send({"type": "http.response.body"})


async def at_length(path, send):
    """Send a long answer, at once or by pieces; say which pieces were made, and what was left."""
    length = (b"content-length", str(LONG[path]).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    if path == "/large":
        await send({"type": "http.response.body", "body": b"x" * LONG[path]})
        return
    try:
        for _ in range(LONG[path] // MIB):
            print("piece", file=sys.stderr, flush=True)
            piece = {"type": "http.response.body", "body": b"x" * MIB, "more_body": True}
            await send({**piece, BY_PIECES: True})
        await send({"type": "http.response.body"})
    except Cut:
        print("given up", file=sys.stderr, flush=True)
        raise


async def abandoned():
    """Leave a thread behind that waits for the loop, as middleware does whose caller has gone."""
    waiting = async_to_sync(asyncio.sleep)
    left.add(asyncio.create_task(sync_to_async(waiting, thread_sensitive=False)(60)))
    await asyncio.sleep(0.2)


async def websocket(scope, receive, send):
    """Echo, crawl, flood, or speak the first protocol that was offered."""
    await receive()
    if scope["path"] == "/refuse":
        await send({"type": "websocket.close"})
        return
    chosen = scope["subprotocols"][0] if scope["path"] == "/chosen" else None
    await send({"type": "websocket.accept", "subprotocol": chosen})
    if scope["path"] == "/chosen":
        await send({"type": "websocket.send", "text": chosen})
    if scope["path"] == "/flood":
        for _ in range(400):
            await send({"type": "websocket.send", "text": "x" * 100_000})
            await asyncio.sleep(0)
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        if scope["path"] == "/slow":
            await asyncio.sleep(3600)
        await send({"type": "websocket.send", "text": str(len(message["text"]))})


async def application(scope, receive, send):
    """Dispatch by protocol."""
    await (http if scope["type"] == "http" else websocket)(scope, receive, send)


if __name__ == "__main__":
    for name, value in json.loads("".join(sys.argv[2:]) or "{}").items():
        setattr(limits, name, value)
    EdgeServer(
        Headers(application, secure=False, clock=lambda: NOON),
        endpoints=[endpoint("127.0.0.1", int(sys.argv[1]), "")],
        ready=lambda: print("ready", flush=True),
    ).run()
