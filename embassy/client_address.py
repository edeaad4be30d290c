"""Where a request comes from: the address that counts failed sign-ins and stands in the audit log."""

from functools import cache
from ipaddress import ip_address, ip_network

from django.conf import settings


def client_address(request):
    """The visitor's address as text, or None where there is none (a socket file).

    Only a proxy of ours (settings.TRUSTED_PROXIES) is believed to know better than the connection: the
    last address of its X-Forwarded-For, the one that it wrote itself. From anybody else the header is
    somebody's claim, and changes nothing.
    """
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    if is_within(peer, settings.TRUSTED_PROXIES):
        said = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2]
        peer = _address(said) or peer
    return str(peer) if peer else None


def is_within(address, networks):
    """Whether `address` (text, an address, or None) lies in one of `networks` (texts, as 192.0.2.0/24)."""
    address = _address(str(address))
    return address is not None and any(address in network for network in _networks(tuple(networks)))


def _address(text):
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    # ::ffff:192.0.2.1 is 192.0.2.1, as a listener for both families sees it.
    return getattr(address, "ipv4_mapped", None) or address


@cache
def _networks(texts):
    return tuple(ip_network(text, strict=False) for text in texts)
