"""Notes, keys, checkpoints: the vectors byte for byte, and everything that is refused."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.tlog import text as spelling
from audit.tlog.checkpoint import Checkpoint
from audit.tlog.errors import Malformed, Unproven
from audit.tlog.note import CosigningKey, Key, Note, SigningKey, cosigned_message, signed_note
from tests.unit.audit.vectors import TLOG

LOG = SigningKey.from_seed(TLOG["log"]["name"], bytes.fromhex(TLOG["log"]["seed"]))
WITNESS = Key.parse(TLOG["witness"]["vkey"])
COSIGNER = CosigningKey.from_seed(TLOG["witness"]["name"], bytes.fromhex(TLOG["witness"]["seed"]))
NOTE = TLOG["checkpoint_7"]
TEXT = NOTE.partition("\n\n")[0] + "\n"
LOG_LINE, WITNESS_LINE = NOTE.split("\n\n")[1].splitlines(keepends=True)


class TestSpelling:
    @pytest.mark.parametrize("text", ["AA", "AAA", "AB==", "AA==\n", " AA==", "A-==", "é"])
    def test_of_base64_is_one(self, text):
        with pytest.raises(Malformed):
            spelling.from_b64(text)

    def test_of_a_hash_is_32_bytes(self):
        assert spelling.hash_from_b64(spelling.to_b64(bytes(32))) == bytes(32)
        with pytest.raises(Malformed):
            spelling.hash_from_b64(spelling.to_b64(bytes(31)))

    def test_of_numbers_is_one(self):
        assert [spelling.from_decimal(text) for text in ("0", "7", str(2**63 - 1))] == [
            0, 7, 2**63 - 1,
        ]  # fmt: skip
        for text in ("", "00", "07", "-1", "+1", " 1", "1\n", "1_0", "٣", str(2**63)):
            with pytest.raises(Malformed):
                spelling.from_decimal(text)


class TestKeys:
    def test_have_the_ids_and_texts_of_the_vectors(self):
        assert str(LOG.public) == TLOG["log"]["vkey"]
        assert LOG.public.public.hex() == TLOG["log"]["pub"]
        assert LOG.public.id.hex() == TLOG["log"]["key_id"]
        assert str(WITNESS) == TLOG["witness"]["vkey"]
        assert WITNESS.id.hex() == TLOG["witness"]["key_id"]

    def test_are_read_back(self):
        assert Key.parse(str(LOG.public)) == LOG.public
        assert SigningKey.parse(LOG.export()).export() == LOG.export()
        assert CosigningKey.parse(COSIGNER.export()).public == COSIGNER.public == WITNESS

    @pytest.mark.parametrize(
        "wrong",
        [
            "",
            "name",
            "name+00000000",
            TLOG["log"]["vkey"].replace("9838e74a", "9838e74b"),
            TLOG["log"]["vkey"].replace("audit", "other"),
            "+" + TLOG["log"]["vkey"].partition("+")[2],
            "a b+" + TLOG["log"]["vkey"].partition("+")[2],
            "name+00000000+" + spelling.to_b64(b"\x02" + bytes(32)),
            "name+00000000+" + spelling.to_b64(b"\x01" + bytes(31)),
        ],
    )
    def test_that_are_none_are_refused(self, wrong):
        with pytest.raises(Malformed):
            Key.parse(wrong)

    @pytest.mark.parametrize(
        "wrong",
        [
            "",
            "PUBLIC" + LOG.export().removeprefix("PRIVATE"),
            LOG.export().replace("9838e74a", "9838e74b"),
            "PRIVATE+KEY+name+00000000+" + spelling.to_b64(b"\x04" + bytes(32)),
            "PRIVATE+KEY+name+00000000+" + spelling.to_b64(b"\x01" + bytes(31)),
        ],
    )
    def test_that_are_not_private_are_refused(self, wrong):
        with pytest.raises(Malformed):
            SigningKey.parse(wrong)

    def test_of_logs_and_witnesses_are_not_taken_for_each_other(self):
        with pytest.raises(Malformed, match="kind"):
            SigningKey.parse(COSIGNER.export())
        with pytest.raises(Malformed, match="kind"):
            CosigningKey.parse(LOG.export())


class TestNotes:
    def test_of_the_specification_hold(self):
        key = Key.parse(TLOG["spec_note"]["vkey"])
        note = Note.parse(TLOG["spec_note"]["note"])
        assert note.text == "This is an example message.\n"
        assert [signed.key for signed in note.signatures([key])] == [key]

    def test_are_signed_with_the_bytes_of_the_vectors(self):
        assert LOG.sign(TEXT) == LOG_LINE
        digest = hashlib.sha256(cosigned_message(TEXT, 1767225600)).hexdigest()
        assert digest == TLOG["cosignature_7_message_sha256"]
        assert COSIGNER.sign(TEXT, 1767225600) == WITNESS_LINE

    @pytest.mark.parametrize("time", [0, -1, 2**63])
    def test_are_not_cosigned_at_no_time(self, time):
        with pytest.raises(ValueError, match="time"):
            COSIGNER.sign(TEXT, time)

    def test_are_written_as_they_were_read(self):
        assert str(Note.parse(NOTE)) == NOTE

    def test_tell_who_signed_and_when_a_witness_did(self):
        signed = Note.parse(NOTE).signatures([LOG.public, WITNESS])
        assert [(one.key, one.time) for one in signed] == [(LOG.public, 0), (WITNESS, 1767225600)]

    def test_may_hold_blank_lines(self):
        text = "a\n\nb\n"
        note = Note.parse(signed_note(text, [LOG.sign(text)]))
        assert note.text == text
        assert note.signatures([LOG.public])

    def test_skip_lines_of_other_keys_even_of_a_known_name(self):
        other = SigningKey(LOG.name, Ed25519PrivateKey.from_private_bytes(b"\x07" * 32))
        note = Note.parse(signed_note(TEXT, [other.sign(TEXT), LOG_LINE]))
        assert [one.key for one in note.signatures([LOG.public])] == [LOG.public]

    def test_count_the_first_of_two_lines_by_one_key(self):
        broken = LOG.sign("something else\n")
        assert Note.parse(signed_note(TEXT, [LOG_LINE, broken])).signatures([LOG.public])
        with pytest.raises(Unproven):
            Note.parse(signed_note(TEXT, [broken, LOG_LINE])).signatures([LOG.public])

    def test_fall_whole_with_one_wrong_line_of_a_known_key(self):
        broken = LOG.sign("something else\n")
        with pytest.raises(Unproven, match="does not hold"):
            Note.parse(signed_note(TEXT, [broken, WITNESS_LINE])).signatures([LOG.public, WITNESS])

    def test_without_a_known_key_prove_nothing(self):
        with pytest.raises(Unproven, match="nobody"):
            Note.parse(NOTE).signatures([])

    @pytest.mark.parametrize("payload", [bytes(64), bytes(71), bytes(8) + bytes(64)])
    def test_refuse_cosignatures_of_no_length_or_no_time(self, payload):
        line = f"— {WITNESS.name} {spelling.to_b64(WITNESS.id + payload)}\n"
        with pytest.raises(Unproven):
            Note.parse(signed_note(TEXT, [line])).signatures([WITNESS])

    @pytest.mark.parametrize(
        "wrong",
        [
            "",
            TEXT,
            NOTE.rstrip("\n"),
            NOTE.replace("\n", "\r\n"),
            NOTE + "\n",
            TEXT + "\n",
            TEXT + "\n" + LOG_LINE.replace("—", "-"),
            TEXT + "\n" + LOG_LINE.replace("— ", "—  "),
            TEXT + "\n" + LOG_LINE.replace(" audit", " +audit"),
            TEXT + "\n— name AAAAAA==\n",
            TEXT + "\n— name AAAAAAA\n",
            TEXT + "\n" + LOG_LINE * 101,
            "x" * 70_000 + "\n\n" + LOG_LINE,
            "tab\there\n\n" + LOG_LINE,
        ],
        ids=range(14),
    )
    def test_that_are_none_are_refused(self, wrong):
        with pytest.raises(Malformed):
            Note.parse(wrong)


class TestCheckpoints:
    def test_have_the_bytes_of_the_vectors(self):
        root = bytes.fromhex(TLOG["roots"]["7"])
        checkpoint = Checkpoint("audit.example/2026", 7, root)
        assert checkpoint.signed(LOG) + WITNESS_LINE == NOTE
        assert Checkpoint.parse(TEXT) == checkpoint

    @pytest.mark.parametrize(
        "wrong",
        [
            "",
            TEXT + "an extension\n",
            TEXT.rstrip("\n"),
            TEXT.replace("audit.example/2026", ""),
            TEXT.replace("\n7\n", "\n07\n"),
            TEXT.replace("mMl", ""),
        ],
    )
    def test_that_are_none_are_refused(self, wrong):
        with pytest.raises(Malformed):
            Checkpoint.parse(wrong)
