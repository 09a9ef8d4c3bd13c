"""The address that a request comes from, behind as many proxies as are trusted."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp import web

from bot.http.keys import RUNTIME

_IPV6_SITE = 64  # one subscriber's network


def client_address(request: web.Request) -> str:
    """The first address from the right, in `X-Forwarded-For` and the socket's own, that is no proxy of ours.

    Of IPv6 only the /64 counts, since one subscriber has all of it.
    """
    trusted = request.app[RUNTIME].settings.trusted_networks
    hops = [*request.headers.get("X-Forwarded-For", "").split(","), request.remote or ""]
    address: IPv4Address | IPv6Address | None = None
    for hop in reversed(hops):
        try:
            address = ip_address(hop.strip())
        except ValueError:
            break
        if not any(address in network for network in trusted):
            break
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, _IPV6_SITE), strict=False))
    return str(address)
