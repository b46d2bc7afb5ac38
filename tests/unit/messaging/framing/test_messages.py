from __future__ import annotations

import time

import pytest

from messaging import framing
from messaging.framing import FramingError
from tests.unit.messaging.framing.pretend import GROUP_ID, canonical, fresh, message, opaque, u

CLIENT_ID = "92a6a6b0-7774-4e9f-908b-4829c8cea9c9"
DATA = canonical({"client_msg_id": CLIENT_ID, "v": 1})


def private(data: bytes = DATA, kind: int = 1, ciphertext: int = 300) -> bytes:
    sealed = opaque(fresh(28)) + opaque(fresh(ciphertext))
    return message(2, opaque(GROUP_ID) + u(8, 7) + u(1, kind) + opaque(data) + sealed)


def refused(code):
    return pytest.raises(FramingError, match=f"^{code}: ")


class TestAnApplicationMessage:
    def test_shows_its_group_epoch_and_client_id(self):
        header = framing.read_message_header(private())
        assert (header.group_id, header.epoch, header.content_type) == (GROUP_ID, 7, 1)
        assert (header.client_id, header.authenticated_data) == (CLIENT_ID, DATA)

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"{}",
            canonical({"client_msg_id": CLIENT_ID}),
            canonical({"client_msg_id": CLIENT_ID, "v": 2}),
            canonical({"client_msg_id": CLIENT_ID.upper(), "v": 1}),
            canonical({"client_id": CLIENT_ID, "v": 1}),
            canonical({"client_msg_id": CLIENT_ID, "note": "x", "v": 1}),
            DATA + b" ",
            DATA.replace(b":1", b": 1"),
        ],
    )
    def test_carries_nothing_else_in_clear(self, data):
        with refused("authenticated-data"):
            framing.read_message_header(private(data))

    def test_says_that_its_author_calls_it_urgent(self):
        assert not framing.read_message_header(private()).urgent
        data = {"client_msg_id": CLIENT_ID, "urgent": True, "v": 3}
        header = framing.read_message_header(private(canonical(data)))
        assert (header.client_id, header.act, header.urgent) == (CLIENT_ID, None, True)

    @pytest.mark.parametrize(
        "wrong", [{"urgent": False}, {"urgent": 1}, {"v": 1}, {"v": 2}, {"about": 3, "act": "pin"}]
    )
    def test_is_urgent_in_one_form_alone(self, wrong):
        data = {"client_msg_id": CLIENT_ID, "urgent": True, "v": 3, **wrong}
        with refused("authenticated-data"):
            framing.read_message_header(private(canonical(data)))

    def test_says_to_whom_it_gives_how_many_earlier_messages_and_of_which_entries(self):
        data = {"act": "give-history", "client_msg_id": CLIENT_ID, "count": 2, "v": 4}
        data |= {"first": 3, "last": 9, "to": CLIENT_ID}
        header = framing.read_message_header(private(canonical(data)))
        grant = framing.HistoryGrant(CLIENT_ID, 3, 9, 2)
        act = framing.MessageAct(framing.GIVE, framing.WHOLE, grant)
        assert (header.client_id, header.act) == (CLIENT_ID, act)

    @pytest.mark.parametrize(
        "wrong", [{"v": 2}, {"count": 0}, {"first": 0}, {"to": "x"}, {"about": 0}, {"urgent": True}]
    )
    def test_gives_in_one_form_alone(self, wrong):
        data = {"act": "give-history", "client_msg_id": CLIENT_ID, "count": 2, "v": 4}
        data |= {"first": 3, "last": 9, "to": CLIENT_ID, **wrong}
        with refused("authenticated-data"):
            framing.read_message_header(private(canonical(data)))

    @pytest.mark.parametrize("act", framing.ACTS)
    def test_says_what_it_does_to_which_other_message(self, act):
        data = canonical({"about": 12, "act": act, "client_msg_id": CLIENT_ID, "v": 2})
        header = framing.read_message_header(private(data))
        assert (header.client_id, header.act) == (CLIENT_ID, framing.MessageAct(act, 12))

    @pytest.mark.parametrize("act", framing.THREAD_ACTS)
    def test_says_what_it_does_to_its_whole_thread(self, act):
        data = {"about": framing.WHOLE, "act": act, "client_msg_id": CLIENT_ID, "v": 2}
        header = framing.read_message_header(private(canonical(data)))
        assert header.act == framing.MessageAct(act, framing.WHOLE)
        with refused("authenticated-data"):
            framing.read_message_header(private(canonical(data | {"about": 1})))

    @pytest.mark.parametrize(
        "wrong",
        [{"about": 0}, {"about": -1}, {"about": "12"}, {"act": "mention"}, {"v": 1}, {"text": "x"}],
    )
    def test_says_an_act_in_one_form_only(self, wrong):
        data = {"about": 12, "act": "edit", "client_msg_id": CLIENT_ID, "v": 2, **wrong}
        with refused("authenticated-data"):
            framing.read_message_header(private(canonical(data)))

    @pytest.mark.parametrize("kind", [2, 3])
    def test_hides_no_handshake(self, kind):
        with refused("handshake-encrypted"):
            framing.read_message_header(private(kind=kind))

    def test_of_an_unknown_kind_is_refused(self):
        with refused("value-unknown"):
            framing.read_message_header(private(kind=4))

    def test_takes_the_largest_bucket_and_not_much_more(self):
        framing.read_message_header(private(ciphertext=33_000))
        with refused("too-large"):
            framing.read_message_header(private(ciphertext=49_152))

    def test_is_read_in_a_few_microseconds(self):
        data, rounds = private(), 2000
        best = min(self.seconds(data, rounds) for _ in range(5))
        # 5 microseconds here; the bound leaves room for a busy machine and for coverage
        assert best / rounds < 100e-6

    @staticmethod
    def seconds(data: bytes, rounds: int) -> float:
        begun = time.perf_counter()
        for _ in range(rounds):
            framing.read_message_header(data)
        return time.perf_counter() - begun
