"""Every write of the delivery service."""

from .attachments import (
    begin_attachment,
    complete_attachment,
    open_attachment,
    remove_attachment,
)
from .commits import accept_commit
from .groups import collect_welcome, read_group_info, start_group
from .key_packages import claim_key_packages, publish_key_packages
from .messages import Accepted, Post, accept_messages

__all__ = [
    "Accepted",
    "Post",
    "accept_commit",
    "accept_messages",
    "begin_attachment",
    "claim_key_packages",
    "collect_welcome",
    "complete_attachment",
    "open_attachment",
    "publish_key_packages",
    "read_group_info",
    "remove_attachment",
    "start_group",
]
