from __future__ import annotations

import errno

import pytest

from casehub.edge.management.commands.serve import endpoint, why_not


class TestWhereToListen:
    @pytest.mark.parametrize(
        ("host", "unix", "expected"),
        [
            ("127.0.0.1", "", "tcp:8000:interface=127.0.0.1:backlog=512"),
            ("::1", "", "tcp:8000:interface=\\:\\:1:backlog=512"),
            ("", "/run/casehub", "unix:/run/casehub:mode=660"),
        ],
    )
    def test_is_described_for_twisted(self, host, unix, expected):
        assert endpoint(host, 8000, unix) == expected


class TestWhyNot:
    @pytest.mark.parametrize(
        ("error", "words"),
        [
            (OSError(errno.EADDRINUSE, "x"), "Port 80 is already in use"),
            (OSError(errno.EACCES, "x"), "You may not listen on Port 80"),
            (OSError(errno.EADDRNOTAVAIL, "no such address"), "no such address"),
        ],
    )
    def test_is_one_line_for_a_person(self, error, words):
        line = why_not(error, "Port 80")
        assert words in line
        assert "\n" not in line
