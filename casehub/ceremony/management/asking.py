"""How commands ask for passphrases: unseen, person by person, and twice where a key is made."""

from __future__ import annotations

import getpass
import sys

from ..errors import CeremonyStopped

HANDS = ("first", "second")


def _ask(question: str) -> str:
    """Ask for what must not be seen: on a terminal unseen, else the next line of the input."""
    if sys.stdin.isatty():
        return getpass.getpass(question)
    sys.stderr.write(question + "\n")
    return sys.stdin.readline().rstrip("\n")


def _turns(hands: int, whose: str) -> list[str]:
    if hands > len(HANDS):
        raise CeremonyStopped(f"{whose} asks for more hands than there are.")
    if hands == 1:
        return [f"Passphrase for {whose} (not shown): "]
    return [f"Passphrase of the {hand} person for {whose} (not shown): " for hand in HANDS[:hands]]


def passphrases(hands: int, whose: str) -> list[str]:
    """
    Return what the people type who open a key.

    :raises CeremonyStopped: if it is one for more people than open any.
    """
    return [_ask(question) for question in _turns(hands, whose)]


def new_passphrases(hands: int, whose: str) -> list[str]:
    """
    Return what people choose, each typing it twice before the next one does.

    :raises CeremonyStopped: if somebody's two are not the same.
    """
    chosen = []
    for question in _turns(hands, whose):
        given = _ask(question)
        if _ask("The same again: ") != given:
            raise CeremonyStopped("The two were not the same. Nothing was written.")
        chosen.append(given)
    return chosen
