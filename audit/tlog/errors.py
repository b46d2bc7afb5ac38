"""Two ways in which bytes from elsewhere can fail."""


class Malformed(ValueError):
    """These bytes are not what the format says."""


class Unproven(ValueError):
    """Well-formed, and wrong: a signature, a proof or a quorum does not hold."""
