"""The demo's routes; they exist only with CASEHUB_DEMO=1."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from casehub.core.frames import to_b64u
from casehub.core.http import Strict, call, clock, door

from . import queries, services

router = Router()


class PlayerOut(Schema):
    """A fictional person who can be played."""

    account: str
    name: str
    state: str
    role: str
    office: str


class PlayerIn(Strict):
    """Whose code is wanted."""

    account: str


class CodeOut(Schema):
    """How to sign in as them now."""

    password: str
    code: str
    seconds_left: int


class KeyOut(Schema):
    """A fictional identity key."""

    private_key: str


@router.get("/demo/people", response=list[PlayerOut], **door("demo.people.list"))
def list_people(request: HttpRequest) -> list[dict[str, Any]]:
    """List the fictional people."""
    del request
    return queries.people()


@router.post("/demo/code", response=CodeOut, **door("demo.code.show"))
def show_code(request: HttpRequest, body: PlayerIn) -> dict[str, Any]:
    """Show how to sign in as one of them."""
    del request
    return queries.code_of(body.account, now=clock())


@router.post("/demo/identity-key", response=KeyOut, **door("demo.identity-key.give"))
def give_identity_key(request: HttpRequest) -> dict[str, str]:
    """Hand the caller's own fictional identity key to their browser."""
    return {"private_key": to_b64u(call(request, services.give_identity_key))}
