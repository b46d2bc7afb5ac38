"""Where a caller comes from, told no more precisely than lockout and rates need."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest

NOWHERE = "::"


def caller_address(meta: Mapping[str, Any], *, proxies: int) -> str:
    """
    Return the caller's address as the outermost trusted proxy saw it.

    Each of our `proxies` appends the address it heard from to X-Forwarded-For; what stands
    further left was written by the caller and may be a lie.
    """
    if proxies == 0:
        return str(meta.get("REMOTE_ADDR") or "")
    hops = [hop.strip() for hop in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    return hops[-proxies] if len(hops) >= proxies else ""


def network(address: str) -> str:
    """Return the /24 (IPv4) or /48 (IPv6) network address of `address`, or `::` if it is none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return NOWHERE
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    prefix = 24 if parsed.version == 4 else 48  # noqa: PLR2004 - the versions of IP
    return str(ip_network(f"{parsed}/{prefix}", strict=False).network_address)


def network_of(request: HttpRequest) -> str:
    """Return the caller's network; a full address is never kept anywhere."""
    proxies: int = getattr(settings, "CASEHUB_PROXIES", 0)
    return network(caller_address(request.META, proxies=proxies))


def network_heard(host: str, forwarded: Iterable[bytes]) -> str:
    """
    Return the network of a connection that Django has not seen (yet).

    `host` is whom the connection comes from, `forwarded` its X-Forwarded-For headers in order.
    """
    hops = b",".join(forwarded).decode("latin-1")
    meta = {"REMOTE_ADDR": host, "HTTP_X_FORWARDED_FOR": hops}
    return network(caller_address(meta, proxies=settings.CASEHUB_PROXIES))


def lockout_name(typed: str) -> str:
    """
    Return the pseudonym under which failures for a typed account name are counted.

    People type passwords into the wrong field; what they typed is therefore not stored.
    """
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, b"casehub/lockout/1\0" + typed.encode(), hashlib.sha256).hexdigest()
