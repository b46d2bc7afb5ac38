"""
Pieces of files in a store that speaks S3: Django's storage `attachments`, where CASEHUB_OBJECTS is.

It promises what `piecestore.DurableFiles` does. One PUT is one piece, whole or not there; the store
compares what came with the digest that the signature is over, and answers once it keeps it. No call
outlasts its time, whatever the store does; what it says of a failure goes into no log. Nobody is
given a link: people get pieces from us alone.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import os
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from operator import methodcaller
from typing import Any, Final, TypeVar

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    ReadTimeoutError,
)
from botocore.exceptions import (
    ConnectionError as Unconnected,
)
from botocore.parsers import ResponseParserError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

Found = TypeVar("Found")
CALL: Final = 20.0  # seconds of a call as a whole: a store that drips stretches each of its parts
CONNECT: Final = 3.0  # of which until there is a connection, and to send a body
WAIT: Final = 8.0  # and without a byte
LOOK: Final = 2.0  # of a look whether it answers
TRIES: Final = 2  # of a call within its time: one that met a connection just closed goes again
AT_ONCE: Final = 64  # calls of a process, those given up among them until their sockets end
PAGE: Final = 1000  # names in one answer; no store gives more
LARGEST: Final = 8 * 1024 * 1024  # bytes of what is read as one piece
_FULL: Final = ("QuotaExceeded", "StorageFull")  # how codes end that stores have for it
_INSUFFICIENT: Final = 507
_DENIED: Final = frozenset({401, 403})
_NOT_OURS: Final = (BotoCoreError, HTTPClientError, ClientError, ResponseParserError)
_WAYS: Final = threading.BoundedSemaphore(AT_ONCE)


class Objects(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """Objects that are whole and kept when `save` returns; the same name is the same bytes."""

    def __init__(self, **options: Any) -> None:
        # What else django-storages and boto3 would take from an environment meant for others.
        alone = {"security_token": None, "session_profile": None, "default_acl": None}
        config = Config(
            signature_version="s3v4",
            # The digest is over the body with TLS too, and names never become names of hosts.
            s3={"addressing_style": "path", "payload_signing_enabled": True},
            # Only what every store knows.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=CONNECT,
            read_timeout=WAIT,
            retries={"mode": "standard", "total_max_attempts": TRIES},
            max_pool_connections=AT_ONCE,
        )
        super().__init__(**alone, client_config=config, verify=authorities(), **options)
        self._making = threading.Lock()
        self._made: Any = None

    # ------------------------------------------------------------------ as Django's storages

    def _save(self, name: str, content: File[bytes]) -> str:
        sent = {"Key": self._normalize_name(name), "Body": content.read()}
        kind = "application/octet-stream"
        self._told(methodcaller("put_object", Bucket=self.bucket_name, ContentType=kind, **sent))
        return name

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        del mode
        key = self._normalize_name(name)

        def got(client: Any) -> bytes:
            found = client.get_object(Bucket=self.bucket_name, Key=key)
            with found["Body"] as body:
                if found["ContentLength"] > LARGEST:
                    raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
                read: bytes = body.read()
            return read

        return ContentFile(self._told(got), name=name)

    def delete(self, name: str) -> None:
        """Remove an object; that there is none is no error."""
        key = self._normalize_name(name)
        self._told(methodcaller("delete_object", Bucket=self.bucket_name, Key=key))

    def delete_all(self, names: Iterable[str]) -> None:
        """
        Remove objects, a thousand in one call; that there is none of a name is no error.

        :raises OSError: if one may be there still: the store said so, or did not say that it went.
        """
        asked, left = iter([self._normalize_name(name) for name in names]), list[str]()
        while keys := list(islice(asked, PAGE)):
            left += self._gone(keys) if len(keys) > 1 else keys
        for key in left:
            self._told(methodcaller("delete_object", Bucket=self.bucket_name, Key=key))

    def _gone(self, keys: list[str]) -> list[str]:
        """Remove objects in one call; return those that the store did not say are gone."""
        objects = {"Objects": [{"Key": key} for key in keys]}
        try:
            said = self._told(
                methodcaller("delete_objects", Bucket=self.bucket_name, Delete=objects)
            )
        except OSError as error:
            # A store that does not know the call, or wants it otherwise, knows the one of a single
            # object; one that is away, or does not let us in, is not asked a thousand times more.
            if error.errno != errno.EIO:
                raise
            return keys
        gone = {one.get("Key") for one in said.get("Deleted", ())}
        return [key for key in keys if key not in gone]

    def exists(self, name: str) -> bool:
        """Say whether there is an object of that name."""
        return name in self.names(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the folders and the objects under a name, however many there are."""
        folders, files = set[str](), list[str]()
        within = f"{path.rstrip('/')}/" if path else ""
        for name in self.names(within):
            first, slash, _ = name.removeprefix(within).partition("/")
            if slash:
                folders.add(first)
            else:
                files.append(first)
        return sorted(folders), files

    def url(self, *_: Any, **__: Any) -> str:
        """
        Refuse: a link would let in whoever has it, past every rule of who may read.

        :raises NotImplementedError: always.
        """
        raise NotImplementedError

    # ------------------------------------------------------------------ beyond them

    def names(self, beginning: str = "") -> Iterator[str]:
        """
        Return the name of every object that begins so, in the store's order, a page at a time.

        :raises OSError: also half-way.
        """
        # Ours alone: a bucket may hold what others keep, under names that begin like our prefix.
        base = self._base()
        asked = {"Bucket": self.bucket_name, "Prefix": base + beginning, "MaxKeys": PAGE}
        while True:
            page = self._told(methodcaller("list_objects_v2", **asked))
            yield from (one["Key"].removeprefix(base) for one in page.get("Contents", ()))
            if not page.get("IsTruncated"):
                return
            token = page.get("NextContinuationToken")
            if not token or token == asked.get("ContinuationToken"):
                raise OSError(errno.EIO, os.strerror(errno.EIO))  # it would never end
            asked = {**asked, "ContinuationToken": token}

    def look(self) -> None:
        """
        See whether the store answers, and lets us list what is ours.

        :raises OSError: if not, within seconds.
        """
        asked = {"Bucket": self.bucket_name, "Prefix": f"{self._base()}.", "MaxKeys": 1}
        self._told(methodcaller("list_objects_v2", **asked), seconds=LOOK)

    def keeps_versions(self) -> bool:
        """
        Say whether what is destroyed stays in the bucket as an earlier version.

        Of a store that does not tell, or not us, nobody knows: it is taken for one that does not.

        :raises OSError: if it does not answer at all.
        """

        def asked(client: Any) -> str:
            try:
                said = client.get_bucket_versioning(Bucket=self.bucket_name)
            except ClientError as error:
                if _code(error) == "NoSuchBucket":
                    raise
                return ""
            return str(said.get("Status", ""))

        return self._told(asked) != ""

    # ------------------------------------------------------------------ calls

    def _base(self) -> str:
        return f"{self.location}/" if self.location else ""

    def _client(self) -> Any:
        """Return the process's one client: making one takes long, and threads may share it."""
        with self._making:
            if self._made is None:
                self._made = self._create_session().client(
                    "s3",
                    region_name=self.region_name,
                    endpoint_url=self.endpoint_url,
                    config=self.client_config,
                    verify=self.verify,
                )
                self._made.meta.events.register("before-call.s3.DeleteObjects", _digested)
            return self._made

    def _told(self, call: Callable[[Any], Found], *, seconds: float = CALL) -> Found:
        """
        Return what a call says.

        :raises OSError: with the number of why there is none, and no word of the store's.
        """
        try:
            return within(seconds, lambda: call(self._client()))
        except _NOT_OURS as error:
            why = number_of(error)
        raise OSError(why, os.strerror(why))  # beyond `except`: with nothing behind it


