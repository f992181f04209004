"""What a tablet is for, in the reader's language."""

from flask_babel import lazy_gettext as _l

from ampera.accounts.devices.kinds import DESK, GATE, WINDOW

KINDS = {
    WINDOW: _l("Loket: periksa dan serahkan"),
    GATE: _l("Gerbang: pindai dan arahkan"),
    DESK: _l("Meja rak: siapkan buku"),
}
SHORT = {WINDOW: _l("Loket"), GATE: _l("Gerbang"), DESK: _l("Meja rak")}
