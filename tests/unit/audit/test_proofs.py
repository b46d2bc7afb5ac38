"""Receipts and policies: whose word is enough, and that an entry stands where it is said to."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.tlog.checkpoint import Checkpoint
from audit.tlog.errors import Malformed, Unproven
from audit.tlog.note import COSIGNATURE, Key, SigningKey, cosigned_message
from audit.tlog.policy import Policy
from audit.tlog.proof import Proof
from audit.tlog.text import to_b64
from tests.unit.audit.vectors import TLOG

LOG = SigningKey.from_seed(TLOG["log"]["name"], bytes.fromhex(TLOG["log"]["seed"]))
CHECKPOINT = Checkpoint(LOG.name, 7, bytes.fromhex(TLOG["roots"]["7"]))
VECTOR = f"log {TLOG['log']['vkey']}\nwitness de {TLOG['witness']['vkey']}\nquorum de\n"


class Witness:
    """A witness of a test: cosigns whatever it is given."""

    def __init__(self, number):
        self._private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        raw = self._private.public_key().public_bytes_raw()
        self.key = Key(f"witness.example/{number}", COSIGNATURE, raw)

    def line(self, text, time=1767225600):
        signature = time.to_bytes(8, "big") + self._private.sign(cosigned_message(text, time))
        return f"— {self.key.name} {to_b64(self.key.id + signature)}\n"


ELEVEN = [Witness(number) for number in range(1, 12)]
NAMES = [f"w{number}" for number in range(1, 12)]
COUNTRIES = (
    f"# eleven countries, seven of them\nlog {LOG.public} https://log.example\n\n"
    + "".join(f"witness {n} {w.key}\n" for n, w in zip(NAMES, ELEVEN, strict=True))
    + f"group countries 7 {' '.join(NAMES)} # seven\nquorum countries\n"
)


def cosigned(*witnesses):
    return CHECKPOINT.signed(LOG) + "".join(w.line(CHECKPOINT.text()) for w in witnesses)


class TestPolicy:
    def test_opens_the_vector(self):
        opened = Policy.parse(VECTOR).open(TLOG["checkpoint_7"])
        assert opened.checkpoint == CHECKPOINT
        assert opened.cosigned == {"de": 1767225600}

    def test_asks_for_a_quorum_and_no_more(self):
        policy = Policy.parse(COUNTRIES)
        assert len(policy.open(cosigned(*ELEVEN[4:])).cosigned) == 7
        with pytest.raises(Unproven, match="only 6 of 11"):
            policy.open(cosigned(*ELEVEN[5:]))

    @pytest.mark.parametrize(
        ("rule", "enough", "too_few"),
        [
            ("group g any w1 w2\nquorum g", [1], [2]),
            ("group g all w1 w2\nquorum g", [0, 1], [0]),
            ("group a any w1 w2\ngroup b all w3 w4\ngroup g 2 a b\nquorum g", [0, 2, 3], [0, 1, 2]),
            ("quorum w3", [2], [0, 1]),
        ],
    )
    def test_counts_groups_of_groups(self, rule, enough, too_few):
        head = COUNTRIES.partition("group")[0]
        policy = Policy.parse(head + rule + "\n")
        assert policy.open(cosigned(*(ELEVEN[n] for n in enough)))
        if rule.startswith("group g any"):
            too_few = []
        with pytest.raises(Unproven):
            policy.open(cosigned(*(ELEVEN[n] for n in too_few)))

    def test_without_quorum_believes_the_log_alone(self):
        policy = Policy.parse(f"log {LOG.public}\nquorum none\n")
        assert policy.open(cosigned()).cosigned == {}

    def test_believes_no_checkpoint_of_a_log_it_does_not_know(self):
        policy = Policy.parse("quorum none\n")
        with pytest.raises(Unproven, match="knows no log"):
            policy.open(cosigned())

    def test_believes_no_checkpoint_that_a_key_of_promises_signed(self):
        promising = SigningKey.from_seed(f"{LOG.name}/promise", bytes(32))
        policy = Policy.parse(f"log {promising.public}\nquorum none\n")
        note = Checkpoint(promising.name, 7, CHECKPOINT.root).signed(promising)
        with pytest.raises(Unproven, match="knows no log"):
            policy.open(note)

    def test_cuts_its_lines_at_spaces_and_tabs_only(self):
        assert Policy.parse(f"\tlog  {LOG.public}\t \nquorum\tnone\n").quorum == "none"
        with pytest.raises(Malformed):
            Policy.parse(f"log\u00a0{LOG.public}\nquorum none\n")

    def test_believes_no_checkpoint_that_only_witnesses_signed(self):
        note = f"{CHECKPOINT.text()}\n{ELEVEN[0].line(CHECKPOINT.text())}"
        with pytest.raises(Unproven, match="log has not signed"):
            Policy.parse(COUNTRIES).open(note)

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            ("", "names its quorum"),
            ("quorum nobody\n", "nobody is called"),
            ("quorum none\nquorum none\n", "line 2: not understood"),
            ("witness none WITNESS\n", "taken"),
            ("witness a WITNESS\nwitness a WITNESS\n", "taken"),
            ("witness a WITNESS\nwitness b WITNESS\n", "counts twice"),
            ("witness a WITNESS\ngroup a any a\n", "taken"),
            ("group g any b\n", "nobody is called b"),
            ("group g any\n", "not understood"),
            ("witness a WITNESS\ngroup g any a a\n", "counts twice"),
            ("witness a WITNESS\ngroup g any a\ngroup h any a\n", "counts twice"),
            ("witness a WITNESS\ngroup g 2 a\n", "between one and all"),
            ("witness a WITNESS\ngroup g 0 a\n", "between one and all"),
            ("witness a WITNESS\ngroup g some a\n", "not a number"),
            ("witness a LOG\n", "another kind"),
            ("log WITNESS\n", "another kind"),
            ("log rubbish\n", "not a vkey"),
            ("believe everybody\n", "not understood"),
            ("quorum none\x00\n", "control"),
        ],
    )
    def test_that_is_none_is_refused_with_its_line(self, wrong, why):
        text = wrong.replace("WITNESS", str(ELEVEN[0].key)).replace("LOG", str(LOG.public))
        with pytest.raises(Malformed, match=why):
            Policy.parse(text)


class TestProof:
    TEXT = TLOG["tlog_proof_4_of_7"]

    def test_of_the_vector_holds_and_is_written_back(self):
        proof = Proof.parse(self.TEXT)
        assert proof.index == 4
        assert proof.verify(b"entry 4", Policy.parse(VECTOR)).checkpoint == CHECKPOINT
        assert str(proof) == self.TEXT

    def test_carries_something_extra_that_proves_nothing(self):
        proof = Proof.parse(self.TEXT.replace("index", "extra AAEC\nindex", 1))
        assert proof.extra == b"\x00\x01\x02"
        assert proof.verify(b"entry 4", Policy.parse(VECTOR))
        assert Proof.parse(str(proof)) == proof

    @pytest.mark.parametrize(
        ("entry", "index"), [(b"entry 5", 4), (b"entry 4", 5), (b"entry 4", 7)]
    )
    def test_of_another_entry_or_index_does_not_hold(self, entry, index):
        proof = Proof.parse(self.TEXT.replace("index 4", f"index {index}"))
        with pytest.raises(Unproven, match="not proven"):
            proof.verify(entry, Policy.parse(VECTOR))

    @pytest.mark.parametrize(
        "wrong",
        [
            "",
            TEXT.replace("@v1", "@v2"),
            TEXT.replace("\n\n", "\n"),
            TEXT.replace("index 4\n", ""),
            TEXT.replace("index 4", "index 04"),
            TEXT.replace("index 4", "extra A\nindex 4"),
            TEXT.replace("n/U3", "n/U"),
            "c2sp.org/tlog-proof@v1\n\n",
            TEXT.replace("index 4", "index 4" + ("\n" + to_b64(bytes(32))) * 64),
        ],
        ids=range(9),
    )
    def test_that_is_none_is_refused(self, wrong):
        with pytest.raises(Malformed):
            Proof.parse(wrong)