def authorities() -> str | None:
    """
    Return the file of those whom the machine trusts, as everything else here does.

    SSL_CERT_FILE names others. None: there is none, and those count that botocore brings.
    """
    found = ssl.get_default_verify_paths()
    folder = found.capath or ""  # of Debian's, where no file is the usual one
    files = (found.cafile or "", os.path.join(folder, "ca-certificates.crt"))  # noqa: PTH118
    return next((one for one in files if os.path.isfile(one)), None)  # noqa: PTH113


def _digested(params: dict[str, Any], **_: Any) -> None:
    # Which digest of such a call a store wants is not agreed: botocore's CRC32, or this one of old.
    digest = hashlib.md5(params["body"], usedforsecurity=False).digest()
    params["headers"]["Content-MD5"] = base64.b64encode(digest).decode()


def number_of(error: BaseException) -> int:
    """Return what a failure of a call would be, had a file system met it."""
    if isinstance(error, ReadTimeoutError):
        return errno.ETIMEDOUT
    if isinstance(error, Unconnected):
        return errno.EHOSTUNREACH
    if not isinstance(error, ClientError):
        return errno.EIO
    code, said = _code(error), error.response.get("ResponseMetadata", {})
    status = int(said.get("HTTPStatusCode", 0))
    if code == "NoSuchKey":
        return errno.ENOENT
    if status == _INSUFFICIENT or code.endswith(_FULL):
        return errno.ENOSPC
    return errno.EACCES if status in _DENIED else errno.EIO


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def within(seconds: float, call: Callable[[], Found]) -> Found:
    """
    Return what a call returns, or raise what it raises; after so many seconds it is given up.

    It goes on in a thread of its own until its sockets end, which no stop of the process waits for.

    :raises TimeoutError: if it takes longer, or so many others have not ended.
    """
    until, ways, done = time.monotonic() + seconds, _WAYS, threading.Event()
    made: list[Found] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            made.append(call())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            failed.append(error)
        finally:
            ways.release()
            done.set()

    if not ways.acquire(timeout=seconds):
        raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
    try:
        threading.Thread(target=run, name="store", daemon=True).start()
    except RuntimeError as error:  # the machine has no thread left
        ways.release()
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from error
    if not done.wait(max(0.0, until - time.monotonic())):
        raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
    if failed:
        raise failed[0]
    return made[0]
