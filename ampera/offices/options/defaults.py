"""What an office may change, with the default of each. Sources are named where law or a measurement set the default."""

from typing import Any, NamedTuple

# Permenkumham 8/2014 Pasal 23 (1): what each class of collector shows.
CHECKLISTS = {
    "self": ["payment", "identity"],
    "family": ["payment", "family_card", "identity"],
    "proxy": ["payment", "proxy_letter", "identity"],
}

CHANNELS = ["whatsapp", "mail", "apprise"]
LANGUAGES = ["id", "en"]
GIVEN_TO = ["officer", "desk"]  # roles that an office gives rights to, or takes them from
# Notices to applicants, each written by the transaction that caused it.
NOTICE_KINDS = [
    "ready",
    "reissued",
    "reminder",
    "extended",
    "booked",
    "slot_reminder",
    "slot_off",
    "collecting",
    "collected",
    "cancelled",
    "diverted",
    "details_changed",
    "link",
]
# What else may lie on the shelves beside passports; an office may rename them, add its own, or take them out.
DOCUMENT_KINDS = {
    "passport": {"name": "Paspor", "name_en": "Passport", "bring": "", "bring_en": ""},
    "travel_document": {
        "name": "Surat Perjalanan Laksana Paspor",
        "name_en": "Travel document in lieu of a passport",
        "bring": "",
        "bring_en": "",
    },
    "residence_permit": {"name": "Izin tinggal", "name_en": "Residence permit", "bring": "", "bring_en": ""},
}


class Option(NamedTuple):
    """`help` says what it changes, in the words of the office."""

    name: str
    default: Any
    help: str


