"""Writing about letterheads and documents, each act with its event."""

from .heading import change_letterhead
from .making import make_documents

__all__ = ["change_letterhead", "make_documents"]
