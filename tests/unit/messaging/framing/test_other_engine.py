"""Commits of an independent implementation of RFC 9420 (mls-rs) are read alike."""

from __future__ import annotations

import pytest

from messaging import framing
from messaging.framing import FramingError
from messaging.framing.structures import Add, Remove
from tests.unit.messaging.framing import session

mls_rs = pytest.importorskip("mls_rs_uniffi", reason="a test-only package with its own binary")


@pytest.fixture
def group():
    keys = mls_rs.generate_signature_keypair(mls_rs.CipherSuite.CURVE25519_AES128)
    client = mls_rs.Client(b"other", keys, mls_rs.client_config_default())
    return client.create_group(b"g" * 16)


class TestMlsRs:
    def test_adds_our_key_packages_in_commits_that_are_read(self, group):
        ours = mls_rs.Message.from_bytes(session.KEY_PACKAGES["ben"])
        made = group.add_members([ours])
        commit = framing.read_commit(made.commit_message.to_bytes())
        assert (commit.epoch, commit.sender, commit.group_id) == (0, 0, b"g" * 16)
        assert isinstance(commit.proposals[0], Add)
        ref = framing.key_package_ref(framing.read_key_package(session.KEY_PACKAGES["ben"]))
        assert framing.read_welcome(made.welcome_message.to_bytes()).references == (ref,)

    def test_renews_keys_in_commits_that_are_read(self, group):
        commit = framing.read_commit(group.commit().commit_message.to_bytes())
        assert commit.proposals == ()
        assert commit.path is not None

    def test_removes_in_commits_that_are_read(self, group):
        keys = mls_rs.generate_signature_keypair(mls_rs.CipherSuite.CURVE25519_AES128)
        client = mls_rs.Client(b"third", keys, mls_rs.client_config_default())
        added = group.add_members([client.generate_key_package_message()])
        group.process_incoming_message(added.commit_message)
        theirs = client.join_group(None, added.welcome_message).group
        sent = group.process_incoming_message(theirs.encrypt_application_message(b"x"))
        removed = group.remove_members([sent.sender])
        commit = framing.read_commit(removed.commit_message.to_bytes())
        assert commit.proposals == (Remove(1),)

    def test_default_key_packages_are_too_long_lived_and_foreign_for_us(self):
        keys = mls_rs.generate_signature_keypair(mls_rs.CipherSuite.CURVE25519_AES128)
        client = mls_rs.Client(b"other", keys, mls_rs.client_config_default())
        found = framing.read_key_package(client.generate_key_package_message().to_bytes())
        with pytest.raises(FramingError, match=r"^credential-malformed: "):
            framing.check_key_package(found, now=session.NOW)
