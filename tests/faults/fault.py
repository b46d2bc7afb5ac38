"""What a fault is: its name, what it does in a sentence, how, and what it excuses."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from tests.faults.ground import Ground

#  Strikes, and returns when its cause was over, by the monotonic clock. What it struck lasts until
#  it returns: somebody has to write meanwhile.
Strike = Callable[[Ground, random.Random], float]


Around = Callable[[Ground, random.Random], AbstractContextManager[object]]


def _nobody(_: Ground, __: random.Random) -> AbstractContextManager[object]:
    return nullcontext()


@dataclass(frozen=True)
class Fault:
    """What is done, in a sentence, how, and which errors processes may speak of for it."""

    name: str
    does: str
    strike: Strike
    says: tuple[str, ...] = ()
    needs: str = ""  # what a machine may lack: it is left out there, and told
    #  who is there besides, from before it is struck until after the traffic: `Ground.beside`
    around: Around = _nobody
