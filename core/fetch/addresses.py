"""Which addresses belong to the public internet."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")  # https://www.rfc-editor.org/rfc/rfc6052: the last 32 bits are IPv4
_NOT_PUBLIC = (
    IPv6Network("2001::/23"),  # Teredo, ORCHID and other protocol assignments
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4, which carries any IPv4 address
    IPv6Network("3fff::/20"),  # documentation
)


def parse_address(text: str) -> Address:
    """An address from a socket, without the zone that a link-local one carries."""
    return ip_address(text.split("%", 1)[0])


def is_public(address: Address) -> bool:
    """Whether the whole internet can reach it: not private, shared, loopback, link-local, multicast or reserved.

    IPv4 inside IPv6 (mapped or by NAT64) counts as the IPv4 address that it is.
    """
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or (IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None)
        if inner is not None:
            return is_public(inner)
        return address in _GLOBAL_UNICAST and not any(address in network for network in _NOT_PUBLIC)
    return address.is_global and not address.is_multicast and not address.is_reserved
