"""How much memory the large bodies of unanswered requests take, together and by network."""

from __future__ import annotations

from collections import Counter

from . import limits


class LargeBodies:
    """
    Bytes of request bodies in memory, beyond the first settings.BODY_LIMIT of each.

    Those first bytes are not counted here: the number of connections bounds them, and nobody's
    large bodies keep others from signing in.
    """

    def __init__(self) -> None:
        self._total = 0
        self._by_network: Counter[str] = Counter()

    def take(self, network: str, size: int) -> bool:
        """Make room for `size` more bytes from `network`; False if there is none."""
        if size == 0:  # a small body: of whoever sends no others nothing is kept
            return True
        if (
            self._total + size > limits.BODIES_BYTES
            or self._by_network[network] + size > limits.NETWORK_BODIES_BYTES
        ):
            return False
        self._total += size
        self._by_network[network] += size
        return True

    def give_back(self, network: str, size: int) -> None:
        """Let go of `size` bytes that were taken."""
        self._total -= size
        self._by_network[network] -= size
        if self._by_network[network] == 0:
            del self._by_network[network]
