"""The object store that CASEHUB_OBJECTS names: what may be said of it, and what it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

from casehub.startup import LOOPBACK

WORDS: Final = (
    "a URL like https://HOST/BUCKET/PREFIX?region=REGION, without names, passwords or anything"
    " else in it; http only on this machine"
)
USUAL: Final = "us-east-1"  # what stores that have no regions call theirs
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PART: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")  # none is hidden, `.` or `..`
_REGION: Final = re.compile(r"[a-z0-9-]{1,40}")
_PACKAGES: Final = ("boto3", "storages")


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of a store that speaks S3; `prefix` is what all names in it begin with, or empty."""

    endpoint: str
    name: str
    prefix: str
    region: str

    def __str__(self) -> str:
        """Return it as an operator is told it."""
        return "/".join(one for one in (self.endpoint, self.name, self.prefix) if one)


def read(text: str) -> Bucket:
    """
    Return what a URL names.

    :raises ValueError: if it names none, or goes over a network without TLS.
    """
    url = urlsplit(text)
    name, *parts = url.path.removeprefix("/").removesuffix("/").split("/")
    asked = dict(parse_qsl(url.query, keep_blank_values=True, strict_parsing=bool(url.query)))
    region = asked.pop("region", USUAL)
    safe = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK)
    said = url.hostname and (url.port is None or url.port) and not (asked or url.fragment)
    if not (safe and said) or "@" in url.netloc:
        raise ValueError
    if not (_BUCKET.fullmatch(name) and _REGION.fullmatch(region)):
        raise ValueError
    if not all(_PART.fullmatch(part) for part in parts):
        raise ValueError
    return Bucket(f"{url.scheme}://{url.netloc}", name, "/".join(parts), region)


def storage(bucket: Bucket, *, key: str, secret: str) -> dict[str, Any]:
    """
    Return what Django's setting `STORAGES` says of it.

    :raises ImproperlyConfigured: without its keys, or what it is reached by.
    """
    lacking = [
        name
        for name, said in (("CASEHUB_OBJECTS_KEY", key), ("CASEHUB_OBJECTS_SECRET", secret))
        if not said
    ]
    if lacking:
        message = f"CaseHub does not start: CASEHUB_OBJECTS needs {' and '.join(lacking)}."
        raise ImproperlyConfigured(message)
    if not all(find_spec(one) for one in _PACKAGES):
        message = (
            "CaseHub does not start: what CASEHUB_OBJECTS is reached by is not installed: "
            "requirements/objects.txt, into the environment that this runs in (docs/operations.md)."
        )
        raise ImproperlyConfigured(message)
    return {
        "BACKEND": "casehub.core.objects.Objects",
        "OPTIONS": {
            "endpoint_url": bucket.endpoint,
            "bucket_name": bucket.name,
            "location": bucket.prefix,
            "region_name": bucket.region,
            "access_key": key,
            "secret_key": secret,
        },
    }
