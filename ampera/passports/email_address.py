"""E-mail addresses of applicants. Only the form is checked: the machine that checks may have no internet.

Domains of closed networks (`.local`, `.internal`) are accepted: an office's mail server may know such an address.
"""

import re

import email_validator

# The library refuses these names for everybody unless a program takes them off its list, which it documents.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
_DOTTED_DOMAIN = re.compile(r"@[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)


def is_email_address(text: str, is_ascii: bool = False) -> bool:
    """Whether this is an address with a dotted domain. `is_ascii` also refuses what only SMTPUTF8 servers deliver."""
    try:
        email_validator.validate_email(
            text, check_deliverability=False, globally_deliverable=False, strict=True, allow_smtputf8=not is_ascii
        )
    except email_validator.EmailNotValidError:
        return False
    return _DOTTED_DOMAIN.search(text) is not None
