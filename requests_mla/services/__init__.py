"""Every write around requests."""

from .attesting import attest
from .consulting import answer_consultation, ask_consultation, end_consultation
from .enclosing import (
    begin_enclosure,
    complete_enclosure,
    open_enclosure,
    remove_enclosure,
)
from .letters import Sealed, send_letter, share_letters
from .moving import make_move, read_dossier
from .people import add_reader, remove_reader
from .reminding import remind_of_day
from .requests import open_request, read_request
from .seconding import confirm_move, decline_move, propose_move
from .turns import give_back_turn, take_turn
from .versions import save_version

__all__ = [
    "Sealed",
    "add_reader",
    "answer_consultation",
    "ask_consultation",
    "attest",
    "begin_enclosure",
    "complete_enclosure",
    "confirm_move",
    "decline_move",
    "end_consultation",
    "give_back_turn",
    "make_move",
    "open_enclosure",
    "open_request",
    "propose_move",
    "read_dossier",
    "read_request",
    "remind_of_day",
    "remove_enclosure",
    "remove_reader",
    "save_version",
    "send_letter",
    "share_letters",
    "take_turn",
]
