from __future__ import annotations

import pytest

from messaging import framing
from messaging.framing import FramingError
from tests.unit.messaging.framing.pretend import (
    CAPABILITIES,
    DAY,
    NOW,
    Device,
    canonical,
    extension,
    fresh,
    message,
)


def check(key_package: bytes):
    return framing.check_key_package(framing.read_key_package(message(5, key_package)), now=NOW)


def refused(code):
    return pytest.raises(FramingError, match=f"^{code}: ")


def capabilities(at: int, content: bytes) -> tuple[bytes, ...]:
    return (*CAPABILITIES[:at], content, *CAPABILITIES[at + 1 :])


SHARED = fresh()
#  what is wrong                     of the key package                                the code
TABLE = [
    ("another suite", {"suite": 2}, "suite-unsupported"),
    ("a short init key", {"init_key": fresh(31)}, "key-length"),
    ("a short leaf key", {"key": fresh(31)}, "key-length"),
    ("one key for two ends", {"key": SHARED, "init_key": SHARED}, "key-package-init-key"),
    ("a leaf from an update", {"source": 2}, "leaf-source"),
    ("a leaf from a commit", {"source": 3}, "leaf-source"),
    ("a forged leaf", {"signature": fresh(64), "leaf_only": True}, "leaf-forged"),
    ("a signature of no length", {"signature": b"x", "leaf_only": True}, "leaf-forged"),
    ("a forged package", {"signature": fresh(64)}, "key-package-forged"),
    ("no MLS 1.0", {"capabilities": capabilities(0, b"\0\2")}, "leaf-capabilities"),
    ("no suite 1", {"capabilities": capabilities(1, b"\0\2\0\3")}, "leaf-capabilities"),
    ("no basic credential", {"capabilities": capabilities(4, b"\0\2")}, "leaf-capabilities"),
    ("an extension unannounced", {"extensions": extension(0xF0, b"")}, "leaf-capabilities"),
    ("an extension twice", {"extensions": extension(1, b"") * 2}, "extension-twice"),
    ("an unknown leaf source", {"source": 4}, "value-unknown"),
    ("an end in the past", {"lifetime": (NOW - DAY, NOW)}, "key-package-expired"),
    ("a start in an hour", {"lifetime": (NOW + 3600, NOW + DAY)}, "key-package-not-yet"),
    ("85 days", {"lifetime": (NOW, NOW + 85 * DAY)}, "key-package-lifetime"),
    ("less than no time", {"lifetime": (NOW + 60, NOW + 30)}, "key-package-lifetime"),
    ("all time", {"lifetime": (0, 2**64 - 1)}, "key-package-lifetime"),
    ("another's name", {"credential": Device().credential}, "credential-key"),
    ("a nickname", {"credential": b"Alice"}, "credential-malformed"),
    ("too long a name", {"credential": bytes(2000)}, "too-large"),
    ("too many abilities", {"capabilities": capabilities(2, bytes(600))}, "too-many"),
]


class TestAKeyPackage:
    @pytest.mark.parametrize(
        ("wrong", "code"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
    )
    def test_is_refused_with(self, wrong, code):
        device, wrong = Device(), dict(wrong)
        if wrong.pop("leaf_only", False):
            wrong = {"leaf": device.leaf(**wrong)}
        with refused(code):
            check(device.key_package(**wrong))

    @pytest.mark.parametrize(
        "good",
        [
            {},
            {"lifetime": (NOW, NOW + 84 * DAY)},
            {"lifetime": (NOW + 300, NOW + DAY)},
            {"lifetime": (NOW - DAY, NOW + 1)},
            {"extensions": extension(0xF0, b"x"), "capabilities": capabilities(2, b"\0\xf0")},
            {"extensions": extension(1, b"")},
        ],
        ids=["usual", "84 days", "a clock ahead", "one second left", "announced", "default"],
    )
    def test_is_taken_with(self, good):
        device = Device()
        assert check(device.key_package(**good)).device == device.identity["device"]

    def test_too_large_is_not_even_read(self):
        with refused("too-large"):
            framing.read_key_package(bytes(10_000))

    def test_with_an_x509_credential_is_refused(self):
        whole = Device().key_package()
        at = whole.index(b'\x7b"device"') - 4
        assert whole[at : at + 2] == b"\0\1"
        with refused("credential-malformed"):
            framing.read_key_package(message(5, whole[:at] + b"\0\2" + whole[at + 2 :]))

    def test_of_another_protocol_is_refused(self):
        with refused("suite-unsupported"):
            framing.read_key_package(b"\0\2\0\5" + Device().key_package())

    def test_has_a_reference_of_its_own(self):
        device = Device()
        one, two = (framing.read_key_package(message(5, device.key_package())) for _ in range(2))
        assert framing.key_package_ref(one) != framing.key_package_ref(two)
        assert len(framing.key_package_ref(one)) == 32


def without(name: str) -> bytes:
    return canonical({k: v for k, v in Device().identity.items() if k != name})


def having(**fields) -> bytes:
    return canonical(Device().identity | fields)


UPPER = "6F1D2B1E-0000-4000-8000-00000000000A"


class TestAnIdentity:
    def test_names_a_device_of_a_person_of_a_state(self):
        device = Device()
        found = framing.read_identity(device.credential)
        assert found.signature_key == device.public
        assert len(found.history_key) == 32
        assert (found.state, found.person) == ("SV", device.identity["person"])
        assert found.serial == device.identity["serial"]

    @pytest.mark.parametrize(
        "credential",
        [
            *(without(name) for name in Device().identity),
            having(role="judge"),
            having(v=2),
            having(v="1"),
            having(state="ES "),
            having(state="es"),
            having(person=UPPER),
            having(signature_key="A" * 42),
            having(signature_key="A" * 42 + "B"),
            having(history_key="A" * 42 + "="),
            Device().credential + b"\n",
            b" " + Device().credential,
            b"",
        ],
    )
    def test_of_any_other_form_is_refused(self, credential):
        with refused("credential-malformed"):
            framing.read_identity(credential)

    def test_out_of_order_is_refused(self):
        fields = Device().credential[1:-1].split(b",")
        with refused("credential-malformed"):
            framing.read_identity(b"{" + b",".join(reversed(fields)) + b"}")
