"""
Names and posts as people type them: one line, in which nothing is there that nobody sees.

The browser's twin is frontend/src/crypto/lines.ts; both read tests/vectors/lines.json.
"""

from __future__ import annotations

import unicodedata

# Letters and marks by their category that are drawn as nothing (Unicode, Default_Ignorable_Code_
# Point, as far as it lies in L and M): two names that differ in one of them look the same.
_DRAWN_AS_NOTHING = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0),
        (0xE0100, 0xE01EF),
    )
    for code in range(first, last + 1)
)

# Cyrillic and Greek letters whose capital is drawn as a Latin one.
_LOOKS_LIKE = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455"
    "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7",
    "abekmhopctyxijsabezhikmnoptyx",
)


def is_line(text: str) -> bool:
    """
    Say whether a text may stand as a name, a post or an agency in what people sign.

    Letters, marks, numbers, punctuation and the plain space, in Unicode's composed form (NFC),
    with no space at either end. No control, format or private character, no other space.
    """
    if not text or text.strip(" ") != text or not unicodedata.is_normalized("NFC", text):
        return False
    return all(map(_is_seen, text))


def require_line(text: str) -> str:
    """
    Return the text, for a body's field that must be one line.

    :raises ValueError: if it may not stand in what people sign.
    """
    if not is_line(text):
        message = "not a line"
        raise ValueError(message)
    return text


def _is_seen(character: str) -> bool:
    if character == " ":
        return True
    return unicodedata.category(character)[0] in "LMNP" and character not in _DRAWN_AS_NOTHING


def folded(text: str) -> str:
    """
    Return what is left of a name for whoever reads it quickly: its letters and digits alone.

    Case, accents, punctuation and spaces are let go of, and what Cyrillic and Greek letters are
    that look like Latin ones.
    """
    return "".join(_words(text))


def is_same_name(one: str, other: str) -> bool:
    """
    Say whether two names are one to whoever reads them quickly, in whichever order their words are.

    The browser's twin is frontend/src/names.ts; both read tests/vectors/names.json.
    """
    return folded(one) == folded(other) or sorted(_words(one)) == sorted(_words(other))


def _words(text: str) -> list[str]:
    """Return the words of a name, of each what `folded` leaves of it."""
    # Up and down again, so that a browser, which knows no other folding, has the same letters.
    spread = unicodedata.normalize("NFKD", text).upper().lower().replace("\u03c2", "\u03c3")
    kinds = ((c, unicodedata.category(c)[0]) for c in spread)
    seen = "".join(c if kind in "LN" else " " for c, kind in kinds if kind != "M")
    return seen.translate(_LOOKS_LIKE).split()
