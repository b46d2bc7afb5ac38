"""Ana of El Salvador and Boris of Mexico, their browsers, and a clock that stands still."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django_otp.oath import totp as compute

from casehub.accounts import services
from casehub.core.rates import buckets
from tests.integration.accounts import people
from tests.integration.accounts.authenticator import Passkey

PASSWORD = "correct horse battery staple"
HASH = make_password(PASSWORD)
SEED = bytes(range(20))


@dataclass
class Browser:
    """A browser with a cookie jar, in one network."""

    network: str = "192.0.2.7"
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    @property
    def cookie(self) -> str:
        return self.client.cookies[django_settings.SESSION_COOKIE_NAME].value

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api{path}", REMOTE_ADDR=self.network, headers=headers)

    def send(self, method: str, path: str, body: Any = None) -> Any:
        if "csrftoken" not in self.client.cookies:
            self.get("/session")
        token = self.client.cookies["csrftoken"].value
        return self.client.generic(
            method,
            f"/api{path}",
            data=b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            REMOTE_ADDR=self.network,
            headers={"X-CSRFToken": token, "Accept-Language": "en"},
        )

    def post(self, path: str, body: Any = None) -> Any:
        return self.send("POST", path, {} if body is None else body)

    def password(self, who: Someone, password: str = PASSWORD) -> Any:
        return self.post("/sign-in/password", {"account": who.username, "password": password})

    def sign_in(self, who: Someone) -> Browser:
        assert self.password(who).status_code == 200
        answer = self.post("/sign-in/code", {"code": who.code()})
        assert answer.status_code == 200, answer.content
        return self


@dataclass
class Someone:
    """A person with an account."""

    username: str
    account: Any
    person: str

    def code(self, *, later: int = 0) -> str:
        return f"{compute(SEED, drift=later):06d}"

    def add_passkey(self, browser: Browser, passkey: Passkey) -> Any:
        options = browser.post("/account/passkeys/begin").json()["options"]
        return browser.post(
            "/account/passkeys/finish", {"name": "Llave", "credential": passkey.make(options)}
        )


@pytest.fixture(autouse=True)
def _stage(settings, db):
    settings.ROOT_URLCONF = "tests.integration.accounts.addresses"
    settings.CASEHUB_ACTOR_PROVIDER = "tests.integration.accounts.people.actor_behind"
    settings.CASEHUB_CARD_PROVIDER = "tests.integration.accounts.people.card_of"
    people.behind.clear()
    buckets.clear()


@pytest.fixture
def clock(now):
    """Time stands at `now` and moves when told to."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def someone(clock, now):
    def make(username: str, state: str, *roles: str) -> Someone:
        account = services.open_account(
            username=username, state=state, password_hash=HASH, actor=None, now=now
        )
        services.enrol_totp(account=account, key=SEED, actor=None, now=now)
        person = str(uuid.uuid4())
        people.behind[str(account.id)] = (person, state, frozenset(roles or ("liaison",)))
        return Someone(username, account, person)

    return make


@pytest.fixture
def ana(someone):
    return someone("ana.sv", "SV")


@pytest.fixture
def boris(someone):
    return someone("boris.mx", "MX")


@pytest.fixture
def browser():
    return Browser()
