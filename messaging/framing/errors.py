"""What the framing package refuses, and under which stable name."""

from __future__ import annotations

from typing import Final

CODES: Final[dict[str, str]] = {
    # Bytes that are not well-formed MLS.
    "bytes-truncated": "a field runs past the end of what holds it",
    "bytes-trailing": "bytes are left over after the last field",
    "length-not-minimal": "a length is not written in its shortest form",
    "value-unknown": "an enumeration holds a value that RFC 9420 does not define",
    "too-large": "a message or a field is longer than we take",
    "too-many": "a list holds more items than we take",
    "extension-twice": "an extension type stands twice in one list",
    "wrong-wire-format": "an MLSMessage of another kind than this call takes",
    "tree-shape": "the nodes do not form a ratchet tree",
    # What a device or a group may be.
    "suite-unsupported": "another protocol version or cipher suite than MLS 1.0, suite 1",
    "key-length": "a key, tag, signature or ciphertext of the wrong length",
    "credential-malformed": "the credential is not our canonical device identity",
    "credential-key": "the credential names another signature key than its leaf has",
    "leaf-source": "a leaf made for another purpose than the place where it stands",
    "leaf-capabilities": "the leaf does not support what it or the group uses",
    "leaf-forged": "the signature of a leaf is wrong",
    "leaf-key-reused": "a key already stands elsewhere in the tree",
    "key-package-expired": "the key package is past its lifetime",
    "key-package-not-yet": "the lifetime of the key package has not begun",
    "key-package-lifetime": "the key package is valid for too long, or for less than no time",
    "key-package-forged": "the signature of the key package is wrong",
    "key-package-init-key": "the init key of the key package is also its leaf's key",
    # A GroupInfo, alone or after a commit.
    "group-info-extensions": "a GroupInfo must carry ratchet_tree and external_pub, and only these",
    "group-info-foreign": "the GroupInfo does not follow from the commit",
    "group-info-forged": "the signature of the GroupInfo is wrong, or its signer no member",
    "group-info-not-first": "the GroupInfo is not that of a new group with one member",
    "group-info-tag": "the confirmation tags of commit and GroupInfo differ",
    "group-extensions": "the group context carries extensions, or changes them",
    "group-mismatch": "the group id is another one",
    "tree-hash": "the tree hash in the group context is not that of the tree",
    "transcript-hash": "the confirmed transcript hash does not follow from the commit",
    "parent-hash": "a parent hash in the tree is wrong",
    # A commit.
    "not-a-commit": "the public message holds no commit",
    "stale-epoch": "the commit is for an epoch that is over",
    "future-epoch": "the commit is for an epoch that has not begun",
    "sender-not-member": "the sender is not a member of the group",
    "authenticated-data": "the authenticated data is not our canonical JSON",
    "commit-tampered": "the signature of the commit is wrong",
    "commit-without-path": "the commit must carry a path and has none",
    "path-shape": "the path does not have the nodes or ciphertexts that the tree asks for",
    "path-identity": "the path changes the credential or the signature key of its leaf",
    "proposal-by-reference": "a proposal is given by reference",
    "update-proposal": "an Update proposal",
    "psk-proposal": "a PreSharedKey proposal",
    "reinit-proposal": "a ReInit proposal",
    "group-context-extensions-proposal": "a GroupContextExtensions proposal",
    "external-init-proposal": "an ExternalInit proposal from a member",
    "add-and-remove": "one commit both adds and removes",
    "remove-self": "the committer removes itself",
    "remove-unknown": "a Remove names a leaf that is blank, or names it twice",
    "resync-shape": "an external commit that is not exactly ExternalInit and Remove",
    "resync-identity": "an external commit removes another device than the one that joins",
    "welcome-missing": "members are added without a welcome",
    "welcome-unexpected": "a welcome without added members",
    "welcome-references": "the welcome is not for exactly the key packages added",
    # What a commit states of the directory.
    "directory-unstated": "a commit before this one stated its directory, this one does not",
    "directory-older": "a commit states less of the directory than the one before it",
    "directory-unknown": "a commit states a directory that was never published",
    "directory-stale": "a larger directory, or another log, has taken the place of the stated one",
    # An application message.
    "handshake-encrypted": "a proposal or commit in a PrivateMessage: handshakes are public here",
}
"""Every code with what it means, for whoever reads a log. None of this comes from a client."""


class FramingError(ValueError):
    """
    Bytes, or a change to a group, that the server refuses.

    `code` is stable, kebab-case and one of `CODES`; `detail` says where, for the log, and
    never quotes what a client sent.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        """Refuse under `code`; a code outside `CODES` is a mistake of ours, a `KeyError`."""
        meaning = CODES[code]
        super().__init__(f"{code}: {meaning}" + (f" ({detail})" if detail else ""))
        self.code = code
        self.detail = detail
