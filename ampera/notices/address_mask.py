"""Masked addresses for lists of messages: enough to recognise an address, too little to learn it."""

HIDDEN = "•••"


def masked(address: str) -> str:
    """`r•••@c•••.id` for an e-mail address, `+62•••1234` for a telephone number."""
    name, at, domain = address.rpartition("@")
    if not at:
        return f"{address[:3]}{HIDDEN}{address[-4:]}" if len(address) > 8 else HIDDEN
    host, _, top = domain.rpartition(".")
    return f"{name[:1]}{HIDDEN}@{host[:1]}{HIDDEN}.{top}"
