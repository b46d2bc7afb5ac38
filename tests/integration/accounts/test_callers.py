"""Whose rate is spent: networks behind proxies, passwords apart from passkeys, forgeries free."""

from __future__ import annotations

import pytest

from casehub.accounts import sockets
from casehub.core import rates

FORGED = [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-for", b"198.51.100.7")]


class TestSocketsCaller:
    #  trusted proxies, headers, and whose network counts
    CALLERS = [
        (0, [], "192.0.2.0"),
        (0, FORGED, "192.0.2.0"),
        (1, FORGED, "198.51.100.0"),
        (2, FORGED, "203.0.113.0"),
        (1, [], "::"),
    ]

    @pytest.mark.parametrize(("proxies", "headers", "expected"), CALLERS)
    def test_is_whom_the_outermost_trusted_proxy_saw(self, settings, proxies, headers, expected):
        settings.CASEHUB_PROXIES = proxies
        scope = {"client": ["192.0.2.7", 4711], "headers": headers}
        assert sockets.caller_of(scope) == expected


class TestRates:
    def test_of_passwords_leave_passkeys_alone(self, ana, browser, monkeypatch):
        monkeypatch.setitem(rates.RATES, "sign-in", rates.Rate(burst=1, per_minute=0))
        answers = [browser.password(ana, "wrong").status_code for _ in range(2)]
        assert answers == [403, 429]
        assert browser.post("/sign-in/passkey/begin").status_code == 200

    def test_of_passkeys_are_bounded_too(self, browser, monkeypatch):
        monkeypatch.setitem(rates.RATES, "passkey", rates.Rate(burst=1, per_minute=0))
        answers = [browser.post("/sign-in/passkey/begin").status_code for _ in range(2)]
        assert answers == [200, 429]

    def test_are_not_spent_by_another_site_s_forgeries_which_count_as_refusals(
        self, ana, browser, monkeypatch
    ):
        monkeypatch.setitem(rates.RATES, "sign-in", rates.Rate(burst=1, per_minute=0))
        rates.refusals._counts.clear()
        for _ in range(5):
            forged = browser.client.post(
                "/api/sign-in/password",
                {"account": ana.username, "password": "x"},
                content_type="application/json",
                REMOTE_ADDR=browser.network,
            )
            assert forged.json()["code"] == "csrf"
        assert {code: n for (code, _), n in rates.refusals._counts.items()} == {"csrf": 5}
        assert browser.password(ana).status_code == 200


class TestLogging:
    def test_keeps_paths_and_typed_names_out_of_the_process_s_output(
        self, ana, browser, capsys, caplog
    ):
        typed = "not-our-host.example"
        for host in ("localhost", typed):
            browser.client.post(
                "/api/sign-in/password",
                {"account": "typed", "password": "x"},
                content_type="application/json",
                HTTP_HOST=host,
            )
        assert caplog.messages == []
        output = capsys.readouterr()
        assert "/api/" not in output.err
        assert typed not in output.err
