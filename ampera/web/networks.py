"""The address that a limit counts by: one IPv4 address, or the /64 that one IPv6 customer has to itself."""

from ipaddress import IPv6Address, ip_address, ip_network


def network(address: str | None) -> str:
    """The key of a client's address; text that is no address counts as one client together."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, 64), strict=False))
    return str(found)
