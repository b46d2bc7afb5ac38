"""Why a witness does not sign, and why it stops."""


class Refused(Exception):
    """
    A checkpoint is not cosigned; the message says why.

    `status` is the protocol's answer to whoever offered it. `conflict` names what should be kept
    of a checkpoint that its log did sign: "fork", "suspicion", or nothing.
    """

    def __init__(self, status: int, why: str, *, conflict: str = "") -> None:
        super().__init__(why)
        self.status = status
        self.conflict = conflict


class Behind(Refused):
    """The offer begins somewhere else than at the size that was cosigned last."""

    def __init__(self, size: int, *, conflict: str = "") -> None:
        super().__init__(409, f"what was cosigned last has size {size}", conflict=conflict)
        self.size = size


class Stop(Exception):
    """The witness cannot go on; the message is the one line that a person reads."""
