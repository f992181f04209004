"""The badge as a PDF card of the size of a bank card. The name is for people; the QR holds the random value only."""

import qrcode

from ampera.paper import INK, INK_2, Sheet, TextStyle

WIDTH, HEIGHT = 85.6, 54.0  # millimetres, ID-1
SIDE = 44.0  # of the QR with its quiet zone
QUIET = 4  # modules


def pdf(value: str, name: str, office: str) -> bytes:
    card = Sheet("Lencana petugas", (WIDTH, HEIGHT))
    card.add_page()
    _qr(card, value)
    x = 5 + SIDE + 1
    width = WIDTH - x - 4
    below = card.put(x, 9, width, name, TextStyle(11, bold=True)) + 2
    below = card.put(x, below, width, office, TextStyle(7, colour=INK_2)) + 3
    below = card.put(x, below, width, "Untuk berganti petugas di tablet, bersama PIN.", TextStyle(6, colour=INK_2))
    card.put(x, below + 1, width, "Bila hilang, cabut di halaman Akun saya.", TextStyle(6, colour=INK_2))
    return bytes(card.output())


def _qr(card: Sheet, value: str) -> None:
    symbol = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=QUIET)
    symbol.add_data(value)
    rows = symbol.get_matrix()
    module, top = SIDE / len(rows), (HEIGHT - SIDE) / 2
    card.set_fill_color(*INK)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                card.rect(2 + x * module, top + y * module, module, module, style="F")
