"""Small files of every kind that is shown, and of those that are refused; each is whole."""

from __future__ import annotations

import struct
import zlib


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + check


def png(width: int = 64, height: int = 48) -> bytes:
    """Return a picture of one colour, whatever size its head says that it has."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes((30, 90, 160)) * min(width, 64)) * min(height, 48)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def pdf(*pages: str) -> bytes:
    """Return a PDF with a line of text on each page."""
    objects: list[bytes] = []
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for at, text in enumerate(pages):
        contents = f"{5 + 2 * at} 0 R"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 300] /Contents {contents} "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        drawn = f"BT /F1 24 Tf 40 200 Td ({text}) Tj ET".encode()
        packed = zlib.compress(drawn, 9)
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
        objects.append(head + packed + b"\nendstream")
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        out += f"{place:010} 00000 n \n".encode()
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n".encode()
    return bytes(out) + f"startxref\n{table}\n%%EOF\n".encode()


def zipped(name: bytes = b"a.class", body: bytes = b"x") -> bytes:
    """Return a ZIP with one file, stored as it is."""
    check, size = zlib.crc32(body), len(body)
    local = struct.pack("<4s5HIIIHH", b"PK\3\4", 20, 0, 0, 0, 0, check, size, size, len(name), 0)
    central = struct.pack(
        "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 0, check, size, size, len(name), 0, 0, 0, 0, 0, 0
    )
    first = local + name + body
    listed = central + name
    end = struct.pack("<4s4HIIH", b"PK\5\6", 0, 0, 1, 1, len(listed), len(first), 0)
    return first + listed + end


def exif(*, place: bool, said: str) -> bytes:
    """Return a JPEG's segment with a description, turned by a quarter, and a place if asked."""
    text = said.encode() + b"\0"
    entries = [(0x010E, 2, len(text), b""), (0x0112, 3, 1, struct.pack(">HH", 6, 0))]
    if place:
        entries.append((0x8825, 4, 1, b""))
    size = 8 + 2 + 12 * len(entries) + 4
    body = struct.pack(">H", len(entries))
    for tag, kind, count, value in entries:
        inline = value or struct.pack(">I", size if tag == 0x010E else size + len(text))
        body += struct.pack(">HHI", tag, kind, count) + inline
    directory = struct.pack(">HHHI4sI", 1, 1, 2, 2, b"N\0\0\0", 0)
    tiff = b"MM\0\x2a" + struct.pack(">I", 8) + body + struct.pack(">I", 0) + text
    payload = b"Exif\0\0" + tiff + (directory if place else b"")
    return b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload
