"""What a tablet is for, in the reader's language."""

from flask_babel import lazy_gettext as _l

from ampera.accounts.devices.kinds import DESK, GATE, WINDOW

KINDS = {
    WINDOW: _l("Loket: memanggil, memeriksa, menyerahkan"),
    GATE: _l("Gerbang: memindai dan mengarahkan, tanpa serah terima"),
    DESK: _l("Meja rak: menyiapkan buku, tanpa serah terima"),
}
SHORT = {WINDOW: _l("Loket"), GATE: _l("Gerbang"), DESK: _l("Meja rak")}
