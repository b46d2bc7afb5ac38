"""
The same bytes in fewer: leaves and canonical events as the database keeps them.

Nobody outside sees this form, and nothing commits to it: what is hashed, sealed for others or
proven is always what `unpack...` returns. Whatever has another shape is kept as it is, and so is
what was written before there was this form.
"""

from __future__ import annotations

import re
import zlib
from base64 import b64decode, b64encode

_TIME, _COMMITMENT, _TAG = 5, 32, 8  # bytes
_HEAD = 1 + _TIME + _COMMITMENT
_MARK = b"\x01"
_LEAF = re.compile(
    rb'\{"c":"([A-Za-z0-9+/]{43}=)","g":\["([A-Za-z0-9+/=",]*)"\],"k":"event","t":([0-9]{1,12}),'
    rb'"v":1\}'
)


def pack_leaf(leaf: bytes) -> bytes:
    """Return a leaf's time, commitment and tags, each behind the other: 54 bytes for two States."""
    found = _LEAF.fullmatch(leaf)
    if found is None:
        return leaf
    try:
        tags = b"".join(b64decode(tag) for tag in found[2].split(b'","'))
        packed = _MARK + int(found[3]).to_bytes(_TIME, "big") + b64decode(found[1]) + tags
    except (ValueError, OverflowError):
        return leaf
    return packed if unpack_leaf(packed) == leaf else leaf


def unpack_leaf(stored: bytes) -> bytes:
    """Return the leaf that enters the tree, from either form."""
    if stored[:1] != _MARK or len(stored) <= _HEAD or (len(stored) - _HEAD) % _TAG:
        return stored
    time = int.from_bytes(stored[1 : 1 + _TIME], "big")
    tags = b'","'.join(b64encode(stored[at : at + _TAG]) for at in range(_HEAD, len(stored), _TAG))
    bound = b64encode(stored[1 + _TIME : _HEAD])
    return b'{"c":"%b","g":["%b"],"k":"event","t":%d,"v":1}' % (bound, tags, time)


# ------------------------------------------------------------------ events

# Ids and digests as the bytes that they spell; canonical JSON has no control characters.
_ID, _DIGEST = b"\x01", b"\x02"
_SPELLED = re.compile(
    rb'"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"|"([0-9a-f]{64})"'
)
_SHORT = re.compile(rb"\x01(.{16})|\x02(.{32})", re.DOTALL)
_PACKED = b"\x03"
# What events are made of, the most frequent last. Never changed, or what was packed is lost: a
# better one gets another mark. New kinds of event need none, they are only a little longer.
_WORDS = (
    b'"policy":"reason":"ground":"query":"acts":"office":"until":"since":"outcome":"count":'
    b'"format":"export":"log":"size":"first":"last":"entries":"member":"role":"stage":"rule":'
    b'"version":"language":"person":"state":"account":"statement":"type":"request":"document":'
    b'"attempt":"method":"session":"key_packages":"client":"recipient":"removed":"added":'
    b'"act":"code":"target":"kind":"owner":"reader":"circle":"head":"id":"name":"from":"to":'
    b"directory.statement.entered directory.device.registered directory.device.selected "
    b"oversight.log.queried oversight.entry.opened audit.bundle.exported audit.event.erased "
    b"accounts.sign-in.refused accounts.sign-in.completed accounts.session.ended "
    b"accounts.unlock-share.given requests.request.opened requests.request.read "
    b"requests.version.saved requests.attestation.made core.callers.refused core.act.refused "
    b"messaging.group-info.read messaging.key-packages.claimed messaging.key-packages.published "
    b"messaging.welcome.collected messaging.commit.accepted cases.reader.added cases.case.opened "
    b'"payload":{"case":cases.case.read"SV""GT""HN""NI""CR""PA""DO""BZ""US""CA""MX","SV"'
    b'null,true,false,[],"seq":0,"epoch":"messaging.message.accepted","payload":{"device":'
    b',"digest":,"epoch":,"seq":,"thread":},"states":["MX","SV"],"v":1}'
    b'{"actor":,"at":"2028-2027-2026-T00:00:00.000000Z","kind":"'
)
# Copied for each event: to learn the words takes longer than to pack one.
_SQUEEZING = zlib.compressobj(6, zlib.DEFLATED, -12, 4, zlib.Z_DEFAULT_STRATEGY, _WORDS)
_BENT = "a packed event does not unpack"
_OPENING = zlib.decompressobj(-12, _WORDS)


def _shorter(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return _ID + bytes.fromhex(found[1].replace(b"-", b"").decode())
    return _DIGEST + bytes.fromhex(found[2].decode())


def _spelled(found: re.Match[bytes]) -> bytes:
    if found[1] is None:
        return f'"{found[2].hex()}"'.encode()
    text = found[1].hex()
    return f'"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"'.encode()


def pack_event(payload: bytes) -> bytes:
    """Return the canonical bytes of an event in about two fifths of the room."""
    if not payload.startswith(b"{") or _ID in payload or _DIGEST in payload:
        return payload
    squeezing = _SQUEEZING.copy()
    return _PACKED + squeezing.compress(_SPELLED.sub(_shorter, payload)) + squeezing.flush()


def unpack_event(stored: bytes) -> bytes:
    """
    Return the canonical bytes of an event, from either form.

    :raises ValueError: if they were packed by somebody else.
    """
    if stored[:1] != _PACKED:
        return stored
    try:
        opening = _OPENING.copy()
        short = opening.decompress(stored[1:]) + opening.flush()
    except zlib.error as error:
        raise ValueError(_BENT) from error
    if not opening.eof or opening.unused_data:
        raise ValueError(_BENT)
    return _SHORT.sub(_spelled, short)
