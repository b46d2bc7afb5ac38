"""Other States let into a case over HTTP: the coordinations of the demo consent and accept."""

from __future__ import annotations

import hashlib
import time
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx

OVER_RATE = 20.0  # seconds in which ten more knocks of one network are let through
_signed_in: dict[tuple[str, str], httpx.Client] = {}


def joined(url: str, reference: str) -> None:
    """Have all that a case was proposed to at the server of `url` join it, by its reference."""
    owner = client_of(url, f"{reference[:2].lower()}.coordinacion")
    asked = _waiting(owner, reference)
    for row in asked:
        post(owner, f"/api/joinings/{row['id']}/consent", digest=_digest(row))
    for row in asked:
        joining = client_of(url, f"{row['state'].lower()}.coordinacion")
        post(joining, f"/api/joinings/{row['id']}/accept", digest=_digest(row))


def _waiting(client: httpx.Client, reference: str) -> list[dict[str, Any]]:
    rows = client.get("/api/joinings").raise_for_status().json()
    return [row for row in rows if (row["reference"], row["step"]) == (reference, "consent")]


def _digest(row: dict[str, Any]) -> str:
    """Return what a hand names: as browsers do, from what was shown."""
    at = datetime.fromisoformat(row["proposed_at"])
    said = (
        "casehub-joining/1",
        row["case"],
        row["reference"],
        row["state"],
        "urgent" if row["urgent"] else "",
        row["proposer"],
        str(round(at.timestamp() * 1000)),
    )
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def client_of(url: str, account: str) -> httpx.Client:
    """Return a client in which somebody is signed in; each signs in once and stays."""
    known = _signed_in.get((url, account))
    if known is not None and known.get("/api/session").json()["state"] == "full":
        return known
    client = _signed_in[url, account] = httpx.Client(base_url=url, headers={"Origin": url})
    client.get("/")
    told = _knocked(client, "/api/demo/code", account=account)
    _knocked(client, "/api/sign-in/password", account=account, password=told["password"])
    try:
        _knocked(client, "/api/sign-in/code", code=told["code"])
    except httpx.HTTPStatusError:  # somebody has used this one: the next comes soon
        time.sleep(told["seconds_left"] + 1)
        code = _knocked(client, "/api/demo/code", account=account)["code"]
        _knocked(client, "/api/sign-in/code", code=code)
    return client


def _knocked(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    """Do as `post`; whoever is over their network's rate asks again: many sign in from here."""
    until = time.monotonic() + OVER_RATE
    while True:
        try:
            return post(client, path, **body)
        except httpx.HTTPStatusError as refused:
            over = refused.response.status_code == HTTPStatus.TOO_MANY_REQUESTS
            if not over or time.monotonic() >= until:
                raise
        time.sleep(1)


def post(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    """Ask once for an act and return what was answered; httpx raises what is no answer."""
    token = {"X-CSRFToken": client.cookies["csrftoken"], "Referer": f"{client.base_url}/"}
    answer = client.post(path, json=body, headers=token)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found
