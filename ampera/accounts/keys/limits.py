"""What limits an API key beside its role: an end, parts of the API (scopes), and the networks that it may come from."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from ampera import scopes
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.roles import ROLES
from ampera.errors import ErrorCode, Refusal
from ampera.typed_text import is_visible_line

DAYS = 365
MOST_DAYS = 731
MOST_NETWORKS = 20
MAX_NAME = 80


@dataclass(frozen=True)
class Wish:
    """A key as it is wished for. Without `scopes` it may do all that its role may, without `networks` from anywhere."""

    role: str
    name: str
    days: int = DAYS
    scopes: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()

    def wrong(self) -> dict[str, ErrorCode]:
        """Each field that cannot be so, with its refusal."""
        wrong: dict[str, ErrorCode] = {}
        if len(self.name) > MAX_NAME or not is_visible_line(self.name):
            wrong["name"] = AccountRefusal.NAME_INVALID
        if self.role not in ROLES:
            wrong["role"] = AccountRefusal.UNKNOWN_ROLE
        if not 1 <= self.days <= MOST_DAYS:
            wrong["days"] = Refusal.INVALID
        if not set(self.scopes) <= set(scopes.known()):
            wrong["scopes"] = AccountRefusal.UNKNOWN_SCOPE
        if len(self.networks) > MOST_NETWORKS or None in [network_of(typed) for typed in self.networks]:
            wrong["networks"] = AccountRefusal.NETWORK_INVALID
        return wrong

    @property
    def length(self) -> timedelta:
        return timedelta(days=self.days)


def stored(values: tuple[str, ...]) -> str | None:
    """Scopes or networks as the database keeps them; None is no limit."""
    return " ".join(sorted(set(values))) or None


def scopes_of(kept: str | None) -> frozenset[str] | None:
    """The scopes of a key; None when it may do all that its role may."""
    return None if kept is None else frozenset(kept.split())


def network_of(typed: str) -> IPv4Network | IPv6Network | None:
    """The network that was typed, as `10.1.2.0/24` or one address; None when it is none."""
    try:
        return ip_network(typed, strict=False)
    except ValueError:
        return None


def admits(kept: str | None, address: str | None) -> bool:
    """Whether a key with these networks may be used from this address. IPv4 behind IPv6 counts as IPv4."""
    if kept is None:
        return True
    try:
        caller = ip_address(address or "")
    except ValueError:
        return False
    caller = getattr(caller, "ipv4_mapped", None) or caller
    return any(caller in network for typed in kept.split() if (network := network_of(typed)))
