"""Every write of the delivery service."""

from .commits import accept_commit
from .groups import collect_welcome, read_group_info, start_group
from .key_packages import claim_key_packages, publish_key_packages
from .messages import Accepted, Post, accept_messages

__all__ = [
    "Accepted",
    "Post",
    "accept_commit",
    "accept_messages",
    "claim_key_packages",
    "collect_welcome",
    "publish_key_packages",
    "read_group_info",
    "start_group",
]
