"""The two lines that an invented passport would have, as a reader types them."""

from playwright.sync_api import Page

from tests.browser.steps import scanned

VALUES = {sign: value for value, sign in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
LINE = 44


def lines(number: str, name: str, *, issuer: str = "IDN", birth: str = "900101", expiry: str = "360101") -> list[str]:
    """`name` in words; its last word stands first, as a surname does."""
    *given, last = name.upper().replace("'", "").split()
    upper = f"P<{issuer}{'<<'.join([last, '<'.join(given)])}"
    number = number.ljust(9, "<")
    begin, born, until = (part + _digit(part) for part in (number, birth, expiry))
    rest = "<" * 15
    return [upper[:LINE].ljust(LINE, "<"), f"{begin}IDN{born}M{until}{rest}{_digit(begin + born + until + rest)}"]


def damaged(zone: list[str]) -> list[str]:
    """One digit of the number was misread."""
    upper, lower = zone
    return [upper, lower[:7] + str((int(lower[7]) + 1) % 10) + lower[8:]]


def swiped(page: Page, zone: list[str]) -> None:
    """A reader types both lines, each with Enter."""
    scanned(page, "\r".join(zone))


def _digit(text: str) -> str:
    return str(sum(VALUES.get(sign, 0) * (7, 3, 1)[n % 3] for n, sign in enumerate(text)) % 10)
