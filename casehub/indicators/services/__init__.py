"""What readers of the indicators do."""

from .reading import read_quarter

__all__ = ["read_quarter"]
