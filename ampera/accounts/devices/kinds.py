"""What an enrolled tablet is for, and which roles work on it."""

GATE, WINDOW, DESK = "gate", "window", "desk"
ROLES = {
    GATE: ("officer", "supervisor"),
    WINDOW: ("officer", "supervisor"),
    DESK: ("desk", "supervisor", "admin"),
}
OF_LANES = (GATE, WINDOW)