OPTIONS = (
    Option(
        "collection_limit",
        "1 month",
        "time to collect from the issue date: '1 month' (Pasal 30) or a number of days, e.g. '30 days'",
    ),
    Option("deadline_extended_until", None, "nobody is overdue before this date (ISO), for closures"),
    Option("lease_seconds", 180, "how long a tablet holds a visit without a heartbeat"),
    Option("call_seconds", 8, "how long a call stays announced at least"),
    Option("repeat_seconds", 30, "the same code at the same lane within this time is only a repeat"),
    Option("checklists", CHECKLISTS, "documents that each class of collector shows"),
    Option("evidence_at_once", True, "whether one touch may tick all documents of a checklist as shown"),
    Option("signature_required", True, "whether a handover needs the collector's signature"),
    Option("may_be_unsigned", True, "whether an officer may record why somebody cannot sign"),
    Option("hold_mode", "hold", "how a handover is confirmed: 'hold' or 'two-step'"),
    Option(
        "prefixes",
        {"car": "A", "motorcycle": "B", "priority": "P", "mixed": "A"},
        "letters of the queue numbers",
    ),
    Option("max_calls", 3, "how often a vehicle is called at most"),
    Option("recall_pause_seconds", 10, "the least time between two calls of one vehicle"),
    Option("no_show_after", 0, "who was not there comes back after so many others; 0 is the end of the queue"),
    Option("undo_seconds", 30, "how long the officer who moved a visit may undo it"),
    Option("parked_minutes", 10, "a vehicle at the side counts as forgotten after so many minutes"),
    # The benchmark of curbside pickup is two minutes a vehicle; one more book takes an officer some ten seconds.
    Option("service_target_seconds", 120, "how long serving a vehicle with one book may take; more books add to it"),
    Option("service_target_book_seconds", 15, "how much longer each further book may take"),
    Option("separate_gate", False, "whether tablets at the gate scan and direct while others serve"),
    Option("common_queue", False, "whether vehicles wait together for a call; else a separate gate names a lane"),
    Option("day_quota", None, "vehicles a day; a special day may have its own"),
    Option("booked_share", 60, "percent of a quota that is for booked times; walk-ins get the rest"),
    Option("last_vehicle_minutes", 0, "the last vehicle is taken so long before the day's last closing"),
    Option("closed_by_hand", None, "the line was closed by hand: since when, why, until when"),
    Option("quiet_hours", None, "loudspeakers are silent between these two times of day"),
    Option("rack_order", "", "racks in walking order, e.g. 'A,B,C'"),
    Option("leaving_minutes", 60, "how long 'on my way' keeps books on the pick list"),
    Option("arrived_minutes", 30, "how long 'I am here' keeps books on the pick list"),
    Option("notice", None, "a temporary line on the screens with its end"),
    Option("message", "Siapkan bukti pembayaran dan kartu identitas. Tetap di kendaraan.", "line on the screens"),
    Option("document_kinds", DOCUMENT_KINDS, "kinds of documents with their words and what to bring besides"),
    Option("slots", False, "whether applicants may book a slot of fifteen minutes"),
    Option("slots_required", False, "whether a vehicle without a booking is sent to book a slot first"),
    Option("slot_capacity", {"car": 4, "motorcycle": 4}, "vehicles of each kind that may book one slot"),
    Option("slot_days", 14, "how many days ahead slots can be booked"),
    Option("slot_early_minutes", 15, "minutes before its slot in which a vehicle already counts as on time"),
    Option("slot_late_minutes", 15, "minutes after its slot in which a vehicle still counts as on time"),
    Option("contact", "", "how people reach the office, as they read it: a telephone number or an address"),
    Option("directions", "", "the way to the lane, in Indonesian"),
    Option("directions_en", "", "the way to the lane, in English"),
    Option("geo", "", "latitude,longitude of the lane's entrance, e.g. -3.0225,104.7870"),
    Option("access", "", "help for people with disabilities at the lane, in Indonesian"),
    Option("access_en", "", "help for people with disabilities at the lane, in English"),
    Option("privacy", "", "what the office adds to the notice on personal data, in Indonesian"),
    Option("privacy_en", "", "what the office adds to the notice on personal data, in English"),
    Option("notice_kinds", NOTICE_KINDS, "which notices are sent at all"),
    Option("notice_channels", CHANNELS, "channels in the order they are tried"),
    Option("notice_languages", LANGUAGES, "languages of a message, one below the other"),
    Option("notice_quiet_hours", None, "no message leaves between these two times of day, unless it is urgent"),
    Option("reminder_days", [14, 7, 2], "days before the deadline on which people are reminded"),
    Option("reminder_time", "09:00", "time of day from which reminders leave"),
    Option("search_roles", GIVEN_TO, "roles that search for people and books, beside supervisors"),
    Option("export_roles", GIVEN_TO, "roles that take the register of today as a file, beside supervisors"),
    Option("register_days", None, "days of the register, with today, that officers and clerks see; else all of them"),
    # UU 27/2022 Pasal 42-44: data go when their purpose is met. A void within the month still finds the identity.
    Option("keep_identity_days", 30, "days that NIK and old document number stay after a book was collected"),
    Option("keep_contacts_days", 30, "days that phone, e-mail and announced collector stay after that"),
    Option("keep_messages_days", 90, "days that the address of a message stays after it was sent"),
    Option("keep_requests_days", 90, "days that the words of a person's request and its answer stay after the answer"),
    Option("unusual_people", 30, "people whose vehicle was not there, whom one account may look for on a day"),
    Option("unusual_times", 5, "how often one account may look for the same person on a day"),
    Option("unusual_signatures", 10, "signatures that one account may look at on a day"),
    Option("silent_screen_minutes", 5, "a screen that shows nothing for so long while the office is open is reported"),
    Option("silent_tablet_days", 14, "a tablet that nobody has used for so many days is reported"),
    Option("keep_answers_days", None, "days that names stay in stored answers of scans and handovers; else they stay"),
    Option("identity_tries", 3, "wrong identities and book numbers until a passport is locked"),
)
# What must be proved at the window, and who is notified: a change of these options needs a fresh sign-in.
GRAVE = frozenset(
    {
        "identity_tries",
        "evidence_at_once",
        "signature_required",
        "may_be_unsigned",
        "checklists",
        "hold_mode",
        "notice_kinds",
        "notice_channels",
        "contact",
        "search_roles",
        "export_roles",
        "register_days",
        "keep_identity_days",
        "keep_contacts_days",
        "keep_messages_days",
        "keep_requests_days",
        "unusual_people",
        "unusual_times",
        "unusual_signatures",
        "keep_answers_days",
    }
)
DEFAULTS = {known.name: known.default for known in OPTIONS}


def option(options: dict[str, Any], name: str) -> Any:
    """The office's value of this option, or the default. KeyError for a name that does not exist."""
    default = DEFAULTS[name]
    return (options or {}).get(name, default)
