"""The file of a backup: two States' keys open it, and nothing that was changed opens."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations, count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casehub.backups import envelope, errors, parts, recipients, stream
from casehub.backups.errors import WORDS, Stopped
from casehub.calendars.zones import STATES
from casehub.ceremony.errors import CeremonyStopped

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
WORDS_OF = {"SV": "seis palabras de El Salvador", "MX": "seis palabras de México, otras"}
CHEAP = {"n": 2**4, "r": 8, "p": 1}
KEY = bytes(range(32))


def holder(state):
    words = WORDS_OF.get(state, "seis palabras de alguien más")
    return recipients.unlock(
        recipients.make(state, passphrases=[words], cost=CHEAP), passphrases=[words]
    )


SV, MX, GT, SV_TOO = (holder(state) for state in ("SV", "MX", "GT", "SV"))
ALL = [one.recipient for one in (SV, MX, GT, SV_TOO)]


def sealed(portions, to=ALL):
    made, key = envelope.make(to, now=NOW)
    return made.written() + b"".join(stream.seal(key, parts.write(portions)))


def opened(blob, holders=(SV, MX)):
    file = io.BytesIO(blob)
    key = envelope.unseal(envelope.read(file, where="it"), holders)
    return [(name, b"".join(told)) for name, told in parts.read(stream.unseal(key, file))]


def of_size(size):
    return bytes(n % 251 for n in range(size))


SMALL = sealed([("one", [b"abc", b"", b"def"]), ("two", [])])
LONG = [("one", [of_size(2 * stream.PIECE)]), ("two", [of_size(stream.PIECE), b"end"])]
BIG = sealed(LONG)
START = len(envelope.FORM) + BIG[len(envelope.FORM) :].index(b"\n") + 1  # of its stream
WIDTH = stream.PIECE + stream.TAG
ENDS = [START + n * WIDTH for n in range(4)]  # of pieces


class TestWhoOpensIt:
    @pytest.mark.parametrize("pair", list(combinations((SV, MX, GT), 2)))
    @pytest.mark.parametrize("turned", [False, True])
    def test_any_two_of_different_states_in_any_order(self, pair, turned):
        given_ = tuple(reversed(pair)) if turned else pair
        assert opened(SMALL, given_) == [("one", b"abcdef"), ("two", b"")]

    def test_any_key_of_a_state_that_has_several(self):
        assert opened(SMALL, (SV_TOO, GT))[0] == ("one", b"abcdef")

    @pytest.mark.parametrize("holders", [(), (SV,), (SV, SV), (SV, SV_TOO)])
    def test_nobody_alone_nor_two_of_one_state(self, holders):
        with pytest.raises(Stopped, match="keys-of-one-state"):
            opened(SMALL, holders)

    def test_no_two_of_one_state_have_a_sealed_key_between_them(self):
        made, _ = envelope.make(ALL, now=NOW)
        states = [one.state for one in made.recipients]
        assert len(made.pairs) == 5
        assert all(states[i] != states[j] for i, j in made.pairs)

    def test_nobody_to_whom_it_was_not_sealed(self):
        with pytest.raises(Stopped, match="key-foreign"):
            opened(SMALL, (SV, holder("CR")))

    def test_eleven_states_have_a_sealed_key_for_each_two(self):
        to = [holder(state).recipient for state in sorted(STATES)]
        assert len(envelope.make(to, now=NOW)[0].pairs) == 55

    def test_one_state_alone_is_too_few(self):
        with pytest.raises(Stopped, match="recipients-few"):
            envelope.make([SV.recipient, SV_TOO.recipient], now=NOW)

    def test_one_key_under_two_states_is_one_hand(self):
        with pytest.raises(Stopped, match="recipients-same"):
            envelope.make([*ALL, replace(GT.recipient, state="CR")], now=NOW)

    def test_every_file_has_a_key_of_its_own(self):
        keys = {envelope.make(ALL, now=NOW)[1] for _ in range(3)}
        assert len(keys) == 3


class TestWhatWasChanged:
    @settings(max_examples=120, deadline=None)
    @given(data=st.data())
    def test_in_any_bit_does_not_open(self, data):
        place = data.draw(st.integers(0, len(SMALL) - 1))
        changed = bytearray(SMALL)
        changed[place] ^= 1 << data.draw(st.integers(0, 7))
        with pytest.raises(Stopped, match=r"backup-changed|backup-foreign|key-foreign"):
            opened(bytes(changed))

    @settings(max_examples=60, deadline=None)
    @given(size=st.integers(0, len(SMALL) - 1))
    def test_by_cutting_it_short_does_not_open(self, size):
        with pytest.raises(Stopped, match=r"backup-changed|backup-foreign"):
            opened(SMALL[:size])

    @settings(max_examples=40, deadline=None)
    @given(size=st.integers(START, len(BIG) - 1) | st.sampled_from(ENDS))
    def test_by_cutting_a_long_one_short_does_not_open(self, size):
        with pytest.raises(Stopped, match="backup-changed"):
            opened(BIG[:size])

    @settings(max_examples=40, deadline=None)
    @given(order=st.permutations(range(4)))
    def test_by_moving_pieces_does_not_open(self, order):
        pieces = [BIG[START:][n * WIDTH : (n + 1) * WIDTH] for n in range(4)]
        moved = BIG[:START] + b"".join(pieces[n] for n in order)
        if list(order) == list(range(4)):
            assert opened(moved) == [(name, b"".join(told)) for name, told in LONG]
            return
        with pytest.raises(Stopped, match="backup-changed"):
            opened(moved)

    @pytest.mark.parametrize("more", [b"\0", bytes(WIDTH)])
    def test_by_adding_to_it_does_not_open(self, more):
        with pytest.raises(Stopped, match="backup-changed"):
            opened(SMALL + more)

    def test_by_another_files_stream_does_not_open(self):
        other = sealed(LONG)
        with pytest.raises(Stopped, match="backup-changed"):
            opened(other[: len(other) - len(BIG[START:])] + BIG[START:])

    def test_to_look_younger_does_not_open(self):
        younger = SMALL.replace(b"2026-11-24T03", b"2026-12-24T03")
        assert envelope.read(io.BytesIO(younger), where="it").made_at.month == 12
        with pytest.raises(Stopped, match="backup-changed"):
            opened(younger)

    @settings(max_examples=60, deadline=None)
    @given(blob=st.binary(max_size=300))
    def test_into_anything_else_is_no_backup(self, blob):
        with pytest.raises(Stopped, match="backup-foreign"):
            envelope.read(io.BytesIO(envelope.FORM[: len(blob) % 18] + blob), where="it")


class Read:
    """A file of pieces, which are read one by one."""

    def __init__(self, pieces):
        self.pieces = pieces

    def read(self, size):
        piece = next(self.pieces)
        assert len(piece) == size
        return piece


class TestTheStream:
    @pytest.mark.parametrize("size", [0, 1, stream.PIECE - 1, stream.PIECE, stream.PIECE + 1])
    def test_comes_back_whatever_its_length(self, size):
        blob = b"".join(stream.seal(KEY, [of_size(size)]))
        assert b"".join(stream.unseal(KEY, io.BytesIO(blob))) == of_size(size)

    def test_holds_no_more_than_a_piece_at_a_time(self):
        """Written and read of what never ends: nobody waits for the end of it."""
        taken = []

        def endless():
            for number in count():
                taken.append(number)
                yield bytes(stream.PIECE)

        sealed_ = stream.seal(KEY, endless())
        assert [len(next(sealed_)) for _ in range(3)] == [WIDTH] * 3
        assert len(taken) == 4

        opened_ = stream.unseal(KEY, Read(stream.seal(KEY, endless())))
        assert [len(next(opened_)) for _ in range(3)] == [stream.PIECE] * 3
        assert len(taken) == 9

    @settings(max_examples=60, deadline=None)
    @given(blob=st.binary(max_size=64))
    def test_of_other_parts_is_said_to_be_changed(self, blob):
        with pytest.raises(Stopped, match="backup-changed"):
            list(parts.read(iter([b"Z" + blob])))

    def test_gives_the_next_part_though_one_is_left_unread(self):
        found = [name for name, _ in parts.read(iter(parts.write(LONG)))]
        assert found == ["one", "two"]


class TestAKeyForBackups:
    def test_opens_with_its_passphrase_alone(self):
        text = recipients.make("SV", passphrases=[WORDS_OF["SV"]], cost=CHEAP)
        with pytest.raises(CeremonyStopped, match="does not open"):
            recipients.unlock(text, passphrases=[WORDS_OF["MX"]])

    def test_is_written_as_one_line_for_others(self):
        line = str(SV.recipient)
        assert recipients.parse(f"# El Salvador\n\n{line}\n", where="file") == [SV.recipient]

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("", "names nobody"),
            ("casehub-backup-recipient/2 SV " + "A" * 43, "no line like"),
            ("casehub-backup-recipient/1 XX " + "A" * 43, "no State: XX"),
            ("casehub-backup-recipient/1 SV " + "A" * 43, "small order"),
            ("casehub-backup-recipient/1 SV " + "A" * 42, "no line like"),
        ],
    )
    def test_that_is_none_is_refused_by_its_line(self, line, why):
        with pytest.raises(Stopped, match="recipients-unreadable") as refused:
            recipients.parse(line, where="sv.txt")
        assert why in str(refused.value)
        assert "sv.txt" in str(refused.value)


class TestEveryReason:
    def test_has_words_and_all_words_are_somebodys(self):
        """Each code is named once as words, and elsewhere as a reason."""
        folder = Path(errors.__file__).parent
        files = [one for one in folder.rglob("*.py") if one.name != "errors.py"]
        text = "\n".join(one.read_text() for one in files)
        raised = set(re.findall(r'Stopped\(\s*"([^"]+)"', text))
        assert raised - set(WORDS) == set()
        assert set(WORDS) - set(re.findall(r'"([a-z0-9-]+)"', text)) == set()
        assert len(raised) > 20

    def test_is_said_with_its_code_and_what_it_is_about(self):
        said = str(Stopped("key-foreign", SV.recipient))
        assert said == f"key-foreign: {SV.recipient}: the backup was not sealed to this key."
