"""Somebody who looks all the while, from outside."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.faults.ground import Ground, Missed

ASKED = 0.05  # seconds between two questions
ADDRESS = "127.0.1.1"


@contextmanager
def looking(ground: Ground) -> Iterator[None]:
    """Somebody asks all the while for a page and for what the database says: a refusal is told."""
    over = threading.Event()
    refused = ground.noticed
    asked: list[str] = []
    named = {"Host": ground.region.url.removeprefix("http://")}

    def look() -> None:
        way = httpx.HTTPTransport(local_address=ADDRESS)
        door = f"http://127.0.0.1:{ground.region.door}"
        with httpx.Client(base_url=door, transport=way, headers=named, timeout=20) as one:
            while not over.wait(ASKED):
                for place in ("/", "/api/log"):
                    asked.append(place)
                    try:
                        answer = one.get(place)
                    except httpx.HTTPError as wrong:
                        refused.append(f"{place}: {type(wrong).__name__}")
                    else:
                        if answer.is_error:
                            refused.append(f"{place}: {answer.status_code}")

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(30)
    if thread.is_alive() or not asked:
        raise Missed("nobody looked all the while")
