"""Looks for what people typed in everything that a server wrote, in many spellings."""

from __future__ import annotations

import base64
import gzip
import re
import secrets
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

START = "canario-"
_GZIP = re.compile(rb"\x1f\x8b\x08")


def canary(place: str) -> str:
    """Return a phrase that nobody else would write, with an accent, naming where it was typed."""
    return f"{START}{place}-{secrets.token_hex(8)}-ñandú"


def spellings(text: str) -> dict[str, bytes]:
    """Return the forms under which a text might lie about."""
    raw = text.encode()
    forms = {
        "plain": raw,
        "utf-16": text.encode("utf-16-le"),
        "latin-1": text.encode("latin-1"),
        "hex": raw.hex().encode(),
        "url": quote(text).encode(),
        "json": text.encode("unicode_escape"),
        "reversed": raw[::-1],
    }
    # Base64 depends on where in its block the text begins; the middle of each shift is compared.
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        forms[f"base64-{shift}"] = encoded[4:-4]
        forms[f"base64url-{shift}"] = base64.urlsafe_b64encode(b"\0" * shift + raw)[4:-4]
    return forms


def traces(start: str) -> set[bytes]:
    """
    Return what every spelling of every text that begins with `start` holds, one for each form.

    Where none of these is, no such text is: a file is read through a dozen times instead of a dozen
    times for each text.
    """
    raw = start.encode()
    found = {
        raw,
        start.encode("utf-16-le"),
        start.encode("latin-1"),
        raw.hex().encode(),
        quote(start).encode(),
        start.encode("unicode_escape"),
        raw[::-1],
    }
    for shift in range(3):
        whole = (shift + len(raw)) // 3 * 4  # characters that no later letter changes
        found.add(base64.b64encode(b"\0" * shift + raw)[4:whole])
        found.add(base64.urlsafe_b64encode(b"\0" * shift + raw)[4:whole])
    return found


def _inflated(content: bytes) -> Iterator[bytes]:
    for found in _GZIP.finditer(content):
        try:
            yield zlib.decompressobj(31).decompress(content[found.start() :], 1 << 24)
        except zlib.error:
            continue


def hunt(folders: Iterable[Path], canaries: Iterable[str]) -> list[str]:
    """Return `canary's place: form in file` for every hit in any file below `folders`."""
    wanted = {text: spellings(text) for text in canaries}
    assert all(text.startswith(START) for text in wanted), "a canary comes from `canary`"
    common = traces(START)
    hits = []
    for file in (f for folder in folders for f in sorted(folder.rglob("*")) if f.is_file()):
        try:
            content = file.read_bytes()
        except OSError:  # a server's temporary file went between listing and reading
            continue
        for content_form in (content, *_inflated(content)):
            if not any(trace in content_form for trace in common):
                continue
            hits += [
                f"{text.split('-')[1]}: {name} in {file.name}"
                for text, forms in wanted.items()
                for name, form in forms.items()
                if form in content_form
            ]
    return hits


def packed(text: str) -> bytes:
    """Return a text as a compressed log would hold it (for the hunter's own test)."""
    return gzip.compress(text.encode())
