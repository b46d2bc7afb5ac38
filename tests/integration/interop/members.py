"""A member of a group, be it of our engine or of mls-rs: the same few acts, in bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import mls_rs_uniffi as mls_rs

from tests.integration.interop.engine import Engine, EngineRefused, to_bytes, to_text


class CannotRead(Exception):
    """What arrived could not be read, as it should be for one who was removed."""


@dataclass
class Committed:
    """What a commit puts on the wire."""

    commit: bytes
    welcome: bytes | None = None


class Member(Protocol):
    name: str

    def key_package(self) -> bytes: ...
    def create(self, group: bytes) -> None: ...
    def join(self, welcome: bytes) -> None: ...
    def add(self, packages: list[bytes]) -> Committed: ...
    def update(self) -> Committed: ...
    def may_remove(self, name: str) -> bool: ...
    def remove(self, name: str) -> Committed: ...
    def say(self, text: str) -> bytes: ...
    def hear(self, message: bytes) -> tuple[str, str]:
        """Return author and text, or raise CannotRead."""
        ...

    def follow(self, commit: bytes) -> bool:
        """Process a commit and say whether it removed this member."""
        ...


@dataclass
class OurMember:
    name: str
    engine: Engine

    def __post_init__(self) -> None:
        self._do("new")

    def _do(self, op: str, **fields: object) -> dict[str, Any]:
        return self.engine(op, self.name, **fields)

    def _commit(self, **fields: object) -> Committed:
        made = self._do("commit", **fields)
        welcome = to_bytes(made["welcome"]) if made["welcome"] else None
        return Committed(to_bytes(made["commit"]), welcome)

    def key_package(self) -> bytes:
        return to_bytes(self._do("key-package")["package"])

    def create(self, group: bytes) -> None:
        self._do("create", group=group.decode())

    def join(self, welcome: bytes) -> None:
        self._do("join", welcome=to_text(welcome))

    def add(self, packages: list[bytes]) -> Committed:
        return self._commit(add=[to_text(package) for package in packages])

    def update(self) -> Committed:
        return self._commit()

    def may_remove(self, name: str) -> bool:
        return name != self.name

    def remove(self, name: str) -> Committed:
        return self._commit(remove=[name])

    def say(self, text: str) -> bytes:
        return to_bytes(self._do("say", text=text)["message"])

    def hear(self, message: bytes) -> tuple[str, str]:
        try:
            seen = self._do("receive", bytes=to_text(message))
        except EngineRefused as refused:
            raise CannotRead from refused
        assert seen["kind"] == "message"
        return seen["author"], seen["text"]

    def follow(self, commit: bytes) -> bool:
        seen = self._do("receive", bytes=to_text(commit))
        assert seen["kind"] == "commit"
        return bool(seen["self_removed"])

    def names(self) -> set[str]:
        return set(self._do("info")["names"])


@dataclass
class TheirMember:
    name: str
    _known: dict[str, mls_rs.SigningIdentity] = field(default_factory=dict)
    """Whom this member heard: mls-rs removes by identity, and tells one only with a message."""

    def __post_init__(self) -> None:
        keys = mls_rs.generate_signature_keypair(mls_rs.CipherSuite.CURVE25519_AES128)
        config = mls_rs.client_config_default()
        self._client = mls_rs.Client(self.name.encode(), keys, config)
        self._group: mls_rs.Group | None = None

    @property
    def group(self) -> mls_rs.Group:
        assert self._group is not None, f"{self.name} has no group"
        return self._group

    def _merged(self, made: mls_rs.CommitOutput) -> Committed:
        self.group.process_incoming_message(made.commit_message)
        welcome = made.welcome_message
        return Committed(made.commit_message.to_bytes(), welcome and welcome.to_bytes())

    def key_package(self) -> bytes:
        return self._client.generate_key_package_message().to_bytes()

    def create(self, group: bytes) -> None:
        self._group = self._client.create_group(group)

    def join(self, welcome: bytes) -> None:
        message = mls_rs.Message.from_bytes(welcome)
        self._group = self._client.join_group(None, message).group

    def add(self, packages: list[bytes]) -> Committed:
        messages = [mls_rs.Message.from_bytes(package) for package in packages]
        return self._merged(self.group.add_members(messages))

    def update(self) -> Committed:
        return self._merged(self.group.commit())

    def may_remove(self, name: str) -> bool:
        return name in self._known and name != self.name

    def remove(self, name: str) -> Committed:
        return self._merged(self.group.remove_members([self._known[name]]))

    def say(self, text: str) -> bytes:
        return self.group.encrypt_application_message(text.encode()).to_bytes()

    def hear(self, message: bytes) -> tuple[str, str]:
        try:
            seen = self.group.process_incoming_message(mls_rs.Message.from_bytes(message))
        except mls_rs.Error as error:
            raise CannotRead from error
        assert seen.is_APPLICATION_MESSAGE()
        text = seen.data.decode()
        author = text.split(":")[0]
        self._known[author] = seen.sender
        return author, text

    def follow(self, commit: bytes) -> bool:
        seen = self.group.process_incoming_message(mls_rs.Message.from_bytes(commit))
        assert seen.is_COMMIT()
        return bool(seen.effect.is_REMOVED())
