"""How a bundle can fail as a file."""


class NotABundle(ValueError):
    """These bytes are not an archive as it is written here: damaged, changed, or packed anew."""
