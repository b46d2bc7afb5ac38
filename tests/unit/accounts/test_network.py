from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.accounts.network import NOWHERE, caller_address, lockout_name, network


class TestNetwork:
    @pytest.mark.parametrize(
        ("address", "expected"),
        [
            ("192.0.2.77", "192.0.2.0"),
            ("::ffff:192.0.2.77", "192.0.2.0"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
            ("", NOWHERE),
            ("unix:/run/socket", NOWHERE),
            ("192.0.2.77:4000", NOWHERE),
        ],
    )
    def test_is_a_24_or_a_48(self, address, expected):
        assert network(address) == expected

    @given(st.ip_addresses(v=4))
    def test_never_tells_the_last_byte(self, address):
        assert network(str(address)).endswith(".0")

    @given(st.text())
    def test_is_nowhere_rather_than_an_error(self, address):
        assert isinstance(network(address), str)


class TestCallerAddress:
    FORWARDED = "203.0.113.9, 198.51.100.1, 192.0.2.1"

    @pytest.mark.parametrize(
        ("proxies", "expected"),
        [(0, "10.0.0.1"), (1, "192.0.2.1"), (2, "198.51.100.1"), (4, "")],
    )
    def test_believes_only_our_own_proxies(self, proxies, expected):
        meta = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": self.FORWARDED}
        assert caller_address(meta, proxies=proxies) == expected


class TestLockoutName:
    def test_tells_names_apart_and_nothing_else(self):
        assert lockout_name("ana") == lockout_name("ana")
        assert lockout_name("ana") != lockout_name("Ana")
        assert "ana" not in lockout_name("ana")
