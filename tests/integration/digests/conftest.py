"""People who want the daily e-mail, something that waits for them, and a mail server."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casehub.digests import services, sweeping
from messaging import services as messaging
from tests.integration.messaging.conftest import made
from tests.mailserver import MailServer

TOMORROW = timedelta(days=1)
ADDRESS = "ana.torres@fiscalia.example"
# 09:00 in San Salvador on Tuesday, 24 November 2026, is when these tests begin.
ZONE = "America/El_Salvador"


@pytest.fixture(autouse=True)
def _fresh_post():
    sweeping.look_again()


@pytest.fixture
def mailserver():
    with MailServer() as server:
        yield server


@pytest.fixture
def post(mailserver, settings):
    """The mail server, as the one that the settings name; it speaks no TLS, as no listener here."""
    relayed(settings, mailserver.port)
    return mailserver


def relayed(settings, port, *, starttls=False):
    settings.EMAIL_BACKEND = "casehub.digests.mailing.Relay"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = starttls, False
    settings.EMAIL_TIMEOUT = 5
    settings.MAIL_ABLE = True
    settings.ORIGINS = ["https://casehub.example"]
    settings.MAIL_NAME = "casehub.example"
    settings.MAIL_FROM = "CaseHub <casehub@casehub.example>"


def choose(region, who, **changes):
    """Have somebody choose the e-mail; at 8:00 in San Salvador, from tomorrow on, as is usual."""
    usual = {
        "often": "daily",
        "hour": 8,
        "zone": ZONE,
        "language": "es",
        "address": ADDRESS,
    }
    if not who.session:
        region.session(who)
    return services.change_setting(**(usual | changes), actor=who.actor, now=region.now)


def write(thread, by, *, at, **changes):
    """Have somebody write a message."""
    return messaging.accept_messages(posts=[made(thread, by, **changes)], now=at)


@pytest.fixture
def ana(region):
    return region.equipped("SV")


@pytest.fixture
def boris(region):
    return region.equipped("MX")


@pytest.fixture
def thread(region, ana, boris):
    return region.thread(ana, boris)


@pytest.fixture
def waiting(region, ana, boris, thread, now):
    """Ana wants the e-mail, and Boris has written to her."""
    choose(region, ana)
    write(thread, boris, at=now)
    return ana
