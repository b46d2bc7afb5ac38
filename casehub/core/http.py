"""
The door of every HTTP route: sign-in level, CSRF, rate, role, then exactly one call.

A route names its act; the act's row in roles.yaml says the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.utils import check_csrf
from pydantic import ConfigDict

from audit.promises import Promise

from . import metrics, rates, roles, traces
from .actor import Actor
from .errors import (
    AGAIN,
    LANGUAGES,
    NOT_NOW,
    BadFrame,
    DomainError,
    Language,
    NotAllowed,
    NotVisible,
    SignInNeeded,
)
from .frames import parse_json
from .run import record_refusal, run
from .storage import NOT_STORED, refused_by

Result = TypeVar("Result")
SAFE = frozenset({"GET", "HEAD"})
# Those that are told by name: whoever calls may write any word there.
METHODS = SAFE | {"DELETE", "OPTIONS", "PATCH", "POST", "PUT"}
# What these bring is signed by a key that a file of ours names: no cookie of a browser gives it
# any weight, so no other site's page can lend it one.
WITHOUT_COOKIES = frozenset({"oversight.cosignature.give"})
MOST_PROMISES = 8  # in one answer: more would not fit into the headers that proxies let through
# What somebody does when a session of theirs is in other hands must not wait for those hands to
# rest: it spends nothing that they could have spent (docs/cut-off.md).
STOPS = frozenset(
    {
        "accounts.session.end",
        "accounts.sessions.end-others",
        "accounts.sign-out",
        "directory.device.revoke",
        "directory.person.remove",
        "directory.person.suspend",
        "directory.state.confirm-stop",
        "directory.state.stop",
    }
)
# A file is hundreds of these calls: they must not use up what the rest of the page needs.
CHUNKS = frozenset(
    {
        "messaging.attachment.put",
        "messaging.attachment.read",
        "requests.enclosure.put",
        "requests.enclosure.read",
    }
)
LEVELS = {"anonymous": 0, "password": 1, "full": 2}
# Nothing can be guessed here, so those who guess passwords must not use up the rate of it.
PASSKEY = frozenset({"accounts.passkey.begin", "accounts.passkey.finish"})
NEEDS = {"nothing": 0, "password": 1, "full": 2}


class Strict(Schema):
    """A body in which an unknown field is an error, not a wish."""

    model_config = ConfigDict(extra="forbid", str_max_length=2_000_000)


class CaseHubRequest(HttpRequest):
    """What the middleware adds to a request."""

    actor: Actor | None
    level: str
    act: str
    caller: str
    promised: list[Promise]


class StrictParser(Parser):
    """Ninja's parser, behind the size and depth gate."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the parsed body, or refuse it as a bad frame."""
        return parse_json(request.body, limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


class Door:
    """
    Ninja's `auth` hook for one act.

    It answers before the body is parsed, so that a stranger learns nothing from validation errors.
    """

    def __init__(self, act: str) -> None:
        self.act = act
        self.row = roles.row_of(act)

    def __call__(self, request: HttpRequest) -> bool:
        """
        Let the caller in.

        :raises SignInNeeded: without the sign-in which the act's row asks for.
        :raises NotAllowed: without the CSRF token, or when no role of theirs may do the act.
        :raises TooMany: over the caller's rate.
        """
        asked = cast("CaseHubRequest", request)
        asked.act = self.act
        now = timezone.now()
        try:
            self._admit(asked, now)
        finally:
            rates.refusals.flush(now)
        return True

    def _admit(self, asked: CaseHubRequest, now: datetime) -> None:
        # First of all: another site's page must not spend the rates of whoever looks at it.
        guarded = asked.method not in SAFE and self.act not in WITHOUT_COOKIES
        if guarded and check_csrf(asked) is not None:
            rates.refusals.count("csrf", now)
            raise NotAllowed("csrf")
        self._spend(asked, now)
        if LEVELS[asked.level] < NEEDS[self.row.needs]:
            rates.refusals.count(SignInNeeded.code, now)
            raise SignInNeeded
        if self.row.needs == "full":
            assert asked.actor is not None  # noqa: S101 - level "full" exists only with an actor
            if self.row.kind == "read" or (asked.actor.state_stopped and not self.row.stopped):
                roles.require(self.act, asked.actor)
            if asked.actor.enrolling:
                roles.require(self.act, asked.actor)  # signals too
            self._require_in_office(asked.actor, now)

    def _require_in_office(self, actor: Actor, now: datetime) -> None:
        """Turn away whoever may only read any more, signals too; whatever they try is logged."""
        why = roles.why_not(self.row, actor)
        if why == "designation-over":
            record_refusal(act=self.act, code=why, target="", actor=actor, now=now)
            roles.require(self.act, actor)

    def _spend(self, asked: CaseHubRequest, now: datetime) -> None:
        if asked.actor is not None and self.act in STOPS:
            rates.spend("stop", asked.actor.session, now)
        elif asked.actor is not None and self.act in CHUNKS:
            rates.spend("chunk", asked.actor.id, now)
        elif asked.actor is not None:
            # Of the session first: what is turned away there takes nothing from its person.
            rates.spend("http", asked.actor.session, now)
            rates.spend("person", asked.actor.id, now)
        elif asked.method in SAFE or self.act in WITHOUT_COOKIES:
            rates.spend("http", asked.caller, now)
        else:
            # Proofs are dear (hashing, guessing); reading is not, and a ministry may share one
            # address.
            rates.spend("passkey" if self.act in PASSKEY else "sign-in", asked.caller, now)


def door(act: str) -> dict[str, Any]:
    """Return what a route decorator needs so that its act's row is enforced."""
    return {"auth": Door(act), "operation_id": act.replace(".", "_").replace("-", "_")}


def actor_of(request: HttpRequest) -> Actor:
    """
    Return the caller.

    :raises SignInNeeded: if nobody signed in stands behind the request.
    """
    actor = cast("CaseHubRequest", request).actor
    if actor is None:
        raise SignInNeeded
    return actor


def call(
    request: HttpRequest, service: Callable[..., Result], *, target: str = "", **kwargs: Any
) -> Result:
    """Run one service for the caller of `request`, under the route's act."""
    asked = cast("CaseHubRequest", request)
    asked.promised = []
    return run(
        service,
        act=asked.act,
        actor=actor_of(request),
        now=timezone.now(),
        target=target,
        promised=asked.promised,
        **kwargs,
    )


def files_alone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware behind that of the front end's files: no other is there, whoever asks for it."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/static/"):
            return as_response(NotVisible(), request)
        return get_response(request)

    return respond


def counted(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: count answers and their seconds, and trace them by their act."""

    def respond(request: HttpRequest) -> HttpResponse:
        begun = time.monotonic()
        with traces.span("page") as span:
            response = get_response(request)
            span.name(getattr(request, "act", "page"))
            span.say(
                http__request__method=request.method if request.method in METHODS else "_OTHER",
                http__response__status_code=response.status_code,
            )
        metrics.answers.labels(str(response.status_code)[0]).inc()
        metrics.answer_seconds.observe(time.monotonic() - begun)
        return response

    return respond


def promising(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: give each caller the log's promise for what they have done."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        promised: list[Promise] = getattr(request, "promised", [])
        if promised:
            response["CaseHub-Promise"] = ", ".join(map(str, promised[:MOST_PROMISES]))
        return response

    return respond


def language_of(header: str) -> Language:
    """Return the first of our languages that an Accept-Language header names; Spanish else."""
    for part in header.lower().split(","):
        code = part.strip()[:2]
        if code in LANGUAGES:
            return code
    return "es"


def as_response(error: DomainError, request: HttpRequest) -> JsonResponse:
    """Return a refusal in the words of the caller's language."""
    language = language_of(request.headers.get("Accept-Language", ""))
    again = {"Retry-After": str(AGAIN)} if error.status == NOT_NOW else {}
    return JsonResponse(error.as_body(language), status=error.status, headers=again)


def install_handlers(api: NinjaAPI) -> None:
    """Teach an API to answer every refusal in one shape."""

    def on_domain_error(request: HttpRequest, error: DomainError) -> JsonResponse:
        return as_response(error, request)

    def on_not_stored(request: HttpRequest, error: Exception) -> JsonResponse:
        return as_response(refused_by(error), request)

    def on_validation(request: HttpRequest, error: ValidationError) -> JsonResponse:
        # Only the places, never the values: a refused value may be a password.
        where = [".".join(str(step) for step in item["loc"]) for item in error.errors[:5]]
        return as_response(BadFrame(fields=where), request)

    def on_http_error(request: HttpRequest, error: HttpError) -> JsonResponse:
        # Ninja wraps what our parser raises in an error of its own shape.
        cause = error.__cause__
        return as_response(cause if isinstance(cause, DomainError) else BadFrame(), request)

    api.exception_handler(DomainError)(on_domain_error)
    for kind in NOT_STORED:
        api.exception_handler(kind)(on_not_stored)
    api.exception_handler(HttpError)(on_http_error)
    api.exception_handler(ValidationError)(on_validation)


def clock() -> datetime:
    """Return the present time: edges read it once and hand it inwards."""
    return timezone.now()
